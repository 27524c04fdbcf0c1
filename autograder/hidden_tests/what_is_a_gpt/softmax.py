"""1.1 softmax."""

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Misconception, Shortcut, Tolerance, Variant

ROW = "turns a row of logits into probabilities"
DIM = "sums to 1 along the dimension you ask for"
LARGE = "survives very large and very small logits"

# At 1000 two neighbouring float32 numbers lie 6e-5 apart, so x - logsumexp(x), a right answer, is
# wrong by as much. The mistakes are nan there, or off by more than 0.1.
AT_1000 = Tolerance(1e-3, 0.0, "logsumexp in float32 at logits of 1000 rounds by 6e-5")


def _row(d: Draw, n: int) -> Tensor:
    """Draw n logits that lie about 1 apart, in random order: probabilities that differ clearly."""
    return d.permutation(n) + d.uniform(n, high=0.2)


def _one_above(d: Draw, height: float) -> Tensor:
    """Draw 4 logits, one of them `height` above the rest."""
    return torch.cat([_row(d, 3), d.uniform(1) + height])[d.permutation(4)]


def _loops(x: Tensor, dim: int = -1) -> Tensor:
    rows = [
        torch.stack([1 / (row - value).exp().sum() for value in row])
        for row in x.movedim(dim, -1).reshape(-1, x.shape[dim])
    ]
    return torch.stack(rows).reshape(x.movedim(dim, -1).shape).movedim(-1, dim)


def _numpy(x: Tensor, dim: int = -1) -> Tensor:
    a = x.numpy().astype(np.float64)
    e = np.exp(a - a.max(axis=dim, keepdims=True))
    return torch.from_numpy(e / e.sum(axis=dim, keepdims=True))


def _logsumexp(x: Tensor, dim: int = -1) -> Tensor:
    return (x - x.logsumexp(dim=dim, keepdim=True)).exp()


def _einsum(x: Tensor, dim: int = -1) -> Tensor:
    moved = x.transpose(dim, -1)
    e = torch.exp(moved - moved.max(-1, keepdim=True).values)
    return torch.einsum("...i,...->...i", e, torch.einsum("...i->...", e) ** -1).transpose(dim, -1)


def _in_place(x: Tensor, dim: int = -1) -> Tensor:
    x -= x.amax(dim, keepdim=True)
    return x.exp() / x.exp().sum(dim, keepdim=True)


def _default_first(x: Tensor, dim: int = 0) -> Tensor:
    e = (x - x.amax(dim, keepdim=True)).exp()
    return e / e.sum(dim, keepdim=True)


def _shift_when_large(x: Tensor, dim: int = -1) -> Tensor:
    if x.max() > 80:
        x = x - x.amax(dim, keepdim=True)
    return x.exp() / x.exp().sum(dim, keepdim=True)


def _sigmoid(x: Tensor, dim: int = -1) -> Tensor:
    return x.sigmoid()


EXERCISE = Exercise(
    id="softmax",
    chapter="01-what-is-a-gpt",
    title="Softmax",
    reference="gpt2.probability.softmax",
    probe="what_is_a_gpt.softmax",
    minutes=10,
    difficulty=1,
    groups={ROW: 1, DIM: 1, LARGE: 2},
    cases=(
        Case("one row", ROW, lambda d: {"x": d.normal(7, std=2.0)}),
        Case("batch", ROW, lambda d: {"x": d.normal(2, 3, 5, std=2.0)}),
        Case("one logit", ROW, lambda d: {"x": d.normal(3, 1, std=2.0)}),
        Case("square, first dimension", DIM, lambda d: {"x": d.normal(4, 4, std=2.0), "dim": 0}),
        Case(
            "square, last dimension by name",
            DIM,
            lambda d: {"x": d.normal(4, 4, std=2.0), "dim": 1},
            probe="what_is_a_gpt.softmax_by_name",
        ),
        Case("middle dimension", DIM, lambda d: {"x": d.normal(3, 3, 3, std=2.0), "dim": 1}),
        Case(
            "counted from the end", DIM, lambda d: {"x": d.normal(2, 3, 2, 4, std=2.0), "dim": -3}
        ),
        Case(
            "rows at different scales",
            LARGE,
            lambda d: {
                "x": torch.stack([_row(d, 4) + shift for shift in (1000.0, -1000.0, 0.0, 300.0)])
            },
            tolerance=AT_1000,
        ),
        Case(
            "columns at different scales",
            LARGE,
            lambda d: {
                "x": torch.stack([_row(d, 4) + shift for shift in (1000.0, -1000.0, 0.0)], 1),
                "dim": 0,
            },
            tolerance=AT_1000,
        ),
        Case("all very small", LARGE, lambda d: {"x": _row(d, 4) - 1000}, tolerance=AT_1000),
        Case("one 100 above the rest", LARGE, lambda d: {"x": _one_above(d, 100.0)}),
        Case(
            "one 1000 above the rest",
            LARGE,
            lambda d: {"x": _one_above(d, 1000.0)},
            tolerance=AT_1000,
        ),
    ),
    misconceptions=(
        Misconception(
            "no-shift",
            "The logits go into `exp` as they are, without a shift.",
            "`exp` of anything above about 88 is infinite in float32, and infinity divided by "
            "infinity is nan.",
            edits=(("x - x.amax(dim, keepdim=True)", "x"),),
        ),
        Misconception(
            "max-over-everything",
            "The shift is the maximum of the whole tensor, not of each row.",
            "A row that lies far below the largest one underflows: all its exponentials are 0, "
            "and 0 divided by 0 is nan.",
            edits=(("x.amax(dim, keepdim=True)", "x.max()"),),
        ),
        Misconception(
            "dim-ignored",
            "`dim` is ignored: the sum always runs along the last dimension.",
            "For `dim=0` it is the columns that have to sum to 1. Print `.sum(0)` of what you "
            "return.",
            edits=(("x.amax(dim", "x.amax(-1"), ("e.sum(dim", "e.sum(-1")),
        ),
        Misconception(
            "in-place",
            "The call changes the caller's tensor.",
            "Print `x` before and after the call. `-=` and methods that end in `_` write into the "
            "tensor that was passed.",
            function=_in_place,
        ),
        Misconception(
            "sum-over-everything",
            "The sum runs over the whole tensor, so all rows together sum to 1.",
            "With one row nothing shows. With two rows each of them sums to less than 1.",
            edits=(("e.sum(dim, keepdim=True)", "e.sum()"),),
        ),
        Misconception(
            "one-distribution-for-all",
            "Maximum and sum are taken over the whole tensor, so all rows share one distribution.",
            "With one row nothing shows. With two rows each of them sums to less than 1.",
            edits=(
                ("x.amax(dim, keepdim=True)", "x.max()"),
                ("e.sum(dim, keepdim=True)", "e.sum()"),
            ),
        ),
        Misconception(
            "shift-by-largest-size",
            "The shift is the largest absolute value, not the largest logit.",
            "In a row of -1000 and -999 it makes everything smaller still: all exponentials are 0, "
            "and 0 divided by 0 is nan.",
            edits=(("x.amax(dim, keepdim=True)", "x.abs().amax(dim, keepdim=True)"),),
        ),
        Misconception(
            "shift-only-when-large",
            "The shift is made only if some logit is large.",
            "A row in which all logits are very small needs it as well: its exponentials are all "
            "0 without.",
            function=_shift_when_large,
        ),
        Misconception(
            "epsilon-in-the-sum",
            "There is no shift; a small number is added to the sum so that it is not 0.",
            "It saves the division by 0 and not the overflow, and a row of very small logits "
            "sums to 0.",
            edits=(
                ("x - x.amax(dim, keepdim=True)", "x"),
                ("e.sum(dim, keepdim=True)", "(e.sum(dim, keepdim=True) + 1e-9)"),
            ),
        ),
        Misconception(
            "sum-without-keepdim",
            "The sum loses its dimension before the division.",
            "Broadcasting lines shapes up from the right, so a square input is divided by the sums "
            "of the wrong rows without an error, and other shapes do not fit.",
            edits=(("e.sum(dim, keepdim=True)", "e.sum(dim)"),),
        ),
        Misconception(
            "max-without-keepdim",
            "The maximum loses its dimension before the subtraction.",
            "On a square input each row is shifted by the maxima of all rows, one for each column: "
            "that is no longer one constant for the row.",
            edits=(("x.amax(dim, keepdim=True)", "x.amax(dim)"),),
        ),
        Misconception(
            "max-along-last",
            "The maximum is taken along the last dimension, and the sum along `dim`.",
            "The shift has to be the same for all logits that are summed together; look at "
            "`dim=0`.",
            edits=(("x.amax(dim", "x.amax(-1"),),
        ),
        Misconception(
            "default-first",
            "Without `dim` the sum runs along the first dimension, not the last.",
            "Look at the default in the signature. In a batch (B, T, V) the logits of one guess "
            "lie along V.",
            function=_default_first,
        ),
        Misconception(
            "shift-by-min",
            "The shift is the smallest logit, not the largest.",
            "The largest exponent is then the whole range of the row: a logit 100 above the rest "
            "is infinite again.",
            edits=(("x.amax(", "x.amin("),),
        ),
        Misconception(
            "shift-by-mean",
            "The shift is the mean of the row, not its largest logit.",
            "It moves the trouble away and does not end it: one logit far above the rest is far "
            "above the mean as well, and its `exp` is infinite.",
            edits=(("x.amax(", "x.mean("),),
        ),
        Misconception(
            "float64-in-place-of-shift",
            "The exponentials are taken in float64, without a shift.",
            "float64 only moves the border from 88 to 709: logits of 1000 are infinite still.",
            edits=(("(x - x.amax(dim, keepdim=True)).exp()", "x.double().exp()"),),
        ),
        Misconception(
            "clamped",
            "Large logits are cut off at a bound, not shifted.",
            "All logits beyond the bound become equal: 1000 and 999 get the same probability.",
            edits=(("x - x.amax(dim, keepdim=True)", "x.clamp(-80, 80)"),),
        ),
        Misconception(
            "nan-replaced",
            "There is no shift, and the nan that comes of it is replaced by 0.",
            "The row then has no nan and no sum of 1 either. Which number made the nan?",
            edits=(
                ("x - x.amax(dim, keepdim=True)", "x"),
                ("e / e.sum(dim, keepdim=True)", "(e / e.sum(dim, keepdim=True)).nan_to_num(0.0)"),
            ),
        ),
        Misconception(
            "divided-by-max",
            "The logits are divided by their maximum, where it has to be subtracted.",
            "Only adding a constant leaves the probabilities alone; dividing changes all the "
            "distances between logits.",
            edits=(("x - x.amax", "x / x.amax"),),
        ),
        Misconception(
            "softmin",
            "The sign is turned round: each logit is subtracted from the maximum.",
            "The largest logit comes out with the smallest probability.",
            edits=(("(x - x.amax(dim, keepdim=True))", "(x.amax(dim, keepdim=True) - x)"),),
        ),
        Misconception(
            "no-exp",
            "The logits themselves are divided by their sum, without `exp`.",
            "Logits may be negative, and so are these results. A probability is not.",
            edits=(("(x - x.amax(dim, keepdim=True)).exp()", "x"),),
        ),
        Misconception(
            "base-two",
            "The powers are of 2, not of e.",
            "The row sums to 1, but is flatter than it should be.",
            edits=((".exp()\n    return", ".exp2()\n    return"),),
        ),
        Misconception(
            "log-probabilities",
            "The result holds the logarithms of the probabilities.",
            "Its numbers are negative and their `exp` sums to 1.",
            edits=(
                ("e = (x - x.amax(dim, keepdim=True)).exp()", "e = x - x.amax(dim, keepdim=True)"),
                ("e / e.sum(dim, keepdim=True)", "e - e.logsumexp(dim, keepdim=True)"),
            ),
        ),
        Misconception(
            "sigmoid",
            "Each logit goes through a sigmoid on its own.",
            "Each number lies between 0 and 1, and a row does not sum to 1: the logits have to "
            "share.",
            function=_sigmoid,
        ),
        Misconception(
            "unnormalised",
            "The exponentials are returned as they are, without the division.",
            "The largest of each row is 1, and the row sums to more than that.",
            edits=(("e / e.sum(dim, keepdim=True)", "e"),),
        ),
    ),
    variants=(
        Variant("loops", _loops),
        Variant("numpy in float64", _numpy),
        Variant("logsumexp", _logsumexp),
        Variant("einsum on a transposed view", _einsum),
        Variant(
            "in place on its own copy",
            edits=(
                (
                    "e = (x - x.amax(dim, keepdim=True)).exp()",
                    "e = x.clone().sub_(x.amax(dim, True)).exp_()",
                ),
                ("return e / e.sum(dim, keepdim=True)", "return e.div_(e.sum(dim, True))"),
            ),
        ),
    ),
    hints=(
        "What happens to `exp(x)` at x = 1000? Which constant may you add to all logits of a row?",
        "The largest logit along `dim` should become 0. `amax` has a `keepdim` argument.",
        "Two lines: `e` is the exponential of the shifted logits; divide it by its own sum along "
        "`dim`, with the dimension kept.",
    ),
    forbids=(
        # In inference mode torch's dispatcher sees the outer operators, otherwise the inner ones.
        Shortcut(
            "torch.softmax",
            ("aten::_softmax", "aten::softmax", "aten::special_softmax", "aten::_safe_softmax"),
        ),
        Shortcut(
            "torch.log_softmax",
            ("aten::_log_softmax", "aten::log_softmax", "aten::special_log_softmax"),
        ),
    ),
)
