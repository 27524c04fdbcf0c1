"""Wrong answers to 5.10 flash_attention_forward, the rarer ones."""

import math

import torch
from torch import Tensor

from autograder.exercise import Misconception


def _all_at_once(
    q: Tensor, k: Tensor, v: Tensor, block: int, causal: bool
) -> tuple[Tensor, Tensor]:
    (T, d), S = q.shape, len(k)
    scores = q @ k.T / math.sqrt(d)
    if causal:
        seen = torch.ones(T, S, dtype=torch.bool).tril(S - T)
        scores = scores.masked_fill(~seen, -torch.inf)
    return scores.softmax(dim=-1) @ v, scores.logsumexp(dim=-1)


RETURN = "return out / total, (greatest + total.log()).squeeze(1)"
NEW_GREATEST = "torch.maximum(greatest, scores.amax(dim=1, keepdim=True))"
MASKED = "            scores = scores.masked_fill(columns > rows, -torch.inf)\n"

RARE_MISCONCEPTIONS = (
    Misconception(
        "scaled-by-keys",
        "The scores are divided by the root of the number of keys.",
        "A score is a sum of products. How many of them are there?",
        edits=((" / math.sqrt(d)", " / math.sqrt(S)"),),
    ),
    Misconception(
        "all-keys-at-once",
        "The scores of all keys are made at once.",
        "The numbers are right, and the (T, S) scores lie in memory as a whole. Saving that is "
        "what tiles are for.",
        function=_all_at_once,
    ),
    Misconception(
        "block-counts-tiles",
        "`block` is taken for the number of tiles.",
        "The numbers are right, but a tile grows with the text. `block` is the number of keys "
        "in one.",
        edits=(("    for start in", "    block = -(-S // block)\n    for start in"),),
    ),
    Misconception(
        "greatest-starts-at-zero",
        "The greatest score so far starts at 0.",
        "If all scores lie far below 0, every exponential is 0. Which number is below any score?",
        edits=(("q.new_full((T, 1), -torch.inf)", "q.new_zeros(T, 1)"),),
    ),
    Misconception(
        "greatest-of-all-queries",
        "The greatest score is taken over all queries together.",
        "Where one query has much greater scores than another, all exponentials of the other are "
        "0. Every query keeps its own.",
        edits=((NEW_GREATEST, "torch.maximum(greatest, scores.amax())"),),
    ),
    Misconception(
        "greatest-with-later-keys",
        "The greatest score is taken before the mask, over keys that the query does not read.",
        "If a later key has a much greater score, all exponentials of the earlier ones are 0.",
        edits=(
            (
                MASKED,
                "            greatest_with_later = scores.amax(dim=1, keepdim=True)\n" + MASKED,
            ),
            (
                NEW_GREATEST,
                "torch.maximum(greatest, greatest_with_later if causal else "
                "scores.amax(dim=1, keepdim=True))",
            ),
        ),
    ),
    Misconception(
        "masked-with-zero",
        "The scores of keys that may not be read are set to 0.",
        "A score of 0 has the weight exp(0) = 1. Which score has the weight 0?",
        edits=(("columns > rows, -torch.inf", "columns > rows, 0.0"),),
    ),
    Misconception(
        "next-one-read",
        "A query also reads the key that comes next.",
        "In training that is the answer to its question. Look at where the mask begins.",
        edits=(("columns > rows", "columns > rows + 1"),),
    ),
    Misconception(
        "itself-not-read",
        "A query does not read its own position.",
        "The first query of a text then reads nothing and is not a number. Look at where the "
        "positions are equal.",
        edits=(("columns > rows", "columns >= rows"),),
    ),
    Misconception(
        "lse-is-the-sum",
        "The second result is the sum of exponentials, without the logarithm.",
        "At scores of 100 that sum is infinite in float32. Its logarithm is close to the greatest "
        "score.",
        edits=(("(greatest + total.log()).squeeze(1)", "(greatest.exp() * total).squeeze(1)"),),
    ),
    Misconception(
        "lse-is-the-shifted-sum",
        "The second result is the sum that was kept, as it is.",
        "It is a sum below the greatest score, and no logarithm. Two things are missing until it "
        "is what the contract names.",
        edits=(("(greatest + total.log()).squeeze(1)", "total.squeeze(1)"),),
    ),
    Misconception(
        "lse-is-the-greatest",
        "The second result is the greatest score alone.",
        "That is near, and too small by the logarithm of what the other keys add.",
        edits=(("(greatest + total.log())", "greatest"),),
    ),
    Misconception(
        "logarithm-of-base-two",
        "The logarithm has base 2.",
        "The docstring's example has log(3) = 1.0986 for three equal keys.",
        edits=(("total.log()", "total.log2()"),),
    ),
    Misconception(
        "lse-as-a-column",
        "lse comes back as (T, 1).",
        "There is one number for each query, and one dimension is enough to count them.",
        edits=((".squeeze(1)", ""),),
    ),
    Misconception(
        "never-normalised",
        "The sum of values is never divided by the sum of exponentials.",
        "The weights of a query do not sum to 1. Which of the things that are kept is left over?",
        edits=(("return out / total", "return out"),),
    ),
    Misconception(
        "out-alone",
        "Only the result is returned, without lse.",
        "The contract returns two tensors: the way back through the layer needs the second.",
        edits=((RETURN, "return out / total"),),
    ),
    Misconception(
        "exchanged",
        "The two results are exchanged.",
        "First what the queries gather, (T, d), then lse, (T,).",
        edits=((RETURN, "return (greatest + total.log()).squeeze(1), out / total"),),
    ),
    Misconception(
        "values-of-the-first-tile",
        "Every tile weighs the values of the first one.",
        "A weight belongs to the value at the same place in the whole row.",
        edits=(("weights @ v[tile]", "weights @ v[: weights.size(1)]"),),
    ),
    Misconception(
        "keys-up-to-T",
        "The tiles end after T keys, where T counts the queries.",
        "With one query and many keys only the first is read. Which of the two numbers counts "
        "keys?",
        edits=(("range(0, S, block)", "range(0, min(S, T), block)"),),
    ),
    Misconception(
        "stops-at-T",
        "If causal, tiles that begin after T are left out, where T counts the queries.",
        "That is right only if there are as many queries as keys. The last query reads all keys.",
        edits=(
            (
                "        tile = slice",
                "        if causal and start >= T:\n            break\n        tile = slice",
            ),
        ),
    ),
    Misconception(
        "padding-counts",
        "The last tile is filled up with zeros, and these are read as keys.",
        "A key of zeros has the score 0, and the weight exp(0) is not 0.",
        edits=(
            (
                "    for start in",
                "    k = F.pad(k, (0, 0, 0, -S % block))\n"
                "    v = F.pad(v, (0, 0, 0, -S % block))\n    for start in",
            ),
        ),
    ),
    Misconception(
        "queries-changed",
        "The queries themselves are divided by the root of d.",
        "`q /= ...` changes the tensor that the caller still holds: the next call sees other "
        "queries.",
        edits=(
            (" / math.sqrt(d)", ""),
            ("    greatest = q.new_full", "    q /= math.sqrt(d)\n    greatest = q.new_full"),
        ),
    ),
)
