"""2.2 count_bigrams."""

from collections import Counter
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Misconception, Variant


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
            "more tokens than letters",
            "has a row and a column for every token",
            lambda d: {"ids": d.integers(0, 30, 90), "vocab_size": 30},
            tolerance=EXACT,
        ),
    ),
    misconceptions=(
        Misconception(
            "transposed",
            "Rows and columns are exchanged: the row is the token that comes after.",
            "The sums of the rows tell how often a token was *followed*, those of the columns how "
            "often it *followed*. Look at which of the two tokens you index with first.",
            edits=(("ids[:-1] * vocab_size + ids[1:]", "ids[1:] * vocab_size + ids[:-1]"),),
        ),
        Misconception(
            "duplicates-once",
            "`N[a, b] += 1` with whole tensors of indices, or a set of pairs, counts a repeated "
            "pair once.",
            "No count is above 1, however long the text. Indexing with tensors reads, adds and "
            "writes each cell a single time.",
            edits=(
                (
                    ".view(vocab_size, vocab_size)",
                    ".view(vocab_size, vocab_size).clamp(max=1)",
                ),
            ),
        ),
        Misconception(
            "last-pair-missing",
            "The last pair of the text is not counted.",
            "The sum of all counts is N - 2. Look at where your loop or your slices end.",
            edits=(("ids[:-1] * vocab_size + ids[1:]", "ids[:-2] * vocab_size + ids[1:-1]"),),
        ),
        Misconception(
            "first-pair-missing",
            "The first pair of the text is not counted.",
            "The sum of all counts is N - 2. Look at where your loop or your slices begin.",
            edits=(("ids[:-1] * vocab_size + ids[1:]", "ids[1:-1] * vocab_size + ids[2:]"),),
        ),
        Misconception(
            "wraps-around",
            "The last token is paired with the first one.",
            "The sum of all counts is N. Nothing follows the last token of a text.",
            edits=(("ids[:-1] * vocab_size + ids[1:]", "ids * vocab_size + ids.roll(-1)"),),
        ),
        Misconception(
            "both-directions",
            "Each pair is counted in both directions.",
            "The table is symmetric and its sum is twice too large: that b came after a says "
            "nothing about a coming after b.",
            edits=(
                (
                    ".view(vocab_size, vocab_size)",
                    ".view(vocab_size, vocab_size)\n    return counts + counts.t()",
                ),
                ("return torch.bincount", "counts = torch.bincount"),
            ),
        ),
        Misconception(
            "every-second-pair",
            "The text is cut into pairs that do not overlap.",
            "The sum of all counts is about N / 2. Every token but the last begins a pair.",
            edits=(("ids[:-1] * vocab_size + ids[1:]", "ids[:-1:2] * vocab_size + ids[1::2]"),),
        ),
        Misconception(
            "two-apart",
            "The pairs are two tokens apart.",
            "The token between them is skipped. Look at the two slices, or at the second index.",
            edits=(("ids[:-1] * vocab_size + ids[1:]", "ids[:-2] * vocab_size + ids[2:]"),),
        ),
        Misconception(
            "repeats-skipped",
            "A token that follows itself is not counted.",
            "The diagonal is zero. In “hello”, l comes after l.",
            edits=(
                (
                    ".view(vocab_size, vocab_size)",
                    ".view(vocab_size, vocab_size).fill_diagonal_(0)",
                ),
            ),
        ),
        Misconception(
            "size-of-this-text",
            "The table is as large as the largest id of this text, and `vocab_size` is ignored.",
            "Its shape changes from text to text, so two tables cannot be compared.",
            edits=(
                (
                    "    pairs = ids[:-1]",
                    "    vocab_size = int(ids.max()) + 1\n    pairs = ids[:-1]",
                ),
            ),
        ),
        Misconception(
            "starts-from-one",
            "The table begins with ones in place of zeros.",
            "Pairs that never occurred have a count of 1. Smoothing is a later step, and its "
            "amount is chosen there.",
            edits=((".view(vocab_size, vocab_size)", ".view(vocab_size, vocab_size) + 1"),),
        ),
        Misconception(
            "shares-returned",
            "The rows are divided by their sums already.",
            "These are probabilities. Making them from the counts is the next exercise.",
            edits=(
                ("return torch.bincount", "counts = torch.bincount"),
                (
                    ".view(vocab_size, vocab_size)",
                    ".view(vocab_size, vocab_size)\n"
                    "    return counts / counts.sum(1, keepdim=True)",
                ),
            ),
        ),
        Misconception(
            "list-returned",
            "The table is a list of lists and not a tensor.",
            "The next exercises sum and divide it as a tensor.",
            edits=((".view(vocab_size, vocab_size)", ".view(vocab_size, vocab_size).tolist()"),),
        ),
        Misconception(
            "float-counts",
            "The counts are floating-point numbers.",
            "Counts are whole numbers; above 16,777,216 a float32 can no longer add 1.",
            edits=((".view(vocab_size, vocab_size)", ".view(vocab_size, vocab_size).float()"),),
        ),
        Misconception(
            "eight-bits",
            "The counts are kept in 8 bits and start again from 0 after 255.",
            "Frequent pairs come out rare. Look at the dtype of your table.",
            edits=(
                (
                    ".view(vocab_size, vocab_size)",
                    ".view(vocab_size, vocab_size).to(torch.uint8)",
                ),
            ),
        ),
    ),
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
