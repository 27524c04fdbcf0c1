"""The sample class, graded by the command: each submission gets the right verdict."""

import csv
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.hidden_tests import chapters
from autograder.record import Record
from autograder.saved import submission_id
from tests.sample_class.build import AFTER, build
from tests.sample_class.files import FILES
from tests.sample_class.honest import HONEST, spoiled
from tests.sample_class.hostile import HOSTILE, SCRIPT
from tests.sample_class.notebook import CHAPTERS

pytestmark = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")

AUTOGRADER = str(Path(sys.executable).with_name("autograder"))
FULL = {"perfect", "unfamiliar but right", "metadata lost", "cells reordered", "defined twice",
        "ten minutes of training", "magics", "notebook format 3", "hostile metadata",
        "30 MB of outputs"}  # fmt: skip
SOFTMAX = {
    "syntax error": "error",
    "endless loop": "timed out",
    "exits": "not allowed",
    "exits at definition": "not allowed",
    "fork bomb": "not allowed",
    "8 GiB": "error",
    "10 GiB of output": "not allowed",
    "reads files": "wrong",
    "network": "not allowed",
    "patched allclose": "not allowed",
    "lying eq": "wrong",
    "tensor subclass": "not allowed",
    "nan": "wrong",
    "forged replies": "not allowed",
    "walks frames": "not allowed",
    next(name for name in HOSTILE if "script" in name): "error",
}
CANARY = "canary-7f1d"


class Graded:
    """The class after grading."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "grades"
        self.secret = folder / "secret"
        self.listener = socket.create_server(("127.0.0.1", 0))
        canary = folder / "canary"
        canary.write_text(CANARY)
        port = self.listener.getsockname()[1]
        self.names = build(folder / "class", canary=str(canary), port=port)
        subprocess.run([AUTOGRADER, "seed", str(self.secret)], check=True)
        self.command = [AUTOGRADER, "grade", str(folder / "class"), "--seed-file", str(self.secret),
                        "--out", str(self.out), "--seconds", "10"]  # fmt: skip
        self.run = subprocess.run(self.command, capture_output=True, text=True, timeout=600)

    def saved(self, stem: str) -> dict[str, Any]:
        path = self.out / "records" / f"{submission_id(f'{stem}.ipynb')}.json"
        saved: dict[str, Any] = json.loads(path.read_text())
        return saved

    def record(self, stem: str) -> Record:
        return Record.from_json(self.saved(stem)["record"])

    def stem(self, name: str) -> str:
        return next(stem for stem in self.names if stem[3:] == name)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    result = Graded(tmp_path_factory.mktemp("class"))
    yield result
    result.listener.close()


def test_the_run_ends_well(graded: Graded) -> None:
    assert graded.run.returncode == 0, graded.run.stdout + graded.run.stderr


@pytest.mark.parametrize("name", sorted(FULL))
def test_full_marks(graded: Graded, name: str) -> None:
    record = graded.record(graded.stem(name))
    assert [r.verdict for r in record.reports] == ["passed"] * len(record.reports), record
    assert record.earned == record.points


@pytest.mark.parametrize("name", sorted(SOFTMAX))
def test_an_attack_costs_its_own_exercise_only(graded: Graded, name: str) -> None:
    record = graded.record(graded.stem(name))
    first, *others = record.reports
    assert first.exercise == "softmax"
    assert first.verdict == SOFTMAX[name], first
    assert first.earned == 0 or name in ("nan", "patched allclose")
    assert {report.verdict for report in others} == {"passed"}


@pytest.mark.parametrize("name", sorted(FILES))
def test_what_is_no_notebook_is_said_to_be_unreadable(graded: Graded, name: str) -> None:
    record = graded.record(graded.stem(name))
    assert record.status == "unreadable"
    assert record.earned is None
    assert len(record.reason) > 20


def test_every_submission_was_listed_here(graded: Graded) -> None:
    names = FULL | set(SOFTMAX) | set(FILES) | {"half done", "untouched", "one mistake in each"}
    assert set(HONEST) | set(HOSTILE) | set(FILES) == names


def test_an_honest_submission_after_each_gets_full_marks(graded: Graded) -> None:
    followed = [stem for stem in graded.names if stem.partition(" ")[2] in (*HOSTILE, *FILES)]
    assert len(followed) >= 30
    for stem in followed:
        record = graded.record(f"{stem} {AFTER}")
        assert record.earned == record.points, (stem, record)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_mistake_is_named(graded: Graded, chapter: str) -> None:
    suffix = "" if chapter == CHAPTERS[0] else f" {chapter}"
    record = graded.record(graded.stem(f"one mistake in each{suffix}"))
    wrong = {exercise.id for exercise in spoiled(chapter)}
    assert wrong
    for exercise, report in zip(chapters()[chapter], record.reports, strict=True):
        if exercise.id not in wrong:
            assert report.verdict == "passed", report
            continue
        assert report.message is not None
        assert report.message.misconception == exercise.misconceptions[0].name, report
        assert report.earned < report.points


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_half_and_full(graded: Graded, chapter: str) -> None:
    suffix = "" if chapter == CHAPTERS[0] else f" {chapter}"
    half = graded.record(graded.stem(f"half done{suffix}"))
    done = len(half.reports) // 2
    assert [r.verdict for r in half.reports[:done]] == ["passed"] * done
    assert {r.verdict for r in half.reports[done:]} == {"not attempted"}
    for name in ("perfect", "unfamiliar but right"):
        record = graded.record(graded.stem(f"{name}{suffix}"))
        assert record.earned == record.points, record


def test_untouched_is_not_wrong(graded: Graded) -> None:
    record = graded.record(graded.stem("untouched"))
    assert {report.verdict for report in record.reports} == {"not attempted"}
    assert record.earned == 0


def test_repairs_are_told(graded: Graded) -> None:
    assert any(
        "found by its name" in r for r in graded.record(graded.stem("metadata lost")).repairs
    )
    assert any("2 times" in r for r in graded.record(graded.stem("defined twice")).repairs)


def test_nothing_hidden_or_hostile_is_in_what_is_written(graded: Graded) -> None:
    for path in graded.out.rglob("*"):
        if path.is_file():
            text = path.read_text()
            assert CANARY not in text
            if path.suffix == ".html":
                # The class report has one script, which is ours.
                assert text.count("<script") == (path.name == "index.html")
                assert "<img" not in text
            else:
                assert "called with" not in text
    assert SCRIPT[:8] in graded.record(graded.stem(next(n for n in HOSTILE if "script" in n))).name


def test_the_table_has_a_row_for_each(graded: Graded) -> None:
    with (graded.out / "grades.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(graded.names) + len(HOSTILE) + len(FILES)
    for row in rows:
        assert (row["points"] == "") == (row["status"] != "graded")


def test_nothing_is_left_in_the_folder(graded: Graded) -> None:
    assert not [path for path in graded.out.rglob(".*") if path.is_file()]


def test_a_second_run_takes_over_what_is_graded(graded: Graded) -> None:
    stem = graded.stem("perfect")
    before = graded.saved(stem)
    other = graded.stem("half done")
    lost = graded.out / "records" / f"{submission_id(f'{other}.ipynb')}.json"
    lost.unlink()
    run = subprocess.run(graded.command, capture_output=True, text=True, timeout=600)
    assert run.returncode == 0
    assert f"{len(graded.names) + len(HOSTILE) + len(FILES) - 1}" in run.stdout
    assert graded.saved(stem) == before
    assert lost.exists()
