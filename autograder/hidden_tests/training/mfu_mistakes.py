"""Wrong answers to 7.11 mfu, the commonest first."""

from autograder.exercise import Misconception

_RETURN = "return tokens_per_s * flops_per_token(config) / peak_flops"
_SHARE = _RETURN.removeprefix("return ")
_N = "N = 12 * config.n_layer * config.n_embd**2 + config.vocab_size * config.n_embd"

MISCONCEPTIONS = (
    Misconception(
        "in-percent",
        "The share is given in percent.",
        "Half of the machine is 0.5, not 50.",
        edits=((_RETURN, f"return 100 * {_SHARE}"),),
    ),
    Misconception(
        "upside-down",
        "The machine is divided by the model.",
        "The less of the machine is used, the larger the number becomes.",
        edits=((_RETURN, "return peak_flops / (tokens_per_s * flops_per_token(config))"),),
    ),
    Misconception(
        "forward-only",
        "Only the forward pass is counted.",
        "The number is a third of what it should be. `flops_per_token` is of a step of training "
        "already.",
        edits=((_RETURN, f"return {_SHARE} / 3"),),
    ),
    Misconception(
        "backward-counted-twice",
        "The number is multiplied by 3 for the backward pass.",
        "`flops_per_token` is of a step of training already, forward and backward.",
        edits=((_RETURN, f"return 3 * {_SHARE}"),),
    ),
    Misconception(
        "not-divided",
        "The result is the operations of a second, not a share.",
        "The number is far above 1. What could the machine do?",
        edits=((_RETURN, "return float(tokens_per_s * flops_per_token(config))"),),
    ),
    Misconception(
        "speed-ignored",
        "The speed is not used.",
        "The number is the same for a fast and for a slow run.",
        edits=((_RETURN, "return flops_per_token(config) / peak_flops"),),
    ),
    Misconception(
        "operations-ignored",
        "Tokens are divided by operations.",
        "The number is close to 0. What does the model need for each token?",
        edits=((_RETURN, "return tokens_per_s / peak_flops"),),
    ),
    Misconception(
        "seconds-for-speed",
        "The speed is divided by, as if it were a time.",
        "A run that is twice as fast gets half the share.",
        edits=((_RETURN, "return flops_per_token(config) / tokens_per_s / peak_flops"),),
    ),
    Misconception(
        "peak-in-tera",
        "The figure of the machine is taken for millions of millions a second.",
        "`peak_flops` is in operations a second, as the docstring's example shows.",
        edits=((_RETURN, f"{_RETURN} / 1e12"),),
    ),
    Misconception(
        "peak-of-one-machine",
        "The figure of the machine is a number in the code.",
        "312e12 is that of an A100. What is `peak_flops` for?",
        edits=((_RETURN, _RETURN.replace("peak_flops", "312e12")),),
    ),
    Misconception(
        "rows-for-tokens",
        "The speed is taken for rows a second.",
        "The number is T times too large: tokens are counted.",
        edits=((_RETURN, f"return {_SHARE} * config.block_size"),),
    ),
    Misconception(
        "divided-by-the-context",
        "The number is divided by the context length.",
        "`flops_per_token` is of one token already.",
        edits=((_RETURN, f"{_RETURN} / config.block_size"),),
    ),
    Misconception(
        "gpt2-small",
        "The model is GPT-2 small, whatever the configuration is.",
        "Look at what `config` changes.",
        edits=((_RETURN, _RETURN.replace("(config)", "(GPTConfig())")),),
    ),
    Misconception(
        "six-n-only",
        "Attention is left out.",
        "`6 * N` is part of what a token needs. Does the share change with the context length?",
        edits=((_RETURN, f"{_N}\n    return tokens_per_s * 6 * N / peak_flops"),),
    ),
    Misconception(
        "all-parameters",
        "The position table is counted among the weights.",
        "It is looked up and added. `flops_per_token` leaves it out.",
        edits=(
            (
                _RETURN,
                "C = config.n_embd\n"
                "    flops = flops_per_token(config) + 6 * config.block_size * C\n"
                "    return tokens_per_s * flops / peak_flops",
            ),
        ),
    ),
    Misconception(
        "cut-off-at-one",
        "A share above 1 comes out as 1.",
        "Such a share shows that a figure is wrong, as long as one can see it.",
        edits=((_RETURN, f"return min(1.0, {_SHARE})"),),
    ),
    Misconception(
        "above-one-refused",
        "A share above 1 raises an exception.",
        "The docstring asks for the number. Whoever reads it sees that a figure is wrong.",
        edits=((_RETURN, f"share = {_SHARE}\n    assert share <= 1\n    return share"),),
    ),
    Misconception(
        "whole-division",
        "The share is rounded down to a whole number.",
        "It is 0 as long as the machine is not used up. Look at your division.",
        edits=((_RETURN, _RETURN.replace(" / ", " // ")),),
    ),
    Misconception(
        "rounded",
        "The share is rounded.",
        "Rounding is for printing. Two runs that differ a little should give two numbers.",
        edits=((_RETURN, f"return round({_SHARE}, 2)"),),
    ),
    Misconception(
        "what-is-not-used",
        "The result is the share that is not used.",
        "A faster run gets a smaller number.",
        edits=((_RETURN, f"return 1 - {_SHARE}"),),
    ),
    Misconception(
        "a-tensor",
        "The result is a tensor.",
        "The docstring asks for a Python float.",
        edits=((_RETURN, f"import torch\n    return torch.tensor({_SHARE})"),),
    ),
    Misconception(
        "a-text",
        "The result is text.",
        "Formatting is for printing; the docstring asks for a Python float.",
        edits=((_RETURN, f'return f"{{{_SHARE}:.1%}}"'),),
    ),
)
