"""Reads a submitted notebook: repairs it, finds the exercises, says what it repaired.

A submission is hostile until proven otherwise. Nothing here executes its code, follows its links,
trusts its metadata or believes its types.
"""

import ast
import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.exercise import Exercise
from autograder.hidden_tests import CATALOGUE, chapters
from autograder.sandbox.protocol import Chunk
from autograder.slicing import binds, first_line, in_order, needed
from autograder.unusual import unusual
from gptcourse.magics import parse, without_magics
from gptcourse.notebook import Found, find_exercises, source_of

__all__ = ["Submission", "Unreadable", "read_bytes", "read_submission"]

MAX_BYTES = 32 * 2**20
MAX_BRACKETS = 1_000_000  # 32 MB of empty lists would take 1 GB of memory
MAX_CELLS = 5_000
MAX_CODE = 2**19  # characters; as a syntax tree it takes some 500 times as many bytes
MAX_LINES = 10_000
MAX_STATEMENTS = 3_000  # each is sent with the empty lines above it
MAX_SORTED = 500  # pieces of code; sorting takes their square


class Unreadable(Exception):
    """The file is not a notebook that can be graded; the message says what to do."""


@dataclass(frozen=True)
class _Statement:
    cell: int
    node: ast.stmt
    line: int
    text: str

    @property
    def chunk(self) -> Chunk:
        """The piece, behind as many empty lines as there are lines above it in its cell."""
        return {"cell": self.cell, "source": "\n" * (self.line - 1) + self.text}


@dataclass(frozen=True)
class Submission:
    """A notebook as the grader sees it.

    Attributes:
        chapter: stem of the chapter whose exercises are graded.
        sha256: of the file's bytes.
        repairs: sentences about what was not as handed out, for student and instructor.
        broken: exercise id -> why its cell cannot be read.
    """

    chapter: str
    sha256: str
    repairs: list[str]
    broken: dict[str, str]
    statements: list[_Statement] = field(repr=False)
    sources: list[str] = field(repr=False)

    def chunks(self, target: str) -> tuple[Chunk, ...]:
        """Return the pieces of code on which a name depends, in an order in which they run."""
        return tuple(statement.chunk for statement in self._needed(target))

    def unusual(self, target: str) -> list[str]:
        """Return the names in these pieces that no honest answer needs."""
        return unusual(statement.node for statement in self._needed(target))

    def _needed(self, target: str) -> list[_Statement]:
        nodes = [statement.node for statement in self.statements]
        chosen = [self.statements[i] for i in needed(nodes, [target])]
        if len(chosen) <= MAX_SORTED:
            chosen = [chosen[i] for i in in_order([statement.node for statement in chosen])]
        return chosen

    def knows(self, name: str) -> bool:
        """Say whether a name stands in the notebook as a word."""
        return name.isidentifier() and any(
            re.search(rf"\b{name}\b", source) for source in self.sources
        )

    def line(self, file: str, number: int) -> str:
        """Return a line of a cell for a traceback, by "cell 3" and a line number."""
        match = re.fullmatch(r"cell (\d{1,5})", file)
        if not match or not 0 < int(match[1]) <= len(self.sources):
            return ""
        lines = self.sources[int(match[1]) - 1].splitlines()
        return lines[number - 1][:200] if 0 < number <= len(lines) else ""


def read_submission(path: Path) -> Submission:
    """Read a notebook. Raises Unreadable with a sentence that says what to do."""
    data = read_bytes(path)
    cells = _cells(_parse_json(data))
    sources = [source_of(cell) if cell.get("cell_type") == "code" else "" for cell in cells]
    if sum(map(len, sources)) > MAX_CODE:
        raise Unreadable("It holds more than 0.5 MB of code. Hand in the notebook of one chapter.")
    if sum(source.count("\n") + source.count("\r") for source in sources) > MAX_LINES:
        raise Unreadable(f"It holds more than {MAX_LINES} lines of code. Hand in one chapter.")
    found: dict[str, list[Found]] = {}
    for place in find_exercises(cells, [e.id for e in CATALOGUE]):
        found.setdefault(place.exercise, []).append(place)
    chapter = _chapter(set(found))
    statements = _statements(sources)
    if len(statements) > MAX_STATEMENTS:
        raise Unreadable(f"It holds more than {MAX_STATEMENTS} statements. Hand in one chapter.")
    repairs: list[str] = []
    broken: dict[str, str] = {}
    for exercise in chapters()[chapter]:
        places = found.get(exercise.id, [])
        kept = _keep_last_attempt(statements, exercise, repairs)
        if kept is None and places and places[-1].problem:
            broken[exercise.id] = f"cell {places[-1].cell_index + 1}, {places[-1].problem}"
        elif kept is not None and places and all(place.by == "name" for place in places):
            repairs.append(f"`{exercise.id}`: the cell has lost its marks; found by its name.")
    return Submission(
        chapter, hashlib.sha256(data).hexdigest(), repairs, broken, statements, sources
    )


def read_bytes(path: Path) -> bytes:
    """Read a regular file of bounded size without following a link or waiting for a pipe.

    Raises Unreadable with a sentence that says what to do.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unreadable(
            f"It cannot be opened ({error.strerror}). Hand in the file itself, not a link."
        ) from error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("It is not a regular file. Hand in the notebook itself.")
        if status.st_size > MAX_BYTES:
            raise Unreadable(
                f"It is {status.st_size / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read. "
                "Clear the outputs and hand it in again."
            )
        return file.read(MAX_BYTES + 1)[:MAX_BYTES]


def _parse_json(data: bytes) -> Any:
    if data.count(b"[") + data.count(b"{") > MAX_BRACKETS:
        raise Unreadable("It holds more than a million brackets. Clear the outputs and try again.")
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        hint = "It is empty." if not data.strip() else "It is not a notebook: not valid JSON."
        raise Unreadable(f"{hint} Download the .ipynb again and hand that in.") from error


def _cells(notebook: Any) -> list[dict[str, Any]]:
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if cells is None and isinstance(notebook, dict):
        sheets = notebook.get("worksheets")  # notebook format 3
        if isinstance(sheets, list) and sheets and isinstance(sheets[0], dict):
            cells = sheets[0].get("cells")
    if not isinstance(cells, list):
        raise Unreadable("It is JSON, but not a notebook: it has no cells. Hand in the .ipynb.")
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"It has {len(cells)} cells; at most {MAX_CELLS} are read.")
    # Format 3 calls the source of a code cell its input.
    return [
        {"source": cell.get("input")} | cell if isinstance(cell, dict) else {} for cell in cells
    ]


def _chapter(found: set[str]) -> str:
    """Return the chapter of which the notebook holds most exercises."""
    counts = {
        chapter: len(found & {e.id for e in exercises}) for chapter, exercises in chapters().items()
    }
    best = max(counts, key=lambda chapter: counts[chapter])
    if not counts[best]:
        raise Unreadable("It holds none of the course's exercises. Is it the right notebook?")
    return best


def _statements(sources: list[str]) -> list[_Statement]:
    """Split all code cells that parse into top-level statements."""
    statements: list[_Statement] = []
    for number, source in enumerate(sources):
        text = without_magics(source)
        try:
            tree = parse(text)
        except SyntaxError:
            continue
        lines = text.split("\n")
        for node in tree.body:
            first = first_line(node)
            piece = "\n".join(lines[first - 1 : node.end_lineno])
            statements.append(_Statement(number + 1, node, first, piece))
    return statements


def _keep_last_attempt(
    statements: list[_Statement], exercise: Exercise, repairs: list[str]
) -> _Statement | None:
    """Leave of several definitions of an exercise the last that is not the untouched stub."""
    places = [
        i
        for i, s in enumerate(statements)
        if exercise.target in binds(s.node)
        and isinstance(s.node, ast.FunctionDef | ast.ClassDef | ast.Assign | ast.ImportFrom)
        and not _is_patch(s.node)
    ]
    if not places:
        return None
    attempts = [i for i in places if not _is_stub(statements[i].node)]
    keep = (attempts or places)[-1]
    if len(attempts) > 1:
        cell = statements[keep].cell
        repairs.append(
            f"`{exercise.id}` is defined {len(attempts)} times; the last is graded (cell {cell})."
        )
    for i in reversed(places):
        if i != keep:
            del statements[i]
    return statements[keep - sum(i < keep for i in places)]


def _is_patch(node: ast.stmt) -> bool:
    """Say whether an assignment sets an attribute of the object and not the name itself."""
    return isinstance(node, ast.Assign) and not any(
        isinstance(name, ast.Name)
        for target in node.targets
        for name in ast.walk(target)
        if isinstance(target, ast.Name | ast.Tuple | ast.List)
    )


def _is_stub(node: ast.stmt) -> bool:
    """Say whether every function body is a docstring and `raise NotImplementedError`."""
    if isinstance(node, ast.ClassDef):
        functions = [item for item in node.body if isinstance(item, ast.FunctionDef)]
        return bool(functions) and all(_is_stub(item) for item in functions)
    if not isinstance(node, ast.FunctionDef):
        return False
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    body = [item for item in body if not _reads(item, "super().__init__()")]
    return len(body) == 1 and _reads(body[0], "raise NotImplementedError")


def _reads(node: ast.stmt, start: str) -> bool:
    try:
        return ast.unparse(node).startswith(start)
    except (RecursionError, ValueError):
        return False  # nested too deep, or a number of thousands of digits: no stub of ours
