"""Writes a class's pages and table."""

from collections.abc import Sequence
from pathlib import Path

from autograder.grade import Record
from autograder.report.pages import class_page, feedback_page
from autograder.report.table import grades_csv
from autograder.saved import submission_id, write_atomically

__all__ = ["write_reports"]


def write_reports(out: Path, records: Sequence[Record]) -> None:
    """Write grades.csv, index.html and a feedback page for each record."""
    records = sorted(records, key=lambda record: record.name)
    rows = [(record, f"{submission_id(record.name)}.html") for record in records]
    for record, file in rows:
        write_atomically(out / "feedback" / file, feedback_page(record))
    write_atomically(out / "grades.csv", grades_csv(records))
    write_atomically(out / "index.html", class_page(rows))
