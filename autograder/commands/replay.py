"""`autograder replay`: is a grade the same when it is made again?"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape
from rich.table import Table

from autograder.commands.shared import console, progress_bar, seed_option
from autograder.report.shown import visible

if TYPE_CHECKING:
    from autograder.replay import Replay

__all__ = ["replay"]


@click.command()
@click.argument("records", nargs=-1, required=True, type=click.Path(path_type=Path))
@seed_option()
@click.option(
    "--notebook", type=click.Path(path_type=Path, dir_okay=False),
    help="The submission, if it lies elsewhere now. With one RECORD only.",
)  # fmt: skip
@click.option(
    "--sandbox", type=click.Choice(["bubblewrap", "process"]),
    help="Another sandbox than the record's.",
)  # fmt: skip
def replay(
    records: tuple[Path, ...], seed_text: str, notebook: Path | None, sandbox: str | None
) -> None:
    """Grade again what RECORDS are about, and say what differs. Nothing is written.

    A RECORD is a file in records/, or a folder of them, such as grades/. Ends with 0 if every
    grade is the same, 1 if one differs, 2 if one cannot be replayed.
    """
    from autograder.replay import CannotReplay, find_records
    from autograder.replay import replay as again
    from autograder.sandbox import SandboxError

    try:
        paths = find_records(records)
        if notebook and len(paths) != 1:
            raise CannotReplay(f"--notebook goes with one record, and there are {len(paths)}")
        results = []
        with progress_bar("replaying") as progress:
            task = progress.add_task("replaying", total=len(paths))
            for result in again(paths, seed_text, notebook, sandbox):  # type: ignore[arg-type]
                results.append(result)
                progress.advance(task)
    except (CannotReplay, SandboxError) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    refused = [result for result in results if isinstance(result, CannotReplay)]
    replays = [result for result in results if not isinstance(result, CannotReplay)]
    for one in replays:
        _show(one, whole=len(results) == 1)
    different = sum(not one.same for one in replays)
    console.print(f"{len(replays) - different} the same, {different} different")
    for problem in refused:
        click.echo(f"Error: {problem}", err=True)
    sys.exit(2 if refused else 1 if different else 0)


def _show(one: "Replay", whole: bool) -> None:
    """Print the table: of one record all of it, of many what differs."""
    rows = [row for row in one.rows if whole or not row.same]
    if not rows:
        return
    console.print(f"[bold]{_safe(one.saved.record.name)}[/], graded {_safe(one.saved.graded_at)}")
    for row in one.conditions:
        console.print(f"    {row.what}: {_safe(row.before)}, now {_safe(row.now)}", highlight=False)
    table = Table(show_lines=True)
    for column in ("", "recorded", "now", ""):
        table.add_column(column)
    for row in rows:
        # What is the same is told in its first line.
        cells = [text.split("\n")[0] if row.same else text for text in (row.before, row.now)]
        mark = "same" if row.same else "[red]differs[/]"
        table.add_row(row.what, *map(_safe, cells), mark)
    console.print(table)


def _safe(text: str) -> str:
    """Return a text that cannot steer a terminal."""
    return escape(visible(text))
