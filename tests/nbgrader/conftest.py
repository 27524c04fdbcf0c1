"""A class that stock nbgrader took from a download to feedback, once for all tests here."""

import shutil
from dataclasses import dataclass

import pytest

from tests.nbgrader.course import CHAPTER, Course, download, new_course

# What the grader does with these is shown elsewhere; nbgrader takes three seconds for each.
LEFT_OUT = ("exits", "fork", "8 GiB", "network", "patched", "frames", "reads files", "lying",
            "magics", "defined", "lost", "reordered", "format 3", "web page", "zip archive",
            "merge conflict", "two notebooks", "deeply", "wrong shape")  # fmt: skip


@dataclass(frozen=True)
class Graded:
    """A graded class.

    Attributes:
        said: what `nbgrader autograde` said.
        names: of the sample class, without the students whose names are the attack.
    """

    course: Course
    said: str
    names: list[str]


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Return the class, from `init` to `export`. Do not change it: `course.copy` makes one."""
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed")
    folder = tmp_path_factory.mktemp("nbgrader")
    course = new_course(folder)
    names = download(
        course, folder / "class", leave_out=lambda name: any(words in name for words in LEFT_OUT)
    )
    course.run("nbgrader", "zip_collect", CHAPTER)
    said = course.run("nbgrader", "autograde", CHAPTER)
    course.run("nbgrader", "generate_feedback", CHAPTER)
    course.run("nbgrader", "export")
    return Graded(course, said.stderr, names)
