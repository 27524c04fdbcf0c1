"""Small edits to notebooks, as students and their tools make them."""

import copy
import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from autograder.exercise import Exercise
from autograder.hidden_tests import chapters
from autograder.notebooks import ROOT, notebook_text

Notebook = dict[str, Any]
CHAPTERS = list(chapters())


@cache
def _text(chapter: str, solved: bool) -> str:
    return notebook_text(ROOT / "book" / f"{chapter}.md", solved=solved)


def stub(chapter: str) -> Notebook:
    """Return the notebook as it is handed out."""
    notebook: Notebook = json.loads(_text(chapter, False))
    return notebook


def solved(chapter: str) -> Notebook:
    """Return the notebook with every exercise right."""
    notebook: Notebook = json.loads(_text(chapter, True))
    return notebook


def exercises(chapter: str) -> list[Exercise]:
    return chapters()[chapter]


def exercise_cell(notebook: Notebook, exercise_id: str) -> dict[str, Any]:
    """Return the cell that a learner fills in."""
    return next(
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("gptcourse", {}).get("exercise") == exercise_id
    )


def with_answer(notebook: Notebook, exercise_id: str, source: str) -> Notebook:
    """Return the notebook with another answer in the exercise's cell."""
    notebook = copy.deepcopy(notebook)
    exercise_cell(notebook, exercise_id)["source"] = source
    return notebook


def with_cell(notebook: Notebook, source: str, at: int = 3) -> Notebook:
    """Return the notebook with another code cell."""
    notebook = copy.deepcopy(notebook)
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
    notebook["cells"].insert(at, cell)
    return notebook


def changed(notebook: Notebook, edit: Callable[[Notebook], None]) -> Notebook:
    """Return the notebook after an edit."""
    notebook = copy.deepcopy(notebook)
    edit(notebook)
    return notebook


def write(path: Path, notebook: Notebook) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def sources(notebook: Notebook) -> Iterable[str]:
    for cell in notebook["cells"]:
        yield "".join(cell["source"])
