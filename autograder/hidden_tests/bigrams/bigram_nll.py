"""2.4 bigram_nll."""

import math
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.bigrams.bigram_nll_mistakes import MISCONCEPTIONS

TOLERANCE = Tolerance(
    1e-6,
    2e-5,
    "a mean of 4,000 logarithms in float32, summed in any order, lies within 1e-6 of float64; "
    "the nearest mistake, counting distinct pairs once, is off by more than 5e-2",
)


def _loop(P: Tensor, ids: Tensor) -> float:
    total = 0.0
    tokens, table = ids.tolist(), P.tolist()
    for a, b in pairwise(tokens):
        p = table[a][b]
        total += -math.log(p) if p > 0 else math.inf
    return total / (len(tokens) - 1)


def _by_counts(P: Tensor, ids: Tensor) -> float:
    V = len(P)
    counts = torch.bincount(ids[:-1] * V + ids[1:], minlength=V * V).view(V, V).double()
    return float(-torch.xlogy(counts, P.double()).sum() / counts.sum())


def _numpy(P: Tensor, ids: Tensor) -> Any:
    with np.errstate(divide="ignore"):
        surprise = -np.log(P.numpy().astype(np.float64))
    return surprise[ids.numpy()[:-1], ids.numpy()[1:]].mean()


def _library(P: Tensor, ids: Tensor) -> float:
    return torch.nn.functional.nll_loss(P.log()[ids[:-1]], ids[1:]).item()


def _bits(P: Tensor, ids: Tensor) -> float:
    bits = [-p.log2() for p in torch.split(P[ids[:-1]].gather(1, ids[1:, None]).flatten(), 64)]
    total = reduce(torch.add, (part.sum(dtype=torch.float64) for part in bits))
    return math.log(2) * float(total) / (ids.numel() - 1)


def _table(d: Draw, V: int) -> Tensor:
    """Return probabilities between about 0.01 and 0.7, without symmetry."""
    return d.normal(V, V, std=1.2).softmax(dim=1)


def _with_zeros(d: Draw, V: int) -> Tensor:
    """Return probabilities where a token is never followed by the next one, or by itself."""
    P = _table(d, V) * (1 - torch.eye(V)) * (1 - torch.eye(V).roll(1, 1))
    return P / P.sum(dim=1, keepdim=True)


def _nearly_sure(d: Draw) -> dict[str, Tensor]:
    """Return a text that costs some 0.00003 nats a token."""
    V = 4
    successor = d.cycle(V)
    unlikely = d.number(0.8e-5, 1.2e-5)
    P = torch.full((V, V), unlikely)
    P[torch.arange(V), successor] = 1 - (V - 1) * unlikely
    ids = [d.integer(0, V)]
    for _ in range(20):
        ids.append(int(successor[ids[-1]]))
    return {"P": P, "ids": torch.tensor(ids)}


def _zeros_not_needed(d: Draw) -> dict[str, Tensor]:
    steps = d.integers(2, 5, 30)  # never to itself nor to the next
    return {"P": _with_zeros(d, 5), "ids": steps.cumsum(0) % 5}


def _zero_needed(d: Draw) -> dict[str, Any]:
    """One impossible pair and not two, whose prices would add up to infinity in any case."""
    steps = d.integers(2, 5, 30)
    at = d.integer(5, 25)
    steps[at] = 1
    ids = steps.cumsum(0) % 5
    return {"P": _with_zeros(d, 5), "ids": ids, "a": int(ids[at - 1]), "b": int(ids[at])}


EXERCISE = Exercise(
    id="bigram_nll",
    chapter="02-bigrams",
    title="How good is the model?",
    reference="gpt2.bigrams.bigram_nll",
    probe="bigrams.bigram_nll",
    minutes=10,
    difficulty=2,
    groups={
        "averages the surprise over the predicted tokens": 2,
        "works on a long text": 1,
        "knows what a probability of zero means": 1,
    },
    cases=(
        Case(
            "two tokens",
            "averages the surprise over the predicted tokens",
            lambda d: {"P": _table(d, 4), "ids": d.permutation(4)[:2]},
            tolerance=TOLERANCE,
        ),
        Case(
            "a short text",
            "averages the surprise over the predicted tokens",
            lambda d: {"P": _table(d, 5), "ids": d.integers(0, 5, 12)},
            tolerance=TOLERANCE,
        ),
        Case(
            "the same token twice",
            "averages the surprise over the predicted tokens",
            lambda d: {"P": _table(d, 3), "ids": torch.tensor([1, 1, 2])},
            tolerance=TOLERANCE,
        ),
        Case(
            "a model that is nearly sure",
            "averages the surprise over the predicted tokens",
            _nearly_sure,
            tolerance=TOLERANCE,
        ),
        Case(
            "4,000 tokens",
            "works on a long text",
            lambda d: {"P": _table(d, 6), "ids": d.integers(0, 6, 4000)},
            tolerance=TOLERANCE,
        ),
        Case(
            "zeros that the text does not need",
            "knows what a probability of zero means",
            _zeros_not_needed,
            tolerance=TOLERANCE,
        ),
        Case(
            "a pair that cannot be",
            "knows what a probability of zero means",
            _zero_needed,
            probe="bigrams.impossible_pair",
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("a loop with math.log", _loop),
        Variant("weighted by counts", _by_counts),
        Variant("numpy in float64", _numpy),
        Variant("F.nll_loss", _library),
        Variant("bits, then nats", _bits),
    ),
    hints=(
        "Which probability did the model give to each token that came? The pairs are `ids[:-1]` "
        "and `ids[1:]`, as in counting.",
        "One indexing gives all of them: `P[ids[:-1], ids[1:]]` has N - 1 entries.",
        "Take the natural logarithm of each, average, change the sign, and turn the one-element "
        "tensor into a float with `.item()`.",
    ),
)
