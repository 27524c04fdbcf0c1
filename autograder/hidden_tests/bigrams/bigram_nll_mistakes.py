"""Wrong answers to 2.4 bigram_nll, the commonest first."""

import math
from itertools import pairwise

from torch import Tensor

from autograder.exercise import Misconception


def _error_at_zero(P: Tensor, ids: Tensor) -> float:
    total = 0.0
    for a, b in pairwise(ids.tolist()):
        total -= math.log(P[a, b].item())
    return total / (len(ids) - 1)


MISCONCEPTIONS = (
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
        "small-number-inside-the-log",
        "The logarithm of zero is kept finite, by a small number or by a limit.",
        "A pair that the model calls impossible costs some 20 nats, not infinitely many. "
        "Look at what is added or clamped around the logarithm.",
        edits=((".log()", ".clamp(min=1e-10).log()"),),
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
        "sign",
        "The minus sign is missing.",
        "Logarithms of probabilities are negative, so a better model gets a larger number.",
        edits=(("return -P", "return P"),),
    ),
    Misconception(
        "tensor-returned",
        "The result is a tensor and not a float.",
        "It prints like a number, with `tensor(...)` around it.",
        edits=((".mean().item()", ".mean()"),),
    ),
    Misconception(
        "error-at-zero",
        "A probability of zero raises an error.",
        "`math.log` has no value at 0, where torch's logarithm is minus infinity. The contract "
        "says what such a text costs.",
        function=_error_at_zero,
    ),
    Misconception(
        "transposed",
        "The probability is looked up in the column of the earlier token.",
        "`P[a, b]` is about b after a. Look at which of the two tokens you index with first.",
        edits=(("P[ids[:-1], ids[1:]]", "P[ids[1:], ids[:-1]]"),),
    ),
    Misconception(
        "bits",
        "The logarithm is to base 2.",
        "The result is in bits, 1.44 times the number of nats. Look at which logarithm you call.",
        edits=((".log()", ".log2()"),),
    ),
    Misconception(
        "base-ten",
        "The logarithm is to base 10.",
        "The result is 0.43 times the number of nats. Look at which logarithm you call.",
        edits=((".log()", ".log10()"),),
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
        "last-pair-missing",
        "The last token is never predicted.",
        "A text of two tokens then has nothing to average. Look at where your loop or your slices "
        "end.",
        edits=(("P[ids[:-1], ids[1:]]", "P[ids[:-2], ids[1:-1]]"),),
    ),
    Misconception(
        "all-pairs",
        "Every token is paired with every other one.",
        "Indexing twice, rows first and columns after, gives a table of (N - 1) by (N - 1) "
        "numbers; each token has one successor.",
        edits=(("P[ids[:-1], ids[1:]]", "P[ids[:-1]][:, ids[1:]]"),),
    ),
    Misconception(
        "rounded",
        "The result is rounded.",
        "The difference between two good models is lost. Rounding belongs where a number is "
        "printed.",
        edits=(
            (
                "return -P[ids[:-1], ids[1:]].log().mean().item()",
                "return round(-P[ids[:-1], ids[1:]].log().mean().item(), 4)",
            ),
        ),
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
        "every-second-pair",
        "The text is cut into pairs that do not overlap.",
        "Half of the tokens are never predicted. Every token but the first is.",
        edits=(("P[ids[:-1], ids[1:]]", "P[ids[:-1:2], ids[1::2]]"),),
    ),
    Misconception(
        "distinct-pairs",
        "A pair that occurs often counts once.",
        "The mean is over the tokens of the text, so a frequent pair weighs as often as it comes.",
        edits=(
            (
                "return -P[ids[:-1], ids[1:]].log().mean().item()",
                "a, b = torch.stack([ids[:-1], ids[1:]]).unique(dim=1)\n"
                "    return -P[a, b].log().mean().item()",
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
)
