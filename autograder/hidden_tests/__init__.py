"""The hidden tests: a package a chapter, a module an exercise. `CATALOGUE` holds all, in order."""

import difflib

from autograder.exercise import Exercise
from autograder.hidden_tests import (
    attention,
    bigrams,
    embeddings,
    gpt2_model,
    tokenization,
    training,
    what_is_a_gpt,
)

__all__ = ["CATALOGUE", "STRETCH", "chapters", "find"]

CATALOGUE: tuple[Exercise, ...] = (
    *what_is_a_gpt.EXERCISES,
    *bigrams.EXERCISES,
    *tokenization.EXERCISES,
    *embeddings.EXERCISES,
    *attention.EXERCISES,
    *gpt2_model.EXERCISES,
    *training.EXERCISES,
)

# The ids of those that are graded and shown, and not counted in totals.
STRETCH = frozenset(exercise.id for exercise in CATALOGUE if exercise.stretch)


def find(exercise_id: str) -> Exercise:
    """Return an exercise by its id. Raises KeyError, with the nearest ids, if there is none."""
    for exercise in CATALOGUE:
        if exercise.id == exercise_id:
            return exercise
    near = difflib.get_close_matches(exercise_id, [e.id for e in CATALOGUE])
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise KeyError(f"no exercise {exercise_id!r}{hint}")


def chapters() -> dict[str, list[Exercise]]:
    """Return the exercises by chapter, in order."""
    result: dict[str, list[Exercise]] = {}
    for exercise in CATALOGUE:
        result.setdefault(exercise.chapter, []).append(exercise)
    return result
