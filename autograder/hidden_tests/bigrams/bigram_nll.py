"""2.4 bigram_nll."""

import math
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Misconception, Tolerance, Variant

TOLERANCE = Tolerance(
    1e-6,
    2e-5,
    "a mean of 4,000 logarithms in float32, summed in any order, lies within 1e-6 of float64; "
    "the nearest mistake, counting distinct pairs once, is off by more than 5e-2",
)


def _loop(P: Tensor, ids: Tensor) -> float:
    total = 0.0
    tokens, table = ids.tolist(), P.tolist()
    for a, b in pairwise(tokens):
        p = table[a][b]
        total += -math.log(p) if p > 0 else math.inf
    return total / (len(tokens) - 1)


def _by_counts(P: Tensor, ids: Tensor) -> float:
    V = len(P)
    counts = torch.bincount(ids[:-1] * V + ids[1:], minlength=V * V).view(V, V).double()
    return float(-torch.xlogy(counts, P.double()).sum() / counts.sum())


def _numpy(P: Tensor, ids: Tensor) -> Any:
    with np.errstate(divide="ignore"):
        surprise = -np.log(P.numpy().astype(np.float64))
    return surprise[ids.numpy()[:-1], ids.numpy()[1:]].mean()


def _library(P: Tensor, ids: Tensor) -> float:
    return torch.nn.functional.nll_loss(P.log()[ids[:-1]], ids[1:]).item()


def _bits(P: Tensor, ids: Tensor) -> float:
    bits = [-p.log2() for p in torch.split(P[ids[:-1]].gather(1, ids[1:, None]).flatten(), 64)]
    total = reduce(torch.add, (part.sum(dtype=torch.float64) for part in bits))
    return math.log(2) * float(total) / (ids.numel() - 1)


def _table(d: Draw, V: int) -> Tensor:
    """Return probabilities between about 0.01 and 0.7, without symmetry."""
    return d.normal(V, V, std=1.2).softmax(dim=1)


def _with_zeros(d: Draw, V: int) -> Tensor:
    """Return probabilities where a token is never followed by the next one, or by itself."""
    P = _table(d, V) * (1 - torch.eye(V)) * (1 - torch.eye(V).roll(1, 1))
    return P / P.sum(dim=1, keepdim=True)


def _zeros_not_needed(d: Draw) -> dict[str, Tensor]:
    steps = d.integers(2, 5, 30)  # never to itself nor to the next
    return {"P": _with_zeros(d, 5), "ids": steps.cumsum(0) % 5}


def _zero_needed(d: Draw) -> dict[str, Tensor]:
    """One impossible pair and not two, whose prices would add up to infinity in any case."""
    steps = d.integers(2, 5, 30)
    steps[d.integer(5, 25)] = 1
    return {"P": _with_zeros(d, 5), "ids": steps.cumsum(0) % 5}


EXERCISE = Exercise(
    id="bigram_nll",
    chapter="02-bigrams",
    title="How good is the model?",
    reference="gpt2.bigrams.bigram_nll",
    probe="bigrams.bigram_nll",
    minutes=10,
    difficulty=2,
    groups={
        "averages the surprise over the predicted tokens": 2,
        "works on a long text": 1,
        "knows what a probability of zero means": 1,
    },
    cases=(
        Case(
            "two tokens",
            "averages the surprise over the predicted tokens",
            lambda d: {"P": _table(d, 4), "ids": d.permutation(4)[:2]},
            tolerance=TOLERANCE,
        ),
        Case(
            "a short text",
            "averages the surprise over the predicted tokens",
            lambda d: {"P": _table(d, 5), "ids": d.integers(0, 5, 12)},
            tolerance=TOLERANCE,
        ),
        Case(
            "the same token twice",
            "averages the surprise over the predicted tokens",
            lambda d: {"P": _table(d, 3), "ids": torch.tensor([1, 1, 2])},
            tolerance=TOLERANCE,
        ),
        Case(
            "4,000 tokens",
            "works on a long text",
            lambda d: {"P": _table(d, 6), "ids": d.integers(0, 6, 4000)},
            tolerance=TOLERANCE,
        ),
        Case(
            "zeros that the text does not need",
            "knows what a probability of zero means",
            _zeros_not_needed,
            tolerance=TOLERANCE,
        ),
        Case(
            "a pair that cannot be",
            "knows what a probability of zero means",
            _zero_needed,
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=(
        Misconception(
            "sum",
            "The surprises are added up and not averaged.",
            "A text twice as long gets a loss twice as large, so two texts cannot be compared.",
            edits=((".mean()", ".sum()"),),
        ),
        Misconception(
            "divided-by-n",
            "The sum is divided by the number of tokens, N.",
            "How many tokens are predicted? The first one is given.",
            edits=((".mean().item()", ".sum().item() / len(ids)"),),
        ),
        Misconception(
            "bits",
            "The logarithm is to base 2.",
            "The result is in bits, 1.44 times the number of nats. Look at which logarithm you "
            "call.",
            edits=((".log()", ".log2()"),),
        ),
        Misconception(
            "base-ten",
            "The logarithm is to base 10.",
            "The result is 0.43 times the number of nats. Look at which logarithm you call.",
            edits=((".log()", ".log10()"),),
        ),
        Misconception(
            "zeros-skipped",
            "Pairs of probability 0 are left out.",
            "A model that says “impossible” to what happened gets off without loss. Such a text "
            "has an infinite loss.",
            edits=(
                (
                    "return -P[ids[:-1], ids[1:]].log()",
                    "p = P[ids[:-1], ids[1:]]\n    return -p[p > 0].log()",
                ),
            ),
        ),
        Misconception(
            "small-number-inside-the-log",
            "A small number keeps the logarithm from seeing zero.",
            "A pair that the model calls impossible costs some 20 nats, not infinitely many. "
            "Look at what is added or clamped before the logarithm.",
            edits=((".log()", ".clamp(min=1e-10).log()"),),
        ),
        Misconception(
            "small-number-1e-8",
            "A small number is added to every probability before the logarithm.",
            "A pair that the model calls impossible costs some 18 nats, not infinitely many.",
            edits=((".log()", ".add(1e-8).log()"),),
        ),
        Misconception(
            "transposed",
            "The probability is looked up in the column of the earlier token.",
            "`P[a, b]` is about b after a. Look at which of the two tokens you index with first.",
            edits=(("P[ids[:-1], ids[1:]]", "P[ids[1:], ids[:-1]]"),),
        ),
        Misconception(
            "all-pairs",
            "Every token is paired with every other one.",
            "Indexing twice, rows first and columns after, gives a table of (N - 1) by (N - 1) "
            "numbers; each token has one successor.",
            edits=(("P[ids[:-1], ids[1:]]", "P[ids[:-1]][:, ids[1:]]"),),
        ),
        Misconception(
            "first-token-priced",
            "The first token is priced as well, as one of V equally likely ones.",
            "The first token is given. The mean is over the N - 1 others.",
            edits=(
                (
                    "return -P[ids[:-1], ids[1:]].log().mean().item()",
                    "total = -P[ids[:-1], ids[1:]].log().sum() + torch.tensor(len(P)).log()\n"
                    "    return float(total / len(ids))",
                ),
            ),
        ),
        Misconception(
            "entropy",
            "The result is the entropy of the rows, and the tokens that came play no part.",
            "It says how unsure the model is, not how wrong. Look up the probability of the token "
            "that really came.",
            edits=(
                (
                    "return -P[ids[:-1], ids[1:]].log().mean().item()",
                    "rows = P[ids[:-1]]\n    return float(-torch.xlogy(rows, rows).sum(1).mean())",
                ),
            ),
        ),
        Misconception(
            "every-second-pair",
            "The text is cut into pairs that do not overlap.",
            "Half of the tokens are never predicted. Every token but the first is.",
            edits=(("P[ids[:-1], ids[1:]]", "P[ids[:-1:2], ids[1::2]]"),),
        ),
        Misconception(
            "distinct-pairs",
            "A pair that occurs often counts once.",
            "The mean is over the tokens of the text, so a frequent pair weighs as often as it "
            "comes.",
            edits=(
                (
                    "return -P[ids[:-1], ids[1:]].log().mean().item()",
                    "a, b = torch.stack([ids[:-1], ids[1:]]).unique(dim=1)\n"
                    "    return -P[a, b].log().mean().item()",
                ),
            ),
        ),
        Misconception(
            "sign",
            "The minus sign is missing.",
            "Logarithms of probabilities are negative, so a better model gets a larger number.",
            edits=(("return -P", "return P"),),
        ),
        Misconception(
            "log-of-the-product",
            "The probabilities are multiplied before the logarithm.",
            "The product of a few hundred probabilities is too small for a float and becomes 0. "
            "What is the logarithm of a product?",
            edits=((".log().mean().item()", ".prod().log().item() / (len(ids) - 1)"),),
        ),
        Misconception(
            "log-of-the-mean",
            "The mean is taken of the probabilities, and then its logarithm.",
            "Rare surprises almost vanish that way. Each predicted token has a surprise of its "
            "own; average those.",
            edits=((".log().mean()", ".mean().log()"),),
        ),
        Misconception(
            "perplexity",
            "The result is the perplexity, the exponential of the loss.",
            "A uniform model over V tokens gives V; the loss would be ln V.",
            edits=(
                (
                    "return -P[ids[:-1], ids[1:]].log().mean()",
                    "return (-P[ids[:-1], ids[1:]].log().mean()).exp()",
                ),
            ),
        ),
        Misconception(
            "zero-times-infinity",
            "The logarithms of the whole table are weighted with counts.",
            "A zero of P that the text does not need gives 0 times infinity, which is nan.",
            edits=(
                (
                    "return -P[ids[:-1], ids[1:]].log().mean().item()",
                    "V = len(P)\n"
                    "    counts = torch.bincount(ids[:-1] * V + ids[1:], minlength=V * V)\n"
                    "    return float(-(counts.view(V, V) * P.log()).sum() / counts.sum())",
                ),
            ),
        ),
        Misconception(
            "wraps-around",
            "The last token is also made to predict the first one.",
            "A text of N tokens has N - 1 pairs. `roll` puts the first token behind the last.",
            edits=(("P[ids[:-1], ids[1:]]", "P[ids, ids.roll(-1)]"),),
        ),
        Misconception(
            "softmax-again",
            "The probabilities are taken for logits and go through a softmax.",
            "The losses lie close to ln V whatever the model says. `F.cross_entropy` takes logits.",
            edits=(
                (
                    "return -P[ids[:-1], ids[1:]].log()",
                    "return -P.softmax(dim=1)[ids[:-1], ids[1:]].log()",
                ),
            ),
        ),
        Misconception(
            "tensor-returned",
            "The result is a tensor and not a float.",
            "It prints like a number, with `tensor(...)` around it.",
            edits=((".mean().item()", ".mean()"),),
        ),
    ),
    variants=(
        Variant("a loop with math.log", _loop),
        Variant("weighted by counts", _by_counts),
        Variant("numpy in float64", _numpy),
        Variant("F.nll_loss", _library),
        Variant("bits, then nats", _bits),
    ),
    hints=(
        "Which probability did the model give to each token that came? The pairs are `ids[:-1]` "
        "and `ids[1:]`, as in counting.",
        "One indexing gives all of them: `P[ids[:-1], ids[1:]]` has N - 1 entries.",
        "Take the natural logarithm of each, average, change the sign, and turn the one-element "
        "tensor into a float with `.item()`.",
    ),
)
