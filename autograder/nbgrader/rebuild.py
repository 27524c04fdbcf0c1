"""Makes of whatever a student handed in a clean notebook that nbgrader can take.

Nothing is copied but the text of cells: outputs, attachments and metadata are left out, and HTML
in prose is cleaned. Ids come from the gradebook and never from the student. Every grade cell is
there, once, locked, and holds 0.0 before anything else happens: nbgrader gives full marks to a
grade cell without an output.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)

from autograder.files import read_bytes, read_cells
from autograder.hidden_tests import CATALOGUE, find
from autograder.nbgrader.expected import Expected, check_id, exercises_of
from autograder.notebooks import stub_cell
from autograder.submission import Unreadable, read_submission
from gptcourse.notebook import find_exercises, source_of
from gptcourse.repairing import repair_cells

__all__ = ["rebuilt", "score_output"]

MAX_PROSE = 200_000  # characters of one cell
MAX_ALL_PROSE = 2_000_000
NOT_THERE = "# There is no such cell in the file that was handed in."

Cell = dict[str, Any]


def rebuilt(path: Path, expected: Sequence[Expected]) -> NotebookNode:
    """Return the clean notebook; of a file that cannot be read, one without answers."""
    try:
        read_submission(path)  # holds the limits, so that what follows is bounded
        cells, _ = repair_cells(
            read_cells(read_bytes(path)).content["cells"], [each.id for each in CATALOGUE]
        )
    except Unreadable:
        cells = []
    anchors = _anchors(cells, expected)
    made: list[NotebookNode] = []
    written: set[str] = set()
    checks = {cell.name: cell for cell in expected if cell.locked}
    prose = MAX_ALL_PROSE
    for index, cell in enumerate(cells):
        if _grade_id(cell) in checks and cell.get("cell_type") == "code":
            continue  # it is written anew, behind its answer
        known = anchors.get(index)
        text = _clean(cell, known, prose)
        prose -= len(text.source) if text.cell_type != "code" else 0
        made.append(text)
        if known:
            written.add(known.name)
            if check := checks.get(check_id(known.name)):
                made.append(_known(check, check.source))
                written.add(check.name)
    for each in expected:
        if each.name not in written:
            made.append(_known(each, each.source if each.locked or each.task else NOT_THERE))
    for number, cell in enumerate(made):
        cell["id"] = f"cell-{number}"
    return new_notebook(cells=made)


def score_output(score: float, html: str = "") -> NotebookNode:
    """Return the one output by which nbgrader reads a score, with the words that go with it."""
    data = {"text/plain": str(float(score))} | ({"text/html": html} if html else {})
    return new_output("execute_result", data=data, execution_count=1)


def _anchors(cells: list[Cell], expected: Sequence[Expected]) -> dict[int, Expected]:
    """Return which cells answer what: place in the notebook -> the cell the gradebook expects."""
    answers = {cell.name: cell for cell in expected if not cell.locked}
    anchors: dict[int, Expected] = {}
    ours = [exercise for exercise in exercises_of(list(expected)) if exercise in answers]
    last: dict[str, int] = {}
    for found in find_exercises(cells, ours):
        stub = stub_cell(find(found.exercise)).strip()
        untouched = source_of(cells[found.cell_index]).strip() == stub
        if found.exercise not in last or not untouched:
            last[found.exercise] = found.cell_index
    for exercise, index in last.items():
        # Two answers in one cell: the second gets a cell that says where to look.
        anchors.setdefault(index, answers[exercise])
    for index, cell in enumerate(cells):
        other = answers.get(_grade_id(cell))
        same = other and other.name not in ours and other.cell_type == cell.get("cell_type")
        if other and same and other not in anchors.values():
            anchors.setdefault(index, other)
    return anchors


def _grade_id(cell: Cell) -> str:
    value: Any = cell
    for key in ("metadata", "nbgrader", "grade_id"):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _clean(cell: Cell, known: Expected | None, room: int) -> NotebookNode:
    text = source_of(cell).encode("utf-8", "replace").decode()
    if known:
        return _known(known, text)
    if cell.get("cell_type") == "code":
        return new_code_cell(text)
    make = new_markdown_cell if cell.get("cell_type") == "markdown" else new_raw_cell
    return make(_prose(text[: min(MAX_PROSE, room)]))


def _known(cell: Expected, text: str) -> NotebookNode:
    metadata = {"nbgrader": cell.metadata()}
    if cell.cell_type != "code":
        return new_markdown_cell(
            text if cell.locked else _prose(text[:MAX_PROSE]), metadata=metadata
        )
    outputs = [score_output(0.0)] if cell.grade else []
    return new_code_cell(text, metadata=metadata, outputs=outputs)


def _prose(text: str) -> str:
    return str(SanitizeHTML().sanitize_html_tags(text))
