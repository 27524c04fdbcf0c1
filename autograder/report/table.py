"""grades.csv: a row a submission, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable

from autograder.exercise import Exercise
from autograder.hidden_tests import CATALOGUE
from autograder.record import Record

__all__ = ["grades_csv", "is_formula", "safe_cell"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet may take a text for something to run."""
    return text.lstrip().startswith(_FORMULA) or text[:1] in _FORMULA


def safe_cell(text: str) -> str:
    """Return a text that a spreadsheet shows and does not run, on one line.

    >>> safe_cell("=1+1")
    "'=1+1"
    """
    flat = "".join(c if c.isprintable() else " " for c in text)
    return f"'{flat}" if is_formula(flat) or is_formula(text) else flat


def grades_csv(records: Iterable[Record]) -> str:
    """Return the table. Points of what was not graded are empty, never 0."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(
        ["submission", "chapter", "status", "points", "of", *map(_column, CATALOGUE), "note"]
    )
    for record in records:
        by_id = {report.exercise: report for report in record.reports}
        points = [by_id[e.id].earned if e.id in by_id else "" for e in CATALOGUE]
        note = record.reason or " ".join(record.repairs)
        earned, of = ("" if n is None else n for n in (record.earned, record.points))
        writer.writerow(
            [
                safe_cell(record.name),
                record.chapter,
                record.status,
                earned,
                of,
                *points,
                safe_cell(note),
            ]
        )
    return out.getvalue()


def _column(exercise: Exercise) -> str:
    return f"{exercise.id} (stretch)" if exercise.stretch else exercise.id
