"""Rarer wrong answers to 6.12 top_p_filter."""

from autograder.exercise import Misconception

# The formula has to be wrong at p = 1 too, where the reference needs none.
_ALSO_AT_ONE = ("if p == 1:", "if p > 1:")
_RESULT = "return logits.masked_fill(cut, -torch.inf)"
_BEFORE = "before = probs.cumsum(dim=-1) - probs"

RARE = (
    Misconception(
        "one-minus-p",
        "Tokens are left until they have 1 - p together.",
        "A p of 0.9 leaves fewer tokens than a p of 0.1.",
        edits=(
            _ALSO_AT_ONE,
            ("before >= p", "before >= 1 - p"),
        ),
    ),
    Misconception(
        "mask-turned-round",
        "What should stay is cut, and the tail is left.",
        "The most probable token is the first that cannot be drawn. Look at the mask.",
        edits=(
            _ALSO_AT_ONE,
            ("before >= p", "before < p"),
        ),
    ),
    Misconception(
        "probabilities",
        "The result holds probabilities, not logits.",
        "Its rows sum to 1. Compare what stays with what it was.",
        edits=(
            _ALSO_AT_ONE,
            (_RESULT, f"{_RESULT}.softmax(dim=-1)"),
        ),
    ),
    Misconception(
        "log-probabilities",
        "The result holds logarithms of probabilities.",
        "Compare what stays with what it was: the contract asks for the same values.",
        edits=(
            _ALSO_AT_ONE,
            (_RESULT, f"{_RESULT}.log_softmax(dim=-1)"),
        ),
    ),
    Misconception(
        "softmax-over-the-batch",
        "The softmax runs along the batch.",
        "Columns sum to 1 and rows do not. Along which dimension do the tokens of one text lie?",
        edits=(
            _ALSO_AT_ONE,
            ("logits.softmax(dim=-1)", "logits.softmax(dim=0)"),
        ),
    ),
    Misconception(
        "sum-over-the-batch",
        "The sum runs along the batch.",
        "In the second row it begins with what the first row had. Look at `dim`.",
        edits=(
            _ALSO_AT_ONE,
            (_BEFORE, "before = probs.cumsum(dim=0) - probs"),
        ),
    ),
    Misconception(
        "nucleus-of-the-batch",
        "One softmax and one sum run over the whole batch.",
        "With one row nothing shows. With several, a row may lose all of its tokens.",
        edits=(
            _ALSO_AT_ONE,
            ("logits.softmax(dim=-1).sort", "logits.flatten().softmax(dim=-1).sort"),
            (_RESULT, "return logits.masked_fill(cut.view_as(logits), -torch.inf)"),
        ),
    ),
    Misconception(
        "share-of-the-tokens",
        "p is taken as the share of tokens that stay.",
        "The number that stays is the same for a row that is sure and for one that is not. "
        "It should not be.",
        edits=(
            _ALSO_AT_ONE,
            (
                _BEFORE,
                "before = torch.arange(probs.size(-1)) / probs.size(-1) + torch.zeros_like(probs)",
            ),
        ),
    ),
    Misconception(
        "share-of-the-greatest",
        "A token stays if it has at least p times the probability of the most probable one.",
        "That is min-p, another filter. It takes no sum.",
        edits=(
            _ALSO_AT_ONE,
            (_BEFORE, "before = torch.where(probs < p * probs[:, :1], 2.0, 0.0)"),
        ),
    ),
    Misconception(
        "p-ignored",
        "p is ignored.",
        "The same tokens stay for every p. Look for a number where p should be.",
        edits=(
            _ALSO_AT_ONE,
            ("before >= p", "before >= 0.9"),
        ),
    ),
)
