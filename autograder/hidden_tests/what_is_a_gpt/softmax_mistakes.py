"""Wrong answers to 1.1 softmax, the commonest first."""

from torch import Tensor

from autograder.exercise import Misconception


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


def _not_moved_back(x: Tensor, dim: int = -1) -> Tensor:
    e = (x.movedim(dim, -1) - x.amax(dim).unsqueeze(-1)).exp()
    return e / e.sum(-1, keepdim=True)


MISCONCEPTIONS = (
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
        "For `dim=0` it is the columns that have to sum to 1. Print `.sum(0)` of what you return.",
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
        "sum-without-keepdim",
        "The sum loses its dimension before the division.",
        "Broadcasting lines shapes up from the right, so a square input is divided by the sums "
        "of the wrong rows without an error, and other shapes do not fit.",
        edits=(("e.sum(dim, keepdim=True)", "e.sum(dim)"),),
    ),
    Misconception(
        "sum-over-everything",
        "The sum runs over the whole tensor, so all rows together sum to 1.",
        "With one row nothing shows. With two rows each of them sums to less than 1.",
        edits=(("e.sum(dim, keepdim=True)", "e.sum()"),),
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
        "max-along-last",
        "The maximum is taken along the last dimension, and the sum along `dim`.",
        "The shift has to be the same for all logits that are summed together; look at `dim=0`.",
        edits=(("x.amax(dim", "x.amax(-1"),),
    ),
    Misconception(
        "shift-only-when-large",
        "The shift is made only if some logit is large.",
        "A row in which all logits are very small needs it as well: its exponentials are all "
        "0 without.",
        function=_shift_when_large,
    ),
    Misconception(
        "default-first",
        "Without `dim` the sum runs along the first dimension, not the last.",
        "Look at the default in the signature. In a batch (B, T, V) the logits of one guess "
        "lie along V.",
        function=_default_first,
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
        "max-without-keepdim",
        "The maximum loses its dimension before the subtraction.",
        "On a square input each row is shifted by the maxima of all rows, one for each column: "
        "that is no longer one constant for the row.",
        edits=(("x.amax(dim, keepdim=True)", "x.amax(dim)"),),
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
        "unnormalised",
        "The exponentials are returned as they are, without the division.",
        "The largest of each row is 1, and the row sums to more than that.",
        edits=(("e / e.sum(dim, keepdim=True)", "e"),),
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
        "clamped",
        "Large logits are cut off at a bound, not shifted.",
        "All logits beyond the bound become equal: 1000 and 999 get the same probability.",
        edits=(("x - x.amax(dim, keepdim=True)", "x.clamp(-80, 80)"),),
    ),
    Misconception(
        "not-moved-back",
        "`dim` is moved to the end for the work, and not moved back afterwards.",
        "Compare the shape of the result with that of `x`; in a square only `.sum(dim)` shows it.",
        function=_not_moved_back,
    ),
    Misconception(
        "shift-by-mean",
        "The shift is the mean of the row, not its largest logit.",
        "It moves the trouble away and does not end it: one logit far above the rest is far "
        "above the mean as well, and its `exp` is infinite.",
        edits=(("x.amax(", "x.mean("),),
    ),
    Misconception(
        "shift-by-largest-size",
        "The shift is the largest absolute value, not the largest logit.",
        "In a row of -1000 and -999 it makes everything smaller still: all exponentials are 0, "
        "and 0 divided by 0 is nan.",
        edits=(("x.amax(dim, keepdim=True)", "x.abs().amax(dim, keepdim=True)"),),
    ),
    Misconception(
        "shift-by-min",
        "The shift is the smallest logit, not the largest.",
        "The largest exponent is then the whole range of the row: a logit 100 above the rest "
        "is infinite again.",
        edits=(("x.amax(", "x.amin("),),
    ),
    Misconception(
        "float64-in-place-of-shift",
        "The exponentials are taken in float64, without a shift.",
        "float64 only moves the border from 88 to 709: logits of 1000 are infinite still.",
        edits=(("(x - x.amax(dim, keepdim=True)).exp()", "x.double().exp()"),),
    ),
    Misconception(
        "no-exp",
        "The logits themselves are divided by their sum, without `exp`.",
        "Logits may be negative, and so are these results. A probability is not.",
        edits=(("(x - x.amax(dim, keepdim=True)).exp()", "x"),),
    ),
    Misconception(
        "softmin",
        "The sign is turned round: each logit is subtracted from the maximum.",
        "The largest logit comes out with the smallest probability.",
        edits=(("(x - x.amax(dim, keepdim=True))", "(x.amax(dim, keepdim=True) - x)"),),
    ),
    Misconception(
        "divided-by-max",
        "The logits are divided by their maximum, where it has to be subtracted.",
        "Only adding a constant leaves the probabilities alone; dividing changes all the "
        "distances between logits.",
        edits=(("x - x.amax", "x / x.amax"),),
    ),
    Misconception(
        "base-two",
        "The powers are of 2, not of e.",
        "The row sums to 1, but is flatter than it should be.",
        edits=((".exp()\n    return", ".exp2()\n    return"),),
    ),
    Misconception(
        "sigmoid",
        "Each logit goes through a sigmoid on its own.",
        "Each number lies between 0 and 1, and a row does not sum to 1: the logits have to share.",
        function=_sigmoid,
    ),
)
