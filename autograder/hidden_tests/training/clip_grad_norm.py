"""7.5 clip_grad_norm."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.training.clip_grad_norm_mistakes import MISCONCEPTIONS

TOLERANCE = Tolerance(
    2e-5,
    1e-5,
    "float32 in any order of the sums, and 1e-6 added to a norm of 5 or not, stay within 1e-6; the "
    "nearest mistake is off by more than 1e-2",
)


def _numpy(params: Iterable[Tensor], max_norm: float) -> float:
    """One row of all gradients, in float64."""
    with_gradient = [p for p in params if p.grad is not None]
    rows = [np.asarray(p.grad, dtype=np.float64).ravel() for p in with_gradient]
    norm = float(np.linalg.norm(np.concatenate([*rows, np.zeros(1)])))
    for p in with_gradient:
        if p.grad is not None and norm > max_norm:
            p.grad.copy_(p.grad * (max_norm / norm))
    return norm


def _always_scaled(params: Iterable[Tensor], max_norm: float) -> float:
    """Clip as torch does: eps below the line, a factor of at most 1, multiplied in any case."""
    grads = [p.grad for p in params if p.grad is not None]
    total = torch.tensor(0.0)
    for g in grads:
        total = total + g.detach().pow(2).sum()
    total = total.sqrt()
    factor = torch.clamp(max_norm / (total + 1e-6), max=1.0)
    for g in grads:
        g.detach().mul_(factor)
    return float(total.item())


def _loops(params: Iterable[Tensor], max_norm: float) -> float:
    params = list(params)
    squares = 0.0
    for p in params:
        if p.grad is not None:
            squares += sum(x * x for x in p.grad.double().flatten().tolist())
    norm = math.sqrt(squares)
    if norm >= max_norm and norm > 0:
        for p in params:
            if p.grad is not None:
                p.grad *= max_norm / norm
    return norm


def _hypot(params: Iterable[Tensor], max_norm: float) -> float:
    """Norms of norms, and `grad.data` in place."""
    grads = [p.grad.data for p in params if p.grad is not None]
    norm = math.hypot(*(torch.linalg.norm(g.reshape(-1)).item() for g in grads))
    scale = min(1.0, max_norm / (norm + 1e-6))
    for g in grads:
        g[...] = g * scale
    return norm


def _einsum(params: Iterable[Tensor], max_norm: float) -> float:
    whole, parts = torch.zeros(0), []
    for p in params:
        if (g := p.grad) is None:
            continue
        parts.append(g)
        whole = torch.cat([whole, g.reshape(-1)])
    norm: float = math.sqrt(torch.einsum("i,i->", whole, whole))
    if norm <= max_norm:
        return norm
    with torch.no_grad():
        for g in parts:
            g /= norm / max_norm
    return norm


def _gradients(d: Draw, n: int, norm: float) -> Tensor:
    """Return numbers of both signs, with one that is larger than the rest, and of a given norm."""
    numbers = d.uniform(n, low=0.3, high=1.0) * torch.where(d.uniform(n) < 0.5, 1.0, -1.0)
    numbers[d.integer(0, n)] *= 3
    shortened: Tensor = numbers * (norm / numbers.norm())
    return shortened


def _model(d: Draw, norm: float, max_norm: float) -> dict[str, Any]:
    """Return the gradients of a matrix, a table and a bias."""
    return {
        "numbers": _gradients(d, 13, norm),
        "shapes": [[2, 2], [3, 2], [3]],
        "max_norm": max_norm,
    }


def _holes(d: Draw) -> dict[str, Any]:
    case = _model(d, d.number(5.0, 7.0), d.number(1.5, 2.0))
    return case | {
        "shapes": [[2], [2, 2], [3], [3, 2], []],
        "left_out": [0, 2, 4],
        "numbers": case["numbers"][:10],
    }


LONG = "shortens what is too long to max_norm, in place"
SHORT = "leaves alone what is short enough"
GIVEN = "takes what is given: a generator, parameters without a gradient"

EXERCISE = Exercise(
    id="clip_grad_norm",
    chapter="07-training",
    title="Clip the gradient",
    reference="gpt2.optim.clip_grad_norm",
    probe="optimizers.clip_grad_norm",
    minutes=15,
    difficulty=2,
    groups={LONG: 1, SHORT: 1, GIVEN: 2},
    cases=(
        Case(
            "longer than allowed",
            LONG,
            lambda d: _model(d, d.number(5.0, 7.0), d.number(1.5, 2.0)),
            tolerance=TOLERANCE,
        ),
        Case(
            "gradients that lie by columns",
            LONG,
            lambda d: _model(d, d.number(5.0, 7.0), d.number(0.4, 0.6)) | {"turned": True},
            tolerance=TOLERANCE,
        ),
        Case(
            "shorter than allowed",
            SHORT,
            lambda d: _model(d, d.number(1.42, 1.5), d.number(1.7, 1.9)),
            tolerance=TOLERANCE,
        ),
        Case(
            "all gradients 0",
            SHORT,
            lambda d: _model(d, 1.0, d.number(0.5, 1.0)) | {"numbers": torch.zeros(13)},
            tolerance=TOLERANCE,
        ),
        Case(
            "a generator, and gradients that are missing",
            GIVEN,
            _holes,
            probe="optimizers.clip_grad_norm_of_generator",
            tolerance=TOLERANCE,
        ),
        Case(
            "no gradient at all",
            GIVEN,
            lambda d: {
                "numbers": torch.zeros(0),
                "shapes": [[2], [2, 2]],
                "max_norm": d.number(0.5, 1.0),
                "left_out": [0, 1],
            },
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("NumPy, one row", _numpy),
        Variant("torch's way, a factor of at most 1", _always_scaled),
        Variant("loops", _loops),
        Variant("hypot of the norms", _hypot),
        Variant("einsum over one row", _einsum),
    ),
    hints=(
        "Lay the gradients 3 and 4 of two parameters end to end: how long is the arrow? Which one "
        "factor makes it 1 long, and keeps its direction?",
        "You need the gradients twice, and a generator can be read once. `g.mul_(...)` changes a "
        "tensor in place.",
        "Make a list of the gradients that are not None. The norm is the root of the sum of all "
        "their squares. If it is over `max_norm`, multiply each by `max_norm / norm`; return the "
        "norm as a float in any case.",
    ),
)
