"""6.11 top_k_filter."""

import heapq
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Variant
from autograder.hidden_tests.gpt2_model.top_k_filter_mistakes import MISCONCEPTIONS

EACH = "leaves the k greatest of each row"
ANYWHERE = "cuts wherever the logits lie"
ENDS = "takes any k from 1 upwards"


def _rows(d: Draw, rows: int, V: int) -> Tensor:
    """Draw rows in different order, with numbers that differ clearly, on both sides of 0."""
    order = torch.stack([d.permutation(V) for _ in range(rows)])
    return order - V / 2 + d.uniform(rows, V, low=0.1, high=0.3)


def _heights(d: Draw, *heights: float) -> Tensor:
    """Draw rows of 7 that lie at given heights, in random order."""
    rows = _rows(d, len(heights), 7) * d.uniform(len(heights), 1, low=0.2, high=2.0)
    return rows + torch.tensor(heights)[d.permutation(len(heights))].unsqueeze(1)


def _equals(d: Draw) -> Tensor:
    """Draw rows with equal logits among the 3 greatest, and among the others, not at the border."""
    rows = [
        [2.5, 2.5, 2.5, 1.0, 1.0, 0.5],
        [4.0, -1.5, -1.5, -2.0, -2.0, -2.0],
        [0.0, 0.0, -0.5, -3.0, -3.0, -4.0],
    ]
    order = torch.stack([d.permutation(6) for _ in rows])
    return torch.tensor(rows)[d.permutation(3)].gather(1, order)


def _case(name: str, group: str, inputs: Any, probe: str = "") -> Case:
    return Case(name, group, inputs, f"filters.top_k_filter{probe}")


def _heap(logits: Tensor, k: int) -> Tensor:
    out = torch.full(logits.shape, float("-inf"))
    for b, row in enumerate(logits.tolist()):
        for v in heapq.nlargest(k, range(len(row)), key=lambda v: row[v]):
            out[b, v] = row[v]
    return out


def _numpy(logits: Tensor, k: int) -> Tensor:
    a = logits.double().numpy().copy()
    if k < a.shape[1]:
        cut = np.argpartition(a, -k, axis=1)[:, :-k]
        np.put_along_axis(a, cut, -np.inf, axis=1)
    return torch.from_numpy(a)


def _scatter(logits: Tensor, k: int) -> Tensor:
    best, where = torch.topk(logits, k=min(k, logits.shape[1]))
    return torch.full_like(logits, -torch.inf).scatter(1, where, best)


def _assigned_on_a_copy(logits: Tensor, k: int) -> Tensor:
    v, _ = torch.topk(logits, min(k, logits.size(-1)))
    out = logits.clone()
    out[out < v[:, [-1]]] = -float("Inf")
    return out


def _ranks(logits: Tensor, k: int) -> Tensor:
    rank = (logits.unsqueeze(1) > logits.unsqueeze(2)).sum(-1)  # how many are greater
    return torch.where(rank < k, logits, -torch.inf)


def _sorted(logits: Tensor, k: int) -> Tensor:
    order = logits.argsort(dim=-1, descending=True)
    keep = torch.zeros_like(logits, dtype=torch.bool)
    for b in range(logits.size(0)):
        keep[b, order[b, :k]] = True
    return logits + torch.log(keep.float())


EXERCISE = Exercise(
    id="top_k_filter",
    chapter="06-gpt2",
    title="Top-k",
    reference="gpt2.filters.top_k_filter",
    probe="filters.top_k_filter",
    minutes=10,
    difficulty=2,
    groups={EACH: 2, ANYWHERE: 1, ENDS: 1},
    cases=(
        _case("three of seven", EACH, lambda d: {"logits": _rows(d, 4, 7), "k": 3}),
        _case("in a square", EACH, lambda d: {"logits": _rows(d, 5, 5), "k": 2}, "_by_name"),
        _case(
            "at the end of a text",
            EACH,
            lambda d: {"logits_of_a_text": torch.stack([_rows(d, 3, 6) for _ in "abc"], 1), "k": 4},
            "_at_the_end",
        ),
        _case("equal logits inside and outside", EACH, lambda d: {"logits": _equals(d), "k": 3}),
        _case(
            "rows at different heights",
            ANYWHERE,
            lambda d: {"logits": _heights(d, 60.0, 0.0, -60.0), "k": 2},
        ),
        _case("one row, all negative", ANYWHERE, lambda d: {"logits": _heights(d, -70.0), "k": 4}),
        _case("k is 1", ENDS, lambda d: {"logits": _rows(d, 3, 5), "k": 1}),
        _case("k is V", ENDS, lambda d: {"logits": _rows(d, 3, 5), "k": 5}),
        _case("k is more than V", ENDS, lambda d: {"logits": _rows(d, 3, 5), "k": 9}, "_by_name"),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("a heap", _heap),
        Variant("numpy's partition in float64", _numpy),
        Variant("scatter into minus infinity", _scatter),
        Variant("assigned on a copy", _assigned_on_a_copy),
        Variant("ranks by comparison of all pairs", _ranks),
        Variant("sorted, and a logarithm of a mask added", _sorted),
    ),
    hints=(
        "The k-th greatest logit of a row is the border. What is below it goes.",
        "`logits.topk(k, dim=-1).values` is (B, k), the greatest first. It raises an error if k is "
        "more than V.",
        "Take the last column of those values with its dimension kept, (B, 1), compare all logits "
        "with it, and `masked_fill` what is smaller with `-torch.inf`. `min(k, V)` takes care of "
        "a large k.",
    ),
)
