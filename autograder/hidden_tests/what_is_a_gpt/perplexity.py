"""1.3 perplexity."""

import math
from typing import Any

import numpy as np
import torch

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Misconception, Tolerance, Variant

MEAN = "takes exp of the mean nats"
WEIGHT = "gives every token the same weight"
LONG = "measures a whole corpus"

# exp passes a relative error of the mean on; the nearest mistake, a token miscounted among a
# hundred, changes the result by more than 0.5 %.
CLOSE = Tolerance(0.0, 1e-4, "float32 sums are off by 1e-6, a rounded constant by 2e-5")


def _uniform(d: Draw) -> dict[str, Any]:
    """Draw batches of a model that spreads its guess over V tokens: the perplexity is V."""
    nats = math.log(d.integer(5, 60))
    sizes = [d.integer(3, 40) for _ in range(3)]
    return {"nll_sums": [n * nats for n in sizes], "n_tokens": sizes}


def _uneven(d: Draw, sizes: list[int], order: list[int] | None = None) -> dict[str, Any]:
    """Draw batches whose losses per token lie apart by about 1 nat, in random or given order."""
    order = order or d.permutation(len(sizes)).tolist()
    nats = [rank + d.number(0.5, 0.9) for rank in order]
    return {"nll_sums": [n * x for n, x in zip(sizes, nats, strict=True)], "n_tokens": sizes}


def _loop(nll_sums: list[float], n_tokens: list[int]) -> float:
    result = 1.0
    for nll, n in zip(nll_sums, n_tokens, strict=True):
        result *= math.exp(nll / n) ** (n / sum(n_tokens))
    return result


def _bits(nll_sums: list[float], n_tokens: list[int]) -> float:
    bits = math.fsum(nll_sums) / math.log(2)
    return math.exp2(bits / sum(n_tokens))


def _tensors(nll_sums: list[float], n_tokens: list[int]) -> float:
    sizes = torch.tensor(n_tokens)
    weights = sizes / sizes.sum()
    return float((weights * torch.tensor(nll_sums) / sizes).sum().exp())


def _numpy(nll_sums: list[float], n_tokens: list[int]) -> Any:
    sizes = np.asarray(n_tokens)
    return np.exp(np.average(np.asarray(nll_sums) / sizes, weights=sizes))


def _emptying(nll_sums: list[float], n_tokens: list[int]) -> float:
    total, count = 0.0, 0
    while nll_sums:
        total, count = total + nll_sums.pop(), count + n_tokens.pop()
    return math.exp(total / count)


def _exp_first(nll_sums: list[float], n_tokens: list[int]) -> float:
    return math.pow(math.exp(sum(nll_sums)), 1 / sum(n_tokens))


EXERCISE = Exercise(
    id="perplexity",
    chapter="01-what-is-a-gpt",
    title="Perplexity",
    reference="gpt2.probability.perplexity",
    probe="what_is_a_gpt.perplexity",
    minutes=10,
    difficulty=1,
    groups={MEAN: 1, WEIGHT: 2, LONG: 1},
    cases=(
        Case("one batch", MEAN, lambda d: _uneven(d, [d.integer(5, 30)]), tolerance=CLOSE),
        Case("a model that knows nothing", MEAN, _uniform, tolerance=CLOSE),
        Case("1 token and 99", WEIGHT, lambda d: _uneven(d, [1, 99]), tolerance=CLOSE),
        Case(
            "four batches",
            WEIGHT,
            # Neither the best batch nor the worst is the first or the last.
            lambda d: _uneven(
                d, [64, d.integer(20, 40), d.integer(8, 16), d.integer(2, 5)], order=[1, 3, 0, 2]
            ),
            tolerance=CLOSE,
        ),
        Case(
            "a hundred thousand tokens",
            LONG,
            lambda d: _uneven(d, [d.integer(10_000, 20_000) for _ in range(7)] + [311]),
            tolerance=CLOSE,
        ),
    ),
    misconceptions=(
        Misconception(
            "mean-of-perplexities",
            "Each batch gets its own perplexity, and those are averaged.",
            "A batch of one token then weighs as much as a batch of 99. Look at two batches of "
            "very different length.",
            edits=(
                (
                    "math.exp(sum(nll_sums) / sum(n_tokens))",
                    "sum(math.exp(a / n) for a, n in zip(nll_sums, n_tokens)) / len(n_tokens)",
                ),
            ),
        ),
        Misconception(
            "weighted-mean-of-perplexities",
            "The perplexities of the batches are averaged, weighted by their tokens.",
            "The weights are right, and what is averaged is not: the average belongs inside the "
            "`exp`.",
            edits=(
                (
                    "math.exp(sum(nll_sums) / sum(n_tokens))",
                    "sum(n * math.exp(a / n) for a, n in zip(nll_sums, n_tokens)) / sum(n_tokens)",
                ),
            ),
        ),
        Misconception(
            "mean-of-means",
            "The mean loss of each batch counts once, whatever its length.",
            "A token of a short batch then weighs more than a token of a long one.",
            edits=(
                (
                    "sum(nll_sums) / sum(n_tokens)",
                    "sum(a / n for a, n in zip(nll_sums, n_tokens)) / len(n_tokens)",
                ),
            ),
        ),
        Misconception(
            "base-two",
            "The power is of 2, and the losses are in nats.",
            "A model that spreads its guess over V tokens pays ln V nats; its perplexity has to "
            "come out as V.",
            edits=(
                ("math.exp(sum(nll_sums) / sum(n_tokens))", "2 ** (sum(nll_sums) / sum(n_tokens))"),
            ),
        ),
        Misconception(
            "base-ten",
            "The power is of 10, and the losses are in nats.",
            "A model that spreads its guess over V tokens pays ln V nats; its perplexity has to "
            "come out as V.",
            edits=(
                (
                    "math.exp(sum(nll_sums) / sum(n_tokens))",
                    "10 ** (sum(nll_sums) / sum(n_tokens))",
                ),
            ),
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
            edits=(("math.exp(sum(nll_sums) / sum(n_tokens))", "sum(nll_sums) / sum(n_tokens)"),),
        ),
        Misconception(
            "inverse",
            "The loss is negated before `exp`.",
            "That is the typical probability of a token, 1 over the perplexity: it lies below 1.",
            edits=(("math.exp(sum", "math.exp(-sum"),),
        ),
        Misconception(
            "exp-first",
            "`exp` is taken of the whole sum, before the division.",
            "On paper the root of a power is the same; in floating point `exp` of a sum above 709 "
            "overflows.",
            function=_exp_first,
        ),
        Misconception(
            "exp-inside-the-division",
            "`exp` of the summed loss is divided by the number of tokens.",
            "Look at where the parentheses of `exp` end: it is the mean that goes in.",
            edits=(("sum(nll_sums) / sum(n_tokens))", "sum(nll_sums)) / sum(n_tokens)"),),
        ),
        Misconception(
            "sums-taken-for-means",
            "The losses are multiplied by their token counts, as if they were means.",
            "`nll_sums` holds sums already: each is as large as its batch is long.",
            edits=(("sum(nll_sums) /", "sum(a * n for a, n in zip(nll_sums, n_tokens)) /"),),
        ),
        Misconception(
            "last-batch-only",
            "Only the last batch is measured.",
            "Look at what is inside the loop, and what is carried from one batch to the next.",
            edits=(
                ("sum(nll_sums)", "nll_sums[-1]"),
                ("sum(n_tokens)", "n_tokens[-1]"),
            ),
        ),
        Misconception(
            "first-batch-only",
            "Only the first batch is measured.",
            "Look at where the function returns: inside the loop, or after it.",
            edits=(
                ("sum(nll_sums)", "nll_sums[0]"),
                ("sum(n_tokens)", "n_tokens[0]"),
            ),
        ),
        Misconception(
            "one-token-fewer",
            "One token too few is counted in each batch.",
            "`n_tokens` counts the tokens whose losses were summed: it needs no correction.",
            edits=(("sum(n_tokens)", "max(1, sum(n - 1 for n in n_tokens))"),),
        ),
        Misconception(
            "first-token-not-counted",
            "One token too few is counted in the whole text.",
            "`n_tokens` counts the tokens whose losses were summed: it needs no correction.",
            edits=(("sum(n_tokens)", "(sum(n_tokens) - 1)"),),
        ),
        Misconception(
            "wrong-way-to-bits",
            "The nats are turned into bits the wrong way round before the power of 2 is taken.",
            "A bit is smaller than a nat, so the number of bits is larger than the number of nats.",
            edits=(
                (
                    "math.exp(sum(nll_sums) / sum(n_tokens))",
                    "2 ** (math.log(2) * sum(nll_sums) / sum(n_tokens))",
                ),
            ),
        ),
        Misconception(
            "worst-batch",
            "The perplexity of the worst batch is returned.",
            "The contract asks for the text as a whole.",
            edits=(
                (
                    "math.exp(sum(nll_sums) / sum(n_tokens))",
                    "max(math.exp(a / n) for a, n in zip(nll_sums, n_tokens))",
                ),
            ),
        ),
        Misconception(
            "harmonic-mean",
            "The probabilities of the batches are averaged, and 1 is divided by that.",
            "What has to be averaged are the nats, and one probability a batch is not enough "
            "for that.",
            edits=(
                (
                    "math.exp(sum(nll_sums) / sum(n_tokens))",
                    "sum(n_tokens) / sum(n * math.exp(-a / n) for a, n in zip(nll_sums, n_tokens))",
                ),
            ),
        ),
        Misconception(
            "whole-division",
            "The division drops the fraction.",
            "`//` rounds down: 2.9 nats become 2.",
            edits=(("sum(nll_sums) / sum", "sum(nll_sums) // sum"),),
        ),
        Misconception(
            "all-as-long-as-the-first",
            "All batches are taken to be as long as the first.",
            "The last batch of a text is often shorter. Each has its own number in `n_tokens`.",
            edits=(("sum(n_tokens)", "(n_tokens[0] * len(n_tokens))"),),
        ),
        Misconception(
            "median",
            "The middle one of the batches' mean losses is taken.",
            "A median does not know how many tokens a batch has.",
            edits=(
                (
                    "sum(nll_sums) / sum(n_tokens)",
                    "__import__('statistics').median(a / n for a, n in zip(nll_sums, n_tokens))",
                ),
            ),
        ),
        Misconception(
            "empties-the-lists",
            "The call takes the items out of the caller's lists.",
            "Print the lists before and after the call: `pop` removes what it returns.",
            function=_emptying,
        ),
    ),
    variants=(
        Variant("product of powers", _loop),
        Variant("by way of bits", _bits),
        Variant("weights in torch, float32", _tensors),
        Variant("numpy average", _numpy),
    ),
    hints=(
        "If a text is cut into other batches, its perplexity must not change.",
        "Add up all nats, add up all tokens. Which of the two sums is divided by which?",
        "`math.exp` of (all nats divided by all tokens).",
    ),
)
