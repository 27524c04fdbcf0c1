"""Rebuilds what came out of a sandbox, before anything else looks at it.

Names reach the student's page, so they must be Python's or stand in the notebook: else they could
carry hidden inputs out.
"""

import builtins
import collections
import re
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from autograder.submission import MAX_LINES

__all__ = ["Outcome", "rebuilt"]

Outcome = dict[str, Any]
# Types of Python and its libraries that answers return by mistake.
_TYPES = (
    {name for name, value in vars(builtins).items() if isinstance(value, type)}
    | {
        f"{module.__name__}.{name}"
        for module in (torch, torch.nn, torch.return_types, np, collections, types)
        for name, value in vars(module).items()
        if isinstance(value, type)
    }
    | {"function", "generator", "method", "builtin_function_or_method", "module"}
)
_EXCEPTIONS = {
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}


def rebuilt(outcome: Outcome, knows: Callable[[str], bool]) -> Outcome:
    """Return an outcome with exact types and bounded sizes; anything else is a bad reply.

    Args:
        outcome: as it came.
        knows: says whether a name stands in the notebook.
    """
    clean: Outcome = {
        "modified": _names(outcome.get("modified")),
        "used": _names(outcome.get("used")),
    }
    if isinstance(outcome.get("outputs"), dict):
        return clean | {"outputs": _with_known_types(outcome["outputs"], knows)}
    if isinstance(outcome.get("missing"), str):
        return clean | {"missing": outcome["missing"][:100]}
    raised = outcome.get("raised")
    if not isinstance(raised, dict):
        return {"died": "bad reply"}
    kind = raised.get("type")
    if not isinstance(kind, str) or not (kind in _EXCEPTIONS or knows(kind)):
        kind = "Exception"
    message, frames = raised.get("message"), raised.get("frames")
    return clean | {
        "raised": {
            "type": kind,
            # It may repeat hidden inputs: it is compared, and nobody sees it.
            "message": message[:2000] if isinstance(message, str) else "",
            "frames": [_frame(f, knows) for f in frames[-5:] if _is_frame(f)]
            if isinstance(frames, list)
            else [],
        }
    }


def _with_known_types(value: Any, knows: Callable[[str], bool]) -> Any:
    """Take out of a tree the names of types that could carry hidden inputs out."""
    if isinstance(value, list):
        return [_with_known_types(item, knows) for item in value]
    if not isinstance(value, dict):
        return value
    if "unsupported" in value:
        name = value["unsupported"]
        known = isinstance(name, str) and (name in _TYPES or knows(name.rpartition(".")[2]))
        return {"unsupported": name if known else "object"}
    return {key: _with_known_types(item, knows) for key, item in value.items()}


def _names(value: Any) -> list[str]:
    if not isinstance(value, list):
        return []
    return [name for name in value[:50] if isinstance(name, str) and len(name) <= 80]


def _is_frame(frame: Any) -> bool:
    return (
        isinstance(frame, list)
        and len(frame) == 3
        and isinstance(frame[0], str)
        and re.fullmatch(r"cell \d{1,5}", frame[0]) is not None
        and type(frame[1]) is int
        and 0 <= frame[1] <= MAX_LINES
        and isinstance(frame[2], str)
    )


def _frame(frame: list[Any], knows: Callable[[str], bool]) -> list[Any]:
    return frame if knows(frame[2]) else [*frame[:2], ""]
