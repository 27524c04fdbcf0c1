"""Wrong answers to 6.12 top_p_filter, the commonest first."""

from autograder.exercise import Misconception

# The formula has to be wrong at p = 1 too, where the reference needs none.
_ALSO_AT_ONE = ("if p == 1:", "if p > 1:")
_RESULT = "return logits.masked_fill(cut, -torch.inf)"
_BEFORE = "before = probs.cumsum(dim=-1) - probs"
_SCATTER = "torch.zeros_like(probs, dtype=torch.bool).scatter(-1, order, before >= p)"
_PROBS = "logits.softmax(dim=-1).sort(dim=-1, descending=True)"

MISCONCEPTIONS = (
    Misconception(
        "last-one-missing",
        "The token with which the sum reaches p is cut as well.",
        "What stays has less than p together, and where the first alone reaches p nothing stays.",
        edits=(
            _ALSO_AT_ONE,
            (_BEFORE, "before = probs.cumsum(dim=-1)"),
        ),
    ),
    Misconception(
        "not-put-back",
        "The mask of the sorted row is used on the row as it was.",
        "It is right where the logits happen to be sorted. A place in the sorted row is a rank, "
        "not a token.",
        edits=(
            _ALSO_AT_ONE,
            (_SCATTER, "before >= p"),
        ),
    ),
    Misconception(
        "zero-for-the-others",
        "The other logits are set to 0.",
        "A logit of 0 is no probability of 0: exp(0) is 1. Look at a row in which all logits are "
        "negative.",
        edits=(
            _ALSO_AT_ONE,
            (_RESULT, "return logits.masked_fill(cut, 0.0)"),
        ),
    ),
    Misconception(
        "ascending",
        "The least probable tokens come first.",
        "They are summed up until they reach p: the most probable are cut.",
        edits=(
            _ALSO_AT_ONE,
            (_PROBS, _PROBS.replace("True", "False")),
        ),
    ),
    Misconception(
        "each-compared-with-p",
        "Each token's own probability is compared with p, without a sum.",
        "With a p of 0.9 hardly any token is probable enough. It is the sum that has to reach p.",
        edits=(
            _ALSO_AT_ONE,
            ("scatter(-1, order, before >= p)", "scatter(-1, order, probs < p)"),
        ),
    ),
    Misconception(
        "in-place",
        "Minus infinity is written into the caller's logits.",
        "Print `logits` before and after the call. An assignment to `logits[...]` changes the "
        "tensor that was passed, and so does a method that ends in `_`.",
        edits=(
            _ALSO_AT_ONE,
            (_RESULT, _RESULT.replace("masked_fill", "masked_fill_")),
        ),
    ),
    Misconception(
        "large-negative",
        "A large negative number stands where minus infinity should.",
        "It nearly works. Compare with what the contract says.",
        edits=(
            _ALSO_AT_ONE,
            (_RESULT, _RESULT.replace("-torch.inf", "-1e10")),
        ),
    ),
    Misconception(
        "last-one-missing-first-kept",
        "The token with which the sum reaches p is cut, unless it is the first.",
        "What stays has less than p together. Add up the probabilities of one row.",
        edits=(
            _ALSO_AT_ONE,
            (_BEFORE, "before = probs.cumsum(dim=-1)\n    before[:, 0] = 0"),
        ),
    ),
    Misconception(
        "one-too-many",
        "One token more stays than is needed.",
        "What stays has p together even without the last of them.",
        edits=(
            _ALSO_AT_ONE,
            (
                _BEFORE,
                "before = (probs.cumsum(dim=-1) - probs).roll(1, dims=-1)\n    before[:, 0] = 0",
            ),
        ),
    ),
    Misconception(
        "first-not-protected",
        "The mask is moved by one place, and its first place keeps what it had.",
        "Where the first token alone has more than p, all of the row is cut.",
        edits=(
            _ALSO_AT_ONE,
            (
                _BEFORE,
                "before = probs.cumsum(dim=-1)\n    before[:, 1:] = before[:, :-1].clone()",
            ),
        ),
    ),
    Misconception(
        "left-sorted",
        "The logits come back in sorted order.",
        "The place of a logit is its token: the drawn id is now a rank.",
        edits=(
            _ALSO_AT_ONE,
            (
                _RESULT,
                "return logits.sort(dim=-1, descending=True).values.masked_fill(before >= p, "
                "-torch.inf)",
            ),
        ),
    ),
    Misconception(
        "put-back-the-wrong-way",
        "The mask is taken from the places of `order`, not put there.",
        "`gather` reads where `scatter` writes. With two tokens it is the same; with three it is "
        "not always.",
        edits=(
            _ALSO_AT_ONE,
            (_SCATTER, "(before >= p).gather(-1, order)"),
        ),
    ),
    Misconception(
        "values-put-back-the-wrong-way",
        "The filtered row is taken from the places of `order`, not put there.",
        "`gather` reads where `scatter` writes. With two tokens it is the same; with three it is "
        "not always.",
        edits=(
            _ALSO_AT_ONE,
            (
                _RESULT,
                "ranked = logits.gather(-1, order).masked_fill(before >= p, -torch.inf)\n"
                "    return ranked.gather(-1, order)",
            ),
        ),
    ),
    Misconception(
        "not-sorted",
        "The probabilities are summed in the order of the ids.",
        "What is cut is the end of the vocabulary, however probable. Which tokens come first?",
        edits=(
            _ALSO_AT_ONE,
            (
                "probs, order = " + _PROBS,
                "probs = logits.softmax(dim=-1)",
            ),
            (_SCATTER, "before >= p"),
        ),
    ),
    Misconception(
        "cut-in-all-rows",
        "A token that is cut in one row is cut in all of them.",
        "With one row nothing shows. Look at what an index without the row's number picks.",
        edits=(_ALSO_AT_ONE, (_RESULT, _RESULT.replace("cut", "cut.any(0)"))),
    ),
    Misconception(
        "zero-times-infinity",
        "A mask is multiplied by minus infinity, and 0 times infinity is nan.",
        "Look at what stands where the most probable were.",
        edits=(_ALSO_AT_ONE, (_RESULT, "return logits + cut.float() * -torch.inf")),
    ),
    Misconception(
        "sum-of-logits",
        "The logits are summed, not the probabilities.",
        "Logits may be negative, and their sum means nothing. p is a probability.",
        edits=(
            _ALSO_AT_ONE,
            ("logits.softmax(dim=-1).sort", "logits.sort"),
        ),
    ),
    Misconception(
        "taken-for-log-probabilities",
        "The probabilities are the `exp` of the logits, without a division by their sum.",
        "That is right for logarithms of probabilities, as in the docstring's example. A model's "
        "logits are not.",
        edits=(
            _ALSO_AT_ONE,
            ("logits.softmax(dim=-1).sort", "logits.exp().sort"),
        ),
    ),
    Misconception(
        "unshifted-exp",
        "The softmax is made by hand, and its `exp` overflows.",
        "Logits of 300 give infinity, those of -300 give 0 for all, and a quotient of either is "
        "nan.",
        edits=(
            _ALSO_AT_ONE,
            (
                "probs, order = logits.softmax(dim=-1)",
                "e = logits.exp()\n    probs, order = (e / e.sum(dim=-1, keepdim=True))",
            ),
        ),
    ),
)
