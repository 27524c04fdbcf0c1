"""What a learner has done so far, kept in one JSON file that survives the kernel."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from gptcourse.display import tell

__all__ = ["Record", "folder", "read", "update"]

FORMAT = 1


@dataclass(frozen=True)
class Record:
    """One exercise.

    Attributes:
        passed: whether a check ever passed.
        best: the most points of any check.
        tries: how many checks were made of something written.
        hints: how many hints were shown.
    """

    passed: bool = False
    best: int = 0
    tries: int = 0
    hints: int = 0


# What could not be written lives here, for as long as the kernel does.
_unsaved: dict[str, Record] | None = None


def folder() -> Path:
    """Return the folder of the file: $GPTCOURSE_HOME, or where this system keeps such data."""
    chosen = os.environ.get("GPTCOURSE_HOME")
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "gptcourse"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/gptcourse"
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local/share") / "gptcourse"


def read() -> dict[str, Record]:
    """Return the record of each exercise that was tried. A broken file is set aside."""
    if _unsaved is not None:
        return dict(_unsaved)
    try:
        text = (folder() / "progress.json").read_bytes()
    except (OSError, RuntimeError):
        return {}
    try:
        tree = json.loads(text)
        if tree["format"] != FORMAT:
            raise ValueError("another format")
        return {str(name): _record(value) for name, value in tree["exercises"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        _set_aside(folder() / "progress.json")
        return {}


def update(exercise: str, change: Callable[[Record], Record]) -> Record:
    """Change the record of one exercise, write the file, and return the new record."""
    records = read()
    records[exercise] = change(records.get(exercise, Record()))
    _write(records)
    return records[exercise]


def _record(value: Any) -> Record:
    kinds = {field.name: type(field.default) for field in fields(Record)}
    if set(value) != set(kinds) or any(type(value[n]) is not kind for n, kind in kinds.items()):
        raise ValueError("not a record")
    return Record(**value)


def _write(records: dict[str, Record]) -> None:
    global _unsaved
    tree = {"format": FORMAT, "exercises": {name: asdict(r) for name, r in records.items()}}
    try:
        path = folder() / "progress.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written beside and moved over: a kernel that dies here leaves the old file whole.
        beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        beside.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")
        os.replace(beside, path)
        _unsaved = None
    except (OSError, RuntimeError) as error:
        if _unsaved is None:
            reason = getattr(error, "strerror", None) or str(error)
            tell(f"Your progress cannot be written ({reason}): it is kept until the kernel stops.")
        _unsaved = records


def _set_aside(path: Path) -> None:
    broken = next(
        candidate
        for number in range(1, 1_000_000)
        if not (candidate := path.with_name(f"progress.broken-{number}.json")).exists()
    )
    try:
        os.replace(path, broken)
        tell(f"The file of your progress could not be read; it is now {broken}. A new one begins.")
    except OSError:
        tell(f"The file of your progress, {path}, cannot be read. It is left as it is.")
