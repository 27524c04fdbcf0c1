"""Grades a class: many submissions, one sandbox a core, a record for each, resumable.

Layout of the output folder:
    records/ID.json     the record, written by rename: it is whole or not there
    feedback/ID.html    the page for the student
    grades.csv          a row a submission
    index.html          the same with links
"""

import contextlib
import hashlib
import json
import os
import queue
import re
import threading
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import torch

from autograder.answer_key import make_key
from autograder.grade import Record, grade_submission
from autograder.hidden_tests import CATALOGUE
from autograder.sandbox import Kind, Limits, Sandbox, SandboxError, open_sandbox
from gptcourse.key import AnswerKey

__all__ = ["Classroom", "submission_id", "write_atomically"]

_Queue = queue.SimpleQueue[tuple[str, Path]]


def submission_id(name: str) -> str:
    """Return a file name for a submission: readable, safe, and different for different names."""
    plain = unicodedata.normalize("NFKC", name)
    readable = re.sub(r"[^\w.-]+", "_", plain.removesuffix(".ipynb"), flags=re.ASCII).strip("._-")
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{readable[:60] or 'submission'}-{digest[:16]}"


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that it is either whole or as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    temporary.write_text(text, encoding="utf-8", errors="backslashreplace")
    os.replace(temporary, path)


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
        self.keys: Mapping[str, AnswerKey] = {e.id: make_key(e, seed) for e in CATALOGUE}
        packed = b"".join(key.pack() for key in self.keys.values())
        self.key_hash = hashlib.sha256(packed).hexdigest()

    def record_path(self, name: str) -> Path:
        """Return where the record of a submission lies."""
        return self.out / "records" / f"{submission_id(name)}.json"

    def grade(
        self, notebooks: Sequence[tuple[str, Path]], *, again: bool = False
    ) -> Iterator[tuple[Record, bool]]:
        """Grade submissions, given as (name, path), and yield (record, was graded before).

        A record of an earlier run is taken over if neither the file nor the keys have changed.
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
        try:
            saved = json.loads(self.record_path(name).read_text(encoding="utf-8"))
            if saved["key_hash"] != self.key_hash or saved["file"] != _fingerprint(path):
                return None
            return Record.from_json(saved["record"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _grade_one(self, name: str, path: Path, sandbox: Sandbox) -> Record:
        # Before it is read: a file that changes meanwhile is then graded anew by the next run.
        fingerprint = _fingerprint(path)
        record = self._attempt(name, path, sandbox, tries=2)
        if record.status != "grader failed":
            saved = {
                "key_hash": self.key_hash,
                "file": fingerprint,
                "record": record.to_json(),
            }
            text = json.dumps(saved, indent=1, ensure_ascii=False)
            write_atomically(self.record_path(name), text)
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


def _fingerprint(path: Path) -> str:
    """Return size and time of the file: enough to see that it is another one."""
    try:
        status = path.lstat()
    except OSError:
        return "gone"
    return f"{status.st_size}-{status.st_mtime_ns}"
