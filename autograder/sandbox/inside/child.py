"""One job, in a process of its own that ends with it."""

import fcntl
import os
import struct
from typing import Any, NoReturn

import torch

from gptcourse import runner, wire

from .lockdown import LockDown

__all__ = ["run", "warm_up"]

_REQUEST, _REPLY = 3, 4
_FIRST_OTHER, _SPARE, _LAST_OTHER = 5, 64, 4096
_LENGTH = struct.Struct(">Q")


def run(nonce: str, limits: dict[str, int], pipes: list[int], lockdown: LockDown) -> NoReturn:
    """Lock this process down, do the job that comes by the pipes, and end the process.

    The pipes are: to read requests from, to write replies to, and for all that the code prints.
    """
    status = 1
    try:
        _arrange(pipes, keep=lockdown.landlock)
        lockdown.apply(limits)
        _write({"nonce": nonce, "locked": True})
        _job(nonce)
        status = 0
    finally:
        # No clean-up handlers, no waiting for threads: they are the learner's.
        os._exit(status)


def warm_up() -> None:
    """Go through what every job does, so that its caches are filled before the fork."""
    namespace, _ = runner.define([{"cell": 0, "source": "def same(x): return x"}])
    inputs = {"x": torch.ones(2)}
    outcome = runner.call(lambda same, x: {"output": same(x)}, namespace["same"], inputs, [])
    wire.unpack(wire.pack({"outcomes": [outcome]}))


def _arrange(pipes: list[int], keep: int | None) -> None:
    """Leave standard input empty, output to its pipe, requests and replies, and nothing else."""
    request, reply, output = (fcntl.fcntl(pipe, fcntl.F_DUPFD, _SPARE) for pipe in pipes)
    for source, target in [(output, 1), (output, 2), (request, _REQUEST), (reply, _REPLY)]:
        os.dup2(source, target)
    if keep is None:
        os.closerange(_FIRST_OTHER, _LAST_OTHER)
    else:
        os.closerange(_FIRST_OTHER, keep)
        os.closerange(keep + 1, _LAST_OTHER)


def _job(nonce: str) -> None:
    namespace, failure = runner.define(_read()["chunks"])
    _write({"nonce": nonce, "defined": True})

    group = _read()
    target, cases = group["target"], group["cases"]
    if failure is not None and target not in namespace:
        outcomes = [failure for _ in cases]
    else:
        outcomes = runner.run_group(namespace, target, cases)
    _write({"nonce": nonce, "outcomes": outcomes})


def _read() -> dict[str, Any]:
    (length,) = _LENGTH.unpack(_read_exactly(_LENGTH.size))
    message: dict[str, Any] = wire.unpack(_read_exactly(length))
    return message


def _read_exactly(count: int) -> bytes:
    parts = []
    while count:
        part = os.read(_REQUEST, min(count, 2**20))
        if not part:
            os._exit(1)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _write(message: dict[str, Any]) -> None:
    payload = wire.pack(message)
    rest = memoryview(_LENGTH.pack(len(payload)) + payload)
    while rest:
        rest = rest[os.write(_REPLY, rest) :]
