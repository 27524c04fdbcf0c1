"""Wrong answers to 2.3 bigram_probs, the commonest first."""

from autograder.exercise import Misconception

MISCONCEPTIONS = (
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
        "empty-row-is-nan",
        "A row without any count is divided by its sum, 0.",
        "0 / 0 is nan, and one nan makes every later sum nan. The contract says what such a "
        "row is.",
        edits=(("torch.where(totals > 0, weights / totals, 1 / len(counts))", "weights / totals"),),
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
        "smoothing-once-in-the-sum",
        "The denominator has the smoothing once, not once for each of the V tokens.",
        "With smoothing a row sums to more than 1.",
        edits=(("weights.sum(dim=1, keepdim=True)", "counts.sum(1, keepdim=True) + smoothing"),),
    ),
    Misconception(
        "smoothing-ignored",
        "The smoothing has no effect.",
        "A pair that was never seen still has probability 0.",
        edits=(("counts + float(smoothing)", "counts.float()"),),
    ),
    Misconception(
        "always-smoothed",
        "There is smoothing even when none was asked for.",
        "With the default of 0 a pair that was never seen has probability 0. Look at the "
        "default value, and at constants in your code.",
        edits=(("counts + float(smoothing)", "counts + float(smoothing or 1)"),),
    ),
    Misconception(
        "smoothing-missing-in-the-sum",
        "The denominator is the sum of the counts without the smoothing.",
        "With smoothing a row sums to more than 1. Numerator and denominator have to be about "
        "the same table.",
        edits=(("weights.sum(dim=1, keepdim=True)", "counts.sum(1, keepdim=True)"),),
    ),
    Misconception(
        "integer-division",
        "The division throws away the fraction.",
        "Every probability is 0, or 1 where a row has a single entry. `//` and integer dtypes "
        "keep whole numbers only.",
        edits=(("weights / totals", "weights // totals"),),
    ),
    Misconception(
        "whole-table-normalised",
        "The whole table sums to 1.",
        "These are the probabilities of pairs. What follows a token that is already known is "
        "a distribution of its own, in each row.",
        edits=(("sum(dim=1, keepdim=True)", "sum()"),),
    ),
    Misconception(
        "one-whatever-the-smoothing",
        "With any smoothing, 1 is added to every count.",
        "Its amount has no effect: 0.5 and 5 give the same table. Look at what you add.",
        edits=(("counts + float(smoothing)", "counts + float(smoothing > 0)"),),
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
        "not-divided",
        "The counts are not divided by anything.",
        "The rows are counts still; a row of probabilities sums to 1.",
        edits=(("weights / totals", "weights"),),
    ),
)
