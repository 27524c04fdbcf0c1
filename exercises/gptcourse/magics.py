"""Takes IPython's magics and shell lines out of a cell, so that what is left is Python.

The same on every machine, whether IPython is there or not, since a grade must not depend on it.
Python itself says at which line it cannot go on; if that line looks like a magic, it goes. So a
`% 3` on a continued line, or a `!` in a text, stays.
"""

import ast
import re
import threading
import warnings

__all__ = ["cell_magic", "parse", "without_magics"]

# The (?!\s) keeps a line of a million spaces from being tried a million times over.
_MAGIC = re.compile(r"^(\s*)(?!\s)(%|!|\?|[\w., ]+=\s*[%!]|[\w.*%()\[\]'\", ]+\?{1,2}\s*$)")
_CELL_MAGIC = re.compile(r"^%%(\w+)")
_BODY_IS_PYTHON = {"time", "timeit", "capture", "prun"}
# CPython counts the depth of what it parses once for all threads. When a collection of garbage
# lets another thread in, both end in "SystemError: AST constructor recursion depth mismatch".
_ONE_AT_A_TIME = threading.RLock()
_MAX_ROUNDS = 50
_MAX_PARSED = 100_000  # characters, over all rounds but the first


def parse(source: str) -> ast.Module:
    """Parse without warnings. Raises SyntaxError, also for what is nested too deep to be read."""
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error) or "nested too deep", ("", 1, 0, None)) from error


def cell_magic(source: str) -> str:
    """Return the magic that makes a cell something else than Python, such as "%%bash", or ""."""
    match = _CELL_MAGIC.match(source.lstrip())
    return match.group(0) if match and match.group(1) not in _BODY_IS_PYTHON else ""


def without_magics(source: str) -> str:
    r"""Return the source with each magic line as `pass`, and cells in other languages blank.

    Line numbers stay. A source that Python cannot read for another reason keeps that error. A
    cell that is indented as a whole is taken out to the margin, as IPython does.

    >>> without_magics("%matplotlib inline\nx = 1")
    'pass\nx = 1'
    """
    lines = _at_the_margin(source.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is not None and (magic := _CELL_MAGIC.match(lines[first])):
        if magic.group(1) not in _BODY_IS_PYTHON:
            return "\n" * (len(lines) - 1)
        lines[first] = ""
    for _ in range(min(_MAX_ROUNDS, 1 + _MAX_PARSED // (len(source) + 1))):
        error_at = _first_error(lines)
        if error_at is None:
            return "\n".join(lines)
        if not _take_out(lines, error_at):
            break
    # An unclosed bracket or quote in a magic may be reported elsewhere: then all go at once.
    every = list(lines)
    for i in range(len(every)):
        _take_out(every, i)
    return "\n".join(every if _first_error(every) is None else lines)


def _at_the_margin(lines: list[str]) -> list[str]:
    """Return the lines without the indent of the first that is not blank."""
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    return [line.removeprefix(indent) for line in lines] if indent else lines


def _take_out(lines: list[str], at: int) -> bool:
    """Replace the magic at a line, and the lines it goes on in. False if there is none."""
    match = _MAGIC.match(lines[at]) if at < len(lines) else None
    if match is None:
        return False
    goes_on = lines[at].endswith("\\")
    lines[at] = match.group(1) + "pass"
    while goes_on and at + 1 < len(lines):
        at += 1
        goes_on = lines[at].endswith("\\")
        lines[at] = ""
    return True


def _first_error(lines: list[str]) -> int | None:
    """Return the line, from 0, at which Python cannot go on, or None."""
    try:
        parse("\n".join(lines))
    except SyntaxError as error:
        return (error.lineno or 1) - 1
    return None
