"""Wrong answers to 1.3 perplexity, the commonest first."""

import math

from autograder.exercise import Misconception


def _emptying(nll_sums: list[float], n_tokens: list[int]) -> float:
    total, count = 0.0, 0
    while nll_sums:
        total, count = total + nll_sums.pop(), count + n_tokens.pop()
    return math.exp(total / count)


def _exp_first(nll_sums: list[float], n_tokens: list[int]) -> float:
    return math.pow(math.exp(sum(nll_sums)), 1 / sum(n_tokens))


def _first_only(nll_sums: list[float], n_tokens: list[int]) -> float | None:
    for nll, n in zip(nll_sums, n_tokens, strict=True):
        return math.exp(nll / n)
    return None


def _last_only(nll_sums: list[float], n_tokens: list[int]) -> float:
    for nll, n in zip(nll_sums, n_tokens, strict=True):
        total, count = nll, n
    return math.exp(total / count)


def _infinite_above_20(nll_sums: list[float], n_tokens: list[int]) -> float:
    mean = sum(nll_sums) / sum(n_tokens)
    return math.exp(mean) if mean < 20 else math.inf


MEAN = "sum(nll_sums) / sum(n_tokens)"
RESULT = f"math.exp({MEAN})"

MISCONCEPTIONS = (
    Misconception(
        "mean-of-perplexities",
        "Each batch gets its own perplexity, and those are averaged.",
        "A batch of one token then weighs as much as a batch of 99. Look at two batches of "
        "very different length.",
        edits=(
            (
                RESULT,
                "sum(math.exp(a / n) for a, n in zip(nll_sums, n_tokens)) / len(n_tokens)",
            ),
        ),
    ),
    Misconception(
        "mean-of-means",
        "The mean loss of each batch counts once, whatever its length.",
        "A token of a short batch then weighs more than a token of a long one.",
        edits=((MEAN, "sum(a / n for a, n in zip(nll_sums, n_tokens)) / len(n_tokens)"),),
    ),
    Misconception(
        "base-two",
        "The power is of 2, and the losses are in nats.",
        "A model that spreads its guess over V tokens pays ln V nats; its perplexity has to "
        "come out as V.",
        edits=((RESULT, f"2 ** ({MEAN})"),),
    ),
    Misconception(
        "counts-batches",
        "The sum of the losses is divided by the number of batches, not of tokens.",
        "The mean is then the loss of a whole batch, and its `exp` is astronomic or overflows.",
        edits=(("sum(n_tokens)", "len(n_tokens)"),),
    ),
    Misconception(
        "no-exp",
        "The mean loss is returned as it is, in nats.",
        "A perplexity is never below 1 and is V for an even guess over V tokens; this is ln V.",
        edits=((RESULT, MEAN),),
    ),
    Misconception(
        "exp-first",
        "`exp` is taken of the whole sum, before the division.",
        "On paper the root of a power is the same; in floating point `exp` of a sum above 709 "
        "overflows.",
        function=_exp_first,
    ),
    Misconception(
        "sums-taken-for-means",
        "The losses are multiplied by their token counts, as if they were means.",
        "`nll_sums` holds sums already: each is as large as its batch is long.",
        edits=(("sum(nll_sums) /", "sum(a * n for a, n in zip(nll_sums, n_tokens)) /"),),
    ),
    Misconception(
        "inverse",
        "The loss is negated before `exp`.",
        "That is the typical probability of a token, 1 over the perplexity: it lies below 1.",
        edits=(("math.exp(sum", "math.exp(-sum"),),
    ),
    Misconception(
        "weighted-mean-of-perplexities",
        "The perplexities of the batches are averaged, weighted by their tokens.",
        "The weights are right, and what is averaged is not: the average belongs inside the `exp`.",
        edits=(
            (
                RESULT,
                "sum(n * math.exp(a / n) for a, n in zip(nll_sums, n_tokens)) / sum(n_tokens)",
            ),
        ),
    ),
    Misconception(
        "sum-of-means",
        "The mean losses of the batches are added up, and the sum goes into `exp`.",
        "Two batches that are alike should have the perplexity of one of them.",
        edits=((MEAN, "sum(a / n for a, n in zip(nll_sums, n_tokens))"),),
    ),
    Misconception(
        "sum-of-perplexities",
        "The perplexities of the batches are added up.",
        "Two batches that are alike should have the perplexity of one of them.",
        edits=(
            (
                RESULT,
                "sum(math.exp(a / n) for a, n in zip(nll_sums, n_tokens))",
            ),
        ),
    ),
    Misconception(
        "first-batch-only",
        "Only the first batch is measured.",
        "Look at where the function returns: inside the loop, or after it.",
        function=_first_only,
    ),
    Misconception(
        "last-batch-only",
        "Only the last batch is measured.",
        "Look at what is inside the loop, and what is carried from one batch to the next.",
        function=_last_only,
    ),
    Misconception(
        "capped",
        "A mean loss above 20 nats is taken for 20.",
        "The cap keeps `exp` from overflowing, which it does above 709 nats a token. A model "
        "that is sure of the wrong token reaches 20.",
        edits=((MEAN, "min(sum(nll_sums) / sum(n_tokens), 20)"),),
    ),
    Misconception(
        "infinite-above-20",
        "Above 20 nats the result is infinite.",
        "`exp` overflows above 709 nats a token. A model that is sure of the wrong token "
        "reaches 20.",
        function=_infinite_above_20,
    ),
    Misconception(
        "exp-inside-the-division",
        "`exp` of the summed loss is divided by the number of tokens.",
        "Look at where the parentheses of `exp` end: it is the mean that goes in.",
        edits=(("sum(nll_sums) / sum(n_tokens))", "sum(nll_sums)) / sum(n_tokens)"),),
    ),
    Misconception(
        "whole-division",
        "The division drops the fraction.",
        "`//` rounds down: 2.9 nats become 2.",
        edits=(("sum(nll_sums) / sum", "sum(nll_sums) // sum"),),
    ),
    Misconception(
        "rounded",
        "The result is rounded to a few decimals.",
        "The example rounds outside of the call, to keep the page short. Look at a perplexity "
        "that is nearly 1.",
        edits=(
            (
                RESULT,
                f"round({RESULT}, 4)",
            ),
        ),
    ),
    Misconception(
        "empties-the-lists",
        "The call takes the items out of the caller's lists.",
        "Print the lists before and after the call: `pop` removes what it returns.",
        function=_emptying,
    ),
    Misconception(
        "first-token-not-counted",
        "One token too few is counted in the whole text.",
        "`n_tokens` counts the tokens whose losses were summed: it needs no correction.",
        edits=(("sum(n_tokens)", "(sum(n_tokens) - 1)"),),
    ),
    Misconception(
        "one-token-fewer",
        "One token too few is counted in each batch.",
        "`n_tokens` counts the tokens whose losses were summed: it needs no correction.",
        edits=(("sum(n_tokens)", "max(1, sum(n - 1 for n in n_tokens))"),),
    ),
    Misconception(
        "all-as-long-as-the-first",
        "All batches are taken to be as long as the first.",
        "The last batch of a text is often shorter. Each has its own number in `n_tokens`.",
        edits=(("sum(n_tokens)", "(n_tokens[0] * len(n_tokens))"),),
    ),
    Misconception(
        "base-ten",
        "The power is of 10, and the losses are in nats.",
        "A model that spreads its guess over V tokens pays ln V nats; its perplexity has to "
        "come out as V.",
        edits=(
            (
                RESULT,
                f"10 ** ({MEAN})",
            ),
        ),
    ),
    Misconception(
        "wrong-way-to-bits",
        "The nats are turned into bits the wrong way round before the power of 2 is taken.",
        "A bit is smaller than a nat, so the number of bits is larger than the number of nats.",
        edits=(
            (
                RESULT,
                "2 ** (math.log(2) * sum(nll_sums) / sum(n_tokens))",
            ),
        ),
    ),
    Misconception(
        "median",
        "The middle one of the batches' mean losses is taken.",
        "A median does not know how many tokens a batch has.",
        edits=(
            (
                MEAN,
                "__import__('statistics').median(a / n for a, n in zip(nll_sums, n_tokens))",
            ),
        ),
    ),
)
