"""The exercises of the installed course, by chapter."""

from functools import cache

from gptcourse.key import AnswerKey, available, load_public

__all__ = ["after", "chapters", "key_of"]


@cache
def key_of(exercise: str) -> AnswerKey:
    """Return the public key of an exercise, read once. Raises KeyError if there is none."""
    return load_public(exercise)


def chapters() -> dict[str, list[AnswerKey]]:
    """Return the keys by chapter, in the order of the course."""
    result: dict[str, list[AnswerKey]] = {}
    for exercise in available():
        result.setdefault(key_of(exercise).chapter, []).append(key_of(exercise))
    return result


def after(exercise: str) -> str | None:
    """Return the exercise that follows, or None after the last."""
    ids = available()
    place = ids.index(exercise) + 1
    return ids[place] if place < len(ids) else None
