"""Muon, a stretch of chapter 7."""

import math
from typing import Any

import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance
from autograder.hidden_tests.training.muon_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.training.muon_rare_mistakes import RARE_MISCONCEPTIONS
from autograder.hidden_tests.training.muon_variants import VARIANTS
from autograder.hidden_tests.training.orthogonalize import matrix

STEPS = Tolerance(
    5e-5,
    0.0,
    "orthogonalize may come out 1e-5 otherwise where a direction is weak, and a step is a tenth of "
    "it; the nearest mistake is off by more than 1e-3",
)
DECAYING = Tolerance(
    2e-5,
    0.0,
    "whether a matrix decays before or behind its step is lr * lr * weight_decay, 5e-6 at most in "
    "all steps together; the nearest mistake is off by more than 2e-4",
)


def _gradient(d: Draw, n: int, k: int, turn: float) -> Tensor:
    """Return a matrix, end to end; an arrow of two numbers turns, so that no two are parallel."""
    if (n, k) == (1, 2):
        turn += d.number(-0.2, 0.2)
        return d.number(0.5, 2.0) * torch.tensor([math.cos(turn), math.sin(turn)])
    return matrix(d, n, k, d.number(0.5, 2.0)).flatten()


def _steps(d: Draw, steps: int, *shapes: tuple[int, int]) -> dict[str, Any]:
    """Return gradients whose sizes differ, for large steps without decay."""
    turns = [d.number(0.0, 6.0) for _ in shapes]
    rows = [
        torch.cat(
            [_gradient(d, *shape, turn + step) for shape, turn in zip(shapes, turns, strict=True)]
        )
        for step in range(steps)
    ]
    return {
        "weights": d.normal(sum(n * k for n, k in shapes)),
        "gradients": torch.stack(rows),
        "shapes": [[*shape] for shape in shapes],
    }


def _heavy(d: Draw, steps: int, *shapes: tuple[int, int]) -> dict[str, Any]:
    """Return matrices so large that it shows how they decay."""
    case = _steps(d, steps, *shapes)
    return case | {"weights": case["weights"].sign() * (2 + case["weights"].abs())}


def _by_place(d: Draw) -> dict[str, Any]:
    values = [d.number(1.8e-3, 2.2e-3), d.number(0.7, 0.8), d.number(0.25, 0.3)]
    return _heavy(d, 2, (3, 2)) | {"values": values}


def _three_groups(d: Draw) -> dict[str, Any]:
    """Return a group with values of its own, one with some, and one with none."""
    first = {"lr": d.number(2e-3, 2.2e-3), "momentum": 0.5, "weight_decay": 0.4}
    return _heavy(d, 3, (1, 2), (1, 2), (1, 2)) | {
        "groups": [first, {"weight_decay": 0.0, "momentum": 0.7}, {}],
        "lr": d.number(1e-3, 1.1e-3),
        "momentum": d.number(0.85, 0.9),
        "weight_decay": d.number(0.6, 0.7),
        # The first step has the rates of the groups as they were made.
        "rates": [[], *d.uniform(2, 3, low=1.5e-3, high=3e-3).tolist()],
    }


def _missing(d: Draw) -> dict[str, Any]:
    """Return a frozen matrix, two whose gradients are missing at times, and a gradient of 0."""
    case = _heavy(d, 4, (1, 1), (1, 2), (1, 2))
    case["gradients"][0, 3:] = 0.0
    case["gradients"][3, 1:3] = 0.0
    # Short and across the one before, so that what is left of that shows.
    case["gradients"][3, 3:] = 0.3 * case["gradients"][1, 3:].flip(0) * torch.tensor([-1.0, 1.0])
    return case | {
        "lr": d.number(0.007, 0.008),
        "momentum": d.number(0.7, 0.75),
        "weight_decay": d.number(0.022, 0.025),
        "left_out": [[0, 1], [2, 2]],
        "frozen": 0,
    }


def _large(d: Draw) -> dict[str, Any]:
    """Return gradients that are more than float32 can hold."""
    case = _steps(d, 3, (1, 2), (1, 2))
    return case | {
        "weights": case["weights"].double(),
        "gradients": 1e40 * case["gradients"].double(),
        "lr": 0.1,
        "momentum": 0.8,
        "stop": 1,
    }


MOMENTUM = "steps by the orthogonalized gradient and momentum"
SHAPE = "lets tall matrices take longer steps"
DECAY = "lets matrices decay by lr times weight_decay"
VALUES = "takes the values of each group, as they are at each step"
STATE = "keeps a state for each matrix, which can be saved"

EXERCISE = Exercise(
    id="Muon",
    chapter="07-training",
    title="Muon",
    reference="gpt2.muon.Muon",
    probe="muon.muon",
    minutes=25,
    difficulty=3,
    groups={MOMENTUM: 1, SHAPE: 1, DECAY: 1, VALUES: 1, STATE: 1},
    cases=(
        Case(
            "nothing given but matrices",
            MOMENTUM,
            lambda d: _steps(d, 3, (2, 3)),
            tolerance=STEPS,
        ),
        Case(
            "one step of a tall matrix and a wide one",
            SHAPE,
            lambda d: (
                _steps(d, 1, (5, 2), (2, 3))
                | {"lr": d.number(0.08, 0.12), "momentum": d.number(0.6, 0.7)}
            ),
            tolerance=STEPS,
        ),
        Case(
            "all values by place",
            DECAY,
            _by_place,
            probe="muon.muon_by_position",
            tolerance=DECAYING,
        ),
        Case(
            "three groups, and rates that change",
            VALUES,
            _three_groups,
            probe="muon.muon_with_groups",
            tolerance=DECAYING,
        ),
        Case("gradients that are missing, or 0", STATE, _missing, tolerance=DECAYING),
        Case(
            "two optimizers of float64 in turn, saved and resumed",
            STATE,
            _large,
            probe="muon.muon_resumed",
            tolerance=STEPS,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "Beside AdamW: there is one mean and not two, nothing is corrected, and `orthogonalize` "
        "takes the place of the division.",
        '`self.param_groups` is a list of dicts: "params", and the values by their names. '
        "`self.state[p]` is an empty dict when p is met first: there m begins.",
        "For each p with a gradient: m as in the formula, in place; u from the gradient and m, in "
        "a new tensor, for the gradient stays; then `p.mul_(...)` for the decay, and "
        "`p.add_(u, alpha=...)` with the root for a tall p.",
    ),
    stretch=True,
)
