"""Submissions that are no notebooks."""

import os
from collections.abc import Callable
from pathlib import Path


def not_json(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7 this is my homework\xff\xfe")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def a_hundred_megabytes(path: Path) -> None:
    """A sparse file: 100 MB to read, and nearly nothing on the disk."""
    with path.open("wb") as file:
        file.write(b'{"cells": [')
        file.truncate(100 * 2**20)


def deeply_nested(path: Path) -> None:
    path.write_text("[" * 100_000 + "]" * 100_000)


def wrong_shape(path: Path) -> None:
    path.write_text('{"cells": {"softmax": "passed"}}')


def another_course(path: Path) -> None:
    path.write_text('{"cells": [{"cell_type": "code", "metadata": {}, "source": "print(1)"}]}')


def link(path: Path) -> None:
    path.symlink_to("/etc/hostname")


def pipe(path: Path) -> None:
    os.mkfifo(path)


FILES: dict[str, Callable[[Path], None]] = {
    "not json": not_json,
    "empty": empty,
    "100 MB": a_hundred_megabytes,
    "deeply nested": deeply_nested,
    "wrong shape": wrong_shape,
    "another course": another_course,
    "a link": link,
    "a pipe": pipe,
}
