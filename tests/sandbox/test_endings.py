"""Code that does not come to its end in the ordinary way gets a verdict, and soon."""

import time

import pytest
from conftest import Attack, assert_honest_job_works, job, told

from autograder.sandbox import Died, Finished, Sandbox
from autograder.sandbox.conversation import AT_MOST


def test_honest_job(either: Sandbox) -> None:
    assert_honest_job_works(either)


def test_honest_jobs_share_one_process(either: Sandbox) -> None:
    assert_honest_job_works(either)
    before = either.started
    for _ in range(5):
        assert_honest_job_works(either)
    assert either.started == before


@pytest.mark.parametrize("where", ["while True: pass", "def softmax(x):\n    while True: pass"])
def test_endless_loop(attack: Attack, where: str) -> None:
    start = time.monotonic()
    result = attack(where)
    assert isinstance(result, Died)
    assert result.reason == "timed out"
    # On a busy machine it has more time, and never more than that.
    assert time.monotonic() - start < 5 * AT_MOST + 5


def test_endless_loop_that_cannot_be_interrupted(attack: Attack) -> None:
    result = attack("""
        import signal
        for number in range(1, 65):
            try: signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError): pass
        while True:
            try:
                while True: pass
            except BaseException: pass
    """)
    assert isinstance(result, Died)
    assert result.reason == "timed out"


@pytest.mark.parametrize(
    "ending",
    ["import os; os._exit(0)", "import os; os.abort()", "import ctypes; ctypes.string_at(0)"],
)
def test_process_ends(attack: Attack, ending: str) -> None:
    result = attack(ending)
    assert isinstance(result, Died)
    assert result.reason == "exited"
    result = attack(f"def softmax(x):\n    {ending}")
    assert isinstance(result, Died)
    assert result.reason == "exited"


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ("sys.exit(0)", "SystemExit"),
        ("quit()", "NameError"),
        ("raise BaseException('x')", "BaseException"),
        ("input()", "EOFError"),
        ("softmax(x)", "RecursionError"),
        ("raise type('Odd', (Exception,), {'__str__': lambda s: 1 / 0})()", "Odd"),
    ],
)
def test_exception_is_an_outcome(attack: Attack, ending: str, kind: str) -> None:
    if kind == "NameError":
        ending = "del __builtins__['quit'], __builtins__['exit']; quit()"
    result = attack(f"import sys\ndef softmax(x):\n    {ending}")
    assert isinstance(result, Finished)
    assert result.outcomes[0]["raised"]["type"] == kind


def test_keyboard_interrupt(attack: Attack) -> None:
    result = attack("def softmax(x):\n    raise KeyboardInterrupt")
    assert isinstance(result, Died) or result.outcomes[0]["raised"]["type"] == "KeyboardInterrupt"


def test_recursion_without_a_limit(attack: Attack) -> None:
    result = attack("""
        import sys
        sys.setrecursionlimit(10**9)
        class Deep:
            def __repr__(self): return f"{self!r}"
        def softmax(x): repr(Deep())
    """)
    assert isinstance(result, Died | Finished)


def test_definition_that_raises(attack: Attack) -> None:
    assert told(attack("raise ValueError('at the top')")) == "at the top"


def test_thread_that_does_not_end(attack: Attack) -> None:
    result = attack("""
        import threading, time, torch
        threading.Thread(target=time.sleep, args=(60,)).start()
        def softmax(x): return torch.softmax(x, -1)
    """)
    assert isinstance(result, Finished)


def test_input_it_does_not_read(attack: Attack, either: Sandbox) -> None:
    """A megabyte of definitions to a child that has stopped reading must not block the host."""
    result = either.run(job("import os, time\nos.close(3)\ntime.sleep(60)\n" + "#" * 2**20))
    assert isinstance(result, Died)
    assert result.reason == "timed out"


def test_detail_names_the_signal(attack: Attack) -> None:
    result = attack("import ctypes; ctypes.string_at(0)")
    assert isinstance(result, Died)
    assert "signal 11" in result.detail
