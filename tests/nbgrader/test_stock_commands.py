"""Stock nbgrader from `init` to `export`: beside `autograder grade`, and on PostgreSQL."""

import csv
import json
import os
import re
import subprocess
import time
from pathlib import Path

from bs4 import BeautifulSoup

from tests.nbgrader import postgres
from tests.nbgrader.conftest import LEFT_OUT, Graded
from tests.nbgrader.course import (
    BIN,
    CHAPTER,
    HOSTILE_NAMES,
    SECONDS,
    Course,
    download,
    new_course,
    trap,
)
from tests.sample_class.hostile import SCRIPT

WELL_MEANT = ("perfect", "half done", "untouched", "one mistake", "unfamiliar", "ten minutes")
# What the other database need not see again.
SEEN = (
    *LEFT_OUT,
    "loop",
    "GiB",
    "MB",
    "forged",
    "02-b",
    "script",
    "nan",
    "subclass",
    "files",
    "ten",
)


def grades_beside(course: Course, out: Path) -> dict[str, dict[str, str]]:
    """Return the rows of `autograder grade` on the same files with the same seed, by student."""
    subprocess.run(
        [str(BIN / "autograder"), "grade", "submitted", "--seed-file", "secret-seed",
         "--out", str(out), "--seconds", str(SECONDS)],
        cwd=course.root, env=course.environment(), check=True, capture_output=True, timeout=500,
    )  # fmt: skip
    with (out / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row["submission"].removeprefix("'").split("/")[0]: row for row in rows}


def assert_same_grades(course: Course, beside: dict[str, dict[str, str]]) -> None:
    rows = {name.removeprefix("'"): row for name, row in course.rows().items()}
    assert rows.keys() == beside.keys()
    for student, row in rows.items():
        other = beside[student]
        if other["status"] == "graded" and other["chapter"] == CHAPTER:
            assert (row["status"], row["score"]) == ("graded", other["points"]), student
        else:
            assert (row["status"], row["score"]) == ("unreadable", ""), student
            assert row["note"]


def test_every_student_has_the_grade_of_autograder_grade(graded: Graded, tmp_path: Path) -> None:
    rows = graded.course.rows()
    assert len(rows) == len(graded.names) + len(HOSTILE_NAMES) + 2
    assert len(graded.names) >= 24
    well = [name for name in graded.names if any(words in name for words in WELL_MEANT)]
    assert len(well) < len(graded.names) / 2
    assert_same_grades(graded.course, grades_beside(graded.course, tmp_path / "grades"))


def test_postgresql_holds_the_same(tmp_path: Path, graded: Graded) -> None:
    with postgres.server() as url:
        course = new_course(tmp_path, "--db", url)
        secret = (graded.course.root / "secret-seed").read_text()
        (course.root / "secret-seed").write_text(secret)
        assert (course.root / "nbgrader_config.py").stat().st_mode & 0o077 == 0
        names = download(
            course,
            tmp_path / "class",
            leave_out=lambda name: any(words in name for words in SEEN),
        )
        assert len(names) >= 8
        course.run("nbgrader", "zip_collect", CHAPTER)
        course.run("nbgrader", "autograde", CHAPTER)
        course.run("nbgrader", "export")
        assert not (course.root / "gradebook.db").exists()
    there, here = graded.course.rows(), course.rows()
    assert len(here) == len(names) + len(HOSTILE_NAMES) + 2
    for name, row in here.items():
        assert row["status"], name
        assert (row["status"], row["score"]) == (there[name]["status"], there[name]["score"])


def test_no_kernel_is_started(graded: Graded) -> None:
    assert not graded.course.kernel_was_started


def test_a_kernel_that_is_started_would_be_seen(tmp_path: Path) -> None:
    course = Course(tmp_path, trap(tmp_path / "trap"))
    start = "from jupyter_client import KernelManager as K; K(kernel_name='python3').start_kernel()"
    subprocess.run([str(BIN / "python"), "-c", start], env=course.environment(), timeout=60)
    deadline = time.monotonic() + 10
    while not course.kernel_was_started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert course.kernel_was_started


def test_each_grade_cell_is_there_once_with_one_score(graded: Graded) -> None:
    paths = list((graded.course.root / "autograded").glob(f"*/{CHAPTER}/*.ipynb"))
    assert len(paths) == len(graded.course.rows())
    for path in paths:
        cells = json.loads(path.read_text())["cells"]
        checks = [c for c in cells if c["metadata"].get("nbgrader", {}).get("grade")]
        ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in checks]
        assert sorted(ids) == sorted({*ids})
        assert len(ids) == 4
        for cell in checks:
            (output,) = cell["outputs"]
            assert output["output_type"] == "execute_result"
            score = float("".join(output["data"]["text/plain"]))
            assert 0 <= score <= cell["metadata"]["nbgrader"]["points"]
            assert cell["metadata"]["nbgrader"]["locked"] is True


def test_partial_credit_comes_with_the_diagnosis(graded: Graded) -> None:
    student = next(name for name in graded.course.rows() if "mistakeineach_" in name)
    scores = graded.course.scores(student)
    assert 0 < scores["softmax-check"][0] < 4  # type: ignore[operator]
    page = _page(graded, student)
    assert "A known mistake" in page.get_text()
    comments = graded.course.query(
        "select auto_comment from comment where auto_comment like '%A known mistake%'"
    )
    assert len(comments) >= 4


def test_what_is_unreadable_has_no_score_and_needs_an_instructor(graded: Graded) -> None:
    unreadable = [n for n, row in graded.course.rows().items() if row["status"] == "unreadable"]
    assert len(unreadable) >= 8
    for student in unreadable:
        for auto, manual, needs in graded.course.scores(student).values():
            assert (auto, manual, needs) == (None, None, True)
    assert "no zero" in _page(graded, next(s for s in unreadable if "json" in s)).get_text()


def _page(graded: Graded, student: str) -> BeautifulSoup:
    path = graded.course.root / "feedback" / student / CHAPTER / f"{CHAPTER}.html"
    return BeautifulSoup(path.read_text(), "html.parser")


def test_nothing_of_a_student_runs_in_a_page(graded: Graded) -> None:
    pages = list((graded.course.root / "feedback").glob(f"*/{CHAPTER}/*.html"))
    assert len(pages) == len(graded.course.rows())
    seen = 0
    for path in pages:
        page = BeautifulSoup(path.read_text(), "html.parser")
        seen += SCRIPT in page.get_text()
        for script in page.find_all("script"):
            ours = str(script.get("src", "")).startswith("https://cdnjs.cloudflare.com/")
            assert ours or script.get("type") == "text/x-mathjax-config", path
        for tag in page.find_all(True):
            assert not [name for name in tag.attrs if name.startswith("on")], path
            assert not str(tag.get("href", "")).lower().startswith("javascript"), path
            assert tag.name not in ("iframe", "object", "embed", "form"), path
    assert seen  # the script is in a page, as text


def test_the_table_is_quoted_and_free_of_formulas(graded: Graded) -> None:
    text = (graded.course.root / "grades.csv").read_text(encoding="utf-8")
    for line in text.splitlines():
        assert re.fullmatch(r'"[^"]*"(?:,"(?:[^"]|"")*")*', line), line
    for row in graded.course.rows().values():
        assert not any(value.startswith(("=", "+", "-", "@")) for value in row.values())


def test_names_are_kept_where_they_are_harmless(graded: Graded) -> None:
    students = list(graded.course.rows())
    assert "Ольга Петрова_903" in students
    assert "山田 太郎_904" in students
    assert all(len(name) <= 60 for name in students)
    assert not any(set(name) & set("<>&'\"[]*?/\\") for name in students)


def test_nothing_is_written_outside_of_the_course(graded: Graded) -> None:
    above = {path.name for path in graded.course.root.parent.iterdir()}
    assert above == {"course", "trap", "class"}
    links = [path for path in graded.course.root.rglob("*") if os.path.islink(path)]
    assert not links


def test_solutions_are_not_released(graded: Graded) -> None:
    released = json.loads(
        (graded.course.root / "release" / CHAPTER / f"{CHAPTER}.ipynb").read_text()
    )
    handed_out = json.loads((BIN.parents[1] / "exercises" / f"{CHAPTER}.ipynb").read_text())
    texts = ["".join(cell["source"]) for cell in released["cells"]]
    assert texts == ["".join(cell["source"]) for cell in handed_out["cells"]]
