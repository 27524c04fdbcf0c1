"""6.7 gpt2_config."""

import copy
from collections.abc import Callable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.gpt2_model.gpt2_config_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.gpt2_config_rare_mistakes import RARE_MISCONCEPTIONS
from gpt2.config import GPTConfig


def _by_cases(name: str) -> GPTConfig:
    match name:
        case "gpt2":
            return GPTConfig()
        case "gpt2-medium":
            return GPTConfig(1024, 50257, 24, 16, 1024, 0.0, True)
        case "gpt2-large":
            return GPTConfig(1024, 50257, 36, 20, 1280)
        case "gpt2-xl":
            return GPTConfig(1024, 50257, 48, 25, 1600)
    raise ValueError(f"no model {name!r}")


def _unpacked(name: str) -> GPTConfig:
    """One dict of keyword arguments a model, and a check in front."""
    known: dict[str, dict[str, Any]] = {
        "gpt2": {"n_layer": 12, "n_head": 12, "n_embd": 768},
        "gpt2-medium": {"n_layer": 24, "n_head": 16, "n_embd": 1024},
        "gpt2-large": {"n_layer": 36, "n_head": 20, "n_embd": 1280},
        "gpt2-xl": {"n_layer": 48, "n_head": 25, "n_embd": 1600},
    }
    assert name in known, name
    fixed: dict[str, Any] = {"vocab_size": 50257, "block_size": 1024, "bias": True, "dropout": 0}
    return GPTConfig(**known[name], **fixed)


def _computed(name: str) -> GPTConfig:
    """Each step adds 12 layers; a head has 64 channels."""
    step = ["gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl"].index(name)
    heads = (12, 16, 20, 25)[step]
    return GPTConfig(n_layer=12 * (step + 1), n_head=heads, n_embd=64 * heads)


_MADE = {
    "gpt2": GPTConfig(),
    "gpt2-medium": GPTConfig(n_layer=24, n_head=16, n_embd=1024),
    "gpt2-large": GPTConfig(n_layer=36, n_head=20, n_embd=1280),
    "gpt2-xl": GPTConfig(n_layer=48, n_head=25, n_embd=1600),
}


def _copied(name: str) -> GPTConfig:
    """A copy of one that was made before."""
    return copy.copy(_MADE[name])


def _changed(name: str) -> GPTConfig:
    """Attributes set one by one, and if for if."""
    config = GPTConfig()
    if name == "gpt2-medium":
        config.n_layer, config.n_head, config.n_embd = 24, 16, 1024
    elif name == "gpt2-large":
        config.n_layer, config.n_head, config.n_embd = 36, 20, 1280
    elif name == "gpt2-xl":
        config.n_layer, config.n_head, config.n_embd = 48, 25, 1600
    elif name != "gpt2":
        raise LookupError
    return config


def _some(d: Draw, *names: str) -> dict[str, str]:
    return {"name": d.shuffled(names)[0]}


def _called(name: str) -> Callable[[Draw], dict[str, Any]]:
    return lambda _: {"name": name}


SIZES = "knows the layers, heads and channels of all four"
SHARED = "gives the tokens, positions and biases of GPT-2, and no dropout"
NAMES = "gives a new config, for names that exist"
LARGER = ("gpt2-medium", "gpt2-large", "gpt2-xl")

EXERCISE = Exercise(
    id="gpt2_config",
    chapter="06-gpt2",
    title="The four sizes of GPT-2",
    reference="gpt2.model.gpt2_config",
    probe="gpt_setup.sizes_of",
    minutes=6,
    difficulty=1,
    groups={SIZES: 2, SHARED: 1, NAMES: 1},
    cases=(
        Case("gpt2", SIZES, _called("gpt2"), tolerance=EXACT),
        Case("gpt2-medium", SIZES, _called("gpt2-medium"), tolerance=EXACT),
        Case("gpt2-large", SIZES, _called("gpt2-large"), tolerance=EXACT),
        Case("gpt2-xl", SIZES, _called("gpt2-xl"), tolerance=EXACT),
        *(
            Case(
                f"what {name} shares",
                SHARED,
                _called(name),
                probe="gpt_setup.what_all_share",
                tolerance=EXACT,
            )
            for name in ("gpt2", *LARGER)
        ),
        Case(
            "twice, with a change between",
            NAMES,
            lambda d: _some(d, "gpt2", *LARGER),
            probe="gpt_setup.made_anew",
            tolerance=EXACT,
        ),
        Case(
            "another one beside it",
            NAMES,
            lambda d: dict(zip(("name", "other"), d.shuffled(("gpt2", *LARGER)), strict=False)),
            probe="gpt_setup.side_by_side",
            tolerance=EXACT,
        ),
        Case(
            "a size that does not exist",
            NAMES,
            lambda d: _some(d, "gpt2-tiny", "gpt2-huge", "gpt2-giant"),
            probe="gpt_setup.no_such_model",
            tolerance=EXACT,
        ),
        Case(
            "the end of a name that exists",
            NAMES,
            lambda d: _some(d, "gpt2-xxl", "gpt2-xxxl"),
            probe="gpt_setup.no_such_model",
            tolerance=EXACT,
        ),
        Case(
            "another family",
            NAMES,
            lambda d: _some(d, "bert-large", "t5-large", "opt-large"),
            probe="gpt_setup.no_such_model",
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=(
        Variant("match, by position", _by_cases),
        Variant("keyword arguments from a dict, assert", _unpacked),
        Variant("worked out from a step", _computed),
        Variant("a copy of one made before", _copied),
        Variant("attributes set one by one", _changed),
    ),
    hints=(
        "Only three of the seven numbers differ from model to model. What do the defaults of "
        "GPTConfig say about the other four?",
        "A dictionary from name to three numbers does the choosing, and raises KeyError by "
        "itself when it is asked with square brackets.",
        "Look the name up, take the three numbers apart into `n_layer, n_head, n_embd`, and give "
        "them to `GPTConfig(...)` by keyword.",
    ),
)
