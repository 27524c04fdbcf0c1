"""Code on which a parser would stop, graded by the command: read, or said to be too much."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.record import Record
from autograder.saved import submission_id
from tests.grading.hard_to_read import PATHOLOGICAL, RIGHT, TOO_MUCH, alone
from tests.sample_class.notebook import write

pytestmark = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")

AUTOGRADER = str(Path(sys.executable).with_name("autograder"))


class Graded:
    """The folder after grading."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "grades"
        here = folder / "class"
        for name, (attack, _) in PATHOLOGICAL.items():
            write(here / f"{name}.ipynb", attack())
        for name, too_much in TOO_MUCH.items():
            write(here / f"{name}.ipynb", too_much())
        write(here / "honest.ipynb", alone("softmax", RIGHT))
        (here / "folder.ipynb").mkdir()
        secret = folder / "secret"
        subprocess.run([AUTOGRADER, "seed", str(secret)], check=True)
        command = [AUTOGRADER, "grade", str(here), "--seed-file", str(secret)]
        self.run = subprocess.run(
            [*command, "--out", str(self.out)], capture_output=True, timeout=500
        )

    def record(self, name: str) -> Record:
        path = self.out / "records" / f"{submission_id(f'{name}.ipynb')}.json"
        return Record.from_json(json.loads(path.read_text())["record"])


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    return Graded(tmp_path_factory.mktemp("hard to read"))


def test_the_run_comes_to_its_end(graded: Graded) -> None:
    assert graded.run.returncode == 0, graded.run
    assert graded.record("honest").reports[0].verdict == "passed"


@pytest.mark.parametrize("name", sorted(PATHOLOGICAL))
def test_code_that_is_hard_to_read_is_read(graded: Graded, name: str) -> None:
    report = next(r for r in graded.record(name).reports if r.exercise == "softmax")
    assert report.verdict == PATHOLOGICAL[name][1]


@pytest.mark.parametrize("name", sorted(TOO_MUCH))
def test_too_much_code_is_said_to_be_too_much(graded: Graded, name: str) -> None:
    record = graded.record(name)
    assert record.status == "unreadable"
    assert "holds more than" in record.reason or "at most" in record.reason
