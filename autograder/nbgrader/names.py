"""Who handed in a file of an LMS's download, and what to call that student in nbgrader.

A student's id becomes a folder's name, part of a glob, of a web address and of a page, and 128
characters in the gradebook: `student_id` makes any name fit for all of these, and different names
stay different.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from autograder.report.names import canvas_users, moodle_participant

__all__ = ["ARCHIVE", "Handed", "student_id", "who"]

MAX_LENGTH = 60
ARCHIVE = ".zip"
_SAFE = "-_.@ "
_VERSION = re.compile(r"-(\d{1,3})(?:\.\w+)*$")  # Canvas numbers what is handed in again
# gradebook_course_assignment_jdoe_attempt_2026-11-21-13-05-00_homework.ipynb
_BLACKBOARD = re.compile(r"(?:.*_)?([^_/]+)_attempt_(\d{4}(?:-\d\d){5})(?:[_.].*)?", re.DOTALL)
# 12345-67890 - Jane Doe - Nov 21, 2026 105 PM
_BRIGHTSPACE = re.compile(r"\d+-\d+ - (.+?) - [^/]*\d{4}[^/]*", re.DOTALL)


@dataclass(frozen=True)
class Handed:
    """Whose a file is.

    Attributes:
        student: as nbgrader shall call them.
        version: the greater, the later it was handed in.
        time: when, if the name says it.
    """

    student: str
    version: int = 0
    time: datetime | None = None


def who(path: PurePosixPath, notebooks: frozenset[str] = frozenset()) -> Handed:
    """Say whose a file is, by its path below what was extracted.

    The numbers that Canvas and Moodle give stay in the id: two students may share a name. A name
    that no LMS gave is taken for the student's own: that of the outermost folder that is no
    archive, or of the file itself.

    Args:
        path: relative; a folder whose name ends in ".zip" is an opened archive.
        notebooks: stems of the assignment's notebooks: a file of this name names nobody.
    """
    if participant := moodle_participant(str(path)):
        return Handed(student_id("_".join(participant)))
    for part in path.parts:
        if users := canvas_users(part):
            version = _VERSION.search(part)
            return Handed(student_id("_".join(users[0])), int(version[1]) if version else 0)
        if match := _BLACKBOARD.fullmatch(part):
            return Handed(student_id(match[1]), time=_time(match[2]))
        if match := _BRIGHTSPACE.fullmatch(part):
            return Handed(student_id(match[1]))
    folders = [part for part in path.parts[:-1] if not part.lower().endswith(ARCHIVE)]
    if folders:
        return Handed(student_id(folders[0]))
    stem = path.name.removesuffix(".ipynb")
    if len(path.parts) > 1 and stem in notebooks:
        stem = path.parts[-2][: -len(ARCHIVE)]
    return Handed(student_id(stem))


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d-%H-%M-%S")
    except ValueError:
        return None


def student_id(name: str) -> str:
    """Return a name that is safe wherever nbgrader puts it; of a safe name, the name.

    >>> student_id("Ольга Петрова_17")
    'Ольга Петрова_17'
    >>> student_id("../x")
    'x-ff22b1e7'
    """
    plain = unicodedata.normalize("NFC", name)
    safe = "".join(c if _is_safe(c) else "_" for c in plain)
    safe = re.sub(r"\s+", " ", safe).strip(" ._-@")
    if safe and safe == name and len(safe) <= MAX_LENGTH:
        return safe
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{safe[: MAX_LENGTH - 9].strip(' ._-@') or 'student'}-{digest}"


def _is_safe(c: str) -> bool:
    return (
        c in _SAFE or unicodedata.category(c)[0] in "LN" or unicodedata.category(c) in ("Mn", "Mc")
    )
