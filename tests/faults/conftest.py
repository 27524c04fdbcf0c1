"""A class that is taught to survive."""

import shutil
from pathlib import Path

import pytest

from tests.faults.runs import Class


@pytest.fixture
def course(tmp_path: Path) -> Class:
    """An empty class, graded by one worker unless a test says otherwise."""
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed")
    return Class(tmp_path, ("--workers", "1"))
