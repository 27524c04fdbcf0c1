"""What a thread grades at: a sandbox of its own, the answer keys, and a second try."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from autograder.grade import grade_submission
from autograder.provenance import Provenance
from autograder.record import Record
from autograder.sandbox import (
    SANDBOX_ENDED,
    Died,
    Finished,
    Job,
    Kind,
    Limits,
    Sandbox,
    SandboxError,
    open_sandbox,
)
from gptcourse.key import AnswerKey

__all__ = ["Graded", "Setting", "Stopped", "Workbench"]

TRIES = 2
WAITS = (1.0, 4.0)  # seconds before a sandbox that did not open is tried again


@dataclass(frozen=True)
class Setting:
    """What whoever grades a notebook has to know beside the notebook.

    Attributes:
        seed: the secret. It is left out of the repr, which may end up in a log.
        made_with: what a grade has to be made with; a machine that differs must not grade.
    """

    seed: str = field(repr=False)
    sandbox: Kind
    limits: Limits
    made_with: Provenance


@dataclass(frozen=True)
class Graded:
    """A record, and which bytes it is about.

    Attributes:
        file: hash of the bytes, or why they cannot be read.
    """

    name: str
    path: Path
    file: str
    record: Record


class Stopped(BaseException):
    """The run was interrupted: no more of this submission is graded, and it gets no record."""


class Workbench:
    """Grades one submission after the other. It belongs to the thread that uses it.

    Args:
        keys: exercise id -> hidden answer key; threads may share them.
        stop: when it is set, the submission under way is given up after its current call.
    """

    def __init__(
        self,
        keys: Mapping[str, AnswerKey],
        sandbox: Kind,
        limits: Limits,
        stop: threading.Event | None = None,
    ) -> None:
        self.keys = keys
        self.kind = sandbox
        self.limits = limits
        self.stop = stop or threading.Event()
        self._sandbox: _Stoppable | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def grade(self, name: str, path: Path) -> Record:
        """Grade a notebook; if something of ours broke, try once more, and then say so.

        Raises:
            SandboxError: no sandbox could be had for it: another thread or machine may have one.
            Stopped: the run was interrupted.
        """
        problem = ""
        for _ in range(TRIES):
            sandbox = self._open()
            try:
                return grade_submission(path, name, self.keys, sandbox)  # type: ignore[arg-type]
            except SandboxError as error:
                problem = str(error)
                self.close()
            except Exception as error:  # a bug of ours costs this submission, not the class
                problem = f"{type(error).__name__}: {error}"
        return Record(name, "grader failed", reason=problem)

    def close(self) -> None:
        """Kill what is in the sandbox. The next submission gets a new one."""
        if self._sandbox is not None:
            self._sandbox.sandbox.close()
            self._sandbox = None

    def _open(self) -> "_Stoppable":
        """Return the sandbox. Raises SandboxError after some tries with pauses between them."""
        for wait in (*WAITS, None):
            if self._sandbox is not None:
                break
            try:
                sandbox = open_sandbox(self.kind, self.limits)
                self._sandbox = _Stoppable(sandbox.__enter__(), self.stop)
            except (SandboxError, OSError) as error:
                if wait is None:
                    raise SandboxError(str(error)) from error
                if self.stop.wait(wait):
                    raise Stopped from error
        assert self._sandbox is not None
        return self._sandbox


@dataclass(frozen=True)
class _Stoppable:
    """A sandbox that takes no more jobs once the run is interrupted."""

    sandbox: Sandbox
    stop: threading.Event

    def run(self, job: Job) -> Finished | Died:
        if self.stop.is_set():
            raise Stopped
        reply = self.sandbox.run(job)
        if isinstance(reply, Died) and reply.detail == SANDBOX_ENDED:
            # Somebody killed it, such as a kernel that is short of memory. Learners' code cannot
            # signal it, so this may well not be their fault: once more, in a new one.
            reply = self.sandbox.run(job)
        if self.stop.is_set():
            raise Stopped
        return reply
