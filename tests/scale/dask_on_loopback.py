"""A real Dask cluster on this machine: a scheduler and workers, each a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

DASK = [str(Path(sys.executable).with_name("dask"))]
QUIET = ["--no-dashboard", "--host", "127.0.0.1"]

# Loaded by each worker at its start: writes down which task it begins, in its own file.
DIARY = """
import os
from distributed import WorkerPlugin

class Diary(WorkerPlugin):
    name = "diary"
    def transition(self, key, start, finish, **_):
        if finish == "executing" and "grade_bytes" in str(key):
            with open(f"{folder}/{{os.getpid()}}", "a") as file:
                file.write(f"{{key}}\\n")

async def dask_setup(worker):
    await worker.plugin_add(Diary())
"""


class Dask:
    """The cluster; a context manager that ends it.

    Args:
        folder: for the files that the parts write.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.diary = folder / "diary"
        self.diary.mkdir(parents=True)
        (folder / "diary.py").write_text(DIARY.format(folder=self.diary))
        self._file = folder / "scheduler.json"
        self._log = (folder / "log").open("w")
        self._all: list[subprocess.Popen[bytes]] = []
        command = ["scheduler", "--port", "0", "--scheduler-file", str(self._file), *QUIET]
        self.scheduler = self._start(command, {})
        wait(lambda: self._file.exists() and self._file.read_text().endswith("}"))
        self.address: str = json.loads(self._file.read_text())["address"]

    def __enter__(self) -> "Dask":
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._all:
            process.send_signal(signal.SIGKILL)
            process.wait()
        self._log.close()

    def worker(self, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a worker with one thread, and nobody who starts it again."""
        command = ["worker", self.address, "--nthreads", "1", "--no-nanny", "--preload"]
        command += [str(self.folder / "diary.py"), "--local-directory", str(self.folder), *QUIET]
        return self._start(command, env or {})

    def begun(self) -> Counter[str]:
        """How many times each task was begun."""
        return Counter(line for path in self.diary.iterdir() for line in _lines(path))

    def begun_by(self, worker: subprocess.Popen[bytes]) -> list[str]:
        return _lines(self.diary / str(worker.pid))

    def said(self) -> str:
        return (self.folder / "log").read_text()

    def _start(self, command: list[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [*DASK, *command], stdout=self._log, stderr=self._log, env=os.environ | env
        )
        self._all.append(process)
        return process


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def wait(until: Callable[[], bool], seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.02)
