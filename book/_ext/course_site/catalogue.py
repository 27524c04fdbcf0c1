"""What the pages need to know of the exercises, asked of ``autograder``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from autograder.hidden_tests import chapters

if TYPE_CHECKING:
    from autograder.exercise import Exercise


def chapter_exercises(chapter: str) -> list[Exercise]:
    """Return the exercises of a chapter, in the catalogue's order."""
    return chapters().get(chapter, [])


def number(exercise: Exercise) -> str:
    """Return an exercise's number, such as ``2.3``: the chapter, and the place in it."""
    siblings = [each.id for each in chapter_exercises(exercise.chapter)]
    chapter = re.match(r"\d+", exercise.chapter)
    if chapter is None:
        raise ValueError(f"chapter {exercise.chapter!r} of {exercise.id!r} has no number")
    return f"{int(chapter.group())}.{siblings.index(exercise.id) + 1}"
