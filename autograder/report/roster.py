"""A list of students as a learning platform exports it, and whose submission is whose.

Nothing is guessed: a submission that fits no student, or more than one, is said to be unmatched.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.record import Record
from autograder.report.table import safe_cell

__all__ = ["Matched", "Roster", "RosterError", "Unmatched", "match", "read_roster", "unmatched_csv"]

MAX_BYTES = 32 * 2**20


class RosterError(Exception):
    """The file is no such list; the message says what to do."""


@dataclass(frozen=True)
class Roster:
    """A table with a head. Every row has as many cells as the head."""

    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Unmatched:
    """A submission that gives no student a grade, and why."""

    record: Record
    why: str


@dataclass(frozen=True)
class Matched:
    """Student id -> the submission whose grade counts; and every submission that does not."""

    by_student: dict[str, Record] = field(default_factory=dict)
    others: list[Unmatched] = field(default_factory=list)


def read_roster(path: Path) -> Roster:
    """Read a CSV file as it was exported. Raises RosterError with what to do."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RosterError(f"{path} is larger than 32 MB: is it the right file?")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RosterError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise RosterError(f"{path} is not UTF-8: use the file as it was exported") from None
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise RosterError(f"{path} is not a CSV file: {error}") from None
    if not rows:
        raise RosterError(f"{path} is empty")
    width = len(rows[0])
    return Roster(rows[0], [(row + [""] * width)[:width] for row in rows[1:]])


def match(records: Sequence[Record], students: Callable[[Record], list[str]], why: str) -> Matched:
    """Give each student a submission.

    Where a student handed in several files, the one with the most points counts, and the others
    are listed: which was meant cannot be known from a file's name.

    Args:
        records: of one chapter, and what has no chapter because it could not be graded.
        students: returns the ids of the students of the roster that a submission may be of.
        why: what to say where there is none.
    """
    matched = Matched()
    for record in sorted(records, key=lambda record: record.name):
        found = students(record)
        if len(found) != 1:
            reason = why if not found else f"it may be of any of {', '.join(sorted(found))}"
            matched.others.append(Unmatched(record, reason))
            continue
        other = matched.by_student.setdefault(found[0], record)
        if other is not record:
            best, rest = sorted((other, record), key=_worth, reverse=True)
            matched.by_student[found[0]] = best
            matched.others.append(Unmatched(rest, f"the same student’s {best.name} counts"))
    return matched


def _worth(record: Record) -> tuple[bool, int]:
    return record.earned is not None, record.earned or 0


def unmatched_csv(others: Sequence[Unmatched]) -> str:
    """Return a table of the submissions that gave nobody a grade."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["submission", "chapter", "status", "points", "of", "why"])
    for other in others:
        record = other.record
        points = ["" if number is None else number for number in (record.earned, record.points)]
        writer.writerow(
            [safe_cell(record.name), record.chapter, record.status, *points, safe_cell(other.why)]
        )
    return out.getvalue()
