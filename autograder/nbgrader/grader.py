"""Grades one submission of an nbgrader course: one sandbox and one set of keys in a process.

nbgrader makes its preprocessors anew for every notebook. What is costly is kept here: a sandbox
for each thread (it dies with the thread that opened it), closed when the process ends.
"""

import atexit
import threading
from functools import cache
from pathlib import Path

import torch
from traitlets import Enum, Float, Unicode
from traitlets.config import LoggingConfigurable

from autograder.keys import Keys
from autograder.provenance import Provenance
from autograder.record import Record
from autograder.sandbox import Kind, Limits, SandboxError, open_sandbox
from autograder.saved import Saved, file_hash, submission_id, write_saved
from autograder.seed import read_seed
from autograder.workbench import Workbench

__all__ = ["CourseGrader", "GraderFailedError", "record_path", "submission_name"]

_here = threading.local()
_keys = cache(Keys)


class GraderFailedError(Exception):
    """The grader broke, and nothing is known about the submission: run it again."""


class CourseGrader(LoggingConfigurable):
    """How a course is graded: `c.CourseGrader` in nbgrader_config.py."""

    seed_file = Unicode("secret-seed", help="The secret from which hidden inputs are drawn.").tag(
        config=True
    )
    sandbox = Enum(
        ["bubblewrap", "process"],
        "bubblewrap",
        help="Where students' code runs. process: limits but no walls.",
    ).tag(config=True)
    seconds = Float(10.0, help="Time for each group of calls of an exercise.").tag(config=True)

    def ready(self) -> None:
        """See that there is a seed and a sandbox to be had.

        Raises GraderFailedError, with what to do, before anybody's work is touched.
        """
        self._bench()

    def grade(self, path: Path, name: str, exercises: frozenset[str]) -> Record:
        """Grade one notebook; write nothing.

        Args:
            path: the notebook.
            name: what to call it: see `submission_name`.
            exercises: ids of the exercises that the assignment asks for.

        Raises:
            GraderFailedError: twice in a row, and it is not the student's fault.
        """
        try:
            record = self._bench().grade(name, path)
        except SandboxError as error:
            raise GraderFailedError(str(error)) from error
        if record.status == "grader failed":
            raise GraderFailedError(record.reason)
        there = {report.exercise for report in record.reports}
        if record.status == "graded" and not there & exercises:
            reason = f"It is the notebook of {record.chapter}. Hand in the one of this assignment."
            return Record(name, "unreadable", sha256=record.sha256, reason=reason)
        return record

    def save(self, root: Path, assignment: str, path: Path, record: Record) -> None:
        """Write the record into the course's folder `records`."""
        limits = Limits(seconds=self.seconds)
        made_with = Provenance.here(self._seed(), self._kind, limits)
        saved = Saved(record, made_with, path, file_hash(path))
        write_saved(record_path(root, assignment, record.name), saved)

    @property
    def _kind(self) -> Kind:
        return "process" if self.sandbox == "process" else "bubblewrap"

    def _seed(self) -> str:
        try:
            return read_seed(Path(self.seed_file))
        except OSError as error:
            raise GraderFailedError(
                f"the secret seed cannot be read: {error}. "
                "Set c.CourseGrader.seed_file in nbgrader_config.py."
            ) from error
        except ValueError as error:
            raise GraderFailedError(str(error)) from error

    def _bench(self) -> Workbench:
        """Return this thread's sandbox and keys, made when first asked for."""
        wanted = (self._seed(), self._kind, self.seconds)
        if getattr(_here, "made_for", None) != wanted:
            if (earlier := getattr(_here, "bench", None)) is not None:
                earlier.close()
            limits = Limits(seconds=self.seconds)
            try:
                open_sandbox(self._kind, limits)  # it says at once what is missing
            except SandboxError as error:
                raise GraderFailedError(str(error)) from error
            torch.set_num_threads(1)  # tensors are small
            _here.bench, _here.made_for = Workbench(_keys(wanted[0]), self._kind, limits), wanted
            atexit.register(_here.bench.close)
        bench = _here.bench
        assert isinstance(bench, Workbench)
        return bench


def submission_name(student: str, assignment: str, notebook: str) -> str:
    """Return the name of a submission: its path below `submitted/`."""
    return f"{student}/{assignment}/{notebook}.ipynb"


def record_path(root: Path, assignment: str, name: str) -> Path:
    """Return where the record of a submission lies."""
    return root / "records" / assignment / f"{submission_id(name)}.json"
