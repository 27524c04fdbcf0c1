"""Wrong answers to 5.3 scaled_dot_product_attention, the commonest first."""

import math
from typing import Any

import torch
from torch import Tensor

from autograder.exercise import Misconception
from autograder.hidden_tests.attention.scaled_dot_product_attention_rare_mistakes import RARE

ROOT = " / math.sqrt(q.size(-1))"
KEYS = "k.transpose(-2, -1)"
FILL = "scores = scores.masked_fill(~mask, -torch.inf)"
END = "return scores.softmax(dim=-1) @ v"


def _after_softmax(q: Tensor, k: Tensor, v: Tensor, mask: Any = None) -> Tensor:
    weights = (q @ k.transpose(-2, -1) / math.sqrt(q.size(-1))).softmax(dim=-1)
    if mask is not None:
        weights = weights.masked_fill(~mask, 0.0)
    return weights @ v


def _naive(q: Tensor, k: Tensor, v: Tensor, mask: Any = None) -> Tensor:
    e = torch.exp(q @ k.transpose(-2, -1) / math.sqrt(q.size(-1)))
    if mask is not None:
        e = e * mask
    return e / e.sum(dim=-1, keepdim=True) @ v


def _one_maximum(q: Tensor, k: Tensor, v: Tensor, mask: Any = None) -> Tensor:
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.size(-1))
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    e = torch.exp(scores - scores.max())
    return e / e.sum(dim=-1, keepdim=True) @ v


MISCONCEPTIONS = (
    Misconception(
        "not-scaled",
        "The scores are not divided by the root of d.",
        "With d = 16 they are four times too large, and the softmax puts nearly all weight on "
        "one key.",
        edits=((ROOT, ""),),
    ),
    Misconception(
        "divided-by-d",
        "The scores are divided by d and not by its root.",
        "The weights come out nearly equal. A sum of d products of independent numbers of size 1 "
        "is about how large?",
        edits=((ROOT, " / q.size(-1)"),),
    ),
    Misconception(
        "softmax-over-queries",
        "The softmax runs over the queries.",
        "The weights of one key sum to 1, those of one query do not. Which dimension of (T, S) "
        "are the keys?",
        edits=(("softmax(dim=-1)", "softmax(dim=-2)"),),
    ),
    Misconception(
        "mask-inverted",
        "The mask blocks what it should let through.",
        "True means that a query may read a key. Look at what your code fills with -inf.",
        edits=(("~mask", "mask"),),
    ),
    Misconception(
        "mask-after-softmax",
        "The mask is applied to the weights, after the softmax.",
        "The weights that are left no longer sum to 1: the blocked keys took their share before.",
        function=_after_softmax,
    ),
    Misconception(
        "blocked-not-low-enough",
        "Blocked scores are set to a number that real scores can reach.",
        "Where the scores of all open keys are lower still, a blocked key gets the weight.",
        edits=(("-torch.inf", "-10.0"),),
    ),
    Misconception(
        "masked-with-zero",
        "Blocked scores are set to 0, or nearly 0.",
        "exp(0) is 1, so a blocked key still has weight. Which number does the exponential turn "
        "into 0?",
        edits=(("~mask, -torch.inf", "~mask, 0.0"),),
    ),
    Misconception(
        "mask-ignored",
        "The mask is not used.",
        "The result is the same with and without one.",
        edits=(("if mask is not None:", "if False:"),),
    ),
    Misconception(
        "mask-added",
        "The mask is added to the scores as it is, as ones and zeros.",
        "An open key has 1 more than a blocked one, which still gets a share.",
        edits=((FILL, "scores = scores + mask"),),
    ),
    Misconception(
        "zero-times-infinity",
        "Minus infinity is multiplied by the mask.",
        "0 times infinity is nan, and so is every row that has an open key.",
        edits=((FILL, "scores = scores + ~mask * -torch.inf"),),
    ),
    Misconception(
        "truth-of-the-mask",
        "The code asks whether the mask is true, not whether it is None.",
        "torch refuses: a tensor of several booleans is neither true nor false.",
        edits=(("if mask is not None:", "if mask:"),),
    ),
    Misconception(
        "one-minus-mask",
        "The mask is subtracted from 1.",
        "torch refuses to subtract booleans. What turns True into False and False into True?",
        edits=(("~mask, -", "(1 - mask).bool(), -"),),
    ),
    Misconception(
        "always-causal",
        "The mask that came is replaced by a causal one.",
        "A query may not read what comes later, whatever the caller says. The mask is an argument.",
        edits=(
            ("if mask is not None:", "if True:"),
            ("~mask", "torch.ones_like(scores).bool().triu(1)"),
        ),
    ),
    Misconception(
        "scaled-by-t",
        "The scores are divided by the root of T, the number of queries.",
        "Which dimension of q is summed over in a dot product?",
        edits=(("q.size(-1)", "q.size(-2)"),),
    ),
    Misconception(
        "scaled-by-dv",
        "The scores are divided by the root of dv, the size of the values.",
        "The values play no part in the scores. Which dimension is summed over in a dot product?",
        edits=(("q.size(-1)", "v.size(-1)"),),
    ),
    Misconception(
        "scaled-by-n-embd",
        "The scores are divided by the root of all channels, not of those of one head.",
        "With several heads they come out too small. How long are the vectors that are multiplied?",
        edits=(("q.size(-1)", "q.size(-1) * (q.size(1) if q.dim() > 3 else 1)"),),
    ),
    Misconception(
        "multiplied-by-the-root",
        "The scores are multiplied by the root of d.",
        "They grow with d, and the softmax puts all weight on one key.",
        edits=((" / math", " * math"),),
    ),
    Misconception(
        "scaled-after-softmax",
        "The root of d divides the weights and not the scores.",
        "The weights of a query no longer sum to 1.",
        edits=((ROOT, ""), ("softmax(dim=-1)", "softmax(dim=-1) / math.sqrt(q.size(-1))")),
    ),
    Misconception(
        "root-rounded",
        "The root of d is rounded to a whole number.",
        "It is right for d = 16 and d = 64 alone. Look for `int` or `//`.",
        edits=((ROOT, " / int(math.sqrt(q.size(-1)))"),),
    ),
    Misconception(
        "scale-written-down",
        "The scores are divided by 8, whatever d is.",
        "That fits heads of 64 channels. Look for a number in your code that should come from q.",
        edits=((ROOT, " / 8"),),
    ),
    Misconception(
        "exponential-overflows",
        "The softmax takes the exponential of the scores as they are.",
        "exp(89) is too large for float32, and exp(-104) is 0: then 0 is divided by 0. Which "
        "constant may be added to all scores of a row?",
        function=_naive,
    ),
    Misconception(
        "one-maximum-for-all",
        "One maximum is taken away from the scores of all queries.",
        "For a query whose scores lie far below it every exponential is 0, and 0 / 0 is nan. "
        "Over which dimension is the maximum to be taken?",
        function=_one_maximum,
    ),
    *RARE,
)
