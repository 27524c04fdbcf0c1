"""1.3 perplexity."""

import math
from typing import Any

import numpy as np
import torch

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.what_is_a_gpt.perplexity_mistakes import MISCONCEPTIONS

MEAN = "takes exp of the mean nats"
WEIGHT = "gives every token the same weight"
LONG = "measures a whole corpus"

# exp passes a relative error of the mean on; the nearest mistake, a token miscounted among a
# hundred, changes the result by more than 0.5 %.
# A perplexity close to 1 leaves float32 the noise of 1 alone, 6e-8.
NEAR_1 = Tolerance(0.0, 1e-6, "float32 is off by 6e-8, rounding to 4 decimals by 2e-5 or more")
# exp makes 24 times the relative error of the mean.
AT_24 = Tolerance(0.0, 1e-3, "float32 is off by 3e-6 at 24 nats, a cap at 20 by 87 %")

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
        Case(
            "a model that is nearly perfect",
            MEAN,
            lambda d: {"nll_sums": [d.number(0.25, 0.4)], "n_tokens": [10_000]},
            tolerance=NEAR_1,
        ),
        Case(
            "a model that is sure of the wrong tokens",
            MEAN,
            lambda d: {"nll_sums": [12 * d.number(22, 24)], "n_tokens": [12]},
            tolerance=AT_24,
        ),
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
    misconceptions=MISCONCEPTIONS,
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
