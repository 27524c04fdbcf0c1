"""What grading an assignment again would change: the gradebook is read, and nothing is written."""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, SubmittedNotebook
from nbgrader.apps.baseapp import NbGrader
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from autograder.nbgrader.expected import check_id, exercise_of, exercises_of, expected_cells
from autograder.nbgrader.grader import CourseGrader, submission_name

__all__ = ["Change", "NoGradebookError", "changes"]

Scores = dict[str, float | None]


class NoGradebookError(Exception):
    """There is no gradebook, or not this assignment in it; the message says what to do."""


@dataclass(frozen=True)
class Change:
    """A submission, as it stands in the gradebook and as it would.

    Attributes:
        old: grade cell -> the grader's score; None: it has none.
        new: the same after grading again.
        by_hand: scores that an instructor has set. They stay, whatever the grader says.
        extra: points beside, which stay too.
    """

    student: str
    notebook: str
    old: Scores
    new: Scores
    by_hand: Scores
    extra: float

    @property
    def changed(self) -> bool:
        """Whether the grader's scores would be others."""
        return self.old != self.new

    def cells(self) -> tuple[str, str, str, str, str]:
        """Return the row as text."""
        names = [name for name in self.new if self.old.get(name) != self.new[name]]
        what = [
            f"{name.removesuffix('-check')} {_number(self.old.get(name))} → "
            f"{_number(self.new[name])}"
            + (f" (by hand {_number(self.by_hand[name])} stays)" if name in self.by_hand else "")
            for name in names
        ]
        totals = (self._total(self.old), self._total(self.new))
        return self.student, self.notebook, *totals, ", ".join(what)

    def _total(self, scores: Scores) -> str:
        counted = [*(scores | self.by_hand).values()]
        if None in counted:
            return "not graded"
        return _number(sum(score or 0.0 for score in counted) + self.extra)


def changes(folder: Path, assignment: str, students: Collection[str] = ()) -> Iterator[Change]:
    """Yield each submission of an assignment, graded anew.

    Raises NoGradebookError, or GraderFailedError if there is no sandbox.
    """
    previous = os.getcwd()
    os.chdir(folder)  # nbgrader reads its configuration here
    try:
        app = NbGrader()
        app.initialize([])
    finally:
        os.chdir(previous)
    courses = app.coursedir
    _must_be_there(courses.db_url)
    grader = CourseGrader(parent=app)
    with Gradebook(courses.db_url, courses.course_id) as gradebook:
        try:
            submissions = gradebook.find_assignment(assignment).submissions
        except MissingEntry:
            raise NoGradebookError(f"The gradebook has no assignment {assignment}.") from None
        for submission in sorted(submissions, key=lambda each: str(each.student.id)):
            student = submission.student.id
            if students and student not in students:
                continue
            place = Path(courses.format_path(courses.submitted_directory, student, assignment))
            for saved in submission.notebooks:
                yield _change(grader, courses.db_url, student, assignment, saved, place)


def _change(
    grader: CourseGrader,
    db_url: str,
    student: str,
    assignment: str,
    saved: SubmittedNotebook,
    place: Path,
) -> Change:
    notebook = saved.name
    asked = exercises_of(expected_cells(db_url, assignment, notebook))
    name = submission_name(student, assignment, notebook)
    record = grader.grade(place / f"{notebook}.ipynb", name, asked)
    shares = {
        check_id(report.exercise): report.earned / report.points if report.points else 0.0
        for report in record.reports
    }
    ours = [grade for grade in saved.grades if exercise_of(grade.name)]
    return Change(
        student=student,
        notebook=notebook,
        old={grade.name: grade.auto_score for grade in ours},
        new={
            grade.name: shares[grade.name] * grade.max_score if grade.name in shares else None
            for grade in ours
        },
        by_hand={g.name: g.manual_score for g in saved.grades if g.manual_score is not None},
        extra=sum(grade.extra_credit or 0.0 for grade in saved.grades),
    )


def _must_be_there(url: str) -> None:
    """See that there is a gradebook: nbgrader would make an empty one by looking for it."""
    try:
        if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
            raise NoGradebookError("There is no gradebook here. Go into the course's folder.")
        if "assignment" not in inspect(create_engine(url)).get_table_names():
            raise NoGradebookError("The gradebook is empty. Run `nbgrader generate_assignment`.")
    except SQLAlchemyError as error:
        raise NoGradebookError(f"The gradebook cannot be read: {error}") from error


def _number(score: float | None) -> str:
    return "–" if score is None else f"{score:g}"
