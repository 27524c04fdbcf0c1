"""6.2 MLP."""

from typing import Any

from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Tolerance
from autograder.hidden_tests.gpt2_model.mlp_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.mlp_variants import VARIANTS

TOLERANCE = Tolerance(
    1e-5,
    5e-6,
    "float32 against float64 differs by less than 1e-6; the exact gelu is off by 5e-4 or more",
)


def _weights(d: Draw, C: int, bias: bool) -> dict[str, Tensor]:
    """Return weights under which the hidden channels lie between -5 and 3, most below 0.

    There the exact gelu and the one by tanh differ most in relation to their size. What c_proj
    adds up has one sign, so that the differences do not cancel.
    """
    weights = {"c_fc.weight": d.normal(4 * C, C, std=1.8 * C**-0.5)}
    weights |= {"c_proj.weight": d.uniform(C, 4 * C, low=0.2, high=1.4)}
    if bias:
        weights |= {"c_fc.bias": d.normal(4 * C, std=0.3) - 1.5, "c_proj.bias": d.normal(C)}
    return weights


def _layer(d: Draw, *shape: int, bias: bool) -> dict[str, Any]:
    return {"x": d.normal(*shape)} | _weights(d, shape[-1], bias)


PARTS = "has two linear layers, and no other parameters"
BENDS = "widens, bends and narrows"
EACH = "works on each position by itself, and can be trained"
DROPOUT = "drops channels of the result, in training only"

EXERCISE = Exercise(
    id="MLP",
    chapter="06-gpt2",
    title="What each position makes of its vector",
    reference="gpt2.blocks.MLP",
    probe="blocks.mlp",
    minutes=12,
    difficulty=2,
    groups={PARTS: 1, BENDS: 2, EACH: 1, DROPOUT: 1},
    cases=(
        Case(
            "with a bias",
            PARTS,
            lambda d: _weights(d, d.integer(2, 5), True),
            probe="blocks.mlp_has",
            tolerance=EXACT,
        ),
        Case(
            "without a bias",
            PARTS,
            lambda d: _weights(d, d.integer(2, 5), False),
            probe="blocks.mlp_has",
            tolerance=EXACT,
        ),
        Case("two texts", BENDS, lambda d: _layer(d, 2, 2, 4, bias=True), tolerance=TOLERANCE),
        Case(
            "as many positions as channels, without a bias",
            BENDS,
            lambda d: _layer(d, 1, 3, 3, bias=False),
            tolerance=TOLERANCE,
        ),
        Case("a single vector", BENDS, lambda d: _layer(d, 4, bias=True), tolerance=TOLERANCE),
        Case(
            "what depends on what",
            EACH,
            lambda d: _layer(d, 1, 3, 3, bias=True),
            probe="blocks.mlp_reads",
            tolerance=EXACT,
        ),
        Case(
            "three hundred texts of two vectors",
            DROPOUT,
            lambda d: {"dropout": d.number(0.2, 0.3), "calls": 300},
            probe="blocks.mlp_drops",
            frequencies=(
                "channels in training",
                "positions with 0, 1 and 2 channels dropped",
                "channels in evaluation",
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "Put the shapes in one column: (B, T, C), then (B, T, 4 * C), and (B, T, C) again. Which "
        "step changes a shape, and which does not?",
        "In `__init__`: `c_fc` and `c_proj`, both `nn.Linear` with `bias=config.bias`, and an "
        "`nn.Dropout(config.dropout)`, which knows by itself whether the module is training.",
        "In `forward`: x through `c_fc`, through your `gelu`, through `c_proj`, and at the very "
        "end through the dropout.",
    ),
)
