"""Reads what a student handed in, in place of nbformat: hostile until it is rebuilt.

nbgrader converts a notebook twice: submitted/ -> autograded/ ("sanitizing") and then in place.
Only the first reads a file of the student's, and nbformat would follow a link, wait for a pipe,
read 100 MB, or raise, and then the student would have no row.
"""

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode

from autograder.nbgrader.expected import expected_cells
from autograder.nbgrader.grader import CourseGrader, GraderFailedError
from autograder.nbgrader.rebuild import rebuilt

__all__ = ["SubmissionExporter"]


class SubmissionExporter(NotebookExporter):
    """Named by `c.Autograde.exporter_class`."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **words: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Convert a notebook. A submission is rebuilt; what we wrote ourselves is read."""
        assert self.parent is not None
        if not self.parent._sanitizing:
            result: tuple[NotebookNode, dict[str, Any]] = super().from_filename(
                filename, resources=resources, **words
            )
            return result
        assert resources is not None
        try:
            CourseGrader(parent=self.parent).ready()
        except GraderFailedError as problem:
            # It is the same for every student. nbgrader catches every Exception and goes on.
            raise SystemExit(f"Nothing is graded: {problem}") from problem
        known = resources["nbgrader"]
        expected = expected_cells(known["db_url"], known["assignment"], known["notebook"])
        path = Path(filename)
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        node = rebuilt(path, expected)
        converted: tuple[NotebookNode, dict[str, Any]] = self.from_notebook_node(
            node, resources=resources, **words
        )
        return converted
