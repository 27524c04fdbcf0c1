"""Rarer wrong answers to 7.12 most_likely_ending: parts of endings, other scores, other types."""

from autograder.exercise import Misconception

_COUNTED = "counted = mask[:, 1:].to(losses.dtype)"
_MEANS = "means = (losses * counted).sum(dim=1) / counted.sum(dim=1)"
_RETURN = "return int(means.argmin())"

MISCONCEPTIONS = (
    Misconception(
        "a-tensor",
        "The result is a tensor.",
        "The docstring asks for a Python int.",
        edits=((_RETURN, "return means.argmin()"),),
    ),
    Misconception(
        "the-score",
        "The result is the score of the best row, not its number.",
        "`min` gives the smallest value. Where is it?",
        edits=((_RETURN, "return means.min().item()"),),
    ),
    Misconception(
        "counted-from-one",
        "The rows are counted from 1.",
        "The docstring counts them from 0.",
        edits=((_RETURN, "return int(means.argmin()) + 1"),),
    ),
    Misconception(
        "row-zero",
        "There is one loss for all rows together, so that row 0 always wins.",
        "A mean over rows has nothing left to compare. What shape has your score?",
        edits=((_RETURN, "return int(means.mean().argmin())"),),
    ),
    Misconception(
        "last-token-only",
        "Only the last token of each ending is scored.",
        "An ending is as likely as all of its tokens. Look at how many losses you take from a row.",
        edits=(
            (
                _COUNTED,
                f"{_COUNTED}\n    counted = counted * (counted.cumsum(1) == counted.sum(1, True))",
            ),
        ),
    ),
    Misconception(
        "first-token-only",
        "Only the first token of each ending is scored.",
        "An ending is as likely as all of its tokens. Look at how many losses you take from a row.",
        edits=((_COUNTED, f"{_COUNTED}\n    counted = counted * (counted.cumsum(1) == 1)"),),
    ),
    Misconception(
        "first-token-left-out",
        "The first token of each ending is left out, where there are more.",
        "It is predicted from the last token of the beginning. Is it part of the ending?",
        edits=(
            (
                _COUNTED,
                f"{_COUNTED}\n"
                "    several = counted.sum(1, True) > 1\n"
                "    counted = counted * ((counted.cumsum(1) != 1) | ~several)",
            ),
        ),
    ),
    Misconception(
        "last-token-left-out",
        "The last token of each ending is left out, where there are more.",
        "Look at where your slice of the ending ends.",
        edits=(
            (
                _COUNTED,
                f"{_COUNTED}\n"
                "    several = counted.sum(1, True) > 1\n"
                "    last = counted.cumsum(1) == counted.sum(1, True)\n"
                "    counted = counted * (~last | ~several)",
            ),
        ),
    ),
    Misconception(
        "mask-upside-down",
        "What the mask leaves out is scored, and the ending is not.",
        "In the mask 1 stands for the ending.",
        edits=((_COUNTED, "counted = (mask[:, 1:] == 0).to(losses.dtype)"),),
    ),
    Misconception(
        "mask-of-one-row",
        "The mask of the first row is used for all.",
        "Endings differ in length. Look at which rows of the mask you use.",
        edits=((_COUNTED, "counted = mask[:1, 1:].expand(4, -1).to(losses.dtype)"),),
    ),
    Misconception(
        "a-token-too-many",
        "The number of tokens is one too large.",
        "An ending of one token is divided by 2. Look at what you divide by.",
        edits=((_MEANS, _MEANS.replace("/ counted.sum(dim=1)", "/ (counted.sum(dim=1) + 1)")),),
    ),
    Misconception(
        "divided-by-the-place",
        "The sum is divided by all tokens up to the end of the ending.",
        "The beginning's tokens are not in the sum. How many losses did you add?",
        edits=(
            (
                _MEANS,
                "length = counted.flip(1).cummax(dim=1).values.sum(dim=1)\n"
                "    means = (losses * counted).sum(dim=1) / length",
            ),
        ),
    ),
    Misconception(
        "root-of-the-length",
        "The sum is divided by the root of the number of tokens.",
        "Some searches weigh length so. Here the mean is asked for.",
        edits=((_MEANS, _MEANS.replace("/ counted.sum(dim=1)", "/ counted.sum(dim=1).sqrt()")),),
    ),
    Misconception(
        "worst-token",
        "A row's score is that of its least likely token.",
        "Every token of the ending counts the same.",
        edits=((_MEANS, "means = (losses * counted).max(dim=1).values"),),
    ),
    Misconception(
        "best-token",
        "A row's score is that of its most likely token.",
        "Every token of the ending counts the same.",
        edits=((_MEANS, "means = (losses / counted).min(dim=1).values"),),
    ),
    Misconception(
        "right-guesses",
        "A row's score is the share of tokens that the model would have chosen.",
        "Two rows easily have the same share, and how likely a token is does not count.",
        edits=(
            (
                _MEANS,
                "right = (logits[:, :-1].argmax(2) == tokens[:, 1:]) * counted\n"
                "    means = -right.sum(dim=1) / counted.sum(dim=1)",
            ),
        ),
    ),
    Misconception(
        "confidence",
        "The row is chosen in which the model is most certain, whatever the tokens are.",
        "Look at where `tokens` comes into the score.",
        edits=(
            (
                _COUNTED,
                f"{_COUNTED}\n    losses = -logits[:, :-1].log_softmax(2).max(dim=2).values",
            ),
        ),
    ),
)
