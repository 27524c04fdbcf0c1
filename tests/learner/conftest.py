"""A home of its own for each test: no test sees or changes a real learner's progress."""

from pathlib import Path

import pytest

from gptcourse import records


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("GPTCOURSE_HOME", str(folder))
    monkeypatch.setattr(records, "_unsaved", None)
    return folder
