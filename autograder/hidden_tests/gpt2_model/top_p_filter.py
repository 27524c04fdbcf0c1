"""6.12 top_p_filter."""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Variant
from autograder.hidden_tests.gpt2_model.top_p_filter_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.top_p_filter_rare_mistakes import RARE

FEWEST = "leaves the fewest that reach p"
PLACES = "leaves them at their places, with their values"
ENDS = "takes any p, and logits of any size"

# Between a plain row and a sure one; no sum from the left lies near a p that is used here.
_SHAPES = (
    (0.36, 0.28, 0.18, 0.10, 0.05, 0.03),
    (0.62, 0.20, 0.10, 0.05, 0.02, 0.01),
    (0.22, 0.20, 0.18, 0.16, 0.13, 0.11),
    (0.90, 0.05, 0.03, 0.01, 0.006, 0.004),
)


def _rows(d: Draw, rows: int = 4) -> Tensor:
    """Draw logits whose softmax are the first of the shapes above, each in an order of its own.

    Each row is moved by a number of its own: a softmax does not see it, a plain `exp` does.
    """
    order = torch.stack([d.cycle(6) for _ in range(rows)])
    probs = torch.tensor(_SHAPES[:rows])[d.permutation(rows)].gather(1, order)
    return probs.log() + d.uniform(rows, 1, low=-6.0, high=6.0)


def _square(d: Draw) -> Tensor:
    rows = torch.cat([_rows(d), _rows(d, 2)])
    return rows[d.permutation(6)]


def _with_minus_infinity(d: Draw) -> Tensor:
    """Draw rows of 9, three of them minus infinity."""
    rows = torch.cat([_rows(d), torch.full((4, 3), -torch.inf)], 1)
    return torch.stack([row[d.permutation(9)] for row in rows])


def _case(name: str, group: str, inputs: Any, probe: str = "") -> Case:
    return Case(name, group, inputs, f"filters.top_p_filter{probe}")


def _plain(logits: Tensor, p: float) -> Tensor:
    out = []
    for row in logits.tolist():
        weights = [math.exp(value - max(row)) for value in row]
        together, kept = 0.0, [-math.inf] * len(row)
        for v in sorted(range(len(row)), key=lambda v: row[v], reverse=True):
            if together >= p * sum(weights):
                break
            together += weights[v]
            kept[v] = row[v]
        out.append(kept)
    return torch.tensor(out)


def _numpy(logits: Tensor, p: float) -> Tensor:
    a = logits.double().numpy()
    probs = np.exp(a - a.max(axis=1, keepdims=True))
    probs /= probs.sum(axis=1, keepdims=True)
    order = np.argsort(-a, axis=1, kind="stable")
    n = 1 + (np.cumsum(np.take_along_axis(probs, order, 1), 1) < p).sum(1)
    out = np.full_like(a, -np.inf)
    for b, row in enumerate(order):
        out[b, row[: n[b]]] = a[b, row[: n[b]]]
    return torch.from_numpy(out)


def _shifted_mask(logits: Tensor, p: float) -> Tensor:
    values, order = torch.sort(logits, descending=True)
    remove = torch.cumsum(torch.softmax(values, dim=-1), dim=-1) > p
    remove[:, 1:] = remove[:, :-1].clone()
    remove[:, 0] = False
    return logits.masked_fill(remove.scatter(1, order, remove), -float("inf"))


def _from_below(logits: Tensor, p: float) -> Tensor:
    values, order = torch.sort(logits, descending=False)
    remove = values.softmax(-1).cumsum(-1) <= 1 - p
    remove[..., -1:] = False
    return torch.where(remove.gather(-1, order.argsort(-1)), float("-inf"), logits)


def _border(logits: Tensor, p: float) -> Tensor:
    if p == 1:
        return logits
    ranked = torch.softmax(logits, -1).sort(-1, descending=True).values
    last = (ranked.cumsum(-1) < p).sum(-1, keepdim=True).clamp(max=logits.size(-1) - 1)
    return logits.masked_fill(torch.softmax(logits, -1) < ranked.gather(-1, last), -torch.inf)


def _pairs(logits: Tensor, p: float) -> Tensor:
    probs = logits.double().softmax(-1)
    before = torch.einsum("bj,bij->bi", probs, (probs[:, None] > probs[:, :, None]).double())
    return logits.masked_fill(before >= p, -torch.inf)


EXERCISE = Exercise(
    id="top_p_filter",
    chapter="06-gpt2",
    title="Top-p",
    reference="gpt2.filters.top_p_filter",
    probe="filters.top_p_filter",
    minutes=20,
    difficulty=3,
    groups={FEWEST: 2, PLACES: 2, ENDS: 1},
    cases=(
        _case("p is 0.8", FEWEST, lambda d: {"logits": _rows(d), "p": 0.8}),
        _case("p is 0.5", FEWEST, lambda d: {"logits": _rows(d), "p": 0.5}),
        _case("in a square", PLACES, lambda d: {"logits": _square(d), "p": 0.7}, "_by_name"),
        _case(
            "at the end of a text",
            PLACES,
            lambda d: {"logits_of_a_text": torch.stack([_rows(d) for _ in "abc"], 1), "p": 0.85},
            "_at_the_end",
        ),
        _case("one row, p is 0.05", ENDS, lambda d: {"logits": _rows(d, 1), "p": 0.05}, "_by_name"),
        _case("p is 1", ENDS, lambda d: {"logits": _rows(d)}, "_with_one"),
        _case(
            "large logits, and minus infinity",
            ENDS,
            lambda d: {
                "logits": _with_minus_infinity(d) + torch.tensor([[300.0], [-300.0], [90], [-90]]),
                "p": 0.75,
            },
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE,
    variants=(
        Variant("lists of numbers", _plain),
        Variant("numpy in float64", _numpy),
        Variant("the mask of the sums, moved by one", _shifted_mask),
        Variant("from the least probable upwards", _from_below),
        Variant("a border of probability", _border),
        Variant("comparison of all pairs", _pairs),
    ),
    hints=(
        "Sort the probabilities, the greatest first. What has each token in front of it?",
        "`cumsum` counts the token itself too; subtract it. A token stays if what is left is less "
        "than p. `sort` also returns where each number came from.",
        "With `probs, order = ...sort(dim=-1, descending=True)`, the mask belongs to the sorted "
        "row. `torch.zeros_like(mask).scatter(-1, order, mask)` puts it back; then `masked_fill`.",
    ),
)
