"""2.3 bigram_probs."""

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.bigrams.bigram_probs_mistakes import MISCONCEPTIONS

TOLERANCE = Tolerance(
    0.0,
    1e-5,
    "probabilities in float32 differ from float64 by less than 3e-7 of their size, and a zero is "
    "a zero in both; the nearest mistake differs by more than 1e-2 of the size",
)


def _loops(counts: Tensor, smoothing: float = 0.0) -> Tensor:
    V = len(counts)
    P = torch.empty(V, V, dtype=torch.float64)
    for a, row in enumerate(counts.tolist()):
        total = sum(row) + smoothing * V
        for b, n in enumerate(row):
            P[a, b] = (n + smoothing) / total if total else 1 / V
    return P


def _numpy(counts: Tensor, smoothing: float = 0.0) -> Tensor:
    N = counts.numpy().astype(np.float64) + smoothing
    N[N.sum(axis=1) == 0] = 1.0
    return torch.from_numpy(N / N.sum(axis=1, keepdims=True))


def _transposes(counts: Tensor, smoothing: float = 0.0) -> Tensor:
    columns = (counts.float() + smoothing).t()
    empty = columns.sum(0) == 0
    columns = columns + empty.float()
    return (columns / columns.sum(0)).t()


def _diagonal(counts: Tensor, smoothing: float = 0.0) -> Tensor:
    N = counts.double().add(smoothing)
    P = torch.einsum("ab,a->ab", N, N.sum(1).reciprocal()).nan_to_num(nan=1 / counts.shape[1])
    return P.float()


def _normalize(counts: Tensor, smoothing: float = 0.0) -> Tensor:
    N = counts.clone().to(torch.float32)
    N += smoothing
    N[N.sum(-1) == 0, :] = 1
    return torch.nn.functional.normalize(N, p=1.0, dim=-1)


def _lopsided(d: Draw, V: int) -> Tensor:
    """Return counts without zeros whose rows and columns have very different sums."""
    return d.integers(1, 10, V, V) * (1 + 3 * d.permutation(V)[:, None]) * (1 + d.permutation(V))


def _with_empty_rows(d: Draw, V: int, n: int) -> Tensor:
    counts = _lopsided(d, V)
    counts[d.permutation(V)[:n]] = 0
    return counts


ROWS = "makes each row a distribution"
SMOOTHED = "adds the smoothing before it divides"
EMPTY = "makes a row that was never seen uniform"

EXERCISE = Exercise(
    id="bigram_probs",
    chapter="02-bigrams",
    title="From counts to probabilities",
    reference="gpt2.bigrams.bigram_probs",
    probe="bigrams.bigram_probs",
    minutes=15,
    difficulty=2,
    groups={ROWS: 2, SMOOTHED: 1, EMPTY: 1},
    cases=(
        Case("lopsided counts", ROWS, lambda d: {"counts": _lopsided(d, 5)}, tolerance=TOLERANCE),
        Case(
            "some pairs never seen",
            ROWS,
            lambda d: {"counts": _lopsided(d, 6) * (1 - torch.eye(6, dtype=torch.int64))},
            tolerance=TOLERANCE,
        ),
        Case(
            "large counts",
            ROWS,
            lambda d: {"counts": _lopsided(d, 3) * 1000},
            tolerance=TOLERANCE,
        ),
        Case(
            "smoothing below one",
            SMOOTHED,
            lambda d: {"counts": d.integers(0, 5, 4, 4), "smoothing": d.number(0.3, 0.7)},
            tolerance=TOLERANCE,
        ),
        Case(
            "smoothing above one",
            SMOOTHED,
            lambda d: {"counts": _lopsided(d, 5), "smoothing": d.number(5.0, 9.0)},
            tolerance=TOLERANCE,
        ),
        Case(
            "smoothing a whole number",
            SMOOTHED,
            lambda d: {"counts": _lopsided(d, 5), "smoothing": 2},
            tolerance=TOLERANCE,
        ),
        Case(
            "one empty row",
            EMPTY,
            lambda d: {"counts": _with_empty_rows(d, 4, 1)},
            tolerance=TOLERANCE,
        ),
        Case(
            "two empty rows, smoothed",
            EMPTY,
            lambda d: {"counts": _with_empty_rows(d, 5, 2), "smoothing": 1.5},
            tolerance=TOLERANCE,
        ),
        Case(
            "nothing seen at all",
            EMPTY,
            lambda d: {"counts": torch.zeros(3, 3, dtype=torch.int64), "smoothing": 0.0},
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("loops in float64", _loops),
        Variant("numpy", _numpy),
        Variant("by columns, then turned back", _transposes),
        Variant("einsum and nan_to_num", _diagonal),
        Variant("F.normalize with the 1-norm", _normalize),
    ),
    hints=(
        "What must the entries of a row add up to? Add them up before you divide, and compare "
        "the shapes of what is divided by what.",
        "A sum over `dim=1` has shape (V,), and broadcasting lines that up with the columns. "
        "`keepdim=True` keeps it (V, 1), which goes with the rows.",
        "Add the smoothing to the counts as floats; sum each row with `keepdim`; divide; where "
        "the sum is 0 take 1 / V (`torch.where` chooses entry by entry).",
    ),
)
