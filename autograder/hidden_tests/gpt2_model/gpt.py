"""6.5 GPT."""

from typing import Any

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Tolerance
from autograder.hidden_tests.gpt2_model.gpt_loss_mistakes import LOSS_MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.gpt_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.gpt_rare_mistakes import RARE_MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.gpt_variants import VARIANTS

TOLERANCE = Tolerance(
    3e-5,
    3e-5,
    "float32 against float64, through three blocks, differs by less than 3e-6; the nearest "
    "mistake is off by more than 1e-2",
)


def _sizes(d: Draw, **sizes: int) -> dict[str, Any]:
    """Return sizes and weights: norms far from 1 and 0, scores about as large as channels."""
    # A prime, so that no two parameters begin at the same number of the row.
    return {"n_embd": 4, "n_head": 2, "numbers": d.normal(101, std=0.6)} | sizes


def _texts(d: Draw, B: int, T: int, **sizes: int) -> dict[str, Any]:
    model = _sizes(d, vocab_size=5, **sizes)
    return model | {"idx": d.integers(0, 5, B, T)}


def _pairs(d: Draw, B: int, T: int, **sizes: int) -> dict[str, Any]:
    return _texts(d, B, T, **sizes) | {"targets": d.integers(0, 5, B, T)}


def _one_does_not_count(d: Draw) -> dict[str, Any]:
    """Return two texts of two tokens: one target does not count, and token 0 is on both sides."""
    pairs = _pairs(d, 2, 2, n_layer=1, block_size=2)
    row = d.integer(0, 2)
    pairs["idx"][d.integer(0, 2), d.integer(0, 2)] = 0
    pairs["targets"] = d.integers(1, 5, 2, 2)
    pairs["targets"][row, 1] = 0
    pairs["targets"][1 - row, d.integer(0, 2)] = -100
    return pairs


PARTS = "has the parameters of GPT-2, each once and by its name"
LOGITS = "gives V logits for every position"
LOSS = "gives the mean loss of the targets that count, and its gradient"
LONG = "reads N tokens, and refuses more"
MODES = "drops in training only, and goes along to another device"

EXERCISE = Exercise(
    id="GPT",
    chapter="06-gpt2",
    title="The whole model",
    reference="gpt2.model.GPT",
    probe="gpt.logits",
    minutes=40,
    difficulty=4,
    groups={PARTS: 1, LOGITS: 2, LOSS: 1, LONG: 1, MODES: 1},
    cases=(
        Case(
            "one block, with biases",
            PARTS,
            lambda d: _sizes(d, n_layer=1, vocab_size=9, block_size=3),
            probe="gpt.gpt_has",
            tolerance=EXACT,
        ),
        Case(
            "two blocks, without biases",
            PARTS,
            lambda d: _sizes(d, n_layer=2, vocab_size=5, block_size=6, bias=False),
            probe="gpt.gpt_has",
            tolerance=EXACT,
        ),
        Case(
            "two texts, through three blocks",
            LOGITS,
            lambda d: _texts(d, 2, 3, n_layer=3),
            tolerance=TOLERANCE,
        ),
        Case(
            "a stream that is nearly constant",
            LOGITS,
            lambda d: _texts(d, 1, 2, n_layer=1),
            probe="gpt.logits_of_a_faint_stream",
            tolerance=TOLERANCE,
        ),
        Case(
            "two texts of two tokens, and one target does not count",
            LOSS,
            _one_does_not_count,
            probe="gpt.loss",
            tolerance=TOLERANCE,
        ),
        Case(
            "five tokens for three positions",
            LONG,
            lambda d: _texts(d, 1, 5, n_layer=1, block_size=3),
            probe="gpt.too_long",
            tolerance=TOLERANCE,
        ),
        Case(
            "two tokens for one position",
            LONG,
            lambda d: _texts(d, 1, 2, n_layer=1, block_size=1),
            probe="gpt.too_long",
            tolerance=TOLERANCE,
        ),
        Case(
            "six hundred texts of one token",
            MODES,
            lambda d: {"dropout": d.number(0.2, 0.3), "calls": 600},
            probe="gpt_dropout.gpt_drops",
            frequencies=("streams in training, and in evaluation",),
        ),
        Case(
            "float64, and another device",
            MODES,
            lambda d: _pairs(d, 1, 2, n_layer=1),
            probe="gpt.moved",
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS + LOSS_MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "Write the shapes of a text's way through the model in one column: (B, T) ids, (B, T, C) "
        "behind the tables, the same behind every block and the last norm, (B, T, V) logits.",
        "The parts stand in an `nn.ModuleDict` with the names of the contract, the blocks in an "
        "`nn.ModuleList`. `tie_weights(self)` makes one table of two.",
        "`wte(idx) + wpe(torch.arange(T, device=idx.device))`, then dropout, every block in "
        "turn, `ln_f`, `lm_head`. The loss is that of chapter 2: flatten logits to (B * T, V) "
        "and targets to (B * T,) for `F.cross_entropy`.",
    ),
)
