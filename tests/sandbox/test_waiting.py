"""A busy machine costs nobody points: time spent waiting for a processor is not the learner's."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from conftest import LIMITS, job

from autograder.sandbox import Died, Finished, Sandbox, bubblewrap, process

WORK = """
import time
until = time.process_time() + {seconds}
while time.process_time() < until:
    pass
def softmax(x, dim=-1):
    return x
"""


@pytest.fixture
def busy() -> Iterator[None]:
    """One processor for this process and the sandboxes that it starts, and others that use it."""
    whole = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(whole)})
    loop = [sys.executable, "-c", "while True: pass"]
    others = [subprocess.Popen(loop) for _ in range(3)]
    yield
    for other in others:
        other.kill()
        other.wait()
    os.sched_setaffinity(0, whole)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says who waits for a processor")
@pytest.mark.parametrize("level", [bubblewrap, process])
def test_who_waits_for_a_processor_has_more_time(level: object, busy: None) -> None:
    limits = replace(LIMITS, seconds=1.0)
    with Sandbox(lambda limits: level.launch(limits), limits) as sandbox:  # type: ignore[attr-defined]
        start = time.monotonic()
        reply = sandbox.run(job(WORK.format(seconds=0.7)))
        seconds = time.monotonic() - start
        assert isinstance(reply, Finished), reply
        assert seconds > 1.3, "the processor was not shared"
        start = time.monotonic()
        reply = sandbox.run(job("while True: pass"))
        assert isinstance(reply, Died)
        assert (reply.reason, reply.detail) == ("timed out", "no answer in 1 s")
        assert time.monotonic() - start < 8.0
        start = time.monotonic()
        reply = sandbox.run(job("import time; time.sleep(60)"))
        assert isinstance(reply, Died)
        assert reply.reason == "timed out"
        assert time.monotonic() - start < 4.0, "who sleeps waits for nobody"
