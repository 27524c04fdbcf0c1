"""Grades a class: many submissions, one sandbox a core, a record for each, resumable.

Layout of the output folder:
    records/ID.json     the record, written by rename: it is whole or not there
    feedback/ID.html    the page for the student
    grades.csv          a row a submission
    index.html          the same with links
"""

import contextlib
import os
import queue
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch

from autograder.grade import Record, grade_submission
from autograder.keys import Keys
from autograder.provenance import Provenance
from autograder.sandbox import Kind, Limits, Sandbox, SandboxError, open_sandbox
from autograder.saved import Saved, file_hash, read_saved, submission_id, write_saved

__all__ = ["Classroom"]

_Queue = queue.SimpleQueue[tuple[str, Path]]


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
        self.kind = sandbox
        self.workers = workers or len(os.sched_getaffinity(0))
        self.limits = limits or Limits()
        torch.set_num_threads(1)  # tensors are small, and the cores belong to the sandboxes
        self.keys = Keys(seed)
        self.made_with = Provenance.here(seed, self.kind, self.limits)

    def record_path(self, name: str) -> Path:
        """Return where the record of a submission lies."""
        return self.out / "records" / f"{submission_id(name)}.json"

    def grade(
        self, notebooks: Sequence[tuple[str, Path]], *, again: bool = False
    ) -> Iterator[tuple[Record, bool]]:
        """Grade submissions, given as (name, path), and yield (record, was graded before).

        A record of an earlier run is taken over if neither the file nor what decides on its grade
        has changed.
        Raises SandboxError before anything is graded if there is no sandbox to be had.
        """
        waiting = []
        for name, path in notebooks:
            record = None if again else self._earlier(name, path)
            if record:
                yield record, True
            else:
                waiting.append((name, path))
        if not waiting:
            return
        todo: _Queue = queue.SimpleQueue()
        done: queue.SimpleQueue[Record | BaseException] = queue.SimpleQueue()
        for item in waiting:
            todo.put(item)
        count = min(self.workers, len(waiting))
        threads = [threading.Thread(target=self._work, args=(todo, done)) for _ in range(count)]
        for thread in threads:
            thread.start()
        try:
            for _ in waiting:
                result = done.get()
                if isinstance(result, BaseException):
                    raise result
                yield result, False
        finally:
            # An interrupted run waits for what is under way, and starts nothing more.
            with contextlib.suppress(queue.Empty):
                while True:
                    todo.get_nowait()
            for thread in threads:
                thread.join()

    def _work(self, todo: _Queue, done: queue.SimpleQueue[Record | BaseException]) -> None:
        """Grade until there is nothing left. A sandbox belongs to the thread that opened it."""
        try:
            with open_sandbox(self.kind, self.limits) as sandbox, contextlib.suppress(queue.Empty):
                while True:
                    name, path = todo.get_nowait()
                    done.put(self._grade_one(name, path, sandbox))
        except BaseException as error:
            done.put(error)

    def _earlier(self, name: str, path: Path) -> Record | None:
        """Return the record of an earlier run, if it is about this file and made as ours are."""
        try:
            saved = read_saved(self.record_path(name))
        except (OSError, ValueError):
            return None
        same = saved.made_with == self.made_with and saved.file == file_hash(path)
        return saved.record if same and saved.record.name == name else None

    def _grade_one(self, name: str, path: Path, sandbox: Sandbox) -> Record:
        # Before it is read: a file that changes meanwhile is then graded anew by the next run.
        file = file_hash(path)
        record = self._attempt(name, path, sandbox, tries=2)
        if record.status != "grader failed":
            write_saved(self.record_path(name), Saved(record, self.made_with, path, file))
        return record

    def _attempt(self, name: str, path: Path, sandbox: Sandbox, tries: int) -> Record:
        """Grade; if the sandbox broke, try again, and after that say so."""
        problem = ""
        for _ in range(tries):
            try:
                return grade_submission(path, name, self.keys, sandbox)
            except SandboxError as error:
                problem = str(error)
            except Exception as error:  # a bug of ours costs this submission, not the class
                problem = f"{type(error).__name__}: {error}"
        return Record(name, "grader failed", reason=problem)
