"""Grades a class: many submissions, a record for each, resumable.

Layout of the output folder:
    records/ID.json     the record, written by rename: it is whole or not there
    feedback/ID.html    the page for the student
    grades.csv          a row a submission
    index.html          the same with links
    grading.lock        held by the run that is at work
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import torch

from autograder.crew import Crew
from autograder.keys import Keys
from autograder.output import OutputError, claim, explain
from autograder.provenance import Provenance
from autograder.record import Record
from autograder.sandbox import Kind, Limits
from autograder.saved import Saved, file_hash, read_saved, submission_id, write_saved
from autograder.workbench import Graded, Setting

__all__ = ["Classroom", "Graders", "in_shard"]

# Yields a result for each of the notebooks, (name, path), in any order.
Graders = Callable[[Sequence[tuple[str, Path]]], Iterator[Graded]]


class Classroom:
    """A run over many submissions.

    Args:
        out: the output folder.
        seed: the secret from which the hidden inputs are drawn.
        sandbox: "bubblewrap" or "process".
        workers: sandboxes at work at a time.
        limits: of each call of learners' code.
    """

    def __init__(
        self,
        out: Path,
        seed: str,
        sandbox: Kind = "bubblewrap",
        workers: int | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.out = out
        self.workers = workers or len(os.sched_getaffinity(0))
        torch.set_num_threads(1)  # tensors are small, and the cores belong to the sandboxes
        self.keys = Keys(seed)
        limits = limits or Limits()
        self.made_with = Provenance.here(seed, sandbox, limits)
        self.setting = Setting(seed, sandbox, limits, self.made_with)

    def record_path(self, name: str) -> Path:
        """Return where the record of a submission lies."""
        return self.out / "records" / f"{submission_id(name)}.json"

    def grade(
        self,
        notebooks: Sequence[tuple[str, Path]],
        *,
        again: bool = False,
        graders: Graders | None = None,
        shared: bool = False,
    ) -> Iterator[tuple[Record, bool]]:
        """Grade submissions, given as (name, path), and yield (record, was graded before).

        A record of an earlier run is taken over if neither the file nor what decides on its grade
        has changed. One that says "grader failed" is not kept, so the next run tries again.

        Args:
            notebooks: names and paths.
            again: grade anew what an earlier run has graded.
            graders: who grades; by default threads of this process.
            shared: other runs may write other submissions' records at the same time.

        Raises:
            OutputError: the output folder cannot be used, or not any more.
            SandboxError: there is no sandbox to be had. What was yielded before is saved.
        """
        graders = graders or Crew(self.setting, self.workers, self.keys).grade
        with claim(self.out, shared=shared):
            waiting = []
            for name, path in notebooks:
                record = None if again else self._earlier(name, path)
                if record:
                    yield record, True
                else:
                    waiting.append((name, path))
            if not waiting:
                return
            with closing(graders(waiting)) as results:  # type: ignore[type-var]
                for graded in results:
                    self._save(graded)
                    yield graded.record, False

    def _earlier(self, name: str, path: Path) -> Record | None:
        """Return the record of an earlier run, if it is about this file and made as ours are."""
        try:
            saved = read_saved(self.record_path(name))
        except (OSError, ValueError, RecursionError):
            return None
        if saved.record.name != name or saved.record.status == "grader failed":
            return None
        same = saved.made_with == self.made_with and saved.file == file_hash(path)
        return saved.record if same else None

    def _save(self, graded: Graded) -> None:
        """Write a record: here alone, so that there is one for each submission."""
        if graded.record.status == "grader failed":
            return
        saved = Saved(graded.record, self.made_with, graded.path, graded.file)
        try:
            write_saved(self.record_path(graded.name), saved)
        except OSError as error:
            raise OutputError(explain(error, self.out)) from error


def in_shard(name: str, number: int, count: int) -> bool:
    """Say whether a submission is in this one of so many shards: it always is in the same.

    >>> [in_shard("ada.ipynb", number, 3) for number in (1, 2, 3)].count(True)
    1
    """
    digest = sha256(name.encode("utf-8", "surrogateescape")).digest()
    return int.from_bytes(digest[:8], "big") % count == number - 1
