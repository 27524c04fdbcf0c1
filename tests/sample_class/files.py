"""Submissions that are no notebooks."""

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

_CELL = {
    "cell_type": "code",
    "metadata": {},
    "outputs": [],
    "source": ["def softmax(x):\n", "    1"],
}
_NOTEBOOK = json.dumps({"cells": [_CELL] * 9, "metadata": {}, "nbformat": 4}, indent=1).encode()


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


def cut_off(path: Path) -> None:
    path.write_bytes(_NOTEBOOK[: len(_NOTEBOOK) // 2])


def web_page(path: Path) -> None:
    path.write_text("<!DOCTYPE html><html><body>Sign in to see this notebook</body></html>")


def zip_archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("my answers.ipynb", _NOTEBOOK)


def python_code(path: Path) -> None:
    path.write_text("import torch\n\ndef softmax(x, dim=-1):\n    return x\n")


def merge_conflict(path: Path) -> None:
    lines = _NOTEBOOK.decode().split("\n")
    path.write_text("\n".join(["<<<<<<< HEAD", *lines, "=======", *lines, ">>>>>>> theirs"]))


def two_notebooks(path: Path) -> None:
    path.write_bytes(_NOTEBOOK + b"\n" + _NOTEBOOK)


def a_million_brackets(path: Path) -> None:
    path.write_text('{"cells": [' + "[]," * 600_000 + "[]]}")


FILES: dict[str, Callable[[Path], None]] = {
    "not json": not_json,
    "empty": empty,
    "100 MB": a_hundred_megabytes,
    "deeply nested": deeply_nested,
    "wrong shape": wrong_shape,
    "another course": another_course,
    "a link": link,
    "a pipe": pipe,
    "cut off": cut_off,
    "a web page": web_page,
    "a zip archive": zip_archive,
    "Python code": python_code,
    "a merge conflict": merge_conflict,
    "two notebooks": two_notebooks,
    "a million brackets": a_million_brackets,
}
