"""6.1 gelu."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.gpt2_model.gelu_mistakes import MISCONCEPTIONS

IN_FLOAT64 = Tolerance(
    4e-7,
    0.0,
    "float64, so that a rounded constant shows: it is off by 5e-6, a right answer by 1e-7 even "
    "if it was computed in float32",
)


def _steps(d: Draw, low: float, high: float, n: int) -> Tensor:
    """Draw n numbers, one in each part of an interval, in random order."""
    width = (high - low) / n
    return (low + width * (torch.arange(n) + d.uniform(n)))[d.permutation(n)]


def _bends_most(d: Draw) -> Tensor:
    """Draw numbers near -1.5 and 1.5, where the constants have most influence."""
    return torch.cat([_steps(d, -1.9, -1.1, 3), _steps(d, 1.1, 1.9, 3)]).double()


def _far(d: Draw) -> Tensor:
    sizes = torch.tensor([1e-4, 1e-2, 8.0, 20.0, 90.0, 900.0]) * d.uniform(6, low=1.0, high=1.3)
    return torch.stack([sizes, -sizes])


def _by_sigmoid(x: Tensor) -> Tensor:
    return x * torch.sigmoid(1.5957691216057308 * x * (1 + 0.044715 * x * x))


def _in_float64(x: Tensor) -> Tensor:
    wide = x.double()
    gate = torch.tanh((2 / torch.pi) ** 0.5 * (wide + 0.044715 * torch.pow(wide, 3.0)))
    return torch.lerp(torch.zeros_like(wide), wide, (1 + gate) / 2).to(x)


def _number_by_number(x: Tensor) -> Tensor:
    """In a loop that keeps the graph."""
    done = []
    for number in x.reshape(-1).unbind():
        inner = 0.7978845608 * number + 0.0356774081 * number * number * number
        done.append((number + number * inner.tanh()) / 2)
    return torch.stack(done).reshape(x.shape)


def _in_place_on_its_own(x: Tensor) -> Tensor:
    out = x.pow(3).mul_(0.044715).add_(x).mul_(math.sqrt(2.0 / math.pi))
    return out.tanh().add(1.0).mul(x).mul(0.5)


def _einsum(x: Tensor) -> Tensor:
    cube = torch.einsum("...,...,...->...", x, x, x)
    terms = torch.stack([x, cube], dim=-1)
    inner = terms @ terms.new_tensor([1.0, 0.044715]) * terms.new_tensor(2 / math.pi).sqrt()
    return torch.einsum("...,...->...", x, torch.tanh(inner) + 1) / 2


def _torchs_own(x: Tensor) -> Tensor:
    return F.gelu(x, approximate="tanh")


BENDS = "bends at 0 as in GPT-2"
FAR = "is sound far from 0, and close to it"
ANY = "takes any shape, dtype and device"
BACK = "sends a gradient back"

EXERCISE = Exercise(
    id="gelu",
    chapter="06-gpt2",
    title="A smooth bend",
    reference="gpt2.blocks.gelu",
    probe="blocks.gelu",
    minutes=8,
    difficulty=1,
    groups={BENDS: 1, FAR: 1, ANY: 1, BACK: 1},
    cases=(
        Case("from -4 to 4", BENDS, lambda d: {"x": _steps(d, -4.0, 4.0, 20)}),
        Case(
            "around -1.5 and 1.5 in float64",
            BENDS,
            lambda d: {"x": _bends_most(d)},
            tolerance=IN_FLOAT64,
        ),
        Case("very large and very small numbers", FAR, lambda d: {"x": _far(d)}),
        Case("a single number, of shape ()", ANY, lambda d: {"x": _steps(d, -2.0, -1.0, 1)[0]}),
        Case(
            "three dimensions, columns first in memory",
            ANY,
            lambda d: {"x": _steps(d, -3.0, 3.0, 6).reshape(1, 2, 3)},
            probe="blocks.gelu_in_another_layout",
        ),
        Case(
            "other dtypes, another device",
            ANY,
            lambda d: {"x": _steps(d, -3.0, 3.0, 4).reshape(2, 2)},
            probe="blocks.gelu_keeps",
        ),
        Case(
            "the slope",
            BACK,
            lambda d: {
                "x": _steps(d, -3.0, 3.0, 8),
                "upstream": d.uniform(8, low=1.0, high=2.0),
            },
            probe="blocks.gelu_gradient",
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("a sigmoid of twice the inner term", _by_sigmoid),
        Variant("by way of float64", _in_float64),
        Variant("number by number", _number_by_number),
        Variant("in place on its own copy", _in_place_on_its_own),
        Variant("einsum", _einsum),
        Variant("torch's own", _torchs_own),
    ),
    hints=(
        "Every part of the formula works on a whole tensor, element by element: powers, sums and "
        "`torch.tanh`. No loop is needed.",
        "Write the inner term in a line of its own: the root of 2 / pi, times the bracket with x "
        "and its cube. `math.sqrt` and `math.pi` give the factor.",
        "With `inner` computed, return half of x times the sum of 1 and the tanh of `inner`.",
    ),
)
