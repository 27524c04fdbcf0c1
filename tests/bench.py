"""Submissions a minute: ours, cold and warm, beside stock nbgrader on the same notebook.

Run by `make bench`. All figures of a run come from one machine within minutes, so their ratios
mean more than each alone.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import torch

from tests.sample_class.honest import perfect
from tests.sample_class.notebook import CHAPTERS, exercises, write

BIN = Path(sys.executable).parent
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "bench"
c.ClearSolutions.enforce_metadata = False
c.Execute.timeout = 300
"""


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def command(*words: str | Path, cwd: Path) -> None:
    """Run a command of this environment, quietly; raise if it fails."""
    env = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    line = [str(BIN / words[0]), *map(str, words[1:])]
    result = subprocess.run(line, cwd=cwd, env=env, capture_output=True, text=True)
    if result.returncode:
        raise SystemExit(f"{words[0]} failed:\n{result.stdout}\n{result.stderr}")


def ours(folder: Path, count: int) -> tuple[float, float]:
    """Return the seconds of one submission by a fresh command, and of each of many, warm."""
    write(folder / "one" / "student.ipynb", perfect(CHAPTERS[-1]))
    for number in range(count):
        write(folder / "many" / f"{number:04d}.ipynb", perfect(CHAPTERS[-1]))
    command("autograder", "seed", "secret", cwd=folder)
    options = ("--seed-file", "secret", "--out", "grades", "--again")
    cold = seconds(lambda: command("autograder", "grade", "one", *options, cwd=folder))
    all_of_them = seconds(lambda: command("autograder", "grade", "many", *options, cwd=folder))
    return cold, (all_of_them - cold) / (count - 1)


def stock(folder: Path, count: int) -> float:
    """Return the seconds of each submission by `nbgrader autograde`, its own start included."""
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(CONFIG)
    write(folder / "source" / "bench" / "chapter.ipynb", perfect(CHAPTERS[-1]))
    command("nbgrader", "generate_assignment", "bench", cwd=folder)
    released = folder / "release" / "bench" / "chapter.ipynb"
    for number in range(count):
        handed_in = folder / "submitted" / f"student{number}" / "bench" / "chapter.ipynb"
        handed_in.parent.mkdir(parents=True)
        shutil.copy(released, handed_in)
    return seconds(lambda: command("nbgrader", "autograde", "bench", cwd=folder)) / count


@click.command()
@click.option("--count", default=40, show_default=True, help="Submissions for the warm figure.")
@click.option("--stock-count", default=4, show_default=True, help="Submissions for nbgrader.")
def main(count: int, stock_count: int) -> None:
    """Print submissions a minute."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cold, warm = ours(folder, count)
        nbgrader = stock(folder / "course", stock_count)
    cores = len(os.sched_getaffinity(0))
    print(
        f"{len(exercises(CHAPTERS[-1]))} exercises of {CHAPTERS[-1]}, {cores} cores,"
        f" Python {sys.version.split()[0]}, torch {torch.__version__}\n"
    )
    print(f"{'':28}{'seconds each':>14}{'a minute':>10}{'against nbgrader':>18}")
    rows = {
        "one, by a fresh command": cold,
        f"each of {count}, warm": warm,
        f"stock nbgrader, {stock_count}": nbgrader,
    }
    for label, each in rows.items():
        print(f"{label:28}{each:14.2f}{60 / each:10.1f}{nbgrader / each:17.1f}x")


if __name__ == "__main__":
    main()
