"""Reads what can be read of a cell in which one line is no Python.

A line or a whole statement at the margin can be left out. Where what is wrong lies inside a
function, or may belong to one, nothing is: then the cell as a whole is said to be unreadable.
"""

import re
from collections.abc import Iterable

from gptcourse.magics import parse

__all__ = ["MAX_LENGTH", "salvage"]

MAX_LENGTH = 20_000  # characters; a longer cell is read whole or not at all
_MAX_SEGMENTS = 400
_MAX_SEGMENTS_JOINED = 30
_MAX_DROPPED = 5  # a cell with more of them is no Python that was spoilt
_CONTINUES = re.compile(r"[)\]}]|(?:else|elif|except|finally)\b")
_OPENS_A_BLOCK = re.compile(r"(?:@|(?:async|def|class|for|while|with|if|try|match)\b)")
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})", re.MULTILINE)


def salvage(source: str, answers: Iterable[str]) -> tuple[str, list[int]] | None:
    """Leave out the statements that are no Python, if that is plain.

    Args:
        source: of the cell, magics taken out; it does not parse.
        answers: names of the exercises' functions. No line that may set one is left out.

    Returns:
        The source with these lines blank, and the numbers of the lines that begin them, or None.
    """
    if len(source) > MAX_LENGTH or _CONFLICT.search(source):
        return None
    lines = source.split("\n")
    segments = _segments(lines)
    above = lines[: segments[0][0]] if segments else lines
    if len(segments) > _MAX_SEGMENTS or any(line.strip() and line[0] != "#" for line in above):
        return None
    kept, dropped = list(lines), []
    at, read = 0, 0
    while at < len(segments):
        size = _readable(lines, segments, at)
        if size:
            at, read = at + size, read + 1
            continue
        start, end = segments[at]
        if not _is_apart("\n".join(lines[start:end]), answers):
            return None
        dropped.append(start + 1)
        if len(dropped) > _MAX_DROPPED:
            return None
        kept[start:end] = [""] * (end - start)
        at += 1
    return ("\n".join(kept), dropped) if read else None


def _segments(lines: list[str]) -> list[tuple[int, int]]:
    """Cut at the lines at the margin that may begin a statement."""
    starts = [
        i
        for i, line in enumerate(lines)
        if line and not line[0].isspace() and line[0] != "#" and not _CONTINUES.match(line)
    ]
    # A definition goes on from its decorators.
    starts = [i for k, i in enumerate(starts) if k == 0 or not lines[starts[k - 1]].startswith("@")]
    return list(zip(starts, [*starts[1:], len(lines)], strict=False))


def _readable(lines: list[str], segments: list[tuple[int, int]], at: int) -> int:
    """Return how many segments from one on are Python: a text may have lines at the margin."""
    start = segments[at][0]
    for size, (_, end) in enumerate(segments[at : at + _MAX_SEGMENTS_JOINED], 1):
        piece = "\n".join(lines[start:end])
        try:
            parse(piece)
        except SyntaxError:
            if size == 1 and not re.search(r"['\"]{3}|[(\[{\\]", piece):
                return 0  # nothing is open in it that could go on
            continue
        return size
    return 0


def _is_apart(piece: str, answers: Iterable[str]) -> bool:
    """Say whether a piece that is no Python can be left out without changing any answer."""
    if piece.count('"""') % 2 or piece.count("'''") % 2:
        return False  # it may reach into what follows
    first, *rest = piece.split("\n")
    if any(line.strip() and line[0].isspace() for line in rest) and not _OPENS_A_BLOCK.match(first):
        return False  # the indented lines may be the rest of the function above
    return not any(
        re.search(rf"\b(?:def|class)\s+{name}\b|\b{name}\b[^=(\n]*=(?!=)", piece)
        for name in map(re.escape, answers)
    )
