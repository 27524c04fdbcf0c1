"""The red team's notebooks, graded by the command in one folder: what each gets, and costs."""

import csv
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.classroom import Classroom
from autograder.grade import Record, grade_submission
from autograder.saved import submission_id
from gptcourse.judge import Report
from tests.grading.attacks import ATTACKS, NAMES, PATHOLOGICAL, RIGHT, TOO_MUCH, alone
from tests.sample_class.honest import perfect
from tests.sample_class.notebook import write

pytestmark = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")

AUTOGRADER = str(Path(sys.executable).with_name("autograder"))
HONEST = "honest"
UNDECODABLE = os.fsdecode(b"\xff\xfe")
# What runs beside the grader's own code in one process can lie: see autograder/unusual.py.
GETS_POINTS = {"softmax_in_a_thread", "own_probe", "leaves_files"}


class Graded:
    """The folder after grading."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "grades"
        here = folder / "class"
        notebooks = {name: attack() for name, attack in ATTACKS.items()}
        notebooks |= {name: attack() for name, (attack, _) in PATHOLOGICAL.items()}
        notebooks |= {name: alone("softmax", RIGHT) for name in NAMES.values()}
        for name, notebook in notebooks.items():
            write(here / f"{name}.ipynb", notebook)
            write(here / f"{name} {HONEST}.ipynb", alone("softmax", RIGHT))
        write(here / "perfect.ipynb", perfect())
        for name, attack in TOO_MUCH.items():
            write(here / f"{name}.ipynb", attack())
        (here / "folder.ipynb").mkdir()
        shutil.copy(here / "perfect.ipynb", here / f"{UNDECODABLE}.ipynb")
        self.names = list(notebooks)
        secret = folder / "secret"
        subprocess.run([AUTOGRADER, "seed", str(secret)], check=True)
        command = [AUTOGRADER, "grade", str(here), "--seed-file", str(secret)]
        command += ["--out", str(self.out), "--seconds", "2"]
        start = time.monotonic()
        self.run = subprocess.run(command, capture_output=True, timeout=300)
        self.seconds = time.monotonic() - start

    def record(self, name: str) -> Record:
        path = self.out / "records" / f"{submission_id(f'{name}.ipynb')}.json"
        return Record.from_json(json.loads(path.read_text())["record"])

    def report(self, name: str, exercise: str = "softmax") -> Report:
        return next(r for r in self.record(name).reports if r.exercise == exercise)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    return Graded(tmp_path_factory.mktemp("red team"))


def test_the_run_ends_and_nobody_is_told_that_the_grader_failed(graded: Graded) -> None:
    assert graded.run.returncode == 0, graded.run
    assert graded.seconds < 120  # it takes about 30; each endless one would add minutes


def test_each_attack_was_graded(graded: Graded) -> None:
    assert {graded.record(name).status for name in graded.names} == {"graded"}


def test_an_honest_submission_beside_each_gets_full_marks(graded: Graded) -> None:
    for name in graded.names:
        assert graded.report(f"{name} {HONEST}").verdict == "passed", name
        assert not graded.record(f"{name} {HONEST}").failures
    for name in ("perfect", UNDECODABLE):
        assert graded.record(name).earned == graded.record(name).points


@pytest.mark.parametrize("name", sorted(set(ATTACKS) - GETS_POINTS - {"few_draws", "tiny_draws"}))
def test_an_attack_on_softmax_gets_nothing(graded: Graded, name: str) -> None:
    assert graded.report(name).earned == 0
    assert graded.record(name).seconds < 20


@pytest.mark.parametrize("name", ["few_draws", "tiny_draws"])
def test_frequencies_need_as_many_draws_as_were_asked_for(graded: Graded, name: str) -> None:
    groups = graded.report(name, "sample_bigram").groups
    assert not next(g for g in groups if g.name.startswith("draws with")).passed


@pytest.mark.parametrize(
    ("name", "exercise", "word"),
    [("softmax_in_a_thread", "softmax", "threading"), ("own_probe", "sample_bigram", "gptcourse")],
)
def test_what_cannot_be_prevented_is_pointed_out(
    graded: Graded, name: str, exercise: str, word: str
) -> None:
    assert graded.report(name, exercise).earned > 0
    assert any(f"`{word}`" in note for note in graded.record(name).failures)
    assert f"<code>{word}</code>" in (graded.out / "index.html").read_text()
    page = graded.out / "feedback" / f"{submission_id(f'{name}.ipynb')}.html"
    assert "no honest one" not in page.read_text()


def test_a_thrown_away_sandbox_costs_no_points(graded: Graded) -> None:
    assert graded.report("leaves_files").verdict == "passed"


@pytest.mark.parametrize("name", sorted(PATHOLOGICAL))
def test_code_that_is_hard_to_read_is_read(graded: Graded, name: str) -> None:
    assert graded.report(name).verdict == PATHOLOGICAL[name][1]
    assert graded.record(name).seconds < 30


@pytest.mark.parametrize("name", sorted(TOO_MUCH))
def test_too_much_code_is_said_to_be_too_much(graded: Graded, name: str) -> None:
    record = graded.record(name)
    assert record.status == "unreadable"
    assert "holds more than" in record.reason or "at most" in record.reason


def test_pages_hold_no_more_than_a_few_words_of_what_a_learner_forged(graded: Graded) -> None:
    for path in (graded.out / "feedback").iterdir():
        text = path.read_text()
        assert len(text) < 20_000
        assert "999999" not in text
        assert "ffffff" not in text


def test_names_are_shown_and_not_obeyed(graded: Graded) -> None:
    printed = (graded.run.stdout + graded.run.stderr).decode()
    assert "owned" not in printed
    assert "HYPERLINK" not in printed
    for path in [graded.out / "index.html", *(graded.out / "feedback").iterdir()]:
        assert not any(c in path.read_text() for c in "\x1b\x07\u202e")
    with (graded.out / "grades.csv").open(newline="") as file:
        lines = file.read().splitlines()
    rows = list(csv.DictReader(lines))
    assert len(lines) == len(rows) + 1  # no name makes a second line
    assert not any(value[:1] in "=+-@\t" for row in rows for value in row.values() if value)
    assert len(list((graded.out / "records").iterdir())) == len(rows)
    assert graded.record(NAMES["same as another"]) != graded.record(NAMES["the other"])


def test_a_file_that_goes_away_while_it_waits(tmp_path: Path) -> None:
    """A record is made, and says so; the run goes on."""
    write(tmp_path / "here.ipynb", alone("softmax", RIGHT))
    gone = tmp_path / "gone.ipynb"
    classroom = Classroom(tmp_path / "grades", "s" * 20, workers=1)
    both = [("gone.ipynb", gone), ("here.ipynb", tmp_path / "here.ipynb")]
    statuses = [record.status for record, _ in classroom.grade(both)]
    assert statuses == ["unreadable", "graded"]


def test_a_file_that_changes_while_it_is_graded_is_graded_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record remembers the file as it was before it was read."""
    path = tmp_path / "one.ipynb"
    write(path, alone("softmax", RIGHT))

    def change(*arguments: Any) -> Record:
        record = grade_submission(*arguments)
        write(path, alone("softmax", "def softmax(x, dim=-1):\n    return x\n"))
        return record

    classroom = Classroom(tmp_path / "grades", "s" * 20, workers=1)
    monkeypatch.setattr("autograder.classroom.grade_submission", change)
    points = [r.earned for r, _ in classroom.grade([("one.ipynb", path)])]
    monkeypatch.undo()
    points += [r.earned for r, _ in classroom.grade([("one.ipynb", path)])]
    assert points == [4, 0]
