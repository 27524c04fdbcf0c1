"""Rarer wrong answers to 6.7 gpt2_config: names, and one object for several models."""

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.gpt2_config_mistakes import (
    HEAD,
    LARGE,
    LOOKUP,
    MADE,
    MEDIUM,
    SMALL,
    XL,
)

RARE_MISCONCEPTIONS = (
    Misconception(
        "names-without-gpt2",
        "The models are called by their last word alone.",
        "`gpt2_config` gets the whole name, such as “gpt2-xl”, and the smallest has no second "
        "word.",
        edits=(
            (SMALL, SMALL.replace("gpt2", "small")),
            (MEDIUM, MEDIUM.replace("gpt2-", "")),
            (LARGE, LARGE.replace("gpt2-", "")),
            (XL, XL.replace("gpt2-", "")),
        ),
    ),
    Misconception(
        "small-by-another-name",
        "The smallest model is known as “gpt2-small” only.",
        "Look at the four names in the contract.",
        edits=((SMALL, SMALL.replace("gpt2", "gpt2-small")),),
    ),
    Misconception(
        "underscores",
        "The names are written with an underscore.",
        "Look at the four names in the contract.",
        edits=(
            (MEDIUM, MEDIUM.replace("gpt2-", "gpt2_")),
            (LARGE, LARGE.replace("gpt2-", "gpt2_")),
            (XL, XL.replace("gpt2-", "gpt2_")),
        ),
    ),
    Misconception(
        "part-of-a-name",
        "A name is known by its end alone.",
        "Names that end so and do not exist are accepted too.",
        edits=(
            (
                LOOKUP,
                '}[next((end for end in ("gpt2-medium", "gpt2-large", "gpt2-xl")'
                ' if name.endswith(end.removeprefix("gpt2-"))), name)]',
            ),
        ),
    ),
    Misconception(
        "first-part-of-a-name",
        "Whatever begins with “gpt2” and is none of the three larger ones is taken for the small.",
        "Names that do not exist are accepted too.",
        edits=(
            (
                LOOKUP,
                '}["gpt2" if name.startswith("gpt2") and '
                'name not in ("gpt2-medium", "gpt2-large", "gpt2-xl") else name]',
            ),
        ),
    ),
    Misconception(
        "one-config-for-all",
        "Each call for the same name gives the same object.",
        "Whoever changes the config that came first changes the later ones with it. The contract "
        "says that it is new.",
        edits=((HEAD, f"import functools\n\n\n@functools.cache\n{HEAD}"),),
    ),
    Misconception(
        "one-config-changed",
        "All models are one and the same object, which each call changes.",
        "The config that came first turns into the second. The contract says that it is new.",
        edits=(
            (HEAD, f"_CONFIG = GPTConfig()\n\n\n{HEAD}"),
            (
                MADE,
                "_CONFIG.n_layer, _CONFIG.n_head, _CONFIG.n_embd = n_layer, n_head, n_embd\n"
                "    return _CONFIG",
            ),
        ),
    ),
    Misconception(
        "small-found-in-every-name",
        "The names are looked for inside `name`, and “gpt2” is inside all four.",
        "The sizes of GPT-2 small come back for each of them. Which name is looked for first?",
        edits=((LOOKUP, '}["gpt2" if "gpt2" in name else name]'),),
    ),
    Misconception(
        "large-with-16-heads",
        "The third model has the 16 heads of the one before it.",
        "Look at its line of the table again. Its channels are 1280.",
        edits=((LARGE, LARGE.replace("20", "16", 1)),),
    ),
)
