"""2.3 bigram_probs."""

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Misconception, Tolerance, Variant

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
    misconceptions=(
        Misconception(
            "sums-without-keepdim",
            "The sums of the rows are lined up with the columns.",
            "A sum of shape (V,) is taken for (1, V), so entry [a, b] is divided by the sum of "
            "row b. It runs because the table is square. Add up a row of the result.",
            edits=(("sum(dim=1, keepdim=True)", "sum(dim=1)"),),
        ),
        Misconception(
            "columns-normalised",
            "Each column sums to 1, not each row.",
            "Entry [a, b] is then the share of the b that came after a among all b, not among "
            "all that came after a. Look at the dimension of the sum.",
            edits=(("sum(dim=1, keepdim=True)", "sum(dim=0, keepdim=True)"),),
        ),
        Misconception(
            "whole-table-normalised",
            "The whole table sums to 1.",
            "These are the probabilities of pairs. What follows a token that is already known is "
            "a distribution of its own, in each row.",
            edits=(("sum(dim=1, keepdim=True)", "sum()"),),
        ),
        Misconception(
            "smoothing-after-division",
            "The smoothing is added to the probabilities, after the division.",
            "A row then sums to more than 1. Smoothing pretends that each pair was seen a few "
            "more times, so it belongs with the counts.",
            edits=(
                ("counts + float(smoothing)", "counts.float()"),
                (
                    "torch.where(totals > 0, weights / totals, 1 / len(counts))",
                    "torch.where(totals > 0, weights / totals, 1 / len(counts)) + smoothing",
                ),
            ),
        ),
        Misconception(
            "shares-smoothed",
            "The shares are smoothed and then normalised again, not the counts.",
            "A row that was seen ten times is then smoothed as little as one that was seen a "
            "thousand times.",
            edits=(
                ("counts + float(smoothing)", "counts.float()"),
                (
                    "return torch.where(totals > 0, weights / totals, 1 / len(counts))",
                    "P = torch.where(totals > 0, weights / totals, 1 / len(counts)) + smoothing\n"
                    "    return P / P.sum(dim=1, keepdim=True)",
                ),
            ),
        ),
        Misconception(
            "logarithms-returned",
            "The result is the logarithm of the probabilities.",
            "Entries below 0 are no probabilities. The logarithm comes with the loss.",
            edits=(
                (
                    "torch.where(totals > 0, weights / totals, 1 / len(counts))",
                    "torch.where(totals > 0, weights / totals, 1 / len(counts)).log()",
                ),
            ),
        ),
        Misconception(
            "smoothing-once-in-the-sum",
            "The denominator has the smoothing once, not once for each of the V tokens.",
            "With smoothing a row sums to more than 1.",
            edits=(
                ("weights.sum(dim=1, keepdim=True)", "counts.sum(1, keepdim=True) + smoothing"),
            ),
        ),
        Misconception(
            "smoothing-missing-in-the-sum",
            "The denominator is the sum of the counts without the smoothing.",
            "With smoothing a row sums to more than 1. Numerator and denominator have to be about "
            "the same table.",
            edits=(("weights.sum(dim=1, keepdim=True)", "counts.sum(1, keepdim=True)"),),
        ),
        Misconception(
            "smoothing-ignored",
            "The smoothing has no effect.",
            "A pair that was never seen still has probability 0.",
            edits=(("counts + float(smoothing)", "counts.float()"),),
        ),
        Misconception(
            "smoothing-only-zeros",
            "The smoothing is added to the zeros alone.",
            "With a smoothing above 1, a pair that was never seen comes out likelier than one "
            "that was seen once. Every count gets the same addition.",
            edits=(("counts + float(smoothing)", "counts + float(smoothing) * (counts == 0)"),),
        ),
        Misconception(
            "smoothing-seen-in-the-sum",
            "The denominator has the smoothing once for each token that was seen, not for all V.",
            "A row with a zero in it sums to more than 1. The unseen tokens get a share as well.",
            edits=(
                (
                    "weights.sum(dim=1, keepdim=True)",
                    "(weights * (counts > 0)).sum(1, keepdim=True)",
                ),
            ),
        ),
        Misconception(
            "not-divided",
            "The counts are not divided by anything.",
            "The rows are counts still; a row of probabilities sums to 1.",
            edits=(("weights / totals", "weights"),),
        ),
        Misconception(
            "divided-by-the-maximum",
            "Each row is divided by its largest entry.",
            "The largest entry of each row is 1. It is the sum of a row that has to be 1.",
            edits=(("weights / totals", "weights / weights.amax(1, keepdim=True)"),),
        ),
        Misconception(
            "always-smoothed",
            "There is smoothing even when none was asked for.",
            "With the default of 0 a pair that was never seen has probability 0. Look at the "
            "default value, and at constants in your code.",
            edits=(("counts + float(smoothing)", "counts + float(smoothing or 1)"),),
        ),
        Misconception(
            "integer-division",
            "The division throws away the fraction.",
            "Every probability is 0, or 1 where a row has a single entry. `//` and integer dtypes "
            "keep whole numbers only.",
            edits=(("weights / totals", "weights // totals"),),
        ),
        Misconception(
            "empty-row-is-nan",
            "A row without any count is divided by its sum, 0.",
            "0 / 0 is nan, and one nan makes every later sum nan. The contract says what such a "
            "row is.",
            edits=(
                ("torch.where(totals > 0, weights / totals, 1 / len(counts))", "weights / totals"),
            ),
        ),
        Misconception(
            "empty-row-is-zero",
            "A row without any count stays zero.",
            "It sums to 0 and is no distribution: nothing can be drawn from it. The contract says "
            "what such a row is.",
            edits=(
                (
                    "torch.where(totals > 0, weights / totals, 1 / len(counts))",
                    "weights / totals.clamp(min=1e-9)",
                ),
            ),
        ),
        Misconception(
            "exponentials",
            "The counts go through an exponential, as logits would.",
            "Counts of 10 and 20 then differ by a factor of 22,026. A count is in proportion to "
            "its probability already.",
            edits=(
                (
                    "torch.where(totals > 0, weights / totals, 1 / len(counts))",
                    "weights.softmax(dim=1)",
                ),
            ),
        ),
    ),
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
