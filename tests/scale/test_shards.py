"""A class in parts, for job arrays: every submission is in one part, whatever the others do."""

import csv
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.classroom import in_shard
from autograder.cli import main
from autograder.output import OutputError, claim
from tests.faults.runs import SECRET, SLOW, Class, one_line, small

NAMES = ["ada.ipynb", "学生.ipynb", "a/b c.ipynb", *(f"student {n}.ipynb" for n in range(997))]


@pytest.mark.parametrize("count", [1, 2, 7, 300])
def test_every_submission_is_in_one_shard(count: int) -> None:
    found = [
        [number for number in range(1, count + 1) if in_shard(name, number, count)]
        for name in NAMES
    ]
    assert {len(shards) for shards in found} == {1}
    if count == 7:
        sizes = [found.count([number]) for number in range(1, 8)]
        assert min(sizes) > 100  # of 143


def test_the_split_is_the_same_everywhere() -> None:
    """Another one would lose submissions between machines of different versions."""
    found = [number for number in range(1, 11) if in_shard("ada.ipynb", number, 10)]
    assert found == [10]
    assert in_shard(b"\xff.ipynb".decode("utf-8", "surrogateescape"), 1, 1)


@pytest.mark.parametrize(
    "wrong", ["0/3", "4/3", "1/0", "3", "a/b", "-1/3", "1/3/5", "1.0/3", "²/3"]
)
def test_what_is_no_shard_is_refused(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "secret").write_text(SECRET)
    words = ["grade", str(tmp_path), "--seed-file", str(tmp_path / "secret"), "--shard", wrong]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert "is not a shard such as 3/10" in one_line(result.output)


def test_workers_are_the_clusters_to_choose(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    words = ["grade", str(tmp_path), "--seed-file", str(tmp_path / "secret")]
    result = CliRunner().invoke(main, [*words, "--scheduler", "tls://x:1", "--workers", "2"])
    assert result.exit_code == 2
    assert "the cluster" in result.output


def test_shards_at_the_same_time(tmp_path: Path) -> None:
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed")
    course = Class(tmp_path, ("--workers", "1"))
    names = [f"{each}" for each in range(6)]
    for name in names:
        course.add(name, small(SLOW))
    parts = [[n for n in names if in_shard(f"{n}.ipynb", i, 2)] for i in (1, 2)]
    assert all(parts)
    with course.start("--shard", "1/2") as one, course.start("--shard", "2/2") as two:
        one.wait_for_records(1)
        with pytest.raises(OutputError, match="another run is writing"), claim(course.out):
            pass  # a run over the whole class
        for run, part in ((one, parts[0]), (two, parts[1])):
            status, said = run.end()
            assert status == 0, said
            assert f"{len(part)} graded" in one_line(said)
            assert f"autograder report {course.out}" in one_line(said)
    saved = course.saved()
    assert sorted(saved) == names
    assert {record["earned"] for record in saved.values()} == {4}
    assert not (course.out / "grades.csv").exists()  # of the whole class, or of nothing
    report = CliRunner().invoke(main, ["report", str(course.out)])
    assert report.exit_code == 0, report.output
    with (course.out / "grades.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 6
