"""Drives stock nbgrader by its commands, as an instructor does."""

import csv
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sample_class.build import build
from tests.sample_class.notebook import CHAPTERS

BIN = Path(sys.executable).parent
CHAPTER = "01-what-is-a-gpt"
NOTEBOOK = f"{CHAPTER}.ipynb"
SECONDS = 2.0
# Names that students have typed: as Moodle writes them, before the underscore and the number.
HOSTILE_NAMES = (
    "=cmd()|' '!A1",
    "<script>alert(1)<⁄script>",
    "x" * 300,
    "Ольга Петрова",
    "山田 太郎",
    "$(touch owned)",
    "[a]*?{0}",
    "-rf",
)


@dataclass(frozen=True)
class Course:
    """A course's folder, and a place where a kernel that is started would be seen.

    Attributes:
        trap: a folder of Jupyter's whose every kernel writes the file `trap/started`.
    """

    root: Path
    trap: Path

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command of this environment in the course's folder."""
        result = subprocess.run(
            [str(BIN / words[0]), *words[1:]],
            cwd=self.root,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=500,
        )
        if check:
            assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-4000:]
        return result

    def environment(self) -> dict[str, str]:
        # Without this environment's bin on PATH, as when nbgrader is called by its full path.
        own = {"JUPYTER_PATH": str(self.trap), "OMP_NUM_THREADS": "1", "PATH": os.defpath}
        kept = ("HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
        return {name: os.environ[name] for name in kept if name in os.environ} | own

    @property
    def kernel_was_started(self) -> bool:
        return (self.trap / "started").exists()

    def rows(self, name: str = "grades.csv") -> dict[str, dict[str, str]]:
        with (self.root / name).open(newline="", encoding="utf-8") as file:
            return {row["student_id"]: row for row in csv.DictReader(file)}

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the gradebook, as a file of SQLite's."""
        with sqlite3.connect(self.root / "gradebook.db") as database:
            return database.execute(sql, values).fetchall()

    def scores(self, student: str) -> dict[str, tuple[float | None, float | None, bool]]:
        """Return (auto score, manual score, needs manual grade) by grade cell."""
        sql = """select base_cell.name, auto_score, manual_score, needs_manual_grade from grade
            join base_cell on base_cell.id = grade.cell_id
            join submitted_notebook on submitted_notebook.id = grade.notebook_id
            join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
            where student_id = ?"""
        return {name: (auto, hand, bool(needs)) for name, auto, hand, needs in
                self.query(sql, student)}  # fmt: skip

    def submitted(self, student: str) -> Path:
        return self.root / "submitted" / student / CHAPTER / NOTEBOOK

    def autograded(self, student: str) -> dict[str, Any]:
        path = self.root / "autograded" / student / CHAPTER / NOTEBOOK
        notebook: dict[str, Any] = json.loads(path.read_text())
        return notebook

    def hand_in(self, student: str, text: str | bytes) -> Path:
        path = self.submitted(student)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def copy(self, root: Path) -> "Course":
        """Return a course of its own with the same gradebook and work, to be changed."""
        shutil.copytree(self.root, root, symlinks=True, ignore=_pipes)
        return Course(root, self.trap)


def _pipes(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if stat.S_ISFIFO(os.lstat(Path(folder) / name).st_mode)}


def trap(folder: Path) -> Path:
    """Make a kernel that says that it was started."""
    kernel = folder / "kernels" / "python3"
    kernel.mkdir(parents=True)
    argv = ["/bin/sh", "-c", f"touch '{folder}/started'; exit 1", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Python 3", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    return folder


def new_course(folder: Path, *options: str) -> Course:
    """Lay a course out and make its first assignment."""
    course = Course(folder / "course", trap(folder / "trap"))
    course.root.mkdir()
    course.run("autograder", "nbgrader", "init", ".", "--chapter", CHAPTER,
               "--seconds", str(SECONDS), *options)  # fmt: skip
    course.run("nbgrader", "generate_assignment", CHAPTER)
    return course


def download(course: Course, scratch: Path, leave_out: Callable[[str], bool]) -> list[str]:
    """Put the sample class into the course as LMSes would, and return the students' names.

    Half in a zip of Canvas's, half in one of Moodle's, one student with a zip in the zip. What no
    zip can hold is put into `submitted/` as it is.
    """
    build(scratch, followers=False, chapters=CHAPTERS[:2])
    files = sorted(scratch.iterdir())
    archive = course.root / "downloaded" / CHAPTER / "archive"
    archive.mkdir(parents=True)
    names = []
    with (
        zipfile.ZipFile(archive / "submissions.zip", "w", zipfile.ZIP_DEFLATED) as canvas,
        zipfile.ZipFile(archive / "Übung 1.zip", "w", zipfile.ZIP_DEFLATED) as moodle,
    ):
        for number, path in enumerate(files):
            if leave_out(path.name):
                continue
            names.append(path.stem)
            who = "".join(c for c in path.stem.lower() if c.isalnum())
            if stat.S_ISFIFO(path.lstat().st_mode):
                place = course.submitted(path.stem)
                place.parent.mkdir(parents=True)
                os.rename(path, place)
            elif path.is_symlink():
                member = zipfile.ZipInfo(f"{who}_{number}_77_{NOTEBOOK}")
                member.external_attr = (stat.S_IFLNK | 0o777) << 16
                canvas.writestr(member, "/etc/hostname")
            elif number % 2:
                canvas.write(path, f"{who}_LATE_{number}_77_{CHAPTER}-1.ipynb")
            else:
                folder = f"{path.stem.replace('_', ' ')}_{number}_assignsubmission_file_"
                moodle.write(path, f"{folder}/Meine Lösung.ipynb")
        for number, name in enumerate(HOSTILE_NAMES, 900):
            folder = f"{name}_{number}_assignsubmission_file_"
            moodle.write(files[0], f"{folder}/{NOTEBOOK}")
        moodle.write(files[0], f"../../../../escaped_950_assignsubmission_file_/{NOTEBOOK}")
        inner = scratch / "mine.zip"
        with zipfile.ZipFile(inner, "w") as own:
            own.write(files[0], f"homework/{NOTEBOOK}")
        moodle.write(inner, "Zip in Zip_951_assignsubmission_file_/mine.zip")
    return names
