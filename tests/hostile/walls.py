"""Grades the bank with the list of allowed names switched off, so that every attack runs.

    python -m tests.hostile.walls LEVEL OUT [--mine]

After each attack comes an honest submission in the same sandbox. One that looks for what it left
runs twice. OUT gets the grader's pages and `walls.json`. `--mine`: as the user who
runs the tests, so that what no user changes is run too.
"""

import json
import os
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch

from autograder import grade
from autograder.grade import grade_submission
from autograder.keys import Keys
from autograder.record import Record
from autograder.report.write import write_reports
from autograder.sandbox import Limits, Sandbox, memory, open_sandbox
from gptcourse.key import AnswerKey
from tests.hostile.bank import Attack, alone, attacks
from tests.hostile.planted import Planted, is_alive, open_folder
from tests.sample_class.notebook import write

__all__ = ["SEED"]

SEED = "a seed of the hostile bank"
HONEST = "def softmax(x, dim=-1):\n    return honest(x, dim)\n"
LIMITS = Limits(seconds=2.0, memory_bytes=2**29)


class FirstParts(dict[str, AnswerKey]):
    """The answer keys, cut down to one group of cases: one job for each attack."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = Keys(SEED)

    def __missing__(self, exercise: str) -> AnswerKey:
        key = self.whole[exercise]
        first = next(iter(key.groups))
        cases = [case for case in key.cases if case.group == first]
        self[exercise] = replace(key, groups={first: key.groups[first]}, cases=cases)
        return self[exercise]


class Run:
    """All attacks in one sandbox after another."""

    def __init__(self, sandbox: Sandbox, planted: Planted, out: Path) -> None:
        self.sandbox = sandbox
        self.planted = planted
        self.keys = FirstParts()
        self.folder = out / "class"
        self.folder.mkdir()
        self.seen: set[int] = set()
        self.victim_of = 0
        self.records: list[Record] = []

    def attack(self, attack: Attack) -> dict[str, Any]:
        """Grade one attack and an honest submission after it; say what came of it."""
        self._plant()
        handed_in = attack.hand_in(self.folder, self.planted.head())
        honest = self.folder / "honest.ipynb"
        write(honest, alone("softmax", HONEST, head=self.planted.head()))
        start = time.monotonic()
        records = [self._grade(handed_in) for _ in range(1 + attack.again)]
        seconds = time.monotonic() - start
        left = self._processes()
        touched = self.planted.touched()
        after = self._grade(honest)
        self.records.append(records[-1])
        self.records.append(replace(after, name=f"{attack.stem} honest.ipynb"))
        return {
            "earned": [_earned(record, attack.exercise) for record in records],
            "status": [record.status for record in records],
            "failures": [record.failures for record in records],
            "honest": _earned(after, "softmax") == self.keys["softmax"].points,
            "left": left,
            "touched": touched,
            "seconds": seconds,
            "name": records[-1].name,
        }

    def _grade(self, path: Path) -> Record:
        return grade_submission(path, path.name, self.keys, self.sandbox)

    def _plant(self) -> None:
        """Keep a process of the user that the sandbox has: it changes with each sandbox."""
        pid = self._zygote()
        if pid and pid != self.victim_of:
            self.planted.start_victim(os.stat(f"/proc/{pid}").st_uid)
            self.victim_of = pid

    def _zygote(self) -> int:
        running = self.sandbox._running
        return memory.descendants(running.pid)[-1] if running else 0

    def _processes(self) -> int:
        """Count the processes that there are beside those that belong to the sandbox."""
        running = self.sandbox._running
        now = set(memory.descendants(running.pid)) if running else set()
        gone = self.seen - now
        self.seen |= now
        extra = max(0, len(now) - (2 if "bwrap" in _command(running.pid) else 1)) if running else 0
        return extra + _alive(gone)


def _alive(pids: set[int]) -> int:
    """Count who is alive, once the system has had the time to take away who was killed."""
    until = time.monotonic() + 5.0
    while (count := sum(map(is_alive, pids))) and time.monotonic() < until:
        time.sleep(0.05)
    return count


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def _earned(record: Record, exercise: str) -> int:
    return sum(report.earned for report in record.reports if report.exercise == exercise)


def main(level: str, out: Path, *, mine: bool) -> None:
    """Run the bank and write down what came of each attack."""
    torch.set_num_threads(1)
    assert callable(grade._means)
    grade._means = lambda chunks, chapter: []  # what is not run proves nothing about the walls
    results = {}
    with Planted(open_folder()) as planted, open_sandbox(level, LIMITS) as sandbox:  # type: ignore[arg-type]
        run = Run(sandbox, planted, out)
        for attack in (a for a in attacks() if a.runs_in(level, mine=mine)):
            results[attack.name] = run.attack(attack)
        sandbox.close()
        results["the end"] = {"alive": _alive(run.seen)}
    write_reports(out, run.records)
    records = [asdict(record) for record in run.records]
    (out / "walls.json").write_text(json.dumps({"results": results, "records": records}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), mine="--mine" in sys.argv)
