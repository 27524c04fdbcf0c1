"""2.2 count_bigrams."""

from collections import Counter
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.bigrams.count_bigrams_mistakes import MISCONCEPTIONS


def _loop(ids: Tensor, vocab_size: int) -> Tensor:
    counts = torch.zeros(vocab_size, vocab_size, dtype=torch.int32)
    for i in range(len(ids) - 1):
        counts[ids[i], ids[i + 1]] += 1
    return counts


def _dictionary(ids: Tensor, vocab_size: int) -> Tensor:
    found = Counter(pairwise(ids.tolist()))
    return torch.tensor([[found[a, b] for b in range(vocab_size)] for a in range(vocab_size)])


def _put(ids: Tensor, vocab_size: int) -> Tensor:
    counts = torch.zeros((vocab_size, vocab_size), dtype=torch.long)
    one = torch.ones((), dtype=torch.long)
    return counts.index_put_((ids[:-1], ids[1:]), one, accumulate=True)


def _one_hot(ids: Tensor, vocab_size: int) -> Tensor:
    rows = torch.nn.functional.one_hot(ids, vocab_size)
    return torch.einsum("na,nb->ab", rows[:-1], rows[1:])


def _numpy(ids: Tensor, vocab_size: int) -> Tensor:
    a = ids.numpy()
    counts = np.zeros((vocab_size, vocab_size), np.int64)
    np.add.at(counts, (a[:-1], a[1:]), 1)
    return torch.from_numpy(counts)


def _scatter(ids: Tensor, vocab_size: int) -> Tensor:
    counts = torch.zeros(vocab_size * vocab_size, dtype=torch.long)
    counts.scatter_add_(0, ids[:-1] * vocab_size + ids[1:], torch.ones_like(ids[1:]))
    return counts.reshape(vocab_size, -1)


def _text(d: Draw, vocab_size: int, n: int) -> Tensor:
    """Return n ids that rise more often than they fall, and whose ends are no frequent pair."""
    steps = d.integers(0, 3, n)
    return torch.cumsum(steps, 0).remainder(vocab_size)


def _repeated_pair(d: Draw) -> dict[str, object]:
    a, b = d.permutation(6)[:2].tolist()
    return {"ids": torch.tensor([*([a, b] * 330), *([b] * 300), a]), "vocab_size": 6}


EXERCISE = Exercise(
    id="count_bigrams",
    chapter="02-bigrams",
    title="Count bigrams",
    reference="gpt2.bigrams.count_bigrams",
    probe="bigrams.count_bigrams",
    minutes=10,
    difficulty=2,
    groups={
        "counts which token follows which": 2,
        "counts a pair as often as it occurs": 1,
        "has a row and a column for every token": 1,
    },
    cases=(
        Case(
            "a text",
            "counts which token follows which",
            lambda d: {"ids": _text(d, 7, 60), "vocab_size": 7},
            tolerance=EXACT,
        ),
        Case(
            "each token once",
            "counts which token follows which",
            lambda d: {"ids": d.permutation(9), "vocab_size": 9},
            tolerance=EXACT,
        ),
        Case(
            "one pair over and over",
            "counts a pair as often as it occurs",
            _repeated_pair,
            tolerance=EXACT,
        ),
        Case(
            "random text",
            "counts a pair as often as it occurs",
            lambda d: {"ids": d.integers(0, 4, 400), "vocab_size": 4},
            tolerance=EXACT,
        ),
        Case(
            "tokens that this text does not have",
            "has a row and a column for every token",
            lambda d: {"ids": d.integers(2, 7, 40), "vocab_size": d.integer(9, 13)},
            tolerance=EXACT,
        ),
        Case(
            "one token, no pair",
            "has a row and a column for every token",
            lambda d: {"ids": d.integers(0, 3, 1), "vocab_size": 3},
            tolerance=EXACT,
        ),
        Case(
            "no token at all",
            "has a row and a column for every token",
            lambda d: {"ids": d.integers(0, 3, 0), "vocab_size": d.integer(3, 6)},
            tolerance=EXACT,
        ),
        Case(
            "more tokens than letters",
            "has a row and a column for every token",
            lambda d: {"ids": d.integers(0, 30, 90), "vocab_size": 30},
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("a loop, int32", _loop),
        Variant("a dictionary of pairs", _dictionary),
        Variant("index_put_ with accumulate", _put),
        Variant("one-hot rows and einsum", _one_hot),
        Variant("numpy's add.at", _numpy),
        Variant("scatter_add_ on a flat table", _scatter),
    ),
    hints=(
        "Write the text above itself, shifted by one token: `ids[:-1]` and `ids[1:]` are the "
        "pairs.",
        "`N[a, b] += 1` in a Python loop over the pairs is right and slow. With whole tensors as "
        "indices the same line counts each pair once: why?",
        "A pair (a, b) is one number, `a * vocab_size + b`. `torch.bincount` with `minlength` "
        "counts how often each number occurs; the result only needs its shape back.",
    ),
)
