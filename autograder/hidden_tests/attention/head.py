"""5.4 Head."""

from typing import Any

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Tolerance
from autograder.hidden_tests.attention.head_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.attention.head_variants import VARIANTS

LAYERS = "reads queries, keys and values from x by three linear maps"
PAST = "lets each position read itself and those before it"
LENGTH = "takes any T up to block_size, and goes where the model goes"
DROPOUT = "drops weights of attention in training alone"

TOLERANCE = Tolerance(
    1e-5, 1e-4, "ways of writing it differ by 1e-6; the nearest mistake by more than 1e-2"
)


def _inputs(d: Draw, B: int, T: int, C: int, hs: int, block_size: int) -> dict[str, Any]:
    """Draw vectors and weights such that scores lie about 1 apart, and a missing scale shows."""
    return {
        "x": d.normal(B, T, C),
        "query": d.normal(hs, C, std=C**-0.5),
        "key": d.normal(hs, C, std=C**-0.5),
        "value": d.normal(hs, C, std=C**-0.5),
        "block_size": block_size,
    }


def _low_scores(d: Draw) -> dict[str, Any]:
    """Draw keys that lie opposite to the queries: each position's own score is far below 0."""
    inputs = _inputs(d, 2, 3, 5, 4, 7)
    query = 2.0 * inputs["query"]
    return inputs | {"query": query, "key": -2.0 * query}


def _dropout(d: Draw) -> dict[str, Any]:
    T = 6
    return {
        "query": d.normal(T, T, std=0.5),
        "key": d.normal(T, T, std=0.5),
        "block_size": 8,
        "dropout": 0.3,
        "calls": 200,
    }


EXERCISE = Exercise(
    id="Head",
    chapter="05-attention",
    title="One head of attention",
    reference="gpt2.attention.Head",
    probe="attention_head.head",
    minutes=25,
    difficulty=3,
    groups={LAYERS: 2, PAST: 1, LENGTH: 2, DROPOUT: 1},
    cases=(
        Case("a batch", LAYERS, lambda d: _inputs(d, 2, 3, 9, 4, 3), tolerance=TOLERANCE),
        Case(
            "head_size equal to n_embd",
            LAYERS,
            lambda d: _inputs(d, 3, 3, 3, 3, 3),
            tolerance=TOLERANCE,
        ),
        Case(
            "what a position depends on",
            PAST,
            lambda d: _inputs(d, 2, 4, 5, 3, 4),
            probe="attention_head.head_reads",
            tolerance=EXACT,
        ),
        Case(
            "fewer vectors than block_size",
            LENGTH,
            _low_scores,
            tolerance=TOLERANCE,
        ),
        Case(
            "one vector, and then too many",
            LENGTH,
            lambda d: {"x": d.normal(1, 5, 4), "head_size": 2, "block_size": 3},
            probe="attention_head.head_too_long",
            tolerance=EXACT,
        ),
        Case(
            "another device",
            LENGTH,
            lambda d: {"shape": [2, 4, 5], "head_size": 3, "block_size": 4},
            probe="attention_head.head_on_device",
            tolerance=EXACT,
        ),
        Case(
            "in evaluation",
            DROPOUT,
            lambda d: _inputs(d, 1, 4, 3, 2, 4) | {"dropout": 0.5},
            probe="attention_head.head_in_evaluation",
            tolerance=TOLERANCE,
        ),
        Case(
            "in training",
            DROPOUT,
            _dropout,
            probe="attention_head.head_in_training",
            frequencies=(
                "weights that are 0, scaled up, as they were; rows and columns that are 0",
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "`forward` is attention as you wrote it before. What are q, k and v here, and which of "
        "them does the layer have to learn?",
        "The mask is made once, for block_size positions: what of it belongs to T of them? And "
        "what does `register_buffer` do that an attribute does not?",
        "In `forward`: q, k, v from the three layers, scores over the root of head_size, "
        "`masked_fill` where `mask[:T, :T]` is False, softmax over the last dimension, dropout, "
        "`@ v`.",
    ),
)
