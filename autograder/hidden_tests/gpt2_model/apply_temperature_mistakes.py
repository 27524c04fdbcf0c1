"""Wrong answers to 6.10 apply_temperature, the commonest first."""

from autograder.exercise import Misconception

_LIMIT = "return torch.zeros_like(logits).masked_fill(~greatest, -torch.inf)"
_DIVISION = "return logits / temperature"
_BEGINNING = "    if temperature == 0:"

MISCONCEPTIONS = (
    Misconception(
        "multiplied",
        "The logits are multiplied by the temperature.",
        "A temperature below 1 then makes the distribution flatter, and one above 1 sharper.",
        edits=((_DIVISION, "return logits * temperature"),),
    ),
    Misconception(
        "divided-by-zero",
        "At temperature 0 the logits are divided by 0.",
        "torch raises no error: positive logits become infinite, and a softmax of two infinities "
        "is nan.",
        edits=(("if temperature == 0:", "if temperature < 0:"),),
    ),
    Misconception(
        "in-place",
        "The division changes the caller's logits.",
        "Print `logits` before and after the call. `/=` and methods that end in `_` write into "
        "the tensor that was passed.",
        edits=((_DIVISION, "return logits.div_(temperature)"),),
    ),
    Misconception(
        "small-number-at-zero",
        "At temperature 0 the logits are divided by a small number instead.",
        "The numbers get very large, and they are not the limit: look at what the greatest of a "
        "row is, and at the others.",
        edits=((_BEGINNING, "    temperature = max(temperature, 1e-8)\n" + _BEGINNING),),
    ),
    Misconception(
        "error-at-zero",
        "At temperature 0 the call raises a ZeroDivisionError.",
        "Python refuses 1 / 0. Which logits does the contract ask for there?",
        edits=(
            ("if temperature == 0:", "if temperature < 0:"),
            (_DIVISION, "return logits * (1 / temperature)"),
        ),
    ),
    Misconception(
        "one-of-the-greatest",
        "At temperature 0 one token is left even where several are the greatest.",
        "`argmax` names one position for each row. Try a row with two equal logits at its top.",
        edits=(
            (
                "logits == logits.amax(dim=-1, keepdim=True)",
                "torch.arange(logits.size(-1)) == logits.argmax(-1, keepdim=True)",
            ),
        ),
    ),
    Misconception(
        "probabilities-at-zero",
        "At temperature 0 the result holds probabilities: 1 for the greatest and 0 for the others.",
        "What follows takes logits, and runs a softmax: what does it make of 1 and 0?",
        edits=((_LIMIT, "return greatest.to(logits)"),),
    ),
    Misconception(
        "greatest-of-the-batch",
        "At temperature 0 the greatest logit of the whole batch is looked for.",
        "Rows with a smaller maximum come out as minus infinity from end to end.",
        edits=(("logits.amax(dim=-1, keepdim=True)", "logits.max()"),),
    ),
    Misconception(
        "greatest-keeps-its-logit",
        "At temperature 0 the greatest logit stays what it was.",
        "The softmax of it is right. Compare the number itself with what the contract says.",
        edits=((_LIMIT, "return logits.masked_fill(~greatest, -torch.inf)"),),
    ),
    Misconception(
        "unchanged-at-zero",
        "At temperature 0 the logits come back as they were.",
        "That is what temperature 1 does. With 0 only one outcome should be left.",
        edits=((_LIMIT, "return logits.clone()"),),
    ),
    Misconception(
        "probabilities",
        "The result is run through a softmax.",
        "Its rows sum to 1. The filters that follow take logits, and so does the draw.",
        edits=((_DIVISION, "return (logits / temperature).softmax(dim=-1)"),),
    ),
    Misconception(
        "large-negative",
        "At temperature 0 a large negative number stands where minus infinity should.",
        "It nearly works. Compare with the example in the docstring.",
        edits=((_LIMIT, _LIMIT.replace("-torch.inf", "-1e9")),),
    ),
    Misconception(
        "along-the-batch",
        "At temperature 0 the greatest is looked for along the batch, token by token.",
        "A row then has as many survivors as it happens to win columns. Along which dimension do "
        "the tokens lie?",
        edits=(("amax(dim=-1,", "amax(dim=0,"),),
    ),
    Misconception(
        "greatest-of-each-row-without-keepdim",
        "At temperature 0 the greatest of each row is compared with a column.",
        "Broadcasting lines shapes up from the right: a square runs, and other shapes do not fit.",
        edits=(("amax(dim=-1, keepdim=True)", "amax(dim=-1)"),),
    ),
    Misconception(
        "mask-turned-round",
        "At temperature 0 the greatest is cut and the others are left.",
        "The most probable token is the one that is never drawn.",
        edits=(("~greatest", "greatest"),),
    ),
    Misconception(
        "token-at-zero",
        "At temperature 0 the id of the greatest comes back, not logits.",
        "Look at the shape. Whoever calls this goes on with logits (B, V), whatever the "
        "temperature.",
        edits=((_LIMIT, "return logits.argmax(dim=-1, keepdim=True)"),),
    ),
    Misconception(
        "infinity-for-the-greatest",
        "At temperature 0 the greatest logit becomes infinite.",
        "A softmax subtracts the greatest: infinity minus infinity is nan.",
        edits=((_LIMIT, "return logits.masked_fill(greatest, torch.inf)"),),
    ),
    Misconception(
        "flat-at-zero",
        "At temperature 0 all logits are 0.",
        "Equal logits are equal probabilities: that is the limit of a very large temperature.",
        edits=((_LIMIT, "return torch.zeros_like(logits)"),),
    ),
    Misconception(
        "in-place-at-zero",
        "At temperature 0 minus infinity is written into the caller's logits.",
        "Print `logits` before and after the call. An assignment to `logits[...]` changes the "
        "tensor that was passed.",
        edits=(
            (
                _LIMIT,
                "logits[~greatest] = -torch.inf\n        logits[greatest] = 0.0\n"
                "        return logits",
            ),
        ),
    ),
    Misconception(
        "small-taken-for-zero",
        "A small temperature is treated as if it were 0.",
        "At 0.001 the logits are far apart, and still numbers.",
        edits=(("if temperature == 0:", "if temperature < 0.01:"),),
    ),
    Misconception(
        "positive-divided-negative-multiplied",
        "Negative logits are multiplied, and only positive ones divided.",
        "That is how a penalty for repetition works. Here only the gaps between logits matter, "
        "and 0 is a number like any other.",
        edits=(
            (
                _DIVISION,
                "return torch.where(logits > 0, logits / temperature, logits * temperature)",
            ),
        ),
    ),
    Misconception(
        "shifted",
        "The greatest of each row is subtracted before the division.",
        "A softmax does not see the difference. The docstring's example does.",
        edits=((_DIVISION, "return (logits - logits.amax(-1, keepdim=True)) / temperature"),),
    ),
    Misconception(
        "log-probabilities",
        "The result holds logarithms of probabilities.",
        "A softmax does not see the difference. The docstring's example does.",
        edits=((_DIVISION, "return (logits / temperature).log_softmax(dim=-1)"),),
    ),
    Misconception(
        "never-sharper",
        "A temperature below 1 counts as 1.",
        "Above 1 all is right. Try 0.5.",
        edits=((_DIVISION, "return logits / max(temperature, 1)"),),
    ),
    Misconception(
        "minus-infinity-lost",
        "Minus infinity becomes a finite number.",
        "A token that could not be drawn can be drawn again. Look at `nan_to_num` and `clamp`.",
        edits=((_DIVISION, "return (logits / temperature).clamp(min=-1e9)"),),
    ),
    Misconception(
        "temperature-of-at-least",
        "Temperatures near 0 are raised to a smallest one.",
        "With 0.001 the gaps have to grow a thousandfold. Look for a `max` or a `clamp`.",
        edits=((_DIVISION, "return logits / max(temperature, 0.01)"),),
    ),
)
