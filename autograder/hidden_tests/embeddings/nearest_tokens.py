"""4.5 nearest_tokens."""

import math
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.embeddings.nearest_tokens_mistakes import MISCONCEPTIONS


def _similarity(E: Tensor, query_id: int, k: int) -> Tensor:
    similar = F.cosine_similarity(E, E[query_id].unsqueeze(0))
    order = similar.argsort(descending=True)
    return order[order != query_id][:k]


def _numpy(E: Tensor, query_id: int, k: int) -> Tensor:
    table = E.numpy().astype(np.float64)
    lengths = np.linalg.norm(table, axis=1)
    cosines = table @ table[query_id] / (lengths * lengths[query_id])
    order = [int(i) for i in np.argsort(-cosines) if i != query_id]
    return torch.tensor(order[:k])


def _loops(E: Tensor, query_id: int, k: int) -> Tensor:
    rows = E.tolist()

    def cosine(a: list[float], b: list[float]) -> float:
        dot = sum(x * y for x, y in zip(a, b, strict=True))
        return dot / math.hypot(*a) / math.hypot(*b)

    others = [i for i in range(len(rows)) if i != query_id]
    others.sort(key=lambda i: cosine(rows[i], rows[query_id]), reverse=True)
    return torch.tensor(others[:k], dtype=torch.int32)


def _own_length_only(E: Tensor, query_id: int, k: int) -> Tensor:
    """The query's length divides all alike, so the order does not need it."""
    scores = torch.einsum("vc,c->v", E.double(), E[query_id].double())
    scores = scores / E.double().pow(2).sum(-1).sqrt()
    keep = torch.arange(len(E)) != query_id
    ids = keep.nonzero().squeeze(1)
    return ids[scores[keep].topk(k).indices]


def _angles(E: Tensor, query_id: int, k: int) -> Tensor:
    """The distance of points on the unit sphere grows with the angle."""
    unit = E / E.norm(dim=1, keepdim=True)
    apart = (unit - unit[query_id]).norm(dim=1)
    apart[query_id] = math.inf
    return torch.sort(apart)[1][:k]


NEAREST = "finds the tokens that point the same way, nearest first"
LENGTHS = "lets no length count"
MANY = "finds as many as you ask for, and never the query"


def _table(d: Draw, V: int, C: int, lengths: float, query_id: int | None = None) -> dict[str, Any]:
    """Return a table whose rows have clearly different cosines with the query, from 0.95 to -0.9.

    The lengths are spread by a factor of `lengths`: above 1 the nearest are short, and below long.
    """
    unit = F.normalize(d.normal(1, C), dim=1)
    aside = d.normal(V, C)
    aside = F.normalize(aside - (aside @ unit.t()) * unit, dim=1)
    cosines = torch.linspace(0.95, -0.9, V)[:, None] + d.uniform(V, 1, low=-0.3, high=0.3) / V
    rows = cosines * unit + (1 - cosines.square()).sqrt() * aside
    rows[-1] = unit
    order = d.permutation(V)
    if query_id is not None:
        at = int((order == V - 1).nonzero())
        order[at], order[query_id] = order[query_id].clone(), V - 1
    power = torch.linspace(0, 1, V)[:, None] + d.uniform(V, 1, high=0.05)
    rows = rows * lengths ** (power - 0.5)
    return {"E": rows[order], "query_id": int((order == V - 1).nonzero())}


def _same_way(d: Draw) -> dict[str, Any]:
    """Return a table in which four tokens point exactly the same way, two of them equal."""
    E = d.normal(8, 3)
    same = d.permutation(8)[:4].sort().values
    scales = torch.tensor([0.5, 4.0, 1.0, 1.0])[d.permutation(4)]
    E[same] = E[same[0]] * scales[:, None]
    return {"E": E, "query_ids": same.tolist(), "k": 3}


def _opposite(d: Draw) -> dict[str, Any]:
    """Return two tokens that point opposite ways, exactly: each is the other's only neighbour."""
    E = torch.zeros(2, 3)
    E[:, d.integer(0, 3)] = torch.tensor([0.5, -4.0])[d.permutation(2)]
    return {"E": E, "query_ids": [0, 1], "k": 1}


def _spread_or_pointed(d: Draw, spread: bool) -> dict[str, Any]:
    """Return a table in which one of two near vectors has many channels, and the other only one.

    The nearest is the one or the other. Lengths that are no lengths, such as the sum or the
    largest of the absolute values, change places.
    """
    query = torch.tensor([1.0] + [0.5 if spread else 0.2] * 5)
    near = query if spread else torch.ones(6)
    rows = torch.stack([query, near, torch.eye(6)[0], torch.eye(6)[0], torch.eye(6)[1], -query])
    rows[3, 1] = -1.0  # its cosine is about 0.24, or 0.5
    rows[4, 2] = -1.0  # and 0
    rows += 0.1 * d.normal(6, 1) * torch.eye(6)
    signs = torch.where(d.uniform(6) < 0.5, -1.0, 1.0)
    rows = (rows * d.uniform(6, 1, low=1.0, high=1.5) * signs)[:, d.permutation(6)]
    order = d.permutation(6)
    return {"E": rows[order], "query_id": int((order == 0).nonzero()), "k": 2, "by_name": True}


EXERCISE = Exercise(
    id="nearest_tokens",
    chapter="04-embeddings",
    title="Neighbours of a token",
    reference="gpt2.embeddings.nearest_tokens",
    probe="embeddings.nearest_tokens",
    minutes=15,
    difficulty=3,
    groups={NEAREST: 1, LENGTHS: 1, MANY: 2},
    cases=(
        Case("three of nine", NEAREST, lambda d: _table(d, 9, 4, 0.01) | {"k": 3}, tolerance=EXACT),
        Case(
            "as many tokens as channels",
            NEAREST,
            lambda d: _spread_or_pointed(d, spread=True),
            tolerance=EXACT,
        ),
        Case(
            "the nearest has one large channel",
            LENGTHS,
            lambda d: _spread_or_pointed(d, spread=False),
            tolerance=EXACT,
        ),
        Case(
            "very different lengths",
            LENGTHS,
            lambda d: _table(d, 10, 3, 300.0) | {"k": 4},
            tolerance=EXACT,
        ),
        Case("one", MANY, lambda d: _table(d, 7, 3, 5.0, query_id=0) | {"k": 1}, tolerance=EXACT),
        Case(
            "all others",
            MANY,
            lambda d: _table(d, 8, 5, 5.0, query_id=2) | {"k": 7},
            tolerance=EXACT,
        ),
        Case(
            "four that point exactly the same way",
            MANY,
            _same_way,
            probe="embeddings.nearest_tokens_equally_near",
            tolerance=EXACT,
        ),
        Case(
            "two that point opposite ways",
            MANY,
            _opposite,
            probe="embeddings.nearest_tokens_equally_near",
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("F.cosine_similarity", _similarity),
        Variant("numpy in float64", _numpy),
        Variant("loops, int32", _loops),
        Variant("the query's length left out", _own_length_only),
        Variant("distances on the unit sphere", _angles),
    ),
    hints=(
        "If all rows had length 1, the cosine of two of them would be their dot product. Which "
        "dimension does the length run over?",
        "With `F.normalize(E, dim=1)` one product of a matrix and a vector gives all V cosines. "
        "`topk` finds the k largest.",
        "Before you call `topk`, give the query a cosine that never wins, such as `-torch.inf`. "
        "Then return the `indices`.",
    ),
    stretch=True,
)
