"""Grades a class of any size with the command and prints what memory it takes as it goes on.

python -m tests.scale.memory --count 1000
"""

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from autograder.sandbox.memory import descendants, held
from tests.sample_class.crowd import crowd

AUTOGRADER = str(Path(sys.executable).with_name("autograder"))


@dataclass(frozen=True)
class Sample:
    """A moment of a run.

    Attributes:
        done: records that are written.
        seconds: since the start.
        grader: bytes of resident memory of the grading process.
        sandboxes: bytes that all processes of the sandboxes hold; shared pages count again.
    """

    done: int
    seconds: float
    grader: int
    sandboxes: int


@dataclass(frozen=True)
class Measured:
    samples: list[Sample]
    peak: int  # of the grader, as the kernel counted it
    status: int
    said: str

    def at(self, done: int) -> Sample:
        """The first moment at which so many records were written."""
        return next(sample for sample in self.samples if sample.done >= done)


def measure(folder: Path, count: int, *more: str, every: float = 0.2) -> Measured:
    """Grade a crowd of `count` in the folder, and look at the memory meanwhile."""
    crowd(folder / "class", count, 1)
    subprocess.run([AUTOGRADER, "seed", str(folder / "secret")], check=True, capture_output=True)
    command = [AUTOGRADER, "grade", str(folder / "class"), "--seed-file", str(folder / "secret")]
    command += ["--out", str(folder / "grades"), *more]
    start = time.monotonic()
    samples: list[Sample] = []
    peak = 0
    with (folder / "said").open("w") as said:
        run = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        grader = psutil.Process(run.pid)
        while run.poll() is None:
            done = sum(1 for _ in (folder / "grades" / "records").glob("*.json"))
            below = descendants(run.pid)[1:]
            try:
                status = Path(f"/proc/{run.pid}/status").read_text()
                rss = grader.memory_info().rss
            except (psutil.NoSuchProcess, OSError):
                break
            if "VmHWM:" in status:
                peak = int(status.split("VmHWM:")[1].split()[0]) * 1024
            # `held` looks at a process and all below it, so the outermost of each tree is enough.
            tops = [pid for pid in below if _parent(pid) == run.pid]
            sample = Sample(done, time.monotonic() - start, rss, sum(map(held, tops)))
            samples.append(sample)
            time.sleep(every)
        run.wait()
    return Measured(samples, peak, run.returncode, (folder / "said").read_text())


def _parent(pid: int) -> int:
    try:
        return psutil.Process(pid).ppid()
    except psutil.NoSuchProcess:
        return 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as folder:
        result = measure(Path(folder), count)
    print(f"{'done':>6} {'seconds':>8} {'grader, MB':>11} {'sandboxes, MB':>14}")
    marks = [n for n in (1, 50, 100, 200, 300, 500, 700, 900, count) if n <= count]
    for mark in marks:
        found = [s for s in result.samples if s.done >= mark]
        if found:
            s = found[0]
            print(
                f"{s.done:>6} {s.seconds:>8.1f} {s.grader / 1e6:>11.0f} {s.sandboxes / 1e6:>14.0f}"
            )
    last = result.samples[-1]
    most = max(s.sandboxes for s in result.samples)
    print(f"whole run {last.seconds:.1f} s, {60 * count / last.seconds:.0f} a minute")
    print(f"peak of the grader {result.peak / 1e6:.0f} MB, of its sandboxes {most / 1e6:.0f} MB")
    print(f"exit status {result.status}: {' '.join(result.said.split()[-30:])}")


if __name__ == "__main__":
    main()
