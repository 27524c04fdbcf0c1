"""Grades a submission again as its record says, and compares. It writes nothing."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.grade import grade_submission
from autograder.keys import Keys
from autograder.provenance import Provenance, seed_id
from autograder.record import Record
from autograder.sandbox import Kind, Limits, open_sandbox
from autograder.saved import Saved, file_hash, read_saved
from gptcourse.judge import Report

__all__ = ["CannotReplay", "Difference", "Replay", "find_records", "replay"]

_NAMES = {
    "code": "the code that decides on points",
    "course": "gptcourse",
    "python": "Python",
    "torch": "torch",
    "sandbox": "the kind of sandbox",
    "limits": "the limits",
}


class CannotReplay(Exception):
    """The record cannot be replayed with what was given; the message says what to do."""


@dataclass(frozen=True)
class Difference:
    """One exercise, or the whole submission, as it was and as it is now."""

    what: str
    before: str
    now: str

    @property
    def same(self) -> bool:
        """Say whether both are the same."""
        return self.before == self.now


@dataclass(frozen=True)
class Replay:
    """A grade made again. Seconds are not compared: they differ each time.

    Attributes:
        rows: status, then each exercise: verdict, points by group, misconception, message.
        conditions: what is not as it was when the record was made, and may explain a difference.
    """

    saved: Saved
    record: Record
    rows: list[Difference]
    conditions: list[Difference] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Say whether the grade is the same in every part."""
        return all(row.same for row in self.rows)


def find_records(paths: Iterable[Path]) -> list[Path]:
    """Return the records among the paths, in folders and in their `records/`, sorted.

    Raises CannotReplay for a path that is not there or a folder without records.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inner = path / "records" if (path / "records").is_dir() else path
        records = sorted(inner.glob("*.json"))
        if not records:
            raise CannotReplay(f"no records in {path}")
        found += records
    for path in found:
        if not path.exists():
            raise CannotReplay(f"there is no {path}")
    return list(dict.fromkeys(found))


def replay(
    paths: Iterable[Path], seed: str, notebook: Path | None = None, kind: Kind | None = None
) -> Iterator[Replay | CannotReplay]:
    """Grade each record's submission again.

    Args:
        paths: the records.
        seed: the secret with which they were made.
        notebook: the submission, if it does not lie any more where the record says.
        kind: the sandbox; by default the record's own.

    Yields:
        For each record its replay, or why there is none. Raises SandboxError where there is no
        sandbox.
    """
    keys = Keys(seed)
    with ExitStack() as opened:
        sandbox, made_for = None, None
        for path in paths:
            try:
                saved = _open(path, seed)
                file = _file(saved, notebook)
            except CannotReplay as problem:
                yield problem
                continue
            wanted = (kind or saved.made_with.sandbox, Limits(**saved.made_with.limits))  # type: ignore[arg-type]
            if sandbox is None or wanted != made_for:
                # One sandbox for all records that were made alike: it starts once.
                opened.close()
                sandbox, made_for = opened.enter_context(open_sandbox(*wanted)), wanted
            record = grade_submission(file, saved.record.name, keys, sandbox)
            conditions = list(_conditions(saved.made_with, Provenance.here(seed, *wanted)))
            yield Replay(saved, record, list(_compare(saved.record, record)), conditions)


def _open(path: Path, seed: str) -> Saved:
    try:
        saved = read_saved(path)
    except (OSError, ValueError) as error:
        raise CannotReplay(f"{path}: {error}") from error
    if saved.made_with.seed != seed_id(seed):
        raise CannotReplay(
            f"{path}: it was made with the seed {saved.made_with.seed}, and this one is "
            f"{seed_id(seed)}. Give the seed file of that class."
        )
    return saved


def _file(saved: Saved, notebook: Path | None) -> Path:
    """Return the file, if it is the very one that was graded."""
    file = notebook or saved.notebook
    if not notebook and not (file.exists() or file.is_symlink()):
        raise CannotReplay(f"{saved.record.name}: {file} is gone. Name the file by --notebook.")
    found = file_hash(file)
    if found != saved.file:
        raise CannotReplay(
            f"{saved.record.name}: {file} is not the file that was graded.\n"
            f"    graded: {saved.file}\n    found:  {found}"
        )
    return file


def _conditions(before: Provenance, now: Provenance) -> Iterator[Difference]:
    then, here = asdict(before), asdict(now)
    for key, name in _NAMES.items():
        if then[key] != here[key]:
            yield Difference(name, _words(then[key]), _words(here[key]))


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {each:g}" for key, each in value.items())
    return str(value)


def _compare(before: Record, now: Record) -> Iterator[Difference]:
    yield Difference("status", _status(before), _status(now))
    then = {report.exercise: report for report in before.reports}
    here = {report.exercise: report for report in now.reports}
    for exercise in dict.fromkeys([*then, *here]):
        yield Difference(exercise, _told(then.get(exercise)), _told(here.get(exercise)))


def _status(record: Record) -> str:
    return f"{record.status}: {record.reason}" if record.reason else record.status


def _told(report: Report | None) -> str:
    """Return all of a report that a student sees, on a few lines."""
    if report is None:
        return "not there"
    lines = [f"{report.verdict}, {report.earned} of {report.points}"]
    lines += [f"{'✓' if g.passed else '✗'} {g.name} ({g.points})" for g in report.groups]
    if report.message:
        lines += [report.message.misconception or "", report.message.text]
        lines += [f"{label}: {value}" for label, value in report.message.details.items()]
    return "\n".join(line for line in lines if line)
