"""`autograder seed`: the secret of a class."""

from pathlib import Path

import click

from autograder.commands.shared import console
from autograder.seed import new_seed

__all__ = ["seed"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def seed(file: Path) -> None:
    """Write a new secret seed to FILE. The hidden inputs are drawn from it: keep it to yourself."""
    try:
        with file.open("x", encoding="ascii") as out:
            file.chmod(0o600)
            out.write(new_seed())
    except FileExistsError:
        raise click.ClickException(f"{file} is there already, and is left as it is.") from None
    console.print(f"wrote {file}: one secret for one class, kept as long as you may re-grade")
