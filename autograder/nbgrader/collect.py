"""`nbgrader zip_collect` of an LMS's download, which hundreds of people have had a hand in.

The extractor opens archives, and the archives in them, within limits; it makes folders and regular
files and nothing else. The collector says whose each file is, and takes one of each student. A file
that is no notebook is taken where a student handed in nothing better: it is then said to be
unreadable, and the student has a row.
"""

import hashlib
import os
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from traitlets import Integer

from autograder.files import MAX_BYTES
from autograder.nbgrader.names import ARCHIVE, Handed, who
from autograder.report.shown import visible

__all__ = ["LmsCollector", "SafeExtractor"]

NOTEBOOK = ".ipynb"
_CHUNK = 2**20
MAX_PART = 200  # bytes of one name in a path
_IGNORED = ("__MACOSX", ".DS_Store", "Thumbs.db", ".ipynb_checkpoints")


@dataclass
class _Budget:
    """What may still be written."""

    files: int
    bytes: int
    said: list[str] = field(default_factory=list)

    def spend(self, size: int) -> bool:
        """Take a file off, if there is room for it."""
        if self.files < 1 or self.bytes < size:
            return False
        self.files -= 1
        self.bytes -= size
        return True


class SafeExtractor(ExtractorPlugin):
    """Named by `c.ZipCollectApp.extractor_plugin`."""

    max_files = Integer(20_000, help="Files of a whole download.").tag(config=True)
    max_bytes = Integer(16 * 2**30, help="Bytes of a whole download, unpacked.").tag(config=True)
    max_files_inside = Integer(200, help="Files of an archive that a student handed in.").tag(
        config=True
    )
    max_bytes_inside = Integer(200 * 2**20, help="Its bytes, unpacked.").tag(config=True)

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Copy what lies in one folder into the other, and open the archives among it."""
        budget = _Budget(self.max_files, self.max_bytes)
        for path in _regular_files(Path(archive_path)):
            target = Path(extracted_path) / _safe_path(path.relative_to(archive_path).as_posix())
            if path.suffix.lower() == ARCHIVE and zipfile.is_zipfile(path):
                self._open(path, target, budget, depth=0)
            elif path.suffix.lower() == ARCHIVE:
                self._say(path.name, "it is not a zip file")
                self._copy(path, target, budget)
            else:
                self._copy(path, target, budget)

    def _open(self, archive: Path, folder: Path, budget: _Budget, depth: int) -> None:
        """Open an archive into a folder that keeps its name, ".zip" and all."""
        try:
            with zipfile.ZipFile(archive) as opened:
                members = opened.infolist()
                for member in members[: self.max_files]:
                    self._member(opened, member, folder, budget, depth)
                if len(members) > self.max_files:
                    self._say(archive.name, f"only {self.max_files} files of it are read")
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            self._say(archive.name, f"it cannot be opened: {error}")
            self._stand_in(folder / f"{archive.stem}{NOTEBOOK}")

    def _member(
        self,
        opened: zipfile.ZipFile,
        member: zipfile.ZipInfo,
        folder: Path,
        budget: _Budget,
        depth: int,
    ) -> None:
        if member.is_dir() or any(part in member.filename for part in _IGNORED):
            return
        target = _free(folder / _safe_path(member.filename))
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            self._say(member.filename, "it is a link or a device")
            self._stand_in(target)
            return
        is_archive = target.suffix.lower() == ARCHIVE
        most = min(MAX_BYTES + 1, budget.bytes) if not is_archive else self.max_bytes_inside
        try:
            with opened.open(member) as source:
                size = _write(source, target, most if budget.files > 0 else 0)
        except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError,
                NotImplementedError) as error:  # fmt: skip
            # RuntimeError is what zipfile says of a member with a password.
            self._say(member.filename, f"it cannot be read: {error}")
            self._stand_in(target)
            return
        if not budget.spend(size):
            self._say(member.filename, "the archive holds too much")
            self._stand_in(target)
            return
        if size > MAX_BYTES and not is_archive:
            self._say(member.filename, f"only its first {MAX_BYTES / 1e6:.0f} MB are kept")
        if is_archive and depth == 0 and zipfile.is_zipfile(target):
            # In a file beside, for the folder takes the archive's name.
            inner = target.with_name(f".{target.name[:80]}.opened")
            target.rename(inner)
            own = _Budget(self.max_files_inside, self.max_bytes_inside)
            self._open(inner, target, own, depth=1)
            inner.unlink()
        else:
            self._as_notebook(target)

    def _copy(self, path: Path, target: Path, budget: _Budget) -> None:
        target = _free(target)
        with path.open("rb") as source:
            size = _write(source, target, min(MAX_BYTES + 1, budget.bytes))
        if not budget.spend(size):
            self._say(path.name, "the download holds too much")
            self._stand_in(target)
        else:
            self._as_notebook(target)

    def _as_notebook(self, path: Path) -> None:
        """Let a file that is no notebook be collected, to be called unreadable."""
        if path.suffix != NOTEBOOK:
            path.rename(_free(path.with_name(path.name + NOTEBOOK)))

    def _stand_in(self, path: Path) -> None:
        """Leave an empty file for what is refused, so that the student has a row."""
        path = path if path.suffix == NOTEBOOK else path.with_name(path.name + NOTEBOOK)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")

    def _say(self, name: str, why: str) -> None:
        self.log.warning("%s: %s", visible(name), why)


class LmsCollector(FileNameCollectorPlugin):
    """Named by `c.ZipCollectApp.collector_plugin`.

    With `c.FileNameCollectorPlugin.named_regexp` it goes by your expression, as nbgrader's own
    does; without, it knows the names that Canvas, Moodle, Blackboard and Brightspace give.
    """

    _plan: dict[str, Handed] | None = None

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Return whose a file is and what it shall be called, or None to leave it out."""
        if self.named_regexp:
            found: dict[str, str] | None = super().collect(submitted_file)
            if found and "student_id" in found:
                found["student_id"] = who(PurePosixPath(found["student_id"])).student
            return found
        if self._plan is None:
            self._plan = self._planned()
        handed = self._plan.get(submitted_file)
        if handed is None:
            return None
        found = {"student_id": handed.student, "file_id": f"{self._notebooks()[0]}{NOTEBOOK}"}
        if handed.time:
            found["timestamp"] = handed.time.isoformat(" ")
        return found

    def _planned(self) -> dict[str, Handed]:
        """Choose one file for each student: the newest that is a notebook of this assignment."""
        app = self.parent
        assert app is not None
        root = Path(app._format_collect_path(app.extracted_directory))
        notebooks = self._notebooks()
        best: dict[str, tuple[tuple[object, ...], str, Handed]] = {}
        for path in _regular_files(root):
            inside = PurePosixPath(path.relative_to(root).as_posix())
            handed = who(inside, frozenset(notebooks))
            rank = (
                _is_whole(path),
                any(notebook in path.name for notebook in notebooks),
                handed.time.isoformat() if handed.time else "",
                handed.version,
                str(inside),
            )
            earlier = best.get(handed.student)
            if earlier is None or rank > earlier[0]:
                best[handed.student] = (rank, str(path), handed)
            if earlier is not None:
                left = str(path) if best[handed.student][1] != str(path) else earlier[1]
                self.log.warning("%s: %s is left out", handed.student, visible(left))
        return {path: handed for _, path, handed in best.values()}

    def _notebooks(self) -> list[str]:
        """Return the stems of the assignment's notebooks; the first is what files are called."""
        app = self.parent
        assert app is not None
        courses = app.coursedir
        release = courses.format_path(courses.release_directory, ".", courses.assignment_id)
        found = sorted(path.stem for path in Path(release).glob(f"*{NOTEBOOK}"))
        return found or [courses.assignment_id]


def _is_whole(path: Path) -> bool:
    """Say whether a file begins as a notebook does and was not one of another kind."""
    with path.open("rb") as file:
        return path.suffixes[-2:] in ([NOTEBOOK], []) or file.read(64).lstrip()[:1] == b"{"


def _regular_files(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(files):
            path = Path(place) / name
            if path.is_file() and not path.is_symlink() and name not in _IGNORED:
                yield path


def _safe_path(name: str) -> Path:
    """Return a path below where it is put: no "..", no root, no drive, no control character."""
    parts = [_safe_part(part) for part in name.replace("\\", "/").split("/")]
    return Path(*[part for part in parts if part] or ["file"])


def _safe_part(part: str) -> str:
    """Return a name of one part: printable, no pattern of a shell's, at most 200 bytes."""
    plain = unicodedata.normalize("NFC", part).encode("utf-8", "replace").decode()
    plain = "".join(c if c.isprintable() and c not in "[]*?" else "-" for c in plain).strip()
    if set(plain) <= set(". "):
        return ""
    if len(plain.encode()) > MAX_PART:
        # What LMSes add stands at the end.
        digest = hashlib.sha256(plain.encode()).hexdigest()[:8]
        plain = digest + plain.encode()[8 - MAX_PART :].decode(errors="ignore")
    return plain


def _free(path: Path) -> Path:
    """Return the path, or one like it that is not taken: two members may have one name."""
    number = 0
    free = path
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free


def _write(source: object, target: Path, most: int) -> int:
    """Write at most so many bytes, whatever the archive says of its size; return how many."""
    target.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with target.open("xb") as file:
        while size < most and (chunk := source.read(min(_CHUNK, most - size))):  # type: ignore[attr-defined]
            file.write(chunk)
            size += len(chunk)
    return size
