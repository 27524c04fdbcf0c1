"""A worker that runs jobs one after the other, and is replaced whenever anything looks unusual."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import IO, Literal, Self

from . import bubblewrap, memory, process, scratch
from .conversation import Conversation, Running, ZygoteGone
from .launch import Launch
from .protocol import Died, Finished, Job, Limits, SandboxError

__all__ = ["Kind", "Sandbox", "open_sandbox"]

Kind = Literal["bubblewrap", "process"]

START_WITHIN = 60.0  # seconds; importing torch from a cold disk takes most of them
_SAID = 4_000
# A stream may hand over two messages as one. (macOS has streams only, and one message a process.)
_SOCKET = socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_STREAM


class Sandbox:
    """Runs jobs; a context manager.

    Use it from the thread that entered it, and let that thread live: the processes are killed
    when it ends, so that a grader that is killed leaves nothing behind.
    """

    def __init__(self, launch: Callable[[Limits], Launch], limits: Limits) -> None:
        self.limits = limits
        self.started = 0
        self._launch = launch
        self._running: Running | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch: str | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def run(self, job: Job) -> Finished | Died:
        """Run a job. Returns within the limit of seconds and what starting anew takes.

        Whatever the learner's code does, there is a result. Raises SandboxError if there is no
        sandbox to run it in.
        """
        for _ in range(2):
            conversation = Conversation(self._running or self._start(), job, self.limits)
            try:
                verdict = conversation.hold()
            except ZygoteGone:
                self.close()  # it ended while idle: that has nothing to do with this job
                continue
            except BaseException:
                self.close()
                raise
            if conversation.report is None or not conversation.report.clean:
                self.close()
            return verdict
        raise SandboxError("the sandbox ends as soon as it has started")

    def close(self) -> None:
        """Kill all that is in it. The next `run` starts a new one."""
        if self._running is not None:
            self._running.control.close()
            self._running = None
        if self._process is not None:
            _kill(self._process)
            self._process = None
        if self._scratch is not None:
            scratch.remove(self._scratch)
            self._scratch = None

    def _start(self) -> Running:
        launch = self._launch(self.limits)
        if not launch.own_files:
            self._scratch = launch.scratch
        ours, theirs = socket.socketpair(socket.AF_UNIX, _SOCKET)
        try:
            with theirs:
                self._process = subprocess.Popen(
                    launch.words,
                    env=launch.environment,
                    cwd="/",
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    start_new_session=True,
                )
            self._running = self._greet(ours, self._process, launch)
        except BaseException as error:
            ours.close()
            self.close()
            if isinstance(error, OSError):
                raise SandboxError(f"the sandbox cannot be started: {error}") from error
            raise
        self.started += 1
        return self._running

    def _greet(
        self, control: socket.socket, started: subprocess.Popen[bytes], launch: Launch
    ) -> Running:
        """Send the configuration and wait until torch is imported."""
        control.settimeout(START_WITHIN)
        try:
            control.sendall(json.dumps(launch.config()).encode())
            answer = json.loads(control.recv(65_536) or b"{}")
        except (OSError, ValueError) as error:
            answer = {"failed": f"{type(error).__name__}: {error}"}
        if answer.get("ready") is not True:
            started.kill()
            assert started.stderr is not None
            said = _rest(started.stderr)
            raise SandboxError(f"the sandbox did not start: {answer.get('failed', '')} {said}")
        control.settimeout(None)
        zygote = memory.descendants(started.pid)[-1] if sys.platform == "linux" else started.pid
        return Running(
            control=control,
            pid=started.pid,
            warm=launch.warm,
            held=memory.held(started.pid),
            mapped=memory.mapped(zygote),
        )


def open_sandbox(kind: Kind, limits: Limits | None = None) -> Sandbox:
    """Return a sandbox of this kind, not yet entered.

    Raises SandboxError, with what to do about it, if bubblewrap does not work here.
    """
    if kind == "bubblewrap":
        why = bubblewrap.why_unavailable()
        if why is not None:
            raise SandboxError(why)
        return Sandbox(bubblewrap.launch, limits or Limits())
    return Sandbox(process.launch, limits or Limits())


def _rest(stream: IO[bytes]) -> str:
    return stream.read(_SAID).decode(errors="replace").strip()


def _kill(started: subprocess.Popen[bytes]) -> None:
    """Kill it and its descendants. In a pid namespace the death of pid 1 is the death of all."""
    for pid in reversed(memory.descendants(started.pid)):
        with suppress(ProcessLookupError, PermissionError):
            # The list was read a moment ago and our own child is not reaped yet, so the numbers
            # under it still name these processes.
            os.kill(pid, signal.SIGKILL)
    started.wait()
    if started.stderr is not None:
        started.stderr.close()
