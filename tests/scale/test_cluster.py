"""The class on a Dask cluster: workers die, differ, or are not there."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder
from autograder.cluster import is_private
from autograder.sandbox.memory import descendants
from tests.faults.runs import SLOW, Class, all_gone, one_line, small
from tests.sample_class.notebook import write
from tests.scale.dask_on_loopback import Dask

pytest.importorskip("distributed", reason="Dask is not installed: the extra `cluster` has it")

WRONG = "def softmax(x, dim=-1):\n    return x\n"
ATTACK = """
    import socket, torch
    def softmax(x, dim=-1):
        socket.create_connection({address!r}, timeout=2).close()
        return torch.softmax(x, dim)
"""


@pytest.fixture
def course(tmp_path: Path) -> Class:
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed")
    return Class(tmp_path)


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Dask]:
    with Dask(tmp_path / "dask") as cluster:
        yield cluster


def test_a_worker_that_is_killed_loses_nothing_and_nothing_is_done_twice(
    course: Class, dask: Dask
) -> None:
    first, second = dask.worker(), dask.worker()
    host, port = dask.address.removeprefix("tcp://").split(":")
    for each in range(8):
        course.add(f"right {each}", small(SLOW))
    course.add("wrong", small(WRONG))
    course.add("reaches for the scheduler", small(ATTACK.format(address=(host, int(port)))))
    write(course.folder / "class" / "no notebook.ipynb", {})
    with course.start("--scheduler", dask.address) as run:
        # In the middle of a submission, and after the first record.
        run.wait_for_records(3)
        run.wait(lambda: len(dask.begun_by(first)) > 0)
        before = dask.begun()
        sandboxes = descendants(first.pid)[1:]
        first.send_signal(signal.SIGKILL)
        first.wait()
        status, said = run.end()
    assert status == 0, said + dask.said()[-3000:]
    assert sandboxes
    assert all_gone(sandboxes)
    saved = course.saved()
    assert len(saved) == len(list(course.records.glob("*.json"))) == 11
    assert {saved[name]["earned"] for name in saved if name.startswith("right")} == {4}
    assert saved["wrong"]["earned"] == saved["reaches for the scheduler"]["earned"] == 0
    verdict = saved["reaches for the scheduler"]["reports"][0]["verdict"]
    assert verdict in ("error", "not allowed")
    assert saved["no notebook"]["status"] == "unreadable"

    # Dask begins a task again only if its worker died over it, or with its answer.
    again = {task for task, count in dask.begun().items() if count > 1}
    assert len(dask.begun()) == 11
    assert len(again) <= 2
    assert again <= set(before) & set(dask.begun_by(first))

    # The second run takes everything over, and needs nobody.
    times = course.times()
    second.send_signal(signal.SIGKILL)
    assert "11 of these from an earlier run" in one_line(course.run().stdout)
    assert course.times() == times


def test_a_worker_with_other_code_grades_nothing(course: Class, dask: Dask, tmp_path: Path) -> None:
    course.add("one", small())
    other = tmp_path / "other"
    assert autograder.__file__ is not None
    shutil.copytree(Path(autograder.__file__).parent, other / "autograder")
    with (other / "autograder" / "grade.py").open("a") as file:
        file.write("# another version\n")
    dask.worker({"PYTHONPATH": str(other)})
    result = course.run("--scheduler", dask.address)
    assert result.returncode == 1
    assert "would not give the same grades" in one_line(result.stderr), result.stderr
    assert "Install the same version" in result.stderr
    assert not course.saved()
    assert not dask.begun()


def test_a_worker_without_bubblewrap_grades_nothing(course: Class, dask: Dask) -> None:
    course.add("one", small())
    dask.worker({"PATH": ""})
    result = course.run("--scheduler", dask.address)
    assert result.returncode == 1
    assert "these workers cannot grade" in result.stderr
    assert "bubblewrap is not installed" in result.stderr
    assert not dask.begun()


def test_a_scheduler_that_goes_away(course: Class, dask: Dask) -> None:
    for each in range(4):
        course.add(f"{each}", small(SLOW))
    dask.worker()
    with course.start("--scheduler", dask.address) as run:
        run.wait_for_records(1)
        dask.scheduler.send_signal(signal.SIGKILL)
        status, said = run.end()
    assert status == 1
    assert "the scheduler is gone" in one_line(said)
    assert "of 4 are done and kept. Run the same command again" in one_line(said)
    assert "Traceback" not in said


def test_no_scheduler(course: Class) -> None:
    course.add("one", small())
    result = course.run("--scheduler", "tcp://127.0.0.1:9")
    assert result.returncode == 1
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in one_line(result.stderr)
    assert "Traceback" not in result.stderr


def test_the_seed_is_not_to_be_sent_in_the_open() -> None:
    private = ["tls://10.0.0.1:8786", "tcp://127.0.0.1:8786", "localhost:8786", "tls://[::1]:1"]
    assert all(map(is_private, private))
    assert not any(map(is_private, ["tcp://10.0.0.1:8786", "10.0.0.1:8786", "head:8786"]))
