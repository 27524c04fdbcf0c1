"""Files that go away or change while they wait to be graded."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.classroom import Classroom
from autograder.grade import grade_submission
from autograder.record import Record
from tests.grading.hard_to_read import RIGHT, alone
from tests.sample_class.notebook import write

pytestmark = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")


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
    monkeypatch.setattr("autograder.workbench.grade_submission", change)
    points = [r.earned for r, _ in classroom.grade([("one.ipynb", path)])]
    monkeypatch.undo()
    points += [r.earned for r, _ in classroom.grade([("one.ipynb", path)])]
    assert points == [4, 0]
