"""7.11 mfu, a stretch."""

from fractions import Fraction
from typing import Any

import numpy as np
import torch

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.training.mfu_mistakes import MISCONCEPTIONS
from gpt2.measures import flops_per_token

TOLERANCE = Tolerance(
    0.0,
    2e-6,
    "one product and one quotient: float32 is off by 1e-7; the nearest mistake by more than 1e-4",
)


def _time_against_time(tokens_per_s: float, config: Any, peak_flops: float) -> float:
    """Divide the time that a token needs at best by the time that it takes."""
    at_best = flops_per_token(config) / peak_flops
    return at_best / (1 / tokens_per_s)


def _fraction(tokens_per_s: float, config: Any, peak_flops: float) -> float:
    done = Fraction(tokens_per_s) * flops_per_token(config)
    return float(done / Fraction(peak_flops))


def _by_hand(tokens_per_s: float, config: Any, peak_flops: float) -> Any:
    L, C, T = config.n_layer, config.n_embd, config.block_size
    flops = 6 * (12 * L * C**2 + C * config.vocab_size) + 12 * L * C * T
    per_iteration = flops * 64 * T  # 64 rows, in the time that these take
    return per_iteration / (64 * T / tokens_per_s) / peak_flops


def _float32(tokens_per_s: float, config: Any, peak_flops: float) -> float:
    speed = torch.tensor(tokens_per_s) / peak_flops
    return (speed * float(flops_per_token(config))).item()


def _numpy(tokens_per_s: float, config: Any, peak_flops: float) -> Any:
    return np.divide(np.multiply(tokens_per_s, flops_per_token(config)), peak_flops)


def _sizes(d: Draw) -> dict[str, Any]:
    return {
        "block_size": d.integer(100, 200),
        "vocab_size": d.integer(300, 500),
        "n_layer": d.integer(3, 7),
        "n_head": 4,
        "n_embd": 4 * d.integer(20, 30),
    }


def _gpt2(d: Draw) -> dict[str, Any]:
    """Return speeds of GPT-2 small, with the figures of three machines."""
    share = [d.number(0.2, 0.6) for _ in range(3)]
    peaks = (65e12, 312e12, 989e12)
    return {
        "size": {},
        "speeds": [
            [round(part * peak / 8.55e8), peak] for part, peak in zip(share, peaks, strict=True)
        ],
    }


SHARE = "divides what the tokens need by what the machine could do"
ANY = "holds for any model and any figures"

EXERCISE = Exercise(
    id="mfu",
    chapter="07-training",
    title="How much of the machine is used",
    reference="gpt2.measures.mfu",
    probe="training_numbers.mfu",
    minutes=5,
    difficulty=1,
    groups={SHARE: 2, ANY: 1},
    cases=(
        Case("GPT-2 small on three machines", SHARE, _gpt2, tolerance=TOLERANCE),
        Case(
            "a small model",
            ANY,
            lambda d: {
                "size": _sizes(d),
                "speeds": [[d.number(2e4, 9e4), d.number(2e11, 9e11)] for _ in range(2)],
            },
            tolerance=TOLERANCE,
        ),
        Case(
            "a figure that must be wrong",
            ANY,
            lambda d: {"size": _sizes(d), "speeds": [[d.integer(400_000, 900_000), 4e11]]},
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("time against time", _time_against_time),
        Variant("a fraction", _fraction),
        Variant("by hand, for 64 rows", _by_hand),
        Variant("float32", _float32),
        Variant("numpy", _numpy),
    ),
    hints=(
        "How many operations does the model need in a second, at this speed?",
        "`flops_per_token(config)` is what one token needs, forward and backward.",
        "Multiply the tokens of a second with the operations of a token, and divide by the "
        "operations that the machine could do in a second.",
    ),
    stretch=True,
)
