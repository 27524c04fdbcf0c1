"""Writes what a class's records look like, and reads the records again.

A submission on which the grader failed has no file in records/, so that the next run tries it
anew. What is known of it lies in failed/, and goes away with its grade: no report leaves it out.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from autograder.record import Record
from autograder.report.pages import class_page, feedback_file, feedback_page
from autograder.report.table import grades_csv
from autograder.saved import read_saved, submission_id, write_atomically

__all__ = ["read_records", "write_class", "write_feedback", "write_reports"]


def write_feedback(out: Path, record: Record) -> None:
    """Write the student's page. Call it as each record comes, so that a killed run has them."""
    write_atomically(out / "feedback" / feedback_file(record), feedback_page(record))
    failed = out / "failed" / f"{submission_id(record.name)}.json"
    if record.status == "grader failed":
        write_atomically(failed, json.dumps(record.to_json(), indent=1, ensure_ascii=False) + "\n")
    else:
        failed.unlink(missing_ok=True)


def write_class(out: Path, records: Sequence[Record]) -> None:
    """Write grades.csv and index.html, the report on the class."""
    records = sorted(records, key=lambda record: record.name)
    write_atomically(out / "grades.csv", grades_csv(records))
    write_atomically(out / "index.html", class_page(records))


def write_reports(out: Path, records: Sequence[Record]) -> None:
    """Write the class's files and every student's page."""
    for record in records:
        write_feedback(out, record)
    write_class(out, records)


def read_records(out: Path) -> tuple[list[Record], list[str]]:
    """Return what was graded into a folder, and a sentence for each file that cannot be read."""
    records: dict[str, Record] = {}
    problems = []
    for path in sorted((out / "records").glob("*.json")):
        try:
            record = read_saved(path).record
            records[record.name] = record
        except (OSError, ValueError) as error:
            problems.append(f"{path.name}: {error}")
    for path in sorted((out / "failed").glob("*.json")):
        try:
            record = Record.from_json(json.loads(path.read_text(encoding="utf-8")))
            records.setdefault(record.name, record)
        except (OSError, ValueError, KeyError, TypeError) as error:
            problems.append(f"{path.name}: {error!r}")
    return list(records.values()), problems
