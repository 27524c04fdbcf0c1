"""Rarer wrong answers to 6.13 sample_next."""

import torch
from torch import Generator, Tensor

from autograder.exercise import Misconception

_RESULT = "return torch.multinomial(logits.softmax(dim=-1), num_samples=1, generator=generator)"


def _same_noise(logits: Tensor, generator: Generator | None = None) -> Tensor:
    u = torch.rand(logits.size(-1), generator=generator)
    return (logits - (-u.log()).log()).argmax(dim=-1, keepdim=True)


def _same_point(logits: Tensor, generator: Generator | None = None) -> Tensor:
    u = torch.rand(1, generator=generator)
    return (logits.softmax(-1).cumsum(-1) <= u).sum(-1, keepdim=True)


def _noise_on_probabilities(logits: Tensor, generator: Generator | None = None) -> Tensor:
    probs = logits.softmax(dim=-1)
    u = torch.rand(logits.shape, generator=generator)
    return (probs - (-u.log()).log()).argmax(dim=-1, keepdim=True)


RARE = (
    Misconception(
        "uniform",
        "All tokens that are not cut off are drawn equally often.",
        "The sizes of the logits have no effect.",
        edits=(("logits.softmax(dim=-1)", "logits.isfinite().float()"),),
    ),
    Misconception(
        "first-row-for-all",
        "The tokens of all rows are drawn from the first row.",
        "Each text of the batch has its own logits.",
        edits=(("logits.softmax(dim=-1)", "logits.softmax(dim=-1)[:1].expand(logits.shape)"),),
    ),
    Misconception(
        "first-row-only",
        "One token is drawn, from the first row.",
        "A batch of B texts needs B tokens.",
        edits=(("logits.softmax(dim=-1)", "logits[:1].softmax(dim=-1)"),),
    ),
    Misconception(
        "last-row-only",
        "One token is drawn, from the last row.",
        "`[-1]` is the last of the batch here: the position was chosen before.",
        edits=(("logits.softmax(dim=-1)", "logits[-1:].softmax(dim=-1)"),),
    ),
    Misconception(
        "batch-mixed",
        "The average of the rows is what all tokens are drawn from.",
        "Each text of the batch has its own logits.",
        edits=(
            (
                "logits.softmax(dim=-1)",
                "logits.softmax(dim=-1).mean(0, keepdim=True).expand(logits.shape)",
            ),
        ),
    ),
    Misconception(
        "transposed",
        "The result is (1, B) and not (B, 1).",
        "One row is one text.",
        edits=((_RESULT, f"{_RESULT}.t()"),),
    ),
    Misconception(
        "list-returned",
        "The result is a list and not a tensor.",
        "The tokens are put beside the text so far, which is a tensor.",
        edits=((_RESULT, f"{_RESULT}.tolist()"),),
    ),
    Misconception(
        "float-ids",
        "The ids come back as fractional numbers.",
        "An id is a whole number: the embedding cannot look up 3.0.",
        edits=((_RESULT, f"{_RESULT}.to(logits)"),),
    ),
    Misconception(
        "probability-returned",
        "The probability of the drawn token comes back, not its id.",
        "The numbers lie between 0 and 1. The text goes on with an id.",
        edits=(
            (
                _RESULT,
                _RESULT.replace("return ", "ids = ")
                + "\n    return logits.softmax(-1).gather(-1, ids)",
            ),
        ),
    ),
    Misconception(
        "one-hot",
        "The result marks the drawn token in a row of V, and does not name it.",
        "The text goes on with ids: one number for each row.",
        edits=(
            (
                _RESULT,
                _RESULT.replace("return ", "ids = ")
                + "\n    return torch.nn.functional.one_hot(ids[:, 0], logits.size(-1))",
            ),
        ),
    ),
    Misconception(
        "one-random-number-for-all",
        "All rows share one random number.",
        "Equal rows get equal tokens, so B samples of one prompt are one sample.",
        function=_same_point,
    ),
    Misconception(
        "same-noise-for-all",
        "All rows share the same noise.",
        "Equal rows get equal tokens, so B samples of one prompt are one sample. Look at the shape "
        "of the noise.",
        function=_same_noise,
    ),
    Misconception(
        "noise-on-probabilities",
        "Gumbel noise is added to probabilities, not to logits.",
        "The draws are nearly uniform, and tokens that were cut off are drawn.",
        function=_noise_on_probabilities,
    ),
    Misconception(
        "sign-turned-round",
        "The softmax is taken of the logits with the sign turned round.",
        "The least probable tokens are drawn most often.",
        edits=(("logits.softmax", "(-logits).softmax"),),
    ),
    Misconception(
        "from-the-two-best",
        "The draw is among a few of the best tokens.",
        "Rare tokens never come. What is cut off was decided before.",
        edits=(
            (
                "logits.softmax(dim=-1)",
                "logits.masked_fill(logits < logits.topk(2).values[:, -1:], -torch.inf)"
                ".softmax(dim=-1)",
            ),
        ),
    ),
)
