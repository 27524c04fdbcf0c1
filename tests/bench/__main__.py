"""Submissions a minute: ours, cold, warm and for a large class, beside stock nbgrader and otter.

And the tokenizer of chapter 3 beside a slower trainer and tiktoken, and GPT-2 beside transformers.

All figures of a run come from one machine within minutes, so their ratios mean more than each
alone.
"""

import os
import sys
import tempfile
from pathlib import Path

import click
import torch

from tests.bench import models, others, tokenizers
from tests.bench.measure import Cost, run
from tests.sample_class.crowd import crowd
from tests.sample_class.honest import perfect
from tests.sample_class.notebook import CHAPTERS, exercises, write

CHAPTER = CHAPTERS[1]


def grade(folder: Path, name: str, *, watch: bool = False) -> Cost:
    """Grade a folder of notebooks by the command, from nothing."""
    options = ("--seed-file", "secret", "--out", f"{name} grades", "--again")
    return run("autograder", "grade", name, *options, cwd=folder, watch=watch)


def ours(folder: Path, count: int) -> tuple[float, float]:
    """Return the seconds of one submission by a fresh command, and of each of many, warm."""
    write(folder / "one" / "student.ipynb", perfect(CHAPTER))
    for number in range(count):
        write(folder / "many" / f"{number:04d}.ipynb", perfect(CHAPTER))
    cold = grade(folder, "one").seconds
    return cold, (grade(folder, "many").seconds - cold) / (count - 1)


@click.command()
@click.option("--count", default=60, show_default=True, help="Submissions for the warm figure.")
@click.option("--other-count", default=6, show_default=True, help="Submissions for the others.")
@click.option(
    "--class-size", default=1_000, show_default=True, help="Of the synthetic class; 0: none."
)
def main(count: int, other_count: int, class_size: int) -> None:
    """Print submissions a minute."""
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run("autograder", "seed", "secret", cwd=folder)
        cold, warm = ours(folder, count)
        nbgrader = others.nbgrader(folder / "course", CHAPTER, other_count)
        otter = others.otter(folder / "otter", CHAPTER, other_count, cores)
        large = {}
        for size in filter(None, (class_size // 10, class_size)):
            crowd(folder / f"class of {size}", size, seed=0)
            large[size] = grade(folder, f"class of {size}", watch=True)
    print(
        f"{len(exercises(CHAPTER))} exercises of {CHAPTER}, {cores} cores,"
        f" Python {sys.version.split()[0]}, torch {torch.__version__}\n"
    )
    print(f"{'':36}{'seconds each':>14}{'a minute':>10}{'against nbgrader':>18}")
    rows = {
        "autograder, one by a fresh command": cold,
        f"autograder, each of {count}, warm": warm,
        f"stock nbgrader autograde, {other_count}": nbgrader,
        f"otter run, {other_count}, {cores} at a time": otter,
    }
    for label, each in rows.items():
        print(f"{label:36}{each:14.2f}{60 / each:10.1f}{nbgrader / each:17.1f}x")
    if large:
        print(f"\n{'a synthetic class':36}{'seconds':>14}{'a minute':>10}{'memory at most':>18}")
    for size, cost in large.items():
        memory = f"{cost.memory / 2**20:,.0f} MiB"
        print(f"{size:<36,}{cost.seconds:14.0f}{60 * size / cost.seconds:10.1f}{memory:>18}")
    tokenizers.report()
    models.report()


if __name__ == "__main__":
    main()
