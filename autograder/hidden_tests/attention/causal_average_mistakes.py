"""Wrong answers to 5.1 causal_average, the commonest first."""

import torch
from torch import Tensor

from autograder.exercise import Misconception
from autograder.hidden_tests.attention.causal_average_rare_mistakes import RARE


def _self_excluded(x: Tensor) -> Tensor:
    return torch.stack([x[:, :t].mean(dim=1) for t in range(x.size(1))], dim=1)


def _nothing_first(x: Tensor) -> Tensor:
    out = torch.zeros_like(x)
    for t in range(1, x.size(1)):
        out[:, t] = x[:, :t].mean(dim=1)
    return out


def _first_left_out(x: Tensor) -> Tensor:
    out = torch.zeros_like(x)
    for t in range(1, x.size(1)):
        out[:, t] = x[:, : t + 1].mean(dim=1)
    return out


def _softmax_of_ones(x: Tensor) -> Tensor:
    T = x.size(1)
    weights = torch.ones(T, T, dtype=x.dtype, device=x.device).tril()
    return weights.softmax(dim=-1) @ x


def _counts_as_a_row(x: Tensor) -> Tensor:
    return x.cumsum(dim=1) / torch.arange(1, x.size(1) + 1, device=x.device)


def _counts_from_zero(x: Tensor) -> Tensor:
    return x.cumsum(dim=1) / torch.arange(x.size(1), device=x.device)[:, None]


DIVIDED = "weights / weights.sum(dim=1, keepdim=True)"
MADE = "torch.ones(T, T, dtype=x.dtype, device=x.device).tril()"

MISCONCEPTIONS = (
    Misconception(
        "future-included",
        "Each position gets the mean of all T positions, those after it too.",
        "All rows of the result are equal. Change the last vector and look at the first row.",
        edits=((".tril()", ""),),
    ),
    Misconception(
        "not-normalised",
        "The past is summed, not averaged.",
        "The numbers grow with the position. What does a row of your weights sum to?",
        edits=((f"    weights = {DIVIDED}", "    weights = weights"),),
    ),
    Misconception(
        "self-excluded",
        "A position averages what is before it and leaves itself out.",
        "At position 0 that is the mean of nothing, nan. Look at where your slice ends.",
        function=_self_excluded,
    ),
    Misconception(
        "softmax-of-ones-and-zeros",
        "The softmax runs over ones and zeros, so blocked positions keep some weight.",
        "exp(0) is 1, not 0: the later positions still count, at 1/e of the others. Which number "
        "does the exponential turn into 0?",
        function=_softmax_of_ones,
    ),
    Misconception(
        "columns-normalised",
        "The columns of the weights sum to 1, and not the rows.",
        "Row t holds the weights with which position t reads. Look at the dimension you sum over.",
        edits=(("sum(dim=1", "sum(dim=0"),),
    ),
    Misconception(
        "kept-dimension-lost",
        "The table is divided by its row sums without keeping the dimension.",
        "A vector of T sums lies down along the columns: the entries of column s are divided by "
        "s + 1.",
        edits=(("sum(dim=1, keepdim=True)", "sum(dim=1)"),),
    ),
    Misconception(
        "counts-along-channels",
        "The counts 1, 2, 3, ... lie along the channels, and not along the positions.",
        "The shapes (B, T, C) and (T,) are aligned from the right. With T = C that runs.",
        function=_counts_as_a_row,
    ),
    Misconception(
        "divided-by-all",
        "The sum of the past is divided by T at every position.",
        "The first row is x[0] / T. How many vectors went into that sum?",
        edits=((DIVIDED, "weights / T"),),
    ),
    Misconception(
        "counts-from-zero",
        "The sum is divided by t and not by the number of vectors in it.",
        "At position 0 that is a division by 0. Position 0 reads one vector: itself.",
        function=_counts_from_zero,
    ),
    Misconception(
        "the-future-only",
        "A position averages itself and what comes after it.",
        "The last row is x unchanged, and the first is the mean of all. Which triangle is it?",
        edits=((".tril()", ".triu()"),),
    ),
    Misconception(
        "zero-at-first",
        "A position averages what is before it and leaves itself out; the first is 0.",
        "Row 1 equals x at position 0. Look at where your slice ends.",
        function=_nothing_first,
    ),
    Misconception(
        "first-position-zero",
        "The first position stays 0.",
        "The mean of one vector is that vector. Look at where your loop begins.",
        function=_first_left_out,
    ),
    Misconception(
        "table-of-torchs-own-kind",
        "The table of weights is float32 and on the CPU, whatever x is.",
        "It fits vectors of torch's default kind alone: no GPU, no other precision. From where "
        "may a new tensor take its dtype and its device?",
        edits=((", dtype=x.dtype, device=x.device", ""),),
    ),
    Misconception(
        "table-on-the-cpu",
        "The table of weights, or the result, is on the CPU, wherever x is.",
        "On a GPU that is an error about two devices. From where may a new tensor take its device?",
        edits=((", device=x.device", ""),),
    ),
    *RARE,
)
