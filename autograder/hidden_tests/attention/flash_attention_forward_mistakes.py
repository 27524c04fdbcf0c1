"""Wrong answers to 5.10 flash_attention_forward, the commonest first."""

import math

import torch
from torch import Tensor

from autograder.exercise import Misconception


def _mean_of_tiles(
    q: Tensor, k: Tensor, v: Tensor, block: int, causal: bool
) -> tuple[Tensor, Tensor]:
    """A whole attention in each tile; what they found is averaged by how many keys they have."""
    (T, d), S = q.shape, len(k)
    found, parts = [], []
    for start in range(0, S, block):
        scores = q @ k[start : start + block].T / math.sqrt(d)
        if causal:
            columns = torch.arange(start, start + scores.shape[1])
            later = columns > torch.arange(S - T, S)[:, None]
            scores = scores.masked_fill(later, -torch.inf)
        found.append(scores.softmax(dim=1).nan_to_num() @ v[start : start + block])
        parts.append(scores.logsumexp(dim=1))
    return torch.stack(found).mean(dim=0), torch.stack(parts).logsumexp(dim=0)


NEW_GREATEST = "torch.maximum(greatest, scores.amax(dim=1, keepdim=True))"
OUT = "out = out * shrink + weights @ v[tile]"

MISCONCEPTIONS = (
    Misconception(
        "normalised-in-every-tile",
        "The sum of values is divided by the sum of exponentials in every tile.",
        "What the first tiles found is divided once more by each tile that follows. How often may "
        "a mean be divided?",
        edits=((OUT, f"out = ({OUT[6:]}) / total"), ("return out / total", "return out")),
    ),
    Misconception(
        "mean-of-tiles",
        "Each tile gets a softmax of its own, and the results are averaged.",
        "A tile of weak keys then counts as much as one of strong keys. It shows as soon as the "
        "scores grow along the keys.",
        function=_mean_of_tiles,
    ),
    Misconception(
        "columns-of-the-tile",
        "The causal mask counts the columns of each tile from 0.",
        "Every tile looks like the first one, and later keys can be read. Where in the whole row "
        "does a tile begin?",
        edits=(
            (
                "torch.arange(start, start + scores.size(1), device=q.device)",
                "torch.arange(scores.size(1), device=q.device)",
            ),
        ),
    ),
    Misconception(
        "greatest-not-added-back",
        "The logarithm is that of the shifted sum: the greatest score is missing in it.",
        "The sum was kept on the scale of the greatest score. lse is to be that of the scores "
        "as they are.",
        edits=(("greatest + total.log()", "total.log()"),),
    ),
    Misconception(
        "no-correction",
        "The sums of the earlier tiles stay as they are when a greater score turns up.",
        "Numbers on two scales are added. Compare with one tile that holds all keys, where "
        "nothing has to be corrected.",
        edits=(("total * shrink", "total"), ("out * shrink", "out")),
    ),
    Misconception(
        "values-not-corrected",
        "The sum of exponentials is corrected for a greater score, the sum of values is not.",
        "Both sums are on the scale of the greatest score. Look at where each of them is written.",
        edits=(("out * shrink", "out"),),
    ),
    Misconception(
        "total-not-corrected",
        "The sum of values is corrected for a greater score, the sum of exponentials is not.",
        "The weights no longer sum to 1. Look at where each of the two sums is written.",
        edits=(("total * shrink", "total"),),
    ),
    Misconception(
        "queries-first",
        "The queries are taken for the first T positions.",
        "With one query and eight keys only key 0 is read. Which position does the last query "
        "have?",
        edits=(("torch.arange(S - T, S,", "torch.arange(T,"),),
    ),
    Misconception(
        "no-greatest-score",
        "The exponentials are taken of the scores as they are.",
        "In float32 `exp(89)` is infinite and `exp(-104)` is 0. Subtracting the same number from "
        "all scores changes no weight.",
        edits=(
            (NEW_GREATEST, "torch.zeros_like(greatest)"),
            ("(greatest - new_greatest).exp()", "1.0"),
        ),
    ),
    Misconception(
        "greatest-of-the-tile",
        "The greatest score is that of the tile alone, not of all tiles so far.",
        "When the scores fall from one tile to the next, the sums grow without a bound in place "
        "of shrinking.",
        edits=((NEW_GREATEST, "scores.amax(dim=1, keepdim=True)"),),
    ),
    Misconception(
        "greatest-not-kept",
        "The greatest score so far is not kept for the next tile.",
        "Every tile starts as if it were the first. Look at what is carried from one tile to the "
        "next.",
        edits=(("        greatest = new_greatest\n", ""),),
    ),
    Misconception(
        "correction-inverted",
        "The correction has the wrong sign: the sums grow when a greater score turns up.",
        "A number that was measured below a lower score is small on the new scale. The result is "
        "infinite or not a number.",
        edits=(("(greatest - new_greatest).exp()", "(new_greatest - greatest).exp()"),),
    ),
    Misconception(
        "last-tile-dropped",
        "Keys that do not fill a whole tile are never read.",
        "The contract says that the last tile may have fewer keys. What if S is smaller than "
        "`block`?",
        edits=(("range(0, S, block)", "range(0, S - block + 1, block)"),),
    ),
    Misconception(
        "causal-ignored",
        "`causal` has no effect: every query reads all keys.",
        "A query may read only itself and what came before it, if `causal` is true.",
        edits=(("        if causal:\n", "        if False:\n"),),
    ),
    Misconception(
        "always-causal",
        "The mask is there even if `causal` is false.",
        "Without it every query reads all keys, also those that come later.",
        edits=(("        if causal:\n", "        if True:\n"),),
    ),
    Misconception(
        "not-scaled",
        "The scores are not divided by the root of d.",
        "The weights come out too sharp. Look at the formula in the contract.",
        edits=((" / math.sqrt(d)", ""),),
    ),
    Misconception(
        "scaled-by-d",
        "The scores are divided by d, not by its root.",
        "The weights come out too even. Look at the formula in the contract.",
        edits=((" / math.sqrt(d)", " / d"),),
    ),
)
