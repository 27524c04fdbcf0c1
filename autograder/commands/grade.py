"""`autograder grade`: a folder of notebooks."""

import re
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import click
from rich.table import Table

from autograder.commands.interrupt import interruptible
from autograder.commands.shared import console, progress_bar, sandbox_option, seed_option

if TYPE_CHECKING:
    from autograder.classroom import Classroom
    from autograder.record import Record

__all__ = ["grade"]

T = TypeVar("T")


def _read_shard(_: click.Context, __: click.Parameter, value: str | None) -> tuple[int, int] | None:
    if value is None:
        return None
    parts = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", value)
    number, count = map(int, parts.groups()) if parts else (0, 0)
    if not 1 <= number <= count:
        raise click.BadParameter(f"{value!r} is not a shard such as 3/10, the third of ten")
    return number, count


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
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Grade on the Dask cluster of this scheduler. The seed goes there: use tls://.",
)
@click.option(
    "--shard",
    metavar="I/N",
    callback=_read_shard,
    help="Grade the i-th of n parts; n runs may write to the same --out at the same time.",
)
def grade(
    paths: tuple[Path, ...],
    seed_text: str,
    out: Path,
    sandbox: Literal["bubblewrap", "process"],
    workers: int | None,
    seconds: float,
    again: bool,
    scheduler: str | None,
    shard: tuple[int, int] | None,
) -> None:
    """Grade notebooks, or folders of notebooks, against the hidden tests.

    Students' code runs in sandboxes only. A run that was interrupted goes on where it stopped.
    """
    if scheduler and workers:
        raise click.UsageError("--workers is of this machine; with --scheduler the cluster says")
    so_far = _SoFar()
    with interruptible(lambda: f"stopped: {so_far.kept()}"):
        from autograder.classroom import Classroom
        from autograder.sandbox import Limits, process

        if sandbox == "process" and process.stays_root():
            click.echo(
                "note: students' code will run as root, for this Python is closed to other users. "
                "Install it where they may read it, or grade as an ordinary user.",
                err=True,
            )
        notebooks = _notebooks(paths, shard)
        so_far.total = len(notebooks)
        classroom = Classroom(out, seed_text, sandbox, workers, Limits(seconds=seconds))
        _grade(classroom, notebooks, so_far, scheduler, again=again, shared=shard is not None)
    _summary(so_far.records, so_far.taken_over, out, shard)
    if any(record.status == "grader failed" for record in so_far.records):
        sys.exit(3)


@dataclass
class _SoFar:
    """How far a run has come."""

    records: "list[Record]" = field(default_factory=list)
    taken_over: int = 0
    total: int = 0

    def kept(self) -> str:
        return (
            f"{len(self.records)} of {self.total} are done and kept. "
            "Run the same command again to go on."
        )


def _notebooks(paths: tuple[Path, ...], shard: tuple[int, int] | None) -> list[tuple[str, Path]]:
    from autograder.classroom import in_shard
    from autograder.folder import find_notebooks, name_notebooks

    try:
        notebooks = name_notebooks(find_notebooks(paths))
    except FileNotFoundError as error:
        raise click.ClickException(f"there is no {error}") from None
    if not notebooks:
        raise click.ClickException("no .ipynb files there")
    return [each for each in notebooks if shard is None or in_shard(each[0], *shard)]


def _grade(
    classroom: "Classroom",
    notebooks: list[tuple[str, Path]],
    so_far: _SoFar,
    scheduler: str | None,
    *,
    again: bool,
    shared: bool,
) -> None:
    """Grade, here or on a cluster; what goes wrong outside of submissions ends the command."""
    from autograder.cluster import Cluster, ClusterError, is_private
    from autograder.output import OutputError, explain
    from autograder.report.write import write_class, write_feedback
    from autograder.sandbox import SandboxError

    if scheduler and not is_private(scheduler):
        click.echo(
            f"note: the secret seed goes to {scheduler} as it is. Use tls:// or a private network.",
            err=True,
        )
    try:
        with ExitStack() as stack:
            graders = None
            if scheduler:
                graders = stack.enter_context(Cluster(scheduler, classroom.setting)).grade
            results = classroom.grade(notebooks, again=again, graders=graders, shared=shared)
            stack.enter_context(closing(results))  # type: ignore[type-var]
            progress = stack.enter_context(progress_bar("grading"))
            task = progress.add_task("grading", total=len(notebooks))
            for record, earlier in results:
                so_far.records.append(record)
                so_far.taken_over += earlier
                # Now: a run that is killed has the pages.
                _write(classroom.out, write_feedback, record)
                progress.advance(task)
            if not shared:
                _write(classroom.out, write_class, so_far.records)
    except OSError as error:
        raise click.ClickException(f"{explain(error, classroom.out)}\n{so_far.kept()}") from None
    except (SandboxError, OutputError, ClusterError) as error:
        kept = f"\n{so_far.kept()}" if so_far.records else ""
        raise click.ClickException(f"{error}{kept}") from None


def _write(out: Path, write: Callable[[Path, T], None], what: T) -> None:
    """Write pages. Raises OutputError where that is impossible."""
    from autograder.output import OutputError, explain

    try:
        write(out, what)
    except OSError as error:
        raise OutputError(explain(error, out)) from None


def _summary(
    records: "list[Record]", taken_over: int, out: Path, shard: tuple[int, int] | None
) -> None:
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
    if counts["grader failed"]:
        console.print("The same command tries again what the grader failed at:")
        for record in records:
            if record.status == "grader failed":
                console.print(
                    f"{record.name}: {record.reason}", soft_wrap=True, highlight=False, markup=False
                )
    if shard:
        console.print(
            f"shard {shard[0]}/{shard[1]} is done, its records are in {out / 'records'}. When all "
            f"are, make the pages: autograder report {out}",
            soft_wrap=True, highlight=False,
        )  # fmt: skip
        return
    console.print(
        f"{out / 'grades.csv'}, {out / 'index.html'}, feedback/, records/", soft_wrap=True
    )
