"""Memory, processes, files, output: each has an end, and the next job has all of it again."""

import os

import pytest
from conftest import Attack, assert_honest_job_works, job, told

from autograder.sandbox import Died, Finished, Sandbox


def test_one_allocation_of_8_gib(attack: Attack) -> None:
    message = told(attack("import torch\ndef softmax(x): return torch.ones(2 * 2**30)"))
    assert "memory" in message


def test_memory_bit_by_bit(attack: Attack) -> None:
    result = attack("""
        import torch
        def softmax(x):
            kept = []
            while True: kept.append(torch.ones(2**22))
    """)
    assert isinstance(result, Died) or "memory" in told(result)


def test_memory_of_many_processes(attack_walls: Attack) -> None:
    """Each stays under its own limit; together they are seen by the watchdog."""
    result = attack_walls("""
        import os, time
        def softmax(x):
            for _ in range(6):
                if os.fork() == 0:
                    kept = b"x" * (400 * 2**20)
                    time.sleep(30)
            time.sleep(30)
    """)
    assert isinstance(result, Died)
    assert result.reason == "out of memory"


def test_shared_memory_is_counted(attack_walls: Attack) -> None:
    result = attack_walls("""
        import mmap, os, time
        def softmax(x):
            for _ in range(6):
                if os.fork() == 0:
                    shared = mmap.mmap(-1, 400 * 2**20)
                    shared.write(b"x" * (300 * 2**20))
                    time.sleep(30)
            time.sleep(30)
    """)
    assert isinstance(result, Died)
    assert result.reason == "out of memory"


def test_fork_bomb(attack_walls: Attack) -> None:
    result = attack_walls("""
        import os
        def softmax(x):
            while True:
                try: os.fork()
                except OSError: pass
    """)
    assert isinstance(result, Died)


def test_number_of_processes(attack_walls: Attack) -> None:
    made = told(
        attack_walls("""
        import os
        def softmax(x):
            made = 0
            try:
                while made < 200:
                    if os.fork() == 0:
                        os._exit(0)  # it counts until it is waited for
                    made += 1
            except BlockingIOError: pass
            raise RuntimeError(made)
    """)
    )
    assert 1 < int(made) < 64


def test_no_process_without_walls(process: Sandbox) -> None:
    result = process.run(job("import os\ndef softmax(x): os.fork()"))
    assert "not permitted" in told(result)
    assert_honest_job_works(process)


@pytest.mark.parametrize(
    "way", ["print('x' * 2**20)", "os.write(1, b'x' * 2**20)", "os.write(2, b'x' * 2**20)"]
)
def test_10_gib_of_output(attack: Attack, way: str) -> None:
    result = attack(f"""
        import os
        for _ in range(10 * 2**10): {way}
    """)
    assert isinstance(result, Died)
    assert result.reason == "too much output"


def test_little_output_is_no_fault(attack: Attack) -> None:
    result = attack("""
        import sys, torch
        print("x" * 2**20, flush=True)
        print("warning", file=sys.stderr, flush=True)
        def softmax(x): return torch.softmax(x, -1)
    """)
    assert isinstance(result, Finished)


def test_big_file(attack: Attack) -> None:
    message = told(
        attack("""
        import tempfile
        def softmax(x):
            with tempfile.TemporaryFile() as file:
                for _ in range(2**10): file.write(b"x" * 2**20)
    """)
    )
    assert "large" in message or "space" in message


def test_many_files_fill_no_more_than_the_room(attack_walls: Attack) -> None:
    result = attack_walls("""
        import tempfile
        def softmax(x):
            for number in range(10):
                with open(f"{tempfile.gettempdir()}/{number}", "wb") as file:
                    for _ in range(32): file.write(b"x" * 2**20)
    """)
    assert "space" in told(result)


def test_many_empty_files(attack_walls: Attack) -> None:
    result = attack_walls("""
        def softmax(x):
            number = 0
            while True:
                number += 1
                open(str(number), "w").close()
    """)
    assert isinstance(result, Died)
    assert result.reason == "too much output"


def test_open_files(attack: Attack) -> None:
    message = told(
        attack("""
        import os
        def softmax(x):
            kept = [os.open("/dev/null", 0) for _ in range(10_000)]
    """)
    )
    assert "Too many open files" in message


def test_host_leaks_no_descriptors(either: Sandbox) -> None:
    assert_honest_job_works(either)
    before = len(os.listdir("/proc/self/fd"))
    for source in ("raise ValueError", "import os; os._exit(3)", "def softmax(x): return x"):
        either.run(job(source))
    assert_honest_job_works(either)
    assert len(os.listdir("/proc/self/fd")) == before
