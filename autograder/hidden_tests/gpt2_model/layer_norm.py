"""6.3 LayerNorm."""

from typing import Any

import torch

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance
from autograder.hidden_tests.gpt2_model.layer_norm_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.layer_norm_variants import VARIANTS

TOLERANCE = Tolerance(
    2e-5,
    2e-5,
    "float32 against float64, and the variance by a difference of squares, differ by less than "
    "2e-6; the nearest mistake is off by more than 1e-2",
)


def _affine(d: Draw, C: int, bias: bool = True) -> dict[str, Any]:
    """Return weights of one sign each, so that no two channels are scaled or shifted alike."""
    weight = (1.0 + d.permutation(C)) / C + d.uniform(C, high=0.1)
    return {"weight": weight} | ({"bias": d.uniform(C, low=1.0, high=2.0)} if bias else {})


def _vectors(d: Draw, *shape: int, size: float = 1.0, bias: bool = True) -> dict[str, Any]:
    """Return vectors whose means and sizes differ from each other, and are not 0 and 1."""
    *batch, C = shape
    one = torch.stack([d.permutation(C) + d.uniform(C, high=0.4) for _ in range(_product(batch))])
    rows = torch.arange(len(one))[d.permutation(len(one)), None]
    x = one * (1 + 0.3 * rows) / C + 0.4 * rows - 0.5
    return {"x": (size * x).reshape(shape)} | _affine(d, C, bias)


def _small(d: Draw) -> dict[str, Any]:
    """Return two small vectors, and one whose channels are all the same."""
    inputs = _vectors(d, 3, 4, size=3e-3)
    inputs["x"][d.integer(0, 3)] = 0.5
    return inputs


def _gradient(d: Draw) -> dict[str, Any]:
    return _vectors(d, 2, 2, 3) | {"upstream": d.normal(2, 2, 3)}


def _product(sizes: list[int]) -> int:
    return int(torch.tensor([1, *sizes]).prod())


PARTS = "has a weight and a bias, or a weight alone"
EACH = "normalises the channels of each vector by themselves"
SMALL = "adds eps to the variance"
LEARNS = "can be trained"

EXERCISE = Exercise(
    id="LayerNorm",
    chapter="06-gpt2",
    title="Mean 0, variance 1",
    reference="gpt2.blocks.LayerNorm",
    probe="blocks.layer_norm",
    minutes=15,
    difficulty=2,
    groups={PARTS: 1, EACH: 2, SMALL: 1, LEARNS: 1},
    cases=(
        Case(
            "at the start",
            PARTS,
            lambda d: {"n_embd": d.integer(5, 8)},
            probe="blocks.layer_norm_at_start",
        ),
        Case("two texts", EACH, lambda d: _vectors(d, 2, 3, 4), tolerance=TOLERANCE),
        Case(
            "as many texts as positions and channels",
            EACH,
            lambda d: _vectors(d, 3, 3, 3) | {"by_name": True},
            tolerance=TOLERANCE,
        ),
        Case("a single vector", EACH, lambda d: _vectors(d, 5), tolerance=TOLERANCE),
        Case("small vectors, and equal channels", SMALL, _small, tolerance=TOLERANCE),
        Case(
            "another eps, without a bias",
            SMALL,
            lambda d: _vectors(d, 1, 2, 3, bias=False) | {"eps": d.number(0.1, 0.2)},
            tolerance=TOLERANCE,
        ),
        Case(
            "the slopes",
            LEARNS,
            _gradient,
            probe="blocks.layer_norm_gradients",
            tolerance=TOLERANCE,
        ),
        Case(
            "in float64",
            LEARNS,
            lambda d: _vectors(d, 2, 3),
            probe="blocks.layer_norm_in_float64",
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "For one vector of C numbers: subtract their mean, divide by the root of their variance. "
        "Along which dimension of (B, T, C) do these C numbers lie?",
        "`keepdim=True` leaves a dimension of size 1 in the place of the channels, and then mean "
        "and variance fit x. torch's `var` divides by C - 1 unless you say `correction=0`.",
        "In `__init__`: `nn.Parameter(torch.ones(n_embd))`, and one of zeros, or None. In "
        "`forward`: the distance from the mean, divided by `(var + self.eps).sqrt()`, times the "
        "weight, and plus the bias if there is one.",
    ),
)
