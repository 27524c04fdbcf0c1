"""The host's side of one job: send, receive, count, and stop it when it goes too far.

Nothing here waits without a deadline, and nothing that the child sends can raise out of it.
"""

import json
import math
import os
import secrets
import select
import signal
import socket
import time
from dataclasses import asdict, dataclass

from . import memory, waiting
from .protocol import (
    SANDBOX_ENDED,
    BadReply,
    Died,
    Finished,
    Job,
    Limits,
    Reason,
    SandboxError,
    decode,
    encode,
    unframe,
)

__all__ = ["Conversation", "Report", "Running", "ZygoteGone"]

WATCH_EVERY = 0.05  # seconds between two looks at the memory
LOCK_WITHIN = 60.0  # seconds for the zygote to fork and lock a child, on a machine that is busy
REPORT_WITHIN = 3.0  # seconds for the zygote to end a job
# Time in which the learner's code waited for a processor is not its own, up to this many times
# what it may have: a busy machine costs nobody points, and who makes it busy gains little.
AT_MOST = 5
_CHUNK = 2**18


class ZygoteGone(Exception):
    """The process on the other side has ended, and not because of this job."""


@dataclass(frozen=True)
class Running:
    """A sandbox that is up.

    Attributes:
        control: the socket to the zygote.
        pid: the outermost process; its descendants are watched.
        warm: the zygote forks for each job and reports; else it is itself the child.
        held: bytes of memory that it holds while it is idle.
        mapped: bytes of address space of the zygote.
    """

    control: socket.socket
    pid: int
    warm: bool
    held: int
    mapped: int


@dataclass(frozen=True)
class Report:
    """What the zygote says about the end of a job. None of it comes from the learner.

    Attributes:
        status: the child's wait status.
        clean: nothing is left in the sandbox; it can be used again.
        too_many_files: it was stopped for that.
    """

    status: int | None
    clean: bool
    too_many_files: bool


class Conversation:
    """One job, from the first byte to the report. Use it once, by `hold`.

    Attributes:
        report: how the job ended, or None if the zygote has not said so in time.
    """

    def __init__(self, sandbox: Running, job: Job, limits: Limits) -> None:
        self.sandbox = sandbox
        self.job = job
        self.limits = limits
        self.report: Report | None = None
        self._nonce = secrets.token_hex(8)
        self._outgoing = b""
        self._incoming = bytearray()
        self._printed = 0
        self._locked = self._defined = False
        self._began = self._deadline = math.inf
        self._waits: dict[int, float] = {}
        self._poll = select.poll()

    def hold(self) -> Finished | Died:
        """Do the job and stop it.

        Raises:
            SandboxError: the sandbox failed before any of the learner's code ran.
            ZygoteGone: it was not there to begin with.
        """
        request, self._request = os.pipe()
        self._reply, reply = os.pipe()
        self._output, output = os.pipe()
        ours = [self._request, self._reply, self._output]
        try:
            try:
                self._ask([request, reply, output])
            finally:
                for pipe in (request, reply, output):
                    os.close(pipe)
            for pipe in ours:
                os.set_blocking(pipe, False)
            for pipe in (self._reply, self._output):
                self._poll.register(pipe, select.POLLIN)
            if self.sandbox.warm:
                self._poll.register(self.sandbox.control, select.POLLIN)
            try:
                return self._exchange()
            finally:
                self._stop()
        finally:
            for pipe in ours:
                os.close(pipe)

    def _ask(self, pipes: list[int]) -> None:
        limits = {name: value for name, value in asdict(self.limits).items() if name != "seconds"}
        limits["address_space"] = self.sandbox.mapped + self.limits.memory_bytes
        line = json.dumps({"do": "job", "nonce": self._nonce, "limits": limits}).encode()
        try:
            socket.send_fds(self.sandbox.control, [line], pipes)
        except OSError as error:
            raise ZygoteGone from error

    def _exchange(self) -> Finished | Died:
        """Move bytes until there is a verdict."""
        most_memory = self.sandbox.held + self.limits.memory_bytes
        self._deadline = time.monotonic() + LOCK_WITHIN
        look = time.monotonic() + WATCH_EVERY
        verdict: Finished | Died | None = None
        while verdict is None:
            now = time.monotonic()
            if now >= self._deadline and not self._has_waited():
                allowed = self.limits.seconds if self._locked else LOCK_WITHIN
                return self._died("timed out", f"no answer in {allowed:g} s")
            if now >= look:
                if memory.held(self.sandbox.pid) > most_memory:
                    return self._died("out of memory", f"over {self.limits.memory_bytes} bytes")
                look = time.monotonic() + WATCH_EVERY
            ready = {
                fd for fd, _ in self._poll.poll(max(0.0, min(self._deadline, look) - now) * 1000)
            }
            if self._request in ready:
                self._send_more()
            if self._output in ready:
                verdict = self._count_output()
            if verdict is None and self._reply in ready:
                verdict = self._read_reply()
            if verdict is None and self.sandbox.control.fileno() in ready:
                verdict = self._read_end()
        return verdict

    def _has_waited(self) -> bool:
        """Move the deadline by what the code has waited for a processor; say whether it moved."""
        if not self._locked:
            return False
        extra = waiting.longest_since(self._waits, self.sandbox.pid)
        seconds = min(self.limits.seconds + extra, AT_MOST * self.limits.seconds)
        before, self._deadline = self._deadline, self._began + seconds
        return self._deadline > before + WATCH_EVERY

    def _died(self, reason: Reason, detail: str) -> Died:
        if not self._locked:
            raise SandboxError(f"the sandbox did not start the job: {reason} ({detail})")
        return Died(reason, detail)

    def _send(self, message: bytes) -> None:
        self._outgoing = message
        self._poll.register(self._request, select.POLLOUT)

    def _send_more(self) -> None:
        try:
            sent = os.write(self._request, self._outgoing[:_CHUNK])
            self._outgoing = self._outgoing[sent:]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._outgoing = b""  # it does not listen; its end will be reported
        if not self._outgoing:
            self._poll.unregister(self._request)

    def _count_output(self) -> Died | None:
        """Read what was printed and forget it: it may hold hidden inputs."""
        data = os.read(self._output, _CHUNK)
        if not data:
            self._poll.unregister(self._output)
        self._printed += len(data)
        if self._printed > self.limits.output_bytes:
            return self._died("too much output", f"over {self.limits.output_bytes} bytes")
        return None

    def _read_reply(self) -> Finished | Died | None:
        data = os.read(self._reply, _CHUNK)
        if not data:
            self._poll.unregister(self._reply)
            return None if self.sandbox.warm else self._died("exited", "it ended")
        self._incoming += data
        try:
            return self._next_step()
        except BadReply as error:
            return self._died("bad reply", str(error))

    def _next_step(self) -> Finished | None:
        """Answer the messages that are complete. Raises BadReply."""
        while (payload := unframe(self._incoming, self.limits.reply_bytes)) is not None:
            body = decode(payload, self._nonce)
            if not self._locked and body.get("locked") is True:
                self._locked = True
                self._began = time.monotonic()  # the learner's time
                self._deadline = self._began + self.limits.seconds
                self._waits = waiting.waits(self.sandbox.pid)
                self._send(encode({"chunks": list(self.job.chunks)}))
            elif self._locked and not self._defined and body.get("defined") is True:
                self._defined = True
                self._send(encode({"target": self.job.target, "cases": list(self.job.cases)}))
            elif self._defined:
                return Finished(_outcomes(body, len(self.job.cases)))
            else:
                raise BadReply("out of turn")
        return None

    def _read_end(self) -> Finished | Died:
        """The zygote reports: the child has ended. What it wrote before that still counts."""
        self.report = self._receive_report()
        if self.report is None:
            if not self._locked:
                raise ZygoteGone
            return Died("exited", SANDBOX_ENDED)
        try:
            while data := os.read(self._reply, _CHUNK):
                self._incoming += data
                if (finished := self._next_step()) is not None:
                    return finished
        except BadReply as error:
            return self._died("bad reply", str(error))
        return self._died(*_cause(self.report))

    def _receive_report(self) -> Report | None:
        try:
            data = self.sandbox.control.recv(_CHUNK)
            said = json.loads(data)
            return Report(said["status"], said["clean"], said["too_many_files"])
        except (OSError, ValueError, KeyError):
            return None

    def _stop(self) -> None:
        """End the job, whatever it is doing, and wait for the report."""
        if self.report is not None or not self.sandbox.warm:
            return
        stop = json.dumps({"do": "stop", "nonce": self._nonce}).encode()
        try:
            self.sandbox.control.sendall(stop)
        except OSError:
            return
        waiting = select.poll()
        waiting.register(self.sandbox.control, select.POLLIN)
        if waiting.poll(REPORT_WITHIN * 1000):
            self.report = self._receive_report()


def _outcomes(body: dict[str, object], count: int) -> list[dict[str, object]]:
    found = body.get("outcomes")
    if type(found) is not list or len(found) != count:
        raise BadReply(f"not a list of {count} outcomes")
    if any(type(outcome) is not dict for outcome in found):
        raise BadReply("an outcome is not a dict")
    return found


def _cause(report: Report) -> tuple[Reason, str]:
    if report.too_many_files:
        return "too much output", "too many files"
    if report.status is None:
        return "exited", "it ended without an answer"
    if os.WIFSIGNALED(report.status):
        number = os.WTERMSIG(report.status)
        if number == signal.SIGXCPU:
            return "timed out", "it used up its processor time"
        return "exited", f"ended by signal {number} ({signal.strsignal(number)})"
    return "exited", f"exit status {os.waitstatus_to_exitcode(report.status)} before an answer"
