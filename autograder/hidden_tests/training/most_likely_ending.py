"""7.12 most_likely_ending, a stretch."""

import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise
from autograder.hidden_tests.training.most_likely_ending_mistakes import MISCONCEPTIONS as COMMON
from autograder.hidden_tests.training.most_likely_ending_rare_mistakes import MISCONCEPTIONS as RARE
from autograder.hidden_tests.training.most_likely_ending_variants import VARIANTS

MARGIN = 2e-3  # between the two best rows, in nats: far above float32's noise
HIGHEST = 80.0  # of the losses of whole rows: their exponentials, the perplexities, are finite


def _question(
    d: Draw, beginning: int, lengths: list[int], T: int, V: int, std: float, telling: bool
) -> tuple[Tensor, Tensor, Tensor]:
    """Draw questions until the best row is clear, and if wanted until length decides."""
    place, n = torch.arange(T).expand(4, T), torch.tensor(lengths)
    mask = (place >= beginning) & (place < beginning + n[:, None])
    while True:
        logits = d.normal(4, T, V, std=std)
        tokens = d.integers(0, V, 4, T)
        tokens[:, :beginning] = tokens[0, :beginning]
        sums = _sums(logits, tokens, mask)
        best, second, _, worst = (sums / n).sort(descending=True).values.tolist()
        misleads = (sums / n).argmax() != (sums / n.sqrt()).argmax()
        clear = best - second > MARGIN and -worst < HIGHEST
        if clear and (misleads or not telling):
            return logits, tokens, mask


def _sums(logits: Tensor, tokens: Tensor, mask: Tensor) -> Tensor:
    """Return the log-probability of each ending as a whole."""
    logp = logits.double().log_softmax(2)[:, :-1].gather(2, tokens[:, 1:, None])[:, :, 0]
    return (logp * mask[:, 1:]).sum(1)


def _several_lengths(
    d: Draw,
    number: int,
    longest: int,
    T: int,
    V: int,
    *,
    std: float = 2.0,
    bools: bool = False,
    telling: bool = False,
) -> dict[str, Tensor]:
    """Return questions whose endings have 1 to `longest` tokens, with filling behind them."""
    drawn = []
    for _ in range(number):
        beginning = d.integer(1, T - longest + 1)
        lengths = (d.integers(1, longest + 1, 4) if not telling else d.permutation(4) + 1).tolist()
        drawn.append(_question(d, beginning, lengths, T, V, std, telling))
    return _together(drawn, bools)


def _one_length(d: Draw, number: int, beginning: int, length: int, V: int) -> dict[str, Tensor]:
    """Return questions without any filling."""
    T = beginning + length
    return _together(
        [_question(d, beginning, [length] * 4, T, V, 2.0, telling=False) for _ in range(number)]
    )


def _together(drawn: list[tuple[Tensor, Tensor, Tensor]], bools: bool = False) -> dict[str, Tensor]:
    logits, tokens, mask = (torch.stack(parts) for parts in zip(*drawn, strict=True))
    return {"logits": logits, "tokens": tokens, "mask": mask if bools else mask.long()}


PREDICTED = "takes each token's probability from the position before it"
MEAN = "compares means, so that length does not count"
MASK = "takes 1 or True for the ending, and any logits"

EXERCISE = Exercise(
    id="most_likely_ending",
    chapter="07-training",
    title="The most likely ending",
    reference="gpt2.measures.most_likely_ending",
    probe="training_numbers.endings",
    minutes=15,
    difficulty=3,
    groups={PREDICTED: 1, MEAN: 1, MASK: 1},
    cases=(
        Case(
            "endings of one length",
            PREDICTED,
            lambda d: _one_length(d, 7, 2, 3, 5),
            tolerance=EXACT,
        ),
        Case(
            "endings of one token",
            PREDICTED,
            lambda d: _one_length(d, 6, 2, 1, 5),
            tolerance=EXACT,
        ),
        Case(
            "endings of several lengths",
            MEAN,
            lambda d: _several_lengths(d, 20, 4, 6, 4, telling=True),
            tolerance=EXACT,
        ),
        Case(
            "a mask of True and False",
            MASK,
            lambda d: _several_lengths(d, 7, 3, 5, 6, bools=True),
            tolerance=EXACT,
        ),
        Case(
            "logits far apart",
            MASK,
            lambda d: _several_lengths(d, 18, 3, 4, 5, std=90.0),
            tolerance=EXACT,
        ),
    ),
    misconceptions=(*COMMON, *RARE),
    variants=VARIANTS,
    hints=(
        "The logits at position t say what the model expects at t + 1. Which logits, tokens and "
        "entries of the mask belong together, and how many of them are there in a row?",
        "Drop the last position of the logits, and the first of tokens and mask. "
        '`F.cross_entropy(..., reduction="none")` gives a loss for each token if the classes are '
        "the second dimension.",
        "Multiply the losses with the mask, sum each row, and divide by the number of ones in its "
        "mask. The best row has the smallest mean; `.item()` makes it a Python int.",
    ),
    stretch=True,
)
