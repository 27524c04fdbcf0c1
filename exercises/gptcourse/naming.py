"""From what a learner passes to `check` and `hint` to an exercise."""

import difflib
from collections.abc import Mapping
from typing import Any

from torch import Tensor

from gptcourse.errors import CourseError
from gptcourse.key import available

__all__ = ["exercise_of", "resolve"]


def resolve(obj: Any, exercise: str | None, namespace: Mapping[str, Any]) -> tuple[str, Any]:
    """Return the exercise that is meant and the object to check.

    Args:
        obj: the learner's function or class, a method of it, or the exercise's name.
        exercise: the exercise, where the object's own name does not say it.
        namespace: the caller's globals.

    Raises:
        CourseError: it cannot be told which exercise is meant, or there is nothing to check.
    """
    if isinstance(obj, str) and exercise is None:
        found = _known(obj)
        target = found.split(".")[0]
        if target not in namespace:
            raise CourseError(f"`{target}` is not defined yet. Run the cell that defines it first.")
        return found, namespace[target]
    found = exercise_of(obj, exercise)
    if isinstance(obj, type) or "." not in _name(obj):
        return found, obj
    # A method was passed; the probe wants its class.
    owner = _name(obj).split(".")[0]
    return found, namespace.get(owner, getattr(obj, "__globals__", {}).get(owner, obj))


def exercise_of(obj: Any, exercise: str | None = None) -> str:
    """Return the id of the exercise that an object or a name stands for. Raises CourseError."""
    if isinstance(obj, str) and exercise is None:
        return _known(obj)
    kind = type(obj).__name__
    if not isinstance(obj, type) and kind in _targets():
        raise CourseError(
            f"That is an object of the class `{kind}`. Pass the class itself: check({kind})."
        )
    if not callable(obj):
        raise CourseError(
            f"That is {_what(obj)}, perhaps what a call returned. Pass the function itself, "
            "without brackets after its name: check(softmax), not check(softmax(x))."
        )
    name = exercise if exercise is not None else _name(obj)
    if not name:
        raise CourseError(
            f"That is an object of the type `{kind}`, and has no name of its own. Pass a function "
            'or a class, or say which exercise it is: check(f, "softmax").'
        )
    return _known(name)


def _name(obj: Any) -> str:
    """Return an object's name in its module: "softmax", or "CharTokenizer.encode"."""
    written_in_python = isinstance(obj, type) or hasattr(obj, "__globals__")
    name = getattr(obj, "__qualname__" if written_in_python else "__name__", None)
    return str(name).rpartition("<locals>.")[2] if name else ""


def _what(value: Any) -> str:
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    return "None" if value is None else f"a value of type `{type(value).__name__}`"


def _targets() -> set[str]:
    return {name.split(".")[0] for name in available()}


def _known(name: str) -> str:
    exercises = available()
    if name in exercises:
        return name
    if name == "<lambda>":
        raise CourseError(
            "A lambda has no name of its own. Write it with `def` and the exercise's name, "
            'or say which exercise it is: check(f, "softmax").'
        )
    # A method stands for its class, and a class for its only part.
    owner = name.split(".")[0]
    if owner in exercises:
        return owner
    parts = [exercise for exercise in exercises if exercise.split(".")[0] == owner]
    if len(parts) == 1:
        return parts[0]
    if parts:
        raise CourseError(
            f"`{owner}` has several exercises. Say which: "
            + ", ".join(f'check({owner}, "{part}")' for part in parts)
            + "."
        )
    near = difflib.get_close_matches(name, exercises, n=3, cutoff=0.5)
    if near:
        meant = f"Did you mean {' or '.join(f'`{other}`' for other in near)}? "
    else:
        meant = "progress() lists the exercises. "
    raise CourseError(
        f"No exercise is called `{name}`. {meant}If the name is your own, say which exercise it "
        f'is: check({name}, "{near[0] if near else "softmax"}").'
    )
