"""Clears a student's folder of what nbgrader would follow, wait for, or stumble over.

nbgrader copies whatever lies beside a notebook into `autograded/`: it follows links, so that a
link to a secret becomes a copy of it, and stops at a pipe or at a time stamp that it cannot read.
Such files are moved to `set-aside/`, and nothing is deleted.
"""

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from nbgrader.utils import parse_utc

__all__ = ["tidy"]

MAX_FILES = 1_000
MAX_BYTES = 100 * 2**20
STAMP = "timestamp.txt"

_log = logging.getLogger("traitlets")  # where nbgrader's own lines go


def tidy(*, notebooks: list[str], **_: object) -> None:
    """Tidy the folder in which a submission lies; named by `c.Autograde.pre_convert_hook`."""
    folder = Path(notebooks[0]).parent
    for path, why in list(_unwanted(folder)):
        _set_aside(folder, path, why)


def _unwanted(folder: Path) -> Iterator[tuple[Path, str]]:
    count, size = 0, 0
    for place, folders, files in os.walk(folder, followlinks=False):
        for name in folders:
            if _is_link(path := Path(place) / name):
                yield path, "it is a link"
        for name in files:
            path = Path(place) / name
            status = path.lstat()
            if path.suffix == ".ipynb":
                continue  # not copied, and read with care
            if not stat.S_ISREG(status.st_mode):
                yield path, "it is a link, a pipe or a device"
                continue
            count, size = count + 1, size + status.st_size
            if count > MAX_FILES or size > MAX_BYTES:
                yield path, "there is too much beside the notebook"
            elif path == folder / STAMP and not _is_time(path):
                yield path, "it is not a time"


def _is_time(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(200).strip()
        return not text or parse_utc(text) is not None
    except (ValueError, OverflowError, TypeError, ArithmeticError):
        return False


def _set_aside(folder: Path, path: Path, why: str) -> None:
    root = folder.parent.parent.parent / "set-aside"  # submitted/STUDENT/ASSIGNMENT
    target = root / folder.parent.name / folder.name / path.relative_to(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    while os.path.lexists(target):
        target = target.with_name(target.name + "-again")
    os.rename(path, target)
    _log.warning("%s is moved to %s: %s", path, target, why)


def _is_link(path: Path) -> bool:
    return stat.S_ISLNK(path.lstat().st_mode)
