"""Grades for Moodle: its grading worksheet with grades and comments, to be uploaded again.

Source: `mod/assign/feedback/offline/importgradeslib.php`, `locallib.php` beside it, and
`mod/assign/gradingtable.php` of moodle/moodle. What decides here: a row is found by the number in
"Identifier"; "Grade", "Last modified (grade)" and the feedback columns are read, and all others are
not, so there is a column for the status; a row without a grade is skipped, and a comment that has
changed is taken over. Headings are in the language of the site: ours are the English ones.
"""

import csv
import html
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.record import Record
from autograder.report.mistakes import UNTRIED
from autograder.report.names import moodle_participant
from autograder.report.roster import Matched, Roster, RosterError, match
from autograder.report.table import is_formula, safe_cell

__all__ = ["Moodle", "moodle"]

_NEEDED = ("Identifier", "Grade", "Last modified (grade)")
_COMMENTS = "Feedback comments"
_PLAIN = re.compile(r"-|-?\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Moodle:
    """The worksheet, what has gone where, and sentences of warning."""

    grades: str
    matched: Matched
    warnings: list[str]


def moodle(records: Sequence[Record], roster: Roster) -> Moodle:
    """Return the worksheet with the grades of one chapter.

    Args:
        records: of the chapter, and those that have none.
        roster: the worksheet as Moodle makes it.
    """
    place = {name: roster.head.index(name) for name in _NEEDED if name in roster.head}
    if missing := [name for name in _NEEDED if name not in place]:
        raise RosterError(
            f"this is no grading worksheet of Moodle: it has no column {', '.join(missing)}. In "
            "the assignment’s settings, switch on “Offline grading worksheet”; set Moodle’s "
            "language to English, choose “Download grading worksheet”, and give that file"
        )
    numbers = [_number(row[place["Identifier"]]) for row in roster.rows]
    known = {number for number in numbers if number}

    def students(record: Record) -> list[str]:
        found = moodle_participant(record.name)
        return [found[1]] if found and found[1] in known else []

    matched = match(records, students, "no row has the number in its name")
    warnings = [*_maximum(records, roster)]
    comments = roster.head.index(_COMMENTS) if _COMMENTS in roster.head else None
    if comments is None:
        warnings.append(f"the worksheet has no column “{_COMMENTS}”, so grades go alone")
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([*map(_kept, roster.head), "Autograder status"])
    for number, row in zip(numbers, roster.rows, strict=True):
        record = matched.by_student.get(number or "")
        cells = [*map(_kept, row), record.status if record else "no submission"]
        if record and record.earned is not None:
            cells[place["Grade"]] = str(record.earned)
        if record and comments is not None:
            cells[comments] = safe_cell(_comment(record))
        writer.writerow(cells)
    return Moodle(out.getvalue(), matched, warnings)


def _number(identifier: str) -> str | None:
    """Return the number of "Participant 12", in any language."""
    found = re.search(r"(\d{1,18})\s*$", identifier)
    return found[1] if found else None


def _maximum(records: Sequence[Record], roster: Roster) -> list[str]:
    """Moodle skips a grade that is above the assignment's maximum."""
    points = max((record.points or 0 for record in records), default=0)
    if "Maximum Grade" not in roster.head:
        return []
    column = roster.head.index("Maximum Grade")
    given = {row[column] for row in roster.rows if _PLAIN.fullmatch(row[column])} - {"-"}
    return [
        f"the maximum grade in Moodle is {text}, and the chapter has {points} points: set the "
        "assignment’s maximum grade before you upload"
        for text in sorted(given)
        if float(text.replace(",", ".")) != points
    ]


def _kept(cell: str) -> str:
    """Leave a cell of the worksheet as it is, unless a spreadsheet would run it."""
    return f"'{cell}" if is_formula(cell) and not _PLAIN.fullmatch(cell) else cell


def _comment(record: Record) -> str:
    """Return the comment, in HTML, of our own words: none of the student's are in it."""
    if record.status == "unreadable":
        return "Not graded: the file could not be read. Please hand in the notebook again."
    if record.status == "grader failed":
        return "Not graded yet: the grader failed. This is not a zero."
    parts = [f"{record.earned} of {record.points} points."]
    for report in record.reports:
        word = "not attempted" if report.verdict in UNTRIED else report.verdict
        parts.append(f"{report.title}: {word}, {report.earned} of {report.points}.")
    return html.escape(" ".join(parts))
