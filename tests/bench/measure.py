"""Runs a command of this environment, and says how long it took and how much memory it held."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

BIN = Path(sys.executable).parent
LOOK_EVERY = 0.5  # seconds


@dataclass(frozen=True)
class Cost:
    """Seconds, and bytes at most: shared pages are counted once (the kernel's PSS)."""

    seconds: float
    memory: int


def run(*words: str | Path, cwd: Path, watch: bool = False) -> Cost:
    """Run a command quietly. Raises SystemExit, with what it said, if it fails."""
    env = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    line = [str(BIN / words[0]), *map(str, words[1:])]
    start, most = time.perf_counter(), 0
    with (cwd / "said").open("w+") as said:
        with subprocess.Popen(line, cwd=cwd, env=env, stdout=said, stderr=said) as process:
            while True:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(LOOK_EVERY if watch else None)
                if process.returncode is not None:
                    break
                most = max(most, held(process.pid))
        seconds = time.perf_counter() - start
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(map(str, words))} failed:\n{said.read()}")
    return Cost(seconds, most)


def held(pid: int) -> int:
    """Return the bytes of memory that a process and all under it hold."""
    total = 0
    with suppress(psutil.Error):
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            with suppress(psutil.Error):
                total += process.memory_full_info().pss
    return total
