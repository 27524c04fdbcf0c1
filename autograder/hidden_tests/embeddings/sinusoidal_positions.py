"""4.3 sinusoidal_positions."""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.embeddings.sinusoidal_positions_mistakes import MISCONCEPTIONS

TOLERANCE = Tolerance(
    2e-5,
    0.0,
    "angles up to 7 in float32, by way of exp and log, are off by less than 2e-6; the nearest "
    "mistake is off by more than 1e-2",
)


def _exp_log(T: int, n_embd: int, base: float = 10000.0) -> Tensor:
    pe = torch.zeros(T, n_embd)
    position = torch.arange(0, T).unsqueeze(1).float()
    div_term = torch.exp(torch.arange(0, n_embd, 2).float() * (-math.log(base) / n_embd))
    pe[:, 0::2] = torch.sin(position * div_term)
    pe[:, 1::2] = torch.cos(position * div_term)
    return pe


def _loops(T: int, n_embd: int, base: float = 10000.0) -> Tensor:
    rows = []
    for t in range(T):
        row: list[float] = []
        for i in range(n_embd // 2):
            angle = t * base ** (-2 * i / n_embd)
            row += [math.sin(angle), math.cos(angle)]
        rows.append(row)
    return torch.tensor(rows)


def _numpy(T: int, n_embd: int, base: float = 10000.0) -> Tensor:
    channel = np.arange(n_embd)
    angles = np.arange(T)[:, None] / np.power(base, 2 * (channel // 2) / n_embd)
    return torch.from_numpy(np.where(channel % 2 == 0, np.sin(angles), np.cos(angles)))


def _complex(T: int, n_embd: int, base: float = 10000.0) -> Tensor:
    speed = base ** -torch.linspace(0, 1, n_embd // 2 + 1)[:-1]
    angles = torch.outer(torch.arange(T).float(), speed)
    turned = torch.view_as_real(torch.polar(torch.ones_like(angles), torch.pi / 2 - angles))
    return turned.reshape(T, n_embd)


def _phase(T: int, n_embd: int, base: float = 10000.0) -> Tensor:
    c = torch.arange(n_embd)
    speed = torch.pow(torch.tensor(base), -(c - c % 2) / n_embd)
    angles = torch.einsum("t,c->tc", torch.arange(T, dtype=torch.float32), speed)
    return torch.sin(angles + c % 2 * (torch.pi / 2))


FIRST = "begins with 0, 1, 0, 1, ... at position 0"
TURNS = "turns each pair at its own speed"
BASE = "lets you choose the base"


def _sizes(d: Draw, T: int, n_embd: int, **more: Any) -> dict[str, Any]:
    return {"T": T, "n_embd": n_embd} | more


EXERCISE = Exercise(
    id="sinusoidal_positions",
    chapter="04-embeddings",
    title="Positions that are computed",
    reference="gpt2.embeddings.sinusoidal_positions",
    probe="embeddings.sinusoidal_positions",
    minutes=15,
    difficulty=3,
    groups={FIRST: 1, TURNS: 2, BASE: 1},
    cases=(
        Case(
            "one position",
            FIRST,
            lambda d: _sizes(d, 1, 6),
            probe="embeddings.sinusoidal_positions_are_fixed",
            tolerance=TOLERANCE,
        ),
        Case(
            "a text",
            TURNS,
            lambda d: _sizes(d, d.integer(4, 8), 2 * d.integer(4, 6)),
            tolerance=TOLERANCE,
        ),
        Case("as many as channels", TURNS, lambda d: _sizes(d, 6, 6), tolerance=TOLERANCE),
        Case("a single pair", TURNS, lambda d: _sizes(d, 5, 2), tolerance=TOLERANCE),
        Case(
            "another base",
            BASE,
            lambda d: _sizes(d, 5, 4, base=d.number(20.0, 200.0)),
            tolerance=TOLERANCE,
        ),
        Case(
            "another base, by name",
            BASE,
            lambda d: _sizes(d, 3, 8, base=d.integer(500, 2000), by_name=True),
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("exponential and logarithm, filled in", _exp_log),
        Variant("loops", _loops),
        Variant("numpy, float64", _numpy),
        Variant("complex numbers", _complex),
        Variant("the cosine as a shifted sine", _phase),
    ),
    hints=(
        "Make the angles first, one for each position and pair: (T, C/2). What does a column of "
        "shape (T, 1) divided by a row of shape (C/2,) give?",
        "`torch.arange(0, n_embd, 2)` is 2i for each pair. Divide by `n_embd`, and raise `base` "
        "to it.",
        "With the angles in `a`, sines go to the channels `0::2` and cosines to `1::2` of a "
        "(T, C) tensor; or stack both in a new last dimension and flatten it.",
    ),
    stretch=True,
)
