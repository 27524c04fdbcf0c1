"""4.6 tie_weights."""

from typing import Any

import torch
from torch import Tensor, nn

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.embeddings.tie_weights_mistakes import MISCONCEPTIONS

TOLERANCE = Tolerance(
    1e-4,
    1e-4,
    "logits and gradients agree within 1e-6; AdamW divides by the size of a gradient, which "
    "spreads that to 1e-5 where one is small; the nearest mistake is off by more than 1e-2",
)


def _other_direction(model: Any) -> None:
    model.transformer.wte.weight = model.lm_head.weight


def _new_head(model: Any) -> None:
    """A new head around the old table."""
    table = model.transformer.wte.weight
    head = nn.Linear(table.size(1), table.size(0), bias=False)
    head.weight = table
    model.lm_head = head


def _registered(model: Any) -> None:
    model.lm_head.register_parameter("weight", model.get_parameter("transformer.wte.weight"))


def _by_table_of_parameters(model: Any) -> None:
    model.transformer["wte"]._parameters["weight"] = model.lm_head._parameters["weight"]


def _both_new(model: Any) -> Any:
    """One new Parameter for both, with the numbers of the first."""
    with torch.no_grad():
        shared = nn.Parameter(model.transformer.wte.weight.clone())
    for end in (model.transformer.wte, model.lm_head):
        end.weight = shared
    return model


def _through_attributes(model: Any) -> None:
    """`model.wte` and setattr."""
    setattr(model.lm_head, "weight", model.wte.weight)  # noqa: B010


ONE = "makes the two ends one Parameter"
VALUES = "leaves a model of the right size, with its numbers"
LEARNS = "learns from both ends, in one step"


def _two_tables(d: Draw, V: int, C: int) -> dict[str, Tensor]:
    return {"first": d.normal(V, C), "last": d.normal(V, C)}


def _training(d: Draw, V: int, C: int, B: int, T: int) -> dict[str, Any]:
    """Return one table for both ends, ids that leave some rows out, and a gradient."""
    return {
        "table": d.normal(V, C),
        "idx": d.integers(0, V - 2, B, T),
        "upstream": d.normal(B, T, V),
    }


EXERCISE = Exercise(
    id="tie_weights",
    chapter="04-embeddings",
    title="One table at both ends",
    reference="gpt2.embeddings.tie_weights",
    probe="weight_tying.size_and_values",
    minutes=8,
    difficulty=2,
    groups={ONE: 1, VALUES: 1, LEARNS: 2},
    cases=(
        Case(
            "two different tables", ONE, lambda d: _two_tables(d, 5, 3), probe="weight_tying.ends"
        ),
        Case(
            "more tokens than channels",
            VALUES,
            lambda d: _two_tables(d, 6, 2) | {"idx": d.integers(0, 6, 2, 3)},
        ),
        Case(
            "as many tokens as channels",
            VALUES,
            lambda d: _two_tables(d, 4, 4) | {"idx": d.integers(0, 4, 1, 5)},
        ),
        Case(
            "the gradients of both ends",
            LEARNS,
            lambda d: _training(d, 5, 2, 2, 3),
            probe="weight_tying.gradient",
            tolerance=TOLERANCE,
        ),
        Case(
            "after one step",
            LEARNS,
            lambda d: _training(d, 4, 4, 2, 2) | {"steps": 1},
            probe="weight_tying.after_steps",
            tolerance=TOLERANCE,
        ),
        Case(
            "after three steps",
            LEARNS,
            lambda d: _training(d, 5, 3, 1, 4) | {"steps": 3},
            probe="weight_tying.after_steps",
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("the other direction", _other_direction),
        Variant("a new head around the old table", _new_head),
        Variant("register_parameter", _registered),
        Variant("by the tables of parameters", _by_table_of_parameters),
        Variant("one new Parameter for both", _both_new),
        Variant("setattr, by the shorter name", _through_attributes),
    ),
    hints=(
        "In Python two names can lead to one object. Which two attributes should lead to the same "
        "Parameter afterwards?",
        "Copying numbers makes two tables that are equal for the moment. Assigning an attribute "
        "copies nothing: it makes a name lead elsewhere.",
        "One assignment is enough. On its left stands the weight of one end, on its right the "
        "weight of the other, without `.data` and without `nn.Parameter(...)`.",
    ),
)
