"""Cuts the outputs out of a notebook's bytes before it is parsed: they can be of any size.

Only brackets and strings are looked at. What is cut is the value of a key that code cells,
pictures in texts or widgets use; all else is left as it is.
"""

import re

__all__ = ["TooMuch", "without_outputs"]

# Possessive: a string of millions of characters is gone through once, and nothing is remembered.
# One without an end goes to the end of the file, so that it is not tried again from its middle.
_STRING = rb'"(?:[^"\\]++|\\(?:.|\Z))*+(?:"|\Z)'
_KEY = rb'(?P<key>"(?:outputs|attachments|widgets)"\s*+:\s*+(?=[\[{]))'
_KEY_OR_STRING = re.compile(_KEY + rb"|" + _STRING, re.DOTALL)
_STRING_OR_BRACKET = re.compile(_STRING + rb"|[\[\]{}]", re.DOTALL)
_MAX_TOKENS = 4_000_000


class TooMuch(ValueError):
    """There are more strings and brackets than can be looked at."""


def without_outputs(data: bytes) -> bytes:
    """Return the notebook with empty outputs. What is no JSON comes back cut or as it is.

    Raises TooMuch if that would take too long.
    """
    parts: list[bytes] = []
    copied = at = tokens = 0
    while (match := _KEY_OR_STRING.search(data, at)) is not None:
        tokens += 1
        at = match.end()
        if match["key"]:
            end, more = _end_of_value(data, at, _MAX_TOKENS - tokens)
            tokens += more
            if end is None:
                break  # it is cut off: the parser says so
            parts += [data[copied:at], b"[]" if data[at : at + 1] == b"[" else b"{}"]
            copied = at = end
        if tokens > _MAX_TOKENS:
            raise TooMuch
    return b"".join([*parts, data[copied:]])


def _end_of_value(data: bytes, start: int, most: int) -> tuple[int | None, int]:
    """Return where the list or object that begins at `start` ends, and the tokens gone through."""
    depth = tokens = 0
    for match in _STRING_OR_BRACKET.finditer(data, start):
        tokens += 1
        if tokens > most:
            raise TooMuch
        token = data[match.start()]
        if token in b"[{":
            depth += 1
        elif token in b"]}":
            depth -= 1
            if depth == 0:
                return match.end(), tokens
    return None, tokens
