"""The memory of a run does not grow with the class. A thousand: python -m tests.scale.memory."""

import shutil
from pathlib import Path

import pytest

from tests.scale.memory import measure

COUNT, WARM = 40, 15


@pytest.mark.slow
def test_flat_memory(tmp_path: Path) -> None:
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed")
    result = measure(tmp_path, COUNT, "--workers", "2")
    assert result.status == 0, result.said
    assert len(list((tmp_path / "grades" / "records").glob("*.json"))) == COUNT
    during = [sample for sample in result.samples if sample.done >= WARM and sample.sandboxes]
    # Measured: 7 kB a submission. The notebook alone has 20 kB, and its syntax trees megabytes.
    assert during[-1].grader - during[0].grader < (COUNT - WARM) * 100_000
    # Each has a parent that has imported torch, and one child of it at a time.
    assert max(sample.sandboxes for sample in result.samples) < 2 * 2 * 400e6
