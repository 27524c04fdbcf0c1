"""`prepare_submission`: writes the notebook to hand in, and says what is missing in it."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gptcourse.card import Card, Item
from gptcourse.catalogue import chapters
from gptcourse.display import show
from gptcourse.editor import SUFFIX, OpenNotebook, open_notebook
from gptcourse.errors import CourseError
from gptcourse.inspection import Part, inspect_exercise, mend
from gptcourse.notebook import chapter_of, find_exercises, source_of

__all__ = ["MAX_BYTES", "Submission", "prepare_submission"]

MAX_BYTES = 10_000_000
_MAX_NOTES = 10


@dataclass(frozen=True)
class Submission:
    """What was written. It is true when every exercise of the chapter is ready.

    Attributes:
        path: of the file to hand in.
        chapter: its stem.
        parts: one for each exercise.
        notes: what is odd about the notebook.
    """

    path: Path
    chapter: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return all(part.ready for part in self.parts)

    def _ipython_display_(self) -> None:
        """Show nothing: the card was shown."""


def prepare_submission(path: str | Path | None = None) -> Submission:
    """Write the notebook to hand in, next to yours, and say what is missing or unsaved.

    Yours is never changed. Outputs are left out of what is handed in.

    Args:
        path: your notebook; by default the one that this runs in.

    Raises:
        CourseError: there is no such notebook, it holds no exercise, or it is too large.
    """
    namespace = sys._getframe(1).f_globals
    notebook = open_notebook(path, namespace)
    chapter = _chapter(notebook)
    exercises = [key.exercise for key in chapters()[chapter]]
    mended = mend(notebook.content["cells"], exercises)
    parts = tuple(
        inspect_exercise(exercise, mended, namespace, notebook.live) for exercise in exercises
    )
    notes = tuple(f"{repair.text} {repair.advice}" for repair in mended.repairs)
    submission = Submission(_write(notebook, chapter), chapter, parts, (*notebook.repairs, *notes))
    card = _card(submission)
    show(card.html(), card.plain())
    return submission


def _chapter(notebook: OpenNotebook) -> str:
    """Return the notebook's chapter, or, where its metadata is lost, that of most exercises."""
    course = chapters()
    named = chapter_of(notebook.content)
    if named in course:
        return named
    here = {found.exercise for found in find_exercises(notebook.content["cells"])}
    count = {name: sum(key.exercise in here for key in keys) for name, keys in course.items()}
    best = max(count, key=lambda name: count[name])
    if not count[best]:
        raise CourseError(f"{notebook.path.name} holds no exercise of the course.")
    return best


def _write(notebook: OpenNotebook, chapter: str) -> Path:
    cells = [_cleared(cell) for cell in notebook.content["cells"]]
    metadata = notebook.content.get("metadata")
    if isinstance(metadata, dict):
        metadata = {name: value for name, value in metadata.items() if name != "widgets"}
    content = notebook.content | {"cells": cells, "metadata": metadata}
    data = (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")
    if len(data) > MAX_BYTES:
        largest = max(range(len(cells)), key=lambda i: len(json.dumps(cells[i])))
        raise CourseError(
            f"{notebook.path.name} is too large to hand in: {len(data) / 1e6:.0f} MB without its "
            f"outputs, and {MAX_BYTES / 1e6:.0f} MB are allowed. The largest cell is number "
            f"{largest + 1} from the top, which begins {source_of(cells[largest])[:40]!r}."
        )
    path = notebook.path.with_name(chapter + SUFFIX)
    if path == notebook.path:
        raise CourseError(f"{path.name} is a submission already. Pass the notebook you work in.")
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(data)
        os.replace(beside, path)
    except OSError as error:
        raise CourseError(
            f"{path} cannot be written: {error.strerror}. Copy your notebook to a folder where "
            "you may write, and pass its path."
        ) from error
    return path


def _cleared(cell: Any) -> Any:
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return cell
    return cell | {"outputs": [], "execution_count": None}


def _card(submission: Submission) -> Card:
    parts = submission.parts
    ready = sum(part.ready for part in parts)
    earned = sum(part.result.earned for part in parts if part.result is not None)
    points = sum(key.points for key in chapters()[submission.chapter])
    return Card(
        title=f"Submission of {submission.chapter}",
        status=f"{ready} of {len(parts)} exercises ready",
        tone="good" if submission else "bad",
        items=tuple(
            Item(_mark(part), f"`{part.exercise}`", "; ".join(part.notes)) for part in parts
        )
        + tuple(Item(None, "the notebook", note) for note in submission.notes[:_MAX_NOTES]),
        text=f"Written to {submission.path}. Hand in that file.",
        footer=(
            f"{earned} of {points} points in the public checks. The hidden tests use other inputs."
            if any(part.result is not None for part in parts)
            else "Nothing was checked, for nothing is defined in this kernel: run the cells first."
        ),
    )


def _mark(part: Part) -> bool | None:
    """Return True for ready, None for ready and not passed, False for not ready."""
    passed = part.result is None or bool(part.result)
    return True if part.ready and passed else None if part.ready else False
