"""The command `autograder`."""

import secrets
import sys
from pathlib import Path
from typing import Literal

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

__all__ = ["main"]

# Heavy imports (torch among them) stay inside the commands: `--help` answers at once.
console = Console()


class _Help(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order in which one needs them


@click.group(cls=_Help, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gpt2-from-scratch")
def main() -> None:
    """Grade notebooks of the course, and make its notebooks and answer keys."""


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def seed(file: Path) -> None:
    """Write a new secret seed to FILE. The hidden inputs are drawn from it: keep it to yourself."""
    try:
        with file.open("x", encoding="ascii") as out:
            file.chmod(0o600)
            out.write(secrets.token_hex(32) + "\n")
    except FileExistsError:
        raise click.ClickException(f"{file} is there already, and is left as it is.") from None
    console.print(f"wrote {file}: one secret for one class, kept as long as you may re-grade")


def _read_seed(_: click.Context, __: click.Parameter, value: Path) -> str:
    text = value.read_text(encoding="utf-8", errors="replace").strip()
    if len(text) < 16:
        raise click.BadParameter(
            f"{value} holds fewer than 16 characters. `autograder seed NEWFILE` makes one."
        )
    return text


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--seed-file",
    "seed_text",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    callback=_read_seed,
    help="The secret seed; `autograder seed FILE` makes one.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("grades"),
    show_default=True,
    help="Where grades.csv, records/ and feedback/ go.",
)
@click.option(
    "--sandbox",
    type=click.Choice(["bubblewrap", "process"]),
    default="bubblewrap",
    show_default=True,
    help="process: limits but no walls. For your own code, or inside a container.",
)
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
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console) as progress:
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


@main.command()
@click.option(
    "--sandbox",
    type=click.Choice(["bubblewrap", "process"]),
    default="bubblewrap",
    show_default=True,
)
def doctor(sandbox: Literal["bubblewrap", "process"]) -> None:
    """Try every layer of the sandbox from inside, and say what it means."""
    from autograder.sandbox.doctor import examine

    layers = examine(sandbox)
    for layer in layers:
        mark = "[green]holds[/]" if layer.held else "[red]does not hold[/]"
        console.print(f"{layer.name}: {mark} ({layer.detail})", highlight=False)
        if not layer.held:
            console.print(f"    {layer.meaning}", highlight=False)
    if not all(layer.held for layer in layers):
        sys.exit(1)


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if a file is stale.")
def generate(check: bool) -> None:
    """Make the stub notebooks, the solved notebooks and the public answer keys."""
    from autograder.generate import generate as run

    stale = run(check=check)
    for path in stale:
        console.print(f"{'stale' if check else 'wrote'} {path}", soft_wrap=True, highlight=False)
    if check and stale:
        raise click.ClickException("run `autograder generate` and commit what it writes")


@main.command()
@click.argument("name")
@click.option("--chapter", required=True, help="Stem of the page, such as 02-bigrams.")
@click.option("--module", required=True, help="Module of gpt2 for the reference: bigrams.")
def new(name: str, chapter: str, module: str) -> None:
    """Scaffold exercise NAME in the right files."""
    from autograder.scaffold import scaffold

    try:
        for path, what in scaffold(name, chapter, module):
            console.print(f"{path}: {what}", soft_wrap=True, highlight=False)
    except ValueError as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--site", type=click.Path(path_type=Path), default=Path("_build/html"))
@click.option("--grades", type=click.Path(path_type=Path), default=Path("grades"))
def serve(port: int, site: Path, grades: Path) -> None:
    """Serve the site and the grades on this machine alone."""
    from autograder.serve import serve as run

    run(port, site, grades)
