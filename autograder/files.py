"""Reads the file that was handed in: bytes, and then a notebook as plain values.

It is hostile until proven otherwise: bounded in size, in depth and in the number of its parts, no
link is followed, and no pipe is waited for.
"""

import json
import os
import stat
from pathlib import Path

from autograder.without_outputs import TooMuch, without_outputs
from gptcourse.reading import NotANotebook, Reading, read_notebook

__all__ = ["MAX_BYTES", "Unreadable", "read_bytes", "read_cells"]

MAX_BYTES = 128 * 2**20
MAX_BYTES_PARSED = 16 * 2**20  # what is left without outputs
MAX_BRACKETS = 500_000  # 16 MB of empty lists would take 1 GB of memory
_SMALL = 2**20  # bytes; parsing that much with its outputs costs nothing


class Unreadable(Exception):
    """The file is not a notebook that can be graded; the message says what to do."""


def read_bytes(path: Path) -> bytes:
    """Read a regular file of bounded size without following a link or waiting for a pipe.

    Raises Unreadable with a sentence that says what to do.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unreadable(
            f"It cannot be opened ({error.strerror}). Hand in the file itself, not a link."
        ) from error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("It is not a regular file. Hand in the notebook itself.")
        if status.st_size > MAX_BYTES:
            raise Unreadable(
                f"It is {status.st_size / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read. "
                "Clear the outputs and hand it in again."
            )
        return file.read(status.st_size)  # as much memory is taken as is asked for


def read_cells(data: bytes) -> Reading:
    """Read a notebook from bytes; all of its cells are dicts. Raises Unreadable."""
    if len(data) > _SMALL and json.detect_encoding(data).startswith("utf-8"):
        try:
            data = without_outputs(data.rstrip(b"\0 \r\n\t"))
        except TooMuch as error:
            raise Unreadable(
                "Its outputs are too many to be looked through. Clear them and hand it in again."
            ) from error
    if len(data) > MAX_BYTES_PARSED:
        raise Unreadable(
            f"It is {len(data) / 1e6:.0f} MB without its outputs, and notebooks of the course are "
            "far below 1 MB. Take out what is not yours and hand it in again."
        )
    if data.count(b"[") + data.count(b"{") > MAX_BRACKETS:
        raise Unreadable(
            "It holds more than half a million brackets. Clear the outputs and hand it in again."
        )
    try:
        return read_notebook(data)
    except NotANotebook as problem:
        raise Unreadable(str(problem)) from problem
