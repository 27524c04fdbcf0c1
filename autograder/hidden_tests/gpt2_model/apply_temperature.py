"""6.10 apply_temperature."""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.gpt2_model.apply_temperature_mistakes import MISCONCEPTIONS

DIVIDES = "divides by the temperature"
ZERO = "at 0 leaves nothing but the greatest"
LIMITS = "survives minus infinity and a temperature near 0"

# Whoever adds 1e-8 to the temperature, as to other divisors, is wrong by less than this.
BESIDE_A_DIVISOR = Tolerance(1e-4, 1e-4, "a small number added to a divisor; mistakes change 10%")
BESIDE_0_001 = Tolerance(2e-2, 2e-2, "1e-5 added to 0.001 is 1%; mistakes are nan or infinite")


def _logits(d: Draw, rows: int, V: int = 6) -> Tensor:
    """Draw rows that lie at different heights, with numbers that differ clearly, none near 0."""
    order = torch.stack([d.permutation(V) for _ in range(rows)])
    heights = 2.0 * d.permutation(rows).unsqueeze(1) - rows
    return order - (V - 1) / 2 + heights + d.uniform(rows, V, low=0.1, high=0.3)


def _equals(d: Draw) -> Tensor:
    """Draw rows in which one, two, three or all are the greatest, at different heights."""
    rows = [[3.0, 1.0, -2.0, 0.5], [2.0, 2.0, -1.0, 1.5], [-0.5, -0.5, -2.0, -0.5], [1.25] * 4]
    order = torch.stack([d.permutation(4) for _ in rows])
    return torch.tensor(rows)[d.permutation(4)].gather(1, order)


def _with_minus_infinity(d: Draw) -> Tensor:
    """Draw rows in which every third is minus infinity."""
    return _logits(d, 3).masked_fill(
        torch.stack([d.permutation(6) for _ in range(3)]) % 3 == 0, -torch.inf
    )


def _text(d: Draw) -> Tensor:
    return torch.stack([_logits(d, 3) for _ in range(3)], 1)  # (B, T, V)


def _case(
    name: str, group: str, inputs: Any, probe: str = "", tolerance: Tolerance = BESIDE_A_DIVISOR
) -> Case:
    return Case(name, group, inputs, f"filters.apply_temperature{probe}", tolerance)


def _plain(logits: Tensor, temperature: float) -> Tensor:
    rows = []
    for row in logits.tolist():
        if temperature > 0:
            rows.append([value / temperature for value in row])
        else:
            rows.append([0.0 if value == max(row) else -math.inf for value in row])
    return torch.tensor(rows)


def _numpy(logits: Tensor, temperature: float) -> Tensor:
    a = logits.numpy().astype(np.float64)
    if temperature == 0:
        return torch.from_numpy(np.where(a == a.max(axis=1, keepdims=True), 0.0, -np.inf))
    return torch.from_numpy(a / temperature)


def _log_of_a_mask(logits: Tensor, temperature: float) -> Tensor:
    if not temperature:
        best, _ = torch.max(logits, dim=1, keepdim=True)
        return torch.log((logits >= best).float())
    return logits * (1.0 / temperature)


def _gaps(logits: Tensor, temperature: float) -> Tensor:
    if temperature > 0:
        return torch.div(logits, temperature + 1e-8)
    gap = logits.sub(logits.topk(1).values)
    gap[gap < 0] = float("-inf")
    return gap


def _on_a_copy(logits: Tensor, temperature: float) -> Tensor:
    logits = logits.clone()
    if temperature > 1e-6:
        logits /= temperature
        return logits
    for row in logits:
        best = row.max()
        row[row != best] = -float("inf")
        row[row == best] = 0
    return logits


EXERCISE = Exercise(
    id="apply_temperature",
    chapter="06-gpt2",
    title="Temperature",
    reference="gpt2.filters.apply_temperature",
    probe="filters.apply_temperature",
    minutes=8,
    difficulty=1,
    groups={DIVIDES: 1, ZERO: 2, LIMITS: 1},
    cases=(
        _case(
            "sharper",
            DIVIDES,
            lambda d: {"logits": _logits(d, 3), "temperature": d.number(0.3, 0.7)},
        ),
        _case(
            "flatter",
            DIVIDES,
            lambda d: {"logits": _logits(d, 2), "temperature": d.number(1.6, 3)},
            "_by_name",
        ),
        _case("a temperature of 1", DIVIDES, lambda d: {"logits": _logits(d, 4), "temperature": 1}),
        _case(
            "a batch of one",
            DIVIDES,
            lambda d: {"logits": _logits(d, 1), "temperature": d.number(4, 6)},
        ),
        _case(
            "at the end of a text",
            DIVIDES,
            lambda d: {"logits_of_a_text": _text(d), "temperature": d.number(0.3, 0.7)},
            "_at_the_end",
        ),
        _case("0", ZERO, lambda d: {"logits": _logits(d, 3), "temperature": 0.0}, "_at_zero"),
        _case(
            "0, in a square",
            ZERO,
            lambda d: {"logits": _logits(d, 6), "temperature": 0},
            "_at_zero",
        ),
        _case(
            "0, a batch of one",
            ZERO,
            lambda d: {"logits": _logits(d, 1), "temperature": 0},
            "_by_name",
        ),
        _case(
            "0, several are the greatest",
            ZERO,
            lambda d: {"logits": _equals(d), "temperature": 0.0},
            "_at_zero",
        ),
        _case(
            "0 at the end of a text",
            ZERO,
            lambda d: {"logits_of_a_text": _text(d), "temperature": 0.0},
            "_at_the_end",
        ),
        _case(
            "minus infinity among them",
            LIMITS,
            lambda d: {"logits": _with_minus_infinity(d), "temperature": d.number(0.3, 0.7)},
        ),
        _case(
            "0, with minus infinity",
            LIMITS,
            lambda d: {"logits": _with_minus_infinity(d), "temperature": 0.0},
            "_at_zero",
        ),
        _case(
            "0.001",
            LIMITS,
            lambda d: {"logits": _logits(d, 3), "temperature": 0.001},
            tolerance=BESIDE_0_001,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("the logarithm of a mask", _log_of_a_mask),
        Variant("lists of numbers", _plain),
        Variant("numpy in float64", _numpy),
        Variant("gaps to the greatest, and 1e-8 beside the temperature", _gaps),
        Variant("in place on its own copy", _on_a_copy),
        Variant(
            "where",
            edits=(
                (
                    "torch.zeros_like(logits).masked_fill(~greatest, -torch.inf)",
                    "torch.where(greatest, 0.0, -torch.inf)",
                ),
            ),
        ),
    ),
    hints=(
        "A smaller temperature has to push the logits further apart. What does a division by 0.5 "
        "do to the gap between two of them?",
        "At 0 there is nothing to divide by, so that case stands apart. "
        "`logits.amax(dim=-1, keepdim=True)` has one number for each row.",
        "Compare the logits with the greatest of their row: that gives a mask. At 0, return 0 "
        "where it is true and `-torch.inf` where it is not; else return the quotient.",
    ),
)
