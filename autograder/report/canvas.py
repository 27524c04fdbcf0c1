"""Grades for Canvas: its gradebook's export with one more column filled, to be imported again.

Source: `lib/gradebook_importer.rb`, `lib/gradebook_exporter.rb` and `lib/content_zipper.rb` of
instructure/canvas-lms. What decides here: a row is matched by its ID, and by other columns only
where there is none; a column with an unknown title becomes a new assignment, so there is no column
for the status, which goes to a file of its own; an empty cell would erase a grade that Canvas has,
so the cell of a student without a new grade is left as it was exported.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.record import Record
from autograder.report.course import chapter_title
from autograder.report.names import canvas_users
from autograder.report.roster import Matched, Roster, RosterError, match
from autograder.report.table import safe_cell

__all__ = ["Canvas", "canvas"]

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_POINTS = "Points Possible"


@dataclass(frozen=True)
class Canvas:
    """The two tables, what has gone where, and sentences of warning."""

    grades: str
    status: str
    matched: Matched
    warnings: list[str]


def canvas(
    records: Sequence[Record], roster: Roster, chapter: str, assignment: str | None = None
) -> Canvas:
    """Return the gradebook with the grades of one chapter.

    Args:
        records: of the chapter, and those that have none.
        roster: the gradebook as Canvas exports it.
        chapter: its stem.
        assignment: the column's title; by default the one that is named as the chapter is.
    """
    last = _identity(roster.head)
    place = _column(roster.head, last, chapter, assignment)
    title = roster.head[place] if place is not None else assignment or chapter_title(chapter)
    number = roster.head.index("ID")
    names = {row[number]: row[0] for row in roster.rows if row[number].isdigit()}
    matched = match(
        records, lambda record: _students(record, names), "no student has the ID in its name"
    )
    points = max((record.points or 0 for record in records), default=0)
    grades, status = _Table(), _Table()
    grades.add([*roster.head[: last + 1], title])
    status.add([*roster.head[: last + 1], "status", "points", "of", "submission"])
    warnings = []
    for row in roster.rows:
        identity = row[: last + 1]
        exported = row[place] if place is not None else ""
        if _POINTS in row[0]:
            grades.add([*identity, exported or str(points)])
            if exported and _as_number(exported) != points:
                warnings.append(
                    f"Canvas gives {exported} points for “{title}”, and the chapter has {points}: "
                    "set the assignment’s points in Canvas before you import"
                )
        elif not row[number].isdigit():
            if any(identity):  # the row that says "Manual Posting" has none
                warnings.append(f"a row without an ID is left out: {row[0]!r}")
        else:
            record = matched.by_student.get(row[number])
            earned = record.earned if record else None
            if earned is not None and exported.upper() == "EX":
                warnings.append(f"{row[0]} is excused in Canvas, and is left so")
                earned = None
            grades.add([*identity, exported if earned is None else str(earned)])
            status.add([*identity, *_status(record)])
    return Canvas(grades.text, status.text, matched, warnings)


def _identity(head: list[str]) -> int:
    """Return the place of the last column that says who a student is."""
    if "ID" not in head or "Section" not in head:
        raise RosterError(
            "this is no gradebook of Canvas: it has no columns “ID” and “Section”. In Canvas, open "
            "Grades, choose Export, and give that file"
        )
    return head.index("Section")


def _column(head: list[str], last: int, chapter: str, assignment: str | None) -> int | None:
    """Return the place of the assignment's column; Canvas puts its number behind the title."""
    wanted = {assignment} if assignment else {chapter, chapter_title(chapter)}
    places = [
        place
        for place, title in enumerate(head)
        if place > last and (title in wanted or re.sub(r" \(\d+\)$", "", title) in wanted)
    ]
    if len(places) > 1:
        titles = ", ".join(f"“{head[place]}”" for place in places)
        raise RosterError(f"several columns fit: {titles}. Choose one with --assignment")
    return places[0] if places else None


def _students(record: Record, names: dict[str, str]) -> list[str]:
    """Return the students whose submission this may be.

    A student's own name may hold what looks like an id. So where several fit, the name in front of
    the number has to be the student's, written as Canvas writes it into the file's name.
    """
    found = [(name, user) for name, user in canvas_users(record.name) if user in names]
    users = list(dict.fromkeys(user for _, user in found))
    if len(users) > 1:
        named = [user for name, user in found if name == _in_file_name(names[user])]
        users = list(dict.fromkeys(named)) or users
    return users


def _in_file_name(student: str) -> str:
    return re.sub(r"\W", "", student.lower())


def _status(record: Record | None) -> list[str]:
    if record is None:
        return ["no submission", "", "", ""]
    points = ["" if number is None else str(number) for number in (record.earned, record.points)]
    return [record.status, *points, record.name]


def _as_number(text: str) -> float | None:
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


class _Table:
    """Rows as CSV: everything quoted, numbers as they are, no formula."""

    def __init__(self) -> None:
        self._out = io.StringIO()
        self._writer = csv.writer(self._out, quoting=csv.QUOTE_ALL, lineterminator="\n")

    def add(self, row: Sequence[str]) -> None:
        self._writer.writerow(
            [cell if _NUMBER.fullmatch(cell) else safe_cell(cell) for cell in row]
        )

    @property
    def text(self) -> str:
        return self._out.getvalue()
