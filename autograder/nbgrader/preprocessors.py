"""The preprocessors that grade: in place of nbgrader's `Execute`, and behind `SaveAutoGrades`.

A submission that could not be read has no score: `auto_score` stays empty and the cell needs an
instructor. nbgrader's pages count an empty score as nothing yet and mark the submission "needs
manual grade"; a 0 would say that the answers were looked at. As soon as an instructor types a
score, or a readable file is graded, it is a submission like any other.
"""

from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from autograder.nbgrader.expected import check_id, exercise_of, exercises_of, expected_cells
from autograder.nbgrader.feedback import comment, output_html, overview
from autograder.nbgrader.grader import CourseGrader, submission_name
from autograder.nbgrader.rebuild import score_output
from autograder.record import Record

__all__ = ["GradeInSandbox", "SaveDiagnosis"]

Resources = dict[str, Any]


class GradeInSandbox(NbGraderPreprocessor):
    """Grades the submission as `autograder grade` does, and writes scores into the grade cells."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Give each grade cell its one output. No kernel is started."""
        known = resources["nbgrader"]
        assignment, notebook = known["assignment"], known["notebook"]
        name = submission_name(known["student"], assignment, notebook)
        courses = self.parent.parent.coursedir
        submitted = courses.format_path(courses.submitted_directory, known["student"], assignment)
        path = Path(submitted) / f"{notebook}.ipynb"
        expected = expected_cells(known["db_url"], assignment, notebook)
        grader = CourseGrader(parent=self)
        record = grader.grade(path, name, exercises_of(expected))
        grader.save(Path(courses.root), assignment, path, record)
        self._log(record)
        reports = {check_id(report.exercise): report for report in record.reports}
        for cell in nb.cells:
            if is_grade(cell) and not is_solution(cell) and cell.cell_type == "code":
                report = reports.get(cell.metadata.nbgrader.grade_id)
                points = float(cell.metadata.nbgrader.points)
                share = report.earned / report.points if report and report.points else 0.0
                html = output_html(report) if report else ""
                cell.outputs = [score_output(min(max(share, 0.0), 1.0) * points, html)]
                cell.execution_count = 1
        nb.cells.insert(0, new_markdown_cell(overview(record), id="overview"))
        resources["gptcourse"] = record
        return nb, resources

    def _log(self, record: Record) -> None:
        earned = "" if record.earned is None else f", {record.earned} of {record.points} points"
        self.log.info("%s: %s%s", record.name, record.status, earned)
        for line in (record.reason, *record.repairs, *record.failures):
            if line:
                self.log.warning("%s: %s", record.name, line)


class SaveDiagnosis(NbGraderPreprocessor):
    """Saves what was found as comments, and takes back scores of what could not be graded."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Write into the gradebook. `SaveAutoGrades` has set scores, and has reset comments."""
        known = resources["nbgrader"]
        record: Record = resources["gptcourse"]
        place = (known["notebook"], known["assignment"], known["student"])
        reports = {report.exercise: report for report in record.reports}
        with Gradebook(known["db_url"]) as gradebook:
            submission = gradebook.find_submission_notebook(*place)
            for saved in submission.comments:
                if saved.name in reports:
                    saved.auto_comment = comment(reports[saved.name]) or None
                elif record.status != "graded":
                    saved.auto_comment = overview(record)
            for grade in submission.grades:
                exercise = exercise_of(grade.name)
                if exercise not in reports and (exercise or _automatic(nb, grade.name)):
                    grade.auto_score = None
                    grade.needs_manual_grade = True
            gradebook.db.commit()
        return nb, resources


def _automatic(nb: NotebookNode, name: str) -> bool:
    """Say whether a cell would be scored by running it: an instructor's own tests."""
    return any(
        is_grade(cell)
        and not is_solution(cell)
        and cell.cell_type == "code"
        and cell.metadata.nbgrader.grade_id == name
        for cell in nb.cells
    )
