"""Runs of the command that can be watched, hurt and run again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.sandbox import memory
from tests.grading.hard_to_read import alone
from tests.sample_class.notebook import Notebook, write

AUTOGRADER = str(Path(sys.executable).with_name("autograder"))
SECRET = "a secret of the tests, long enough"
RIGHT = """
    import torch
    def softmax(x, dim=-1):
        e = (x - x.max(dim, keepdim=True).values).exp()
        return e / e.sum(dim, keepdim=True)
"""
# Long enough to be hurt in the middle, and right.
SLOW = RIGHT.replace("    def softmax(x, dim=-1):\n", """    import time
    def softmax(x, dim=-1):
        time.sleep(0.04)
""")  # fmt: skip


def small(source: str = RIGHT) -> Notebook:
    """A notebook with one exercise in it, which earns `POINTS`."""
    return alone("softmax", source)


@dataclass
class Class:
    """A folder of submissions and where their grades go."""

    folder: Path
    options: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.out = self.folder / "grades"
        self.records = self.out / "records"
        (self.folder / "secret").write_text(SECRET)

    def add(self, name: str, notebook: Notebook) -> Path:
        path = self.folder / "class" / f"{name}.ipynb"
        write(path, notebook)
        return path

    def command(self, *more: str) -> list[str]:
        return [
            AUTOGRADER, "grade", str(self.folder / "class"), "--out", str(self.out),
            "--seed-file", str(self.folder / "secret"), *self.options, *more,
        ]  # fmt: skip

    def run(self, *more: str) -> subprocess.CompletedProcess[str]:
        """Grade to the end."""
        return subprocess.run(
            self.command(*more), capture_output=True, text=True, timeout=300,
            env=os.environ | self.env,
        )  # fmt: skip

    def start(self, *more: str) -> "Run":
        return Run(self, self.command(*more))

    def saved(self) -> dict[str, dict[str, Any]]:
        """What is in records/, by the name of the submission."""
        trees = [json.loads(path.read_text()) for path in self.records.glob("*.json")]
        return {tree["record"]["name"].removesuffix(".ipynb"): tree["record"] for tree in trees}

    def times(self) -> dict[str, int]:
        return {path.name: path.stat().st_mtime_ns for path in self.records.glob("*.json")}


class Run:
    """A run under way; a context manager that leaves nothing behind."""

    def __init__(self, of: Class, command: list[str]) -> None:
        self.of = of
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=os.environ | of.env,
        )  # fmt: skip

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process.wait()

    def wait_for_records(self, count: int) -> None:
        self.wait(lambda: len(list(self.of.records.glob("*.json"))) >= count)

    def wait_for_sandboxes(self, count: int = 1) -> None:
        self.wait(lambda: len(self.zygotes()) >= count)

    def wait(self, until: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 240
        while not until():
            assert self.process.poll() is None, self.process.communicate()[0]
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def below(self) -> list[int]:
        """All processes under the grader."""
        return memory.descendants(self.process.pid)[1:]

    def zygotes(self) -> list[int]:
        """Those that have imported torch and run learners' code, or are their children."""
        return [pid for pid in self.below() if memory.mapped(pid) > 300 * 2**20]

    def end(self, number: int | None = None) -> tuple[int, str]:
        """Send a signal if one is given, wait for the end, return exit status and what was said."""
        if number is not None:
            self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=300)
        return self.process.returncode, said


def kill(pids: Sequence[int]) -> None:
    """Kill processes of ours by their ids; one may have ended meanwhile."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def all_gone(pids: Sequence[int]) -> bool:
    """Wait a little for the processes to end; zombies of nobody's count as ended."""
    deadline = time.monotonic() + 15
    while any(memory.mapped(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def one_line(text: str) -> str:
    return " ".join(text.split())
