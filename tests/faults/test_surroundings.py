"""A clock that jumps, notebooks that go away, sandboxes that cannot be had."""

import os
import shutil
import stat
from pathlib import Path

from tests.faults.runs import SLOW, Class, kill, one_line, small

# Found by Python at its start: the clock of the wall jumps by hours, to and fro, all the time.
JUMPING = """
import itertools, time
_jump = itertools.cycle([0, 9e4, -9e4, 1e9, -1e9])
_time, _time_ns = time.time, time.time_ns
time.time = lambda: _time() + next(_jump)
time.time_ns = lambda: _time_ns() + int(next(_jump)) * 10**9
"""
LOOP = "def softmax(x, dim=-1):\n    while True: pass\n"

# Fails at the starts that a file lists, by number; the checks whether it works are not counted.
BWRAP = """#!/bin/sh
case "$*" in *zygote*)
    start=1
    until mkdir {folder}/start-$start 2>/dev/null; do start=$((start + 1)); done
    if grep -qx $start {folder}/failing; then
        echo "no room for a sandbox" >&2; exit 1
    fi
esac
exec {bwrap} "$@"
"""


def test_a_clock_that_jumps(course: Class) -> None:
    """Nothing is decided by it: not the limits, not the progress, not what is taken over."""
    shim = course.folder / "shim"
    shim.mkdir()
    (shim / "sitecustomize.py").write_text(JUMPING)
    path = os.pathsep.join([str(shim), *filter(None, [os.environ.get("PYTHONPATH")])])
    jumping = Class(course.folder, [*course.options, "--seconds", "2"], {"PYTHONPATH": path})
    names = ["a", "b", "c"]
    paths = [jumping.add(name, small()) for name in names]
    jumping.add("endless", small(LOOP))
    first = jumping.run()
    assert first.returncode == 0, first.stderr
    saved = jumping.saved()
    assert {saved[name]["earned"] for name in names} == {4}
    assert saved["endless"]["reports"][0]["verdict"] == "timed out"
    assert all(0 <= record["seconds"] < 100 for record in saved.values())
    for path_, moment in zip(paths, (0, 4e9, 1e9), strict=True):
        os.utime(path_, (moment, moment))
        os.utime(next(jumping.records.glob(f"{path_.stem}-*")), (4e9 - moment, 4e9 - moment))
    times = jumping.times()
    second = jumping.run()
    assert "4 of these from an earlier run" in one_line(second.stdout), second.stderr
    assert jumping.times() == times


def test_notebooks_that_go_away_and_change(course: Class) -> None:
    for name in ("a", "b"):
        course.add(name, small(SLOW))
    later = course.add("later", small())
    gone = course.add("gone", small())
    with course.start() as run:
        run.wait_for_records(1)
        text = gone.read_text()
        gone.unlink()
        course.add("later", small("def softmax(x, dim=-1):\n    return x\n"))
        status, said = run.end()
    assert status == 0, said
    saved = course.saved()
    assert saved["gone"]["status"] == "unreadable"
    assert saved["later"]["earned"] == 0
    gone.write_text(text)
    later.write_text(text)
    second = course.run()
    assert "2 of these from an earlier run" in one_line(second.stdout), second.stderr
    assert {record["earned"] for record in course.saved().values()} == {4}


def unreliable(course: Class, failing: range, workers: int) -> Class:
    """The class, graded with a bubblewrap that fails at these starts."""
    folder = course.folder / "bin"
    folder.mkdir()
    program = folder / "bwrap"
    program.write_text(BWRAP.format(folder=folder, bwrap=shutil.which("bwrap")))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (folder / "failing").write_text("".join(f"{number}\n" for number in failing))
    path = os.pathsep.join([str(folder), os.environ["PATH"]])
    return Class(course.folder, ["--workers", str(workers)], {"PATH": path})


def starts(course: Class) -> int:
    return len(list(Path(course.folder, "bin").glob("start-*")))


def test_a_thread_without_a_sandbox_leaves_its_work_to_the_others(course: Class) -> None:
    course = unreliable(course, range(2, 5), workers=2)
    for each in range(5):
        course.add(f"{each}", small(SLOW))
    result = course.run()
    assert result.returncode == 0, result.stderr
    assert [record["earned"] for record in course.saved().values()] == [4] * 5
    assert starts(course) == 4


def test_no_sandbox_to_be_had(course: Class) -> None:
    course = unreliable(course, range(1, 100), workers=2)
    for each in range(3):
        course.add(f"{each}", small())
    result = course.run()
    assert result.returncode == 1
    assert "no room for a sandbox" in result.stderr
    assert "Traceback" not in result.stderr
    assert not course.saved()


def test_no_sandbox_any_more(course: Class) -> None:
    """What is graded is kept, nobody gets a zero, and the next run does the rest."""
    course = unreliable(course, range(2, 100), workers=1)
    for each in range(3):
        course.add(f"{each}", small(SLOW))
    with course.start() as run:
        run.wait_for_records(1)
        run.wait_for_sandboxes(2)
        kill(run.zygotes())
        status, said = run.end()
    assert status == 1
    assert "no room for a sandbox" in said
    assert "1 of 3 are done and kept. Run the same command again" in one_line(said)
    assert "Traceback" not in said
    (course.folder / "bin" / "failing").write_text("")
    assert course.run().returncode == 0
    assert [record["earned"] for record in course.saved().values()] == [4] * 3
