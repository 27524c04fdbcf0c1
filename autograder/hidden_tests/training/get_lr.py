"""7.4 get_lr."""

import math
from typing import Any

import numpy as np
import torch

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.training.get_lr_mistakes import MISCONCEPTIONS as COMMON
from autograder.hidden_tests.training.get_lr_rare_mistakes import MISCONCEPTIONS as RARE

TOLERANCE = Tolerance(
    2e-9,
    1e-5,
    "rates of 1e-3 computed in float32 are off by 1e-10; the nearest mistake by more than 1e-6",
)


def _inverted(it: int, max_lr: float, min_lr: float, warmup_steps: int, max_steps: int) -> float:
    """Test for the end first, and write the cosine as a squared one of half the angle."""
    if it >= max_steps and it >= warmup_steps:
        return min_lr
    if it + 1 <= warmup_steps:
        return (it + 1) / warmup_steps * max_lr
    left = (max_steps - it) / (max_steps - warmup_steps)
    return min_lr + (max_lr - min_lr) * math.sin(0.5 * math.pi * left) ** 2


def _clamped(it: int, max_lr: float, min_lr: float, warmup_steps: int, max_steps: int) -> float:
    """Take both parts for every step, each held within its bounds, and the smaller one."""
    rise = min(1.0, (it + 1) / max(warmup_steps, 1))
    length = max(max_steps - warmup_steps, 1)
    share = min(max((it - warmup_steps) / length, 0.0), 1.0)
    if it >= max_steps and it >= warmup_steps:
        share = 1.0
    middle, half = (max_lr + min_lr) / 2, (max_lr - min_lr) / 2
    return rise * max_lr if rise < 1 else middle + half * math.cos(share * math.pi)


def _float32(it: int, max_lr: float, min_lr: float, warmup_steps: int, max_steps: int) -> float:
    rising = torch.arange(1, warmup_steps + 1) * (max_lr / max(warmup_steps, 1))
    angles = torch.arange(max_steps - warmup_steps) * (torch.pi / max(max_steps - warmup_steps, 1))
    falling = min_lr + (max_lr - min_lr) * (1 + angles.cos()) / 2
    table = torch.cat([rising, falling, torch.tensor([min_lr])])
    return table[min(it, max_steps)].item()


def _numpy(it: int, max_lr: float, min_lr: float, warmup_steps: int, max_steps: int) -> Any:
    if it < warmup_steps:
        return np.interp(it + 1, [0, warmup_steps], [0.0, max_lr])
    if it > max_steps or max_steps == warmup_steps:
        return min_lr
    coeff = 0.5 * (1.0 + np.cos(np.pi * np.float64(it - warmup_steps) / (max_steps - warmup_steps)))
    return float(min_lr * (1 - coeff) + max_lr * coeff)


def _schedule(d: Draw, warmup_steps: int, max_steps: int, its: list[int]) -> dict[str, Any]:
    max_lr = d.number(4e-3, 8e-3)
    return {
        "its": its,
        "max_lr": max_lr,
        "min_lr": max_lr * d.number(0.2, 0.4),
        "warmup_steps": warmup_steps,
        "max_steps": max_steps,
    }


def _borders(d: Draw) -> dict[str, Any]:
    w, n = d.integer(4, 7), d.integer(14, 19)
    return _schedule(d, w, n, [0, w - 1, w, w + 1, w + 4, n - 1, n, n + 5])


def _long(d: Draw) -> dict[str, Any]:
    """Return a run of the page's size, in no order."""
    w, n = d.integer(500, 900), d.integer(15_000, 20_000)
    return _schedule(d, w, n, [n - w, w // 2, n, 5 * w, 2 * n - w, 10 * n])


RISE = "rises in a line"
FALL = "falls along half a cosine"
FLAT = "stays at the end"
ODD = "works without a rise, and without a fall"

EXERCISE = Exercise(
    id="get_lr",
    chapter="07-training",
    title="A learning rate that rises and falls",
    reference="gpt2.optim.get_lr",
    probe="training_numbers.learning_rates",
    minutes=12,
    difficulty=2,
    groups={RISE: 1, FALL: 1, FLAT: 1, ODD: 1},
    cases=(
        Case(
            "the first steps",
            RISE,
            lambda d: _schedule(d, 5, d.integer(12, 20), [0, 1, 2, 3, 4]),
            tolerance=TOLERANCE,
        ),
        Case("around the borders", FALL, _borders, tolerance=TOLERANCE),
        Case(
            "at the end and behind it",
            FLAT,
            lambda d: _schedule(d, 3, 11, [11, 12, 15, 19, 27, 1000]),
            tolerance=TOLERANCE,
        ),
        Case("a long run", FLAT, _long, tolerance=TOLERANCE),
        Case(
            "no rise",
            ODD,
            lambda d: _schedule(d, 0, 8, [0, 1, 7, 8]),
            tolerance=TOLERANCE,
        ),
        Case(
            "no fall",
            ODD,
            lambda d: _schedule(d, 6, 6, [0, 4, 5, 6, 7, 20]),
            tolerance=TOLERANCE,
        ),
        Case(
            "neither",
            ODD,
            lambda d: _schedule(d, 0, 0, [0, 1, 9]),
            tolerance=TOLERANCE,
        ),
        Case(
            "down to nothing",
            ODD,
            lambda d: _schedule(d, 2, 7, [1, 2, 6, 7]) | {"min_lr": 0.0},
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=(*COMMON, *RARE),
    variants=(
        Variant("the end first, a squared sine", _inverted),
        Variant("both parts, clamped", _clamped),
        Variant("a table in float32", _float32),
        Variant("numpy", _numpy),
    ),
    hints=(
        "There are three stretches: before `warmup_steps`, up to `max_steps`, and behind. Which of "
        "them is step `it` in? Treat each by itself.",
        "In the middle stretch, first find the share of it that is over: 0 at `warmup_steps`, 1 at "
        "`max_steps`. The cosine of the share times pi goes from 1 to -1.",
        "`0.5 * (1 + cos(pi * share))` goes from 1 to 0; it is the part of `max_lr - min_lr` that "
        "is still there above `min_lr`. Test for the end before you divide by "
        "`max_steps - warmup_steps`.",
    ),
)
