"""A record on disk: the grade, what it was made with, and which file it is about.

It is written beside and moved over, so it is whole or not there.
"""

import hashlib
import json
import os
import re
import threading
import unicodedata
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.provenance import Provenance
from autograder.record import Record
from autograder.submission import Unreadable, read_bytes

__all__ = ["Saved", "file_hash", "read_saved", "submission_id", "write_atomically", "write_saved"]

FORMAT = 2


@dataclass(frozen=True)
class Saved:
    """What one file in records/ holds.

    Attributes:
        record: the grade.
        made_with: what it was made with.
        notebook: where the submission lay.
        file: hash of its bytes, or why they could not be read.
        graded_at: by the clock of the machine, in UTC. Nothing is decided by it.
    """

    record: Record
    made_with: Provenance
    notebook: Path
    file: str
    graded_at: str = ""


def submission_id(name: str) -> str:
    """Return a file name for a submission: readable, safe, and different for different names."""
    plain = unicodedata.normalize("NFKC", name)
    readable = re.sub(r"[^\w.-]+", "_", plain.removesuffix(".ipynb"), flags=re.ASCII).strip("._-")
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{readable[:60] or 'submission'}-{digest[:16]}"


def file_hash(path: Path) -> str:
    """Return a hash of a submission's bytes, or a text that says why they cannot be read."""
    try:
        return hashlib.sha256(read_bytes(path)).hexdigest()
    except Unreadable as problem:
        return str(problem)


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that it is either whole or as it was, also when the machine stops."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name[:200]}.{os.getpid()}.{threading.get_ident()}")
    try:
        with temporary.open("w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_saved(path: Path, saved: Saved) -> None:
    """Write a record. Raises OSError where that is impossible."""
    tree = {
        "format": FORMAT,
        "graded_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "notebook": os.path.abspath(saved.notebook),
        "file": saved.file,
        "made_with": asdict(saved.made_with),
        "record": saved.record.to_json(),
    }
    write_atomically(path, json.dumps(tree, indent=1, ensure_ascii=False) + "\n")


def read_saved(path: Path) -> Saved:
    """Read a record. Raises OSError, or ValueError if it is not one of ours."""
    try:
        tree = json.loads(path.read_bytes().decode("utf-8", "surrogateescape"))
        if tree["format"] != FORMAT:
            raise ValueError(f"format {tree['format']}, and this version reads {FORMAT}")
        return Saved(
            record=Record.from_json(tree["record"]),
            made_with=Provenance.from_json(tree["made_with"]),
            notebook=Path(tree["notebook"]),
            file=tree["file"],
            graded_at=tree["graded_at"],
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not a record of a grade: {error!r}") from error
