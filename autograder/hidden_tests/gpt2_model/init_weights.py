"""6.6 init_weights."""

from typing import Any

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Tolerance
from autograder.hidden_tests.gpt2_model.init_weights_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.init_weights_rare_mistakes import RARE_MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.init_weights_variants import VARIANTS

SPREAD_OF_DRAWS = Tolerance(
    0.0,
    0.05,
    "the standard deviations of two draws of 19,000 numbers differ by 0.7 % in the mean, so 5 % is "
    "seven times that; the nearest mistake is off by 12 %",
)


def _sizes(V: int, N: int, n_layer: int, n_head: int, C: int) -> dict[str, int]:
    return {
        "block_size": N,
        "vocab_size": V,
        "n_layer": n_layer,
        "n_head": n_head,
        "n_embd": C,
    }


def _small(d: Draw, n_layer: int) -> dict[str, Any]:
    """Return sizes of a model in which only is looked at what does not depend on chance."""
    return _sizes(d.integer(9, 14), d.integer(4, 8), n_layer, 2, 4)


SPREAD = "draws weights from a normal distribution of the right width"
SHARE = "gives a smaller share to the layers that add to the stream"
SET = "sets biases and layer norms"
AGAIN = "starts a trained model again, whatever class its norms have"
PLACE = "changes this very model, and leaves the seed to the caller"

EXERCISE = Exercise(
    id="init_weights",
    chapter="06-gpt2",
    title="The start of GPT-2",
    reference="gpt2.model.init_weights",
    probe="gpt_setup.spread_of_tables",
    minutes=20,
    difficulty=3,
    groups={SPREAD: 1, SHARE: 2, SET: 1, AGAIN: 1, PLACE: 1},
    cases=(
        Case(
            "tables and layers that widen",
            SPREAD,
            lambda d: _sizes(260 + d.integer(0, 9), 250 + d.integer(0, 9), 1, 2, 80),
            tolerance=SPREAD_OF_DRAWS,
            frequencies=("weights in each range",),
        ),
        Case(
            "three blocks",
            SHARE,
            lambda d: _sizes(d.integer(9, 14), 4, 3, 5, 80),
            probe="gpt_setup.spread_of_projections",
            tolerance=SPREAD_OF_DRAWS,
            frequencies=("weights in each range",),
        ),
        Case(
            "a new model",
            SET,
            lambda d: _small(d, 2),
            probe="gpt_setup.what_is_set",
            tolerance=EXACT,
        ),
        Case(
            "trained, with torch's norms",
            AGAIN,
            lambda d: _small(d, 2) | {"own_norm": False, "shift": d.number(0.5, 1.5)},
            probe="gpt_setup.trained_before",
            tolerance=EXACT,
        ),
        Case(
            "trained, with norms of its own",
            AGAIN,
            lambda d: _small(d, 1) | {"own_norm": True, "shift": d.number(0.5, 1.5)},
            probe="gpt_setup.trained_before",
            tolerance=EXACT,
        ),
        Case(
            "objects and draws without biases",
            PLACE,
            lambda d: _small(d, 3),
            probe="gpt_setup.in_place",
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "`model.named_modules()` comes by every layer, with its whole name. Which three kinds of "
        "layers have to be told apart?",
        "`nn.init.normal_`, `nn.init.zeros_` and `nn.init.ones_` write into the Parameter that is "
        "there. Before a bias is set, ask whether there is one.",
        "For linear layers and embeddings work out a standard deviation: 0.02, divided by "
        "`math.sqrt(2 * model.config.n_layer)` if the name ends in `c_proj`. What else has a "
        "`weight` is a norm.",
    ),
)
