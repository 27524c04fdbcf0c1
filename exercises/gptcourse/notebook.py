"""Finds the exercises in the cells of a notebook, whatever a learner or a tool did to it.

A generated notebook anchors an exercise three ways: the metadata of its cell, a marker comment,
and the name that the cell defines. The first that is still there wins. Cells come from a file
that anyone may have written: nothing here trusts a type.
"""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from gptcourse.key import available
from gptcourse.magics import parse, without_magics

__all__ = ["Found", "chapter_of", "defines", "find_exercises", "marked", "source_of"]

Anchor = Literal["metadata", "marker", "name"]
_ANCHORS: tuple[Anchor, ...] = ("metadata", "marker", "name")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = (ast.If, ast.Try, ast.With, ast.For, ast.While, ast.ExceptHandler)
_MARKER = re.compile(r"^#[ \t]*exercise:[ \t]*([\w.]+)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Found:
    """A cell that holds an answer.

    Attributes:
        exercise: the exercise's id.
        cell_index: place of the cell in the notebook, from 0.
        by: how the cell was recognised.
        source: its Python, line for line as in the cell, magics taken out.
        defined: whether the cell defines the exercise's name.
        problem: why the source does not parse, or None.
    """

    exercise: str
    cell_index: int
    by: Anchor
    source: str
    defined: bool
    problem: str | None = None


def find_exercises(
    cells: Any, exercises: Iterable[str] | None = None, *, strongest: bool = True
) -> list[Found]:
    """Return the cells that answer exercises, by exercise and then by place.

    An exercise with no entry is missing; one with several was answered several times, and the
    last is the one that counts when the notebook runs from top to bottom. Of the cells anchored
    in the same way, those that do not define the exercise's name are left out, unless none does.

    Args:
        cells: the notebook's `cells`, of any type.
        exercises: the ids to look for; by default all of the course.
        strongest: leave out the cells that are anchored less well than others.
    """
    sources = {
        index: without_magics(source_of(cell))
        for index, cell in enumerate(cells if isinstance(cells, list) else [])
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    }
    parsed = {index: _parse(source) for index, source in sources.items()}
    found: list[Found] = []
    for exercise in available() if exercises is None else exercises:
        candidates = []
        for index, source in sources.items():
            tree, problem = parsed[index]
            defined = defines(tree or source, exercise.split(".")[0])
            by = _anchor(cells[index], source, exercise, defined)
            if by:
                candidates.append(Found(exercise, index, by, source, defined, problem))
        found += _strongest(candidates) if strongest else candidates
    return found


def chapter_of(notebook: Any) -> str | None:
    """Return the chapter that a notebook's metadata names, or None."""
    chapter = _course(_dict(notebook).get("metadata")).get("chapter")
    return chapter if isinstance(chapter, str) else None


def source_of(cell: Any) -> str:
    """Return a cell's source as one text; the format allows a list of lines too."""
    source = _dict(cell).get("source")
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def defines(source: ast.Module | str, name: str) -> bool:
    """Say whether a piece of code defines a function or class `name` at its top level.

    A text, for code that does not parse, is searched line by line.
    """
    if isinstance(source, str):
        pattern = rf"^(async\s+def|def|class)\s+{re.escape(name)}\b"
        return re.search(pattern, source, re.MULTILINE) is not None
    waiting: list[ast.AST] = list(source.body)
    while waiting:  # definitions may lie under `if`, `try` and `with`
        node = waiting.pop()
        if isinstance(node, _DEFINITIONS):
            if node.name == name:
                return True
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                return True
        elif isinstance(node, _BLOCKS):
            waiting.extend(ast.iter_child_nodes(node))
    return False


def marked(cell: Any, source: str, exercise: str) -> bool:
    """Say whether a cell's metadata or a comment in its source names an exercise."""
    return _anchor(cell, source, exercise, defined=False) is not None


def _strongest(candidates: list[Found]) -> list[Found]:
    """Keep the candidates of the strongest anchor, if they define anything; else the next."""
    defining = [found for found in candidates if found.defined]
    for group in (defining, candidates):
        for anchor in _ANCHORS:
            chosen = [found for found in group if found.by == anchor]
            if chosen:
                return chosen
    return []


def _anchor(cell: Any, source: str, exercise: str, defined: bool) -> Anchor | None:
    metadata = _dict(cell).get("metadata")
    nbgrader = _dict(_dict(metadata).get("nbgrader"))
    if _course(metadata).get("exercise") == exercise or (
        nbgrader.get("grade_id") == exercise and nbgrader.get("solution") is True
    ):
        return "metadata"
    if exercise in _MARKER.findall(source):
        return "marker"
    return "name" if defined else None


def _course(metadata: Any) -> dict[str, Any]:
    return _dict(_dict(metadata).get("gptcourse"))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _parse(source: str) -> tuple[ast.Module | None, str | None]:
    try:
        return parse(source), None
    except SyntaxError as error:
        return None, f"line {error.lineno}: {error.msg}" if error.lineno else error.msg
