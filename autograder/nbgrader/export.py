"""`nbgrader export`: a table that a spreadsheet does not run, with a status for every student.

The columns of nbgrader's own exporter keep their names; `status` and `note` come beside them:

- graded: every cell has a score.
- needs review: so, but an instructor changed a score before the last grading.
- needs manual grade: a cell waits for an instructor. `score` is empty until then.
- unreadable: what was handed in could not be read. `score` is empty, and no zero.
- not graded: something was handed in, and `nbgrader autograde` has not been through it.
- not handed in: nothing there. `score` is empty: what that is worth is yours to say.
"""

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin

from autograder.nbgrader.grader import record_path, submission_name
from autograder.record import Record
from autograder.report.table import safe_cell
from autograder.saved import read_saved

__all__ = ["COLUMNS", "SafeCsvExporter"]

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "status", "raw_score", "late_submission_penalty", "score", "max_score", "note",
)  # fmt: skip


@dataclass(frozen=True)
class _State:
    status: str
    note: str = ""


class SafeCsvExporter(ExportPlugin):
    """Named by `c.ExportApp.plugin_class`."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the table to `--to`, by default grades.csv."""
        path = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", path)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with beside.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, COLUMNS, quoting=csv.QUOTE_ALL, lineterminator="\n")
                writer.writeheader()
                for row in self._rows(gradebook):
                    writer.writerow({name: _cell(row.get(name)) for name in COLUMNS})
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)

    def _rows(self, gradebook: Gradebook) -> Iterator[dict[str, Any]]:
        students = {str(item) for item in self.student}
        courses = self._courses()
        for assignment in gradebook.assignments:
            if self.assignment and assignment.name not in map(str, self.assignment):
                continue
            about = {
                "assignment": assignment.name,
                "duedate": assignment.duedate,
                "max_score": assignment.max_score,
            }
            known = {student.id: student for student in gradebook.students}
            handed_in = _handed_in(courses, assignment.name)
            for name in sorted({*known, *handed_in}):
                if students and name not in students:
                    continue
                who = known.get(name)
                row = about | {
                    "student_id": name,
                    "last_name": who and who.last_name,
                    "first_name": who and who.first_name,
                    "email": who and who.email,
                }
                try:
                    submission = gradebook.find_submission(assignment.name, name)
                except MissingEntry:
                    state = _absent(assignment.name, handed_in.get(name))
                    yield row | {"status": state.status, "note": state.note}
                else:
                    yield row | self._scores(submission, Path(courses.root))

    def _courses(self) -> CourseDirectory:
        assert self.parent is not None
        courses: CourseDirectory = self.parent.coursedir
        return courses

    def _scores(self, submission: SubmittedAssignment, root: Path) -> dict[str, Any]:
        state = _state(submission, root)
        row = {"timestamp": submission.timestamp, "status": state.status, "note": state.note}
        if state.status not in ("graded", "needs review"):
            return row
        penalty = submission.late_submission_penalty or 0.0
        return row | {
            "raw_score": submission.score,
            "late_submission_penalty": penalty,
            "score": max(0.0, submission.score - penalty),
        }


def _state(submission: SubmittedAssignment, root: Path) -> _State:
    """Return what the gradebook and the records say of a submission."""
    assignment, student = submission.assignment.name, submission.student.id
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    names = [
        submission_name(student, assignment, notebook.name) for notebook in submission.notebooks
    ]
    records = [_record(root, assignment, name) for name in names]
    notes = [note for record in records if record for note in (record.reason, *record.failures)]
    note = "; ".join(filter(None, notes))
    if any(grade.auto_score is None and grade.manual_score is None for grade in grades):
        if any(record is not None and record.status == "unreadable" for record in records):
            return _State("unreadable", note)
        if None in records:
            again = f"Run `nbgrader autograde {assignment} --student={student!r} --force`."
            return _State("not graded", again)
        return _State("needs manual grade", note)
    if any(grade.needs_manual_grade for grade in grades):
        return _State("needs review", note)
    return _State("graded", note)


def _record(root: Path, assignment: str, name: str) -> Record | None:
    try:
        return read_saved(record_path(root, assignment, name)).record
    except (OSError, ValueError):
        return None


def _handed_in(courses: CourseDirectory, assignment: str) -> dict[str, Path]:
    """Return the folders in which something of this assignment lies, by student."""
    everyone = Path(courses.format_path(courses.submitted_directory, "*", assignment))
    folder = everyone.parent.parent  # submitted/STUDENT/ASSIGNMENT is nbgrader's default
    if not folder.is_dir():
        return {}
    return {
        path.name: path / assignment
        for path in folder.iterdir()
        if (path / assignment).is_dir() and not path.name.startswith(".")
    }


def _absent(assignment: str, folder: Path | None) -> _State:
    if folder is None:
        return _State("not handed in")
    notebooks = [path.name for path in folder.glob("*.ipynb")]
    what = "holds no notebook" if not notebooks else "has not been graded"
    return _State("not graded", f"{folder} {what}. Then: nbgrader autograde {assignment}.")


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else safe_cell(str(value))
