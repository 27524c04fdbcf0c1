"""Killed by force, by Ctrl-C, by a batch system: the next run goes on, and nothing is left."""

import re
import signal

import pytest

from tests.faults.runs import SLOW, Class, all_gone, kill, one_line, small


def test_a_grader_that_is_killed(course: Class) -> None:
    for each in range(4):
        course.add(f"{each}", small(SLOW))
    with course.start() as run:
        run.wait_for_records(1)
        run.wait_for_sandboxes()
        processes = run.below()
        assert processes
        run.end(signal.SIGKILL)
    assert all_gone(processes)
    done = course.times()
    assert 1 <= len(done) < 4

    # What a run that is killed in the middle of a file leaves behind.
    half = course.records / ".half-0123.json.17.4711"
    half.write_text('{"format": 2, "rec')
    second = course.run()
    assert second.returncode == 0, second.stderr
    assert f"{len(done)} of these from an earlier run" in one_line(second.stdout)
    times = course.times()
    assert len(times) == 4
    assert {name: times[name] for name in done} == done  # not graded twice
    assert not half.exists()
    assert {record["earned"] for record in course.saved().values()} == {4}


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_says_how_to_go_on(course: Class, number: int, status: int) -> None:
    for each in range(4):
        course.add(f"{each}", small(SLOW))
    with course.start() as run:
        run.wait_for_records(1)
        processes = run.below()
        assert processes
        ended, said = run.end(number)
    assert ended == status, said
    assert "Traceback" not in said
    assert all_gone(processes)
    done = len(course.times())
    assert 1 <= done < 4
    # It may come between the writing of a record and its counting.
    assert re.search(rf"[{done - 1}{done}] of 4 are done and kept. Run the same", one_line(said))


def test_a_sandbox_that_is_killed_costs_no_points(course: Class) -> None:
    for each in range(3):
        course.add(f"{each}", small(SLOW))
    with course.start() as run:
        run.wait_for_sandboxes(2)  # the one that forks, and the one with the job
        kill(run.zygotes())
        run.wait_for_records(1)
        run.wait_for_sandboxes(2)
        kill(run.below()[:1])  # bubblewrap itself
        status, said = run.end()
    assert status == 0, said
    assert [record["earned"] for record in course.saved().values()] == [4, 4, 4]
