"""`autograder grade`: a folder of notebooks."""

import sys
from pathlib import Path
from typing import Literal

import click
from rich.table import Table

from autograder.commands.shared import console, progress_bar, sandbox_option, seed_option

__all__ = ["grade"]


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@seed_option()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("grades"),
    show_default=True,
    help="Where grades.csv, records/ and feedback/ go.",
)
@sandbox_option
@click.option("--workers", type=click.IntRange(min=1), help="Sandboxes at work [default: cores].")
@click.option(
    "--seconds", type=click.FloatRange(min=1), default=10.0, show_default=True,
    help="Time for each group of calls of an exercise.",
)  # fmt: skip
@click.option("--again", is_flag=True, help="Grade anew what an earlier run has graded.")
def grade(
    paths: tuple[Path, ...],
    seed_text: str,
    out: Path,
    sandbox: Literal["bubblewrap", "process"],
    workers: int | None,
    seconds: float,
    again: bool,
) -> None:
    """Grade notebooks, or folders of notebooks, against the hidden tests.

    Students' code runs in sandboxes only. A run that was interrupted goes on where it stopped.
    """
    from autograder.classroom import Classroom
    from autograder.folder import find_notebooks, name_notebooks
    from autograder.report.write import write_reports
    from autograder.sandbox import Limits, SandboxError

    try:
        notebooks = name_notebooks(find_notebooks(paths))
    except FileNotFoundError as error:
        raise click.ClickException(f"there is no {error}") from None
    if not notebooks:
        raise click.ClickException("no .ipynb files there")
    classroom = Classroom(out, seed_text, sandbox, workers, Limits(seconds=seconds))
    records, taken_over = [], 0
    try:
        with progress_bar("grading") as progress:
            task = progress.add_task("grading", total=len(notebooks))
            for record, earlier in classroom.grade(notebooks, again=again):
                records.append(record)
                taken_over += earlier
                progress.advance(task)
    except SandboxError as error:
        raise click.ClickException(str(error)) from None
    except KeyboardInterrupt:
        console.print(f"stopped after {len(records)} of {len(notebooks)}; run it again to go on")
        sys.exit(130)
    write_reports(out, records)
    _summary(records, taken_over, out)
    if any(record.status == "grader failed" for record in records):
        sys.exit(3)


def _summary(records: list, taken_over: int, out: Path) -> None:  # type: ignore[type-arg]
    counts = {
        status: sum(record.status == status for record in records)
        for status in ("graded", "unreadable", "grader failed")
    }
    table = Table(box=None, show_header=False)
    for status, count in counts.items():
        if count:
            table.add_row(str(count), status)
    if taken_over:
        table.add_row(str(taken_over), "of these from an earlier run")
    console.print(table)
    console.print(
        f"{out / 'grades.csv'}, {out / 'index.html'}, feedback/, records/", soft_wrap=True
    )
