"""What goes into a sandbox, what comes out of it, and how both are written on a pipe.

One job, in the order in which it happens:

    host -> zygote   "job", a nonce, the limits, three pipes (JSON, the pipes beside it)
    child -> host    {"nonce", "locked": True}      nothing of the learner's has run yet
    host -> child    {"chunks": [...]}
    child -> host    {"nonce", "defined": True}     the learner's definitions have run
    host -> child    {"target", "cases": [...]}     only now are the hidden inputs sent
    child -> host    {"nonce", "outcomes": [...]}
    host -> zygote   "stop"
    zygote -> host   "report": how the child ended, and whether it left anything

Everything from the child may be forged. A reply carries values and never a verdict.
"""

import struct
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict

from gptcourse import wire

__all__ = [
    "SANDBOX_ENDED",
    "BadReply",
    "CaseInput",
    "Chunk",
    "Died",
    "Finished",
    "Job",
    "Limits",
    "Reason",
    "SandboxError",
    "decode",
    "encode",
    "frame",
    "unframe",
]

Reason = Literal["timed out", "out of memory", "too much output", "exited", "bad reply"]

# What a `Died` says when the zygote went with the child: another sandbox may do better.
SANDBOX_ENDED = "the sandbox ended with it"

MAX_TENSORS = 2_000
MAX_HEADER = 8 * 2**20  # bytes of JSON; it costs some twenty times as much once parsed
_LENGTH = struct.Struct(">Q")


class SandboxError(Exception):
    """There is no sandbox to run in. It says nothing about the learner's code."""


class Chunk(TypedDict):
    """A piece of a notebook: the number of its cell, and its text."""

    cell: int
    source: str


class CaseInput(TypedDict):
    """One call of a probe: "module.function", its named inputs, the operators to watch for."""

    probe: str
    inputs: dict[str, Any]
    watch: NotRequired[list[str]]


@dataclass(frozen=True)
class Job:
    """One group of cases of one exercise.

    Attributes:
        chunks: the learner's definitions, executed in this order.
        target: the name that the learner was to define.
        cases: what is called, after the definitions have run.
    """

    chunks: tuple[Chunk, ...]
    target: str
    cases: tuple[CaseInput, ...]


@dataclass(frozen=True)
class Limits:
    """What one job may use.

    Attributes:
        seconds: wall time of the learner's code, from when it may run, without what it waited for
            a processor.
        cpu_seconds: processor time of each of its processes.
        memory_bytes: memory over what torch itself takes, all processes together.
        processes: processes and threads.
        file_bytes: size of one file, and of all files together.
        files: number of files.
        output_bytes: what the code may print.
        reply_bytes: size of one message back.
    """

    seconds: float = 10.0
    cpu_seconds: int = 20
    memory_bytes: int = 2 * 2**30
    processes: int = 32
    file_bytes: int = 64 * 2**20
    files: int = 4_096
    output_bytes: int = 8 * 2**20
    reply_bytes: int = 64 * 2**20


@dataclass(frozen=True)
class Finished:
    """The job came to its end: one outcome for each case (see `gptcourse.runner`)."""

    outcomes: list[dict[str, Any]]


@dataclass(frozen=True)
class Died:
    """The job gave no answer. `detail` is for the instructor; it holds nothing it printed."""

    reason: Reason
    detail: str


class BadReply(ValueError):
    """The bytes are no message of ours."""


def frame(payload: bytes) -> bytes:
    """Return the payload with its length, in 8 bytes, before it."""
    return _LENGTH.pack(len(payload)) + payload


def unframe(received: bytearray, most: int) -> bytes | None:
    """Cut one whole payload off the front of `received`; None while it is not complete.

    Raises BadReply if it says that it is longer than `most`.
    """
    if len(received) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack_from(received)
    if length > most:
        raise BadReply(f"a message of {length} bytes")
    if len(received) < _LENGTH.size + length:
        return None
    payload = bytes(memoryview(received)[_LENGTH.size : _LENGTH.size + length])
    del received[: _LENGTH.size + length]
    return payload


def encode(message: dict[str, Any]) -> bytes:
    """Return a message as a frame."""
    return frame(wire.pack(message))


def decode(payload: bytes, nonce: str) -> dict[str, Any]:
    """Read a message from the child. Raises BadReply, and nothing else, on whatever comes."""
    if int.from_bytes(payload[:8], "little") > MAX_HEADER:
        raise BadReply("its header is too long")
    try:
        body = wire.unpack(payload, max_tensors=MAX_TENSORS)
    except Exception as error:  # the bytes are hostile: a bug in a parser is not our verdict
        raise BadReply(str(error)[:200]) from error
    if type(body) is not dict or type(body.get("nonce")) is not str or body["nonce"] != nonce:
        raise BadReply("it does not repeat the nonce")
    return body
