"""6.4 Block."""

from typing import Any

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Tolerance
from autograder.hidden_tests.gpt2_model.block_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.block_rare_mistakes import RARE_MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.block_variants import VARIANTS

TOLERANCE = Tolerance(
    2e-5,
    2e-5,
    "float32 against float64, and norms in other orders of summation, differ by less than 2e-6; "
    "the nearest mistake is off by more than 1e-3",
)


def _sizes(d: Draw, n_embd: int, n_head: int, bias: bool = True) -> dict[str, Any]:
    """Return sizes and weights: norms far from 1 and 0, scores about as large as channels."""
    # A prime, so that no two parameters begin at the same number of the row.
    return {"n_embd": n_embd, "n_head": n_head, "bias": bias, "numbers": d.normal(101, std=0.6)}


def _texts(d: Draw, B: int, T: int, std: float, **sizes: Any) -> dict[str, Any]:
    numbers = _sizes(d, **sizes)
    return {"x": d.normal(B, T, sizes["n_embd"], std=std)} | numbers


def _large_and_small(d: Draw) -> dict[str, Any]:
    texts = _texts(d, 2, 3, 1.0, n_embd=4, n_head=2)
    texts["x"][1] *= 2e-3
    return texts


def _back(d: Draw, T: int, silent: bool) -> dict[str, Any]:
    texts = _texts(d, 1, T, 1.0, n_embd=4, n_head=2)
    return texts | {"upstream": d.normal(1, T, 4), "silent": silent}


PARTS = "has two norms, attention and MLP, with all their parameters"
SUMS = "adds what attention gathers, then what the MLP makes of the sum"
STREAM = "lets what came in run straight through, and its gradient too"
DROPOUT = "leaves dropout to its layers"

EXERCISE = Exercise(
    id="Block",
    chapter="06-gpt2",
    title="A block of GPT-2",
    reference="gpt2.blocks.Block",
    probe="gpt.block",
    minutes=15,
    difficulty=2,
    groups={PARTS: 1, SUMS: 2, STREAM: 1, DROPOUT: 1},
    cases=(
        Case(
            "with biases",
            PARTS,
            lambda d: _sizes(d, 6, 3),
            probe="gpt.block_has",
            tolerance=EXACT,
        ),
        Case(
            "without biases",
            PARTS,
            lambda d: _sizes(d, 4, 2, bias=False),
            probe="gpt.block_has",
            tolerance=EXACT,
        ),
        Case(
            "two texts, one with very small vectors",
            SUMS,
            _large_and_small,
            tolerance=TOLERANCE,
        ),
        Case(
            "as many positions as channels",
            SUMS,
            lambda d: _texts(d, 1, 4, 2.0, n_embd=4, n_head=1, bias=False),
            tolerance=TOLERANCE,
        ),
        Case(
            "two layers that return zeros",
            STREAM,
            lambda d: _back(d, 2, True),
            probe="gpt.block_gradient",
            tolerance=TOLERANCE,
        ),
        Case(
            "a gradient",
            STREAM,
            lambda d: _back(d, 3, False),
            probe="gpt.block_gradient",
            tolerance=TOLERANCE,
        ),
        Case(
            "two hundred short texts",
            DROPOUT,
            lambda d: {"dropout": d.number(0.2, 0.3), "calls": 200},
            probe="gpt_dropout.block_drops",
            frequencies=("channels in training, and in evaluation",),
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "Draw the stream as a straight line from bottom to top. Where does each layer take its "
        "input from, and where does its result go?",
        "Each of the two steps has the same form: the stream, plus a layer of the norm of the "
        "stream. The second step begins with what the first one made.",
        "In `__init__`: `ln_1`, `attn`, `ln_2`, `mlp`, each made from `config`. In `forward` "
        "`attn` gets the normed x, and what it returns is added to the x that the norm got. The "
        "other two do the same with the new x.",
    ),
)
