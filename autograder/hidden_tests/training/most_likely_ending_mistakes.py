"""Wrong answers to 7.12 most_likely_ending, the commonest first."""

from autograder.exercise import Misconception

_COUNTED = "counted = mask[:, 1:].to(losses.dtype)"
_MEANS = "means = (losses * counted).sum(dim=1) / counted.sum(dim=1)"
_RETURN = "return int(means.argmin())"
_LOSSES = """losses = F.cross_entropy(
        logits[:, :-1].transpose(1, 2), tokens[:, 1:], reduction="none"
    )  # (4, T - 1)"""

MISCONCEPTIONS = (
    Misconception(
        "mask-not-shifted",
        "The mask is not shifted with the tokens.",
        "The first token behind each ending is scored in place of the ending's first. Write the "
        "mask under the losses.",
        edits=((_COUNTED, "counted = mask[:, :-1].to(losses.dtype)"),),
    ),
    Misconception(
        "sum-for-mean",
        "The log-probabilities are summed, or all divided by the same number.",
        "Each token more makes a sum smaller, so short endings win. How long is each ending?",
        edits=((_MEANS, "means = (losses * counted).sum(dim=1)"),),
    ),
    Misconception(
        "filling-scored",
        "What was filled up behind an ending is scored as well.",
        "Short endings have the longest filling. The mask is 0 there.",
        edits=((_COUNTED, "counted = mask[:, 1:].to(losses.dtype).cummax(dim=1).values"),),
    ),
    Misconception(
        "mask-ignored",
        "The whole row is scored, and the mask is not used.",
        "The beginning is the same in all rows, and the filling is any ids.",
        edits=((_COUNTED, "counted = (mask[:, 1:] + 1).clamp(max=1).to(losses.dtype)"),),
    ),
    Misconception(
        "beginning-scored",
        "The beginning is scored along with the ending.",
        "It is the same in all rows, and thins out what the endings differ in.",
        edits=(
            (
                _COUNTED,
                "counted = mask[:, 1:].to(losses.dtype).flip(1).cummax(dim=1).values.flip(1)",
            ),
        ),
    ),
    Misconception(
        "not-shifted",
        "A token's probability is taken from its own position.",
        "There the model has seen the token already, and says what comes next.",
        edits=(("logits[:, :-1].transpose(1, 2)", "logits[:, 1:].transpose(1, 2)"),),
    ),
    Misconception(
        "shifted-the-other-way",
        "A token's probability is taken from the position behind it.",
        "What a model says at position t is about position t + 1. Look at which end of the logits "
        "you drop.",
        edits=(
            ("logits[:, :-1].transpose(1, 2)", "logits[:, 1:].transpose(1, 2)"),
            ("tokens[:, 1:], reduction", "tokens[:, :-1], reduction"),
            (_COUNTED, "counted = mask[:, :-1].to(losses.dtype)"),
        ),
    ),
    Misconception(
        "least-likely",
        "The row with the largest loss is chosen.",
        "A loss is the less, the more likely the tokens are.",
        edits=((_RETURN, "return int(means.argmax())"),),
    ),
    Misconception(
        "logits-for-log-probabilities",
        "Logits are compared as if they were log-probabilities.",
        "Adding 5 to all logits of a position changes no probability, and it changes the score.",
        edits=((_LOSSES, "losses = -logits[:, :-1].gather(2, tokens[:, 1:, None]).squeeze(2)"),),
    ),
    Misconception(
        "mean-of-probabilities",
        "The mean is that of probabilities, not of their logarithms.",
        "One likely token then makes up for any unlikely ones.",
        edits=(
            (
                _LOSSES,
                "probs = logits[:, :-1].softmax(2)\n"
                "    losses = -probs.gather(2, tokens[:, 1:, None]).squeeze(2)",
            ),
        ),
    ),
    Misconception(
        "logarithm-of-zero",
        "The logarithm is taken of a probability that may have become 0.",
        "With logits far apart a small probability rounds to 0, and several rows score minus "
        "infinity or nan.",
        edits=(
            (
                _LOSSES,
                "probs = logits[:, :-1].softmax(2)\n"
                "    losses = -probs.gather(2, tokens[:, 1:, None]).squeeze(2).log()",
            ),
        ),
    ),
    Misconception(
        "exponential-of-a-large-number",
        "The softmax is written as a fraction of exponentials, as they are.",
        "The exponential of a large logit is infinite in float32, and infinity over infinity is "
        "nan. What could be taken off all logits first?",
        edits=(
            (
                _LOSSES,
                "powers = logits[:, :-1].exp()\n"
                "    probs = powers / powers.sum(2, keepdim=True)\n"
                "    losses = -probs.gather(2, tokens[:, 1:, None]).squeeze(2).log()",
            ),
        ),
    ),
    Misconception(
        "small-number-in-the-logarithm",
        "A small number is added to the probabilities to keep the logarithm finite.",
        "With logits far apart, all that is less likely than this number looks the same.",
        edits=(
            (
                _LOSSES,
                "probs = logits[:, :-1].softmax(2)\n"
                "    losses = -(probs + 1e-9).gather(2, tokens[:, 1:, None]).squeeze(2).log()",
            ),
        ),
    ),
    Misconception(
        "softmax-over-positions",
        "The softmax runs over the positions.",
        "Which dimension holds the tokens to choose from?",
        edits=(
            (
                _LOSSES,
                "logp = logits[:, :-1].log_softmax(1)\n"
                "    losses = -logp.gather(2, tokens[:, 1:, None]).squeeze(2)",
            ),
        ),
    ),
    Misconception(
        "view-for-transpose",
        "Positions and classes change places by `view` or `reshape`.",
        "The numbers keep their order, so logits of several positions get into one row.",
        edits=(
            (
                "logits[:, :-1].transpose(1, 2)",
                "logits[:, :-1].reshape(4, logits.size(2), -1)",
            ),
        ),
    ),
    Misconception(
        "mask-as-places",
        "A mask of 0 and 1 is used in square brackets.",
        "An index of whole numbers picks the losses at places 0 and 1; True and False pick where "
        "True is.",
        edits=(
            (
                f"{_COUNTED}\n    {_MEANS}",
                "import torch\n"
                "    means = torch.stack([x[m].mean() for x, m in zip(losses, mask[:, 1:])])",
            ),
        ),
    ),
    Misconception(
        "tokens-overwritten",
        "Tokens that do not count are set to -100 in the tensor that was given.",
        "The caller's tokens are changed. Which methods end in an underscore?",
        edits=(
            (
                "losses = F.cross_entropy(",
                "tokens[mask == 0] = -100\n    losses = F.cross_entropy(",
            ),
        ),
    ),
)
