"""A sandbox that ends is replaced, and none outlives its grader."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from conftest import LIMITS, assert_honest_job_works, job, opened

from autograder.sandbox import Died, Sandbox, SandboxError, memory, process


@pytest.mark.parametrize("kind", ["bubblewrap", "process"])
def test_zygote_that_was_killed_is_replaced(kind: str) -> None:
    with opened(kind) as sandbox:
        assert sandbox._running is not None
        os.kill(memory.descendants(sandbox._running.pid)[-1], signal.SIGKILL)
        assert_honest_job_works(sandbox)
        assert sandbox.started == 2


@pytest.mark.parametrize("kind", ["bubblewrap", "process"])
def test_nothing_is_left_after_closing(kind: str) -> None:
    with opened(kind) as sandbox:
        assert sandbox._running is not None
        pids = memory.descendants(sandbox._running.pid)
    assert gone(pids)


@pytest.mark.parametrize("kind", ["bubblewrap", "process"])
def test_nothing_outlives_a_grader_that_is_killed(kind: str) -> None:
    opened(kind).close()
    code = f"""
import time
from autograder.sandbox import memory, open_sandbox
with open_sandbox({kind!r}) as sandbox:
    print(*memory.descendants(sandbox._running.pid), flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as grader:
        assert grader.stdout is not None
        pids = [int(pid) for pid in grader.stdout.readline().split()]
        assert pids
        grader.kill()
    assert gone(pids)


def test_one_process_a_job() -> None:
    """The way it has to be done on macOS, on whatever this is."""
    with Sandbox(lambda limits: replace(process.launch(limits), warm=False), LIMITS) as sandbox:
        assert_honest_job_works(sandbox)
        for source in ("while True: pass", "import os; os._exit(0)"):
            assert isinstance(sandbox.run(job(source)), Died)
        assert_honest_job_works(sandbox)
        assert sandbox.started == 4


def test_what_cannot_start_says_why() -> None:
    broken = Sandbox(
        lambda limits: replace(process.launch(limits), words=(sys.executable, "-c", "1/0")), LIMITS
    )
    with pytest.raises(SandboxError, match="ZeroDivisionError"):
        broken.run(job(""))


def gone(pids: list[int]) -> bool:
    """Wait a little for the processes to end; zombies of nobody's count as ended."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not any(memory.mapped(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False
