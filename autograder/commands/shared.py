"""What several commands have in common: the console and the options."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.seed import read_seed

__all__ = ["console", "progress_bar", "sandbox_option", "seed_option"]

console = Console()


def _read_seed(_: click.Context, __: click.Parameter, value: Path | None) -> str | None:
    if value is None:
        return None
    try:
        return read_seed(value)
    except ValueError as error:
        raise click.BadParameter(f"{error} `autograder seed NEWFILE` makes one.") from None


def seed_option(*, required: bool = True) -> Callable[[Any], Any]:
    """Return the option --seed-file; the command is given its text as `seed_text`."""
    return click.option(
        "--seed-file",
        "seed_text",
        required=required,
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        callback=_read_seed,
        help="The secret seed; `autograder seed FILE` makes one.",
    )


sandbox_option = click.option(
    "--sandbox",
    type=click.Choice(["bubblewrap", "process"]),
    default="bubblewrap",
    show_default=True,
    help="process: limits but no walls. For your own code, or inside a container.",
)


def progress_bar(what: str) -> Progress:
    """Return a bar with counts and the time left."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console)
