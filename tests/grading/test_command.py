"""The command's answers to wrong calls."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.sample_class.honest import perfect
from tests.sample_class.hostile import endless_loop
from tests.sample_class.notebook import write

AUTOGRADER = str(Path(sys.executable).with_name("autograder"))


def autograder(*arguments: object, path: str | None = None) -> subprocess.CompletedProcess[str]:
    env = os.environ | ({"PATH": path} if path is not None else {})
    command = [AUTOGRADER, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=env)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    assert autograder("seed", file).returncode == 0
    return file


def test_a_seed_is_secret_and_never_overwritten(secret: Path) -> None:
    assert secret.stat().st_mode & 0o077 == 0
    before = secret.read_text()
    again = autograder("seed", secret)
    assert again.returncode == 1
    assert "is there already" in again.stderr
    assert secret.read_text() == before


@pytest.mark.parametrize("command", ["", "grade", "doctor", "generate", "new", "seed", "serve"])
def test_help(command: str) -> None:
    result = autograder(*command.split(), "--help")
    assert result.returncode == 0
    assert "Usage" in result.stdout


def test_a_short_seed_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "seed"
    file.write_text("1234")
    result = autograder("grade", tmp_path, "--seed-file", file)
    assert result.returncode == 2
    assert "autograder seed" in result.stderr


def test_a_path_that_is_not_there(tmp_path: Path, secret: Path) -> None:
    result = autograder("grade", tmp_path / "nowhere", "--seed-file", secret)
    assert result.returncode == 1
    assert "nowhere" in result.stderr


def test_an_empty_folder(tmp_path: Path, secret: Path) -> None:
    result = autograder("grade", tmp_path, "--seed-file", secret)
    assert result.returncode == 1
    assert "no .ipynb" in result.stderr


def test_without_bubblewrap_it_refuses_and_says_what_to_install(
    tmp_path: Path, secret: Path
) -> None:
    write(tmp_path / "one.ipynb", perfect())
    result = autograder(
        "grade", tmp_path / "one.ipynb", "--seed-file", secret, "--out", tmp_path / "out", path=""
    )
    assert result.returncode == 1
    assert "bubblewrap" in result.stderr
    assert "install" in result.stderr
    assert not (tmp_path / "out" / "records").exists()


def test_the_process_sandbox_grades_where_it_is_asked_for(tmp_path: Path, secret: Path) -> None:
    write(tmp_path / "one.ipynb", perfect())
    result = autograder(
        "grade", tmp_path / "one.ipynb", "--seed-file", secret, "--out", tmp_path / "out",
        "--sandbox", "process", path="",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert '"graded"' in (tmp_path / "out" / "grades.csv").read_text()


@pytest.mark.skipif(not Path("/usr/bin/bwrap").exists(), reason="bubblewrap is not installed")
def test_a_run_that_is_killed_goes_on_where_it_stopped(tmp_path: Path, secret: Path) -> None:
    for number in range(6):
        write(tmp_path / "class" / f"{number}.ipynb", perfect())
    write(tmp_path / "class" / "7.ipynb", endless_loop())
    arguments = ["grade", str(tmp_path / "class"), "--seed-file", str(secret),
                 "--out", str(tmp_path / "out"), "--seconds", "2", "--workers", "1"]  # fmt: skip
    run = subprocess.Popen([AUTOGRADER, *arguments], stdout=subprocess.DEVNULL)
    records = tmp_path / "out" / "records"
    deadline = time.monotonic() + 60
    while not list(records.glob("*.json")) and time.monotonic() < deadline:
        time.sleep(0.05)
    run.send_signal(signal.SIGKILL)
    run.wait()
    done = {path.name: path.stat().st_mtime_ns for path in records.glob("*.json")}
    assert 0 < len(done) < 7
    result = autograder(*arguments)
    assert result.returncode == 0, result.stderr
    assert f"{len(done)} of these from an earlier run" in " ".join(result.stdout.split())
    assert len(list(records.glob("*.json"))) == 7
    for name, modified in done.items():
        assert (records / name).stat().st_mtime_ns == modified
