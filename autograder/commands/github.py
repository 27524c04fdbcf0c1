"""`autograder github`: a workflow file that grades on GitHub."""

from pathlib import Path
from typing import Literal

import click

from autograder.commands.chapter import chapter_argument
from autograder.commands.shared import console

__all__ = ["github"]


@click.command()
@chapter_argument
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("."),
    show_default=True, help="The checkout of the repository that it goes to.",
)  # fmt: skip
@click.option(
    "--where", type=click.Choice(["central", "each"]), default="central", show_default=True,
    help="central: in your repository, for all. each: in each student's, where the seed leaks.",
)  # fmt: skip
def github(chapter: str, out: Path, where: Literal["central", "each"]) -> None:
    """Write a GitHub workflow that grades CHAPTER.

    By default it goes into a private repository of yours and grades the students' repositories
    from there. A student who can push can change the workflows of a repository and read its
    secrets; so a seed in the students' repositories is not secret.
    """
    from autograder.github.workflow import write_workflow

    try:
        written = write_workflow(out, chapter, where)
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
    for path in written:
        console.print(f"wrote {path}", soft_wrap=True, highlight=False)
    if where == "each":
        console.print(
            "Students can read the seed of this workflow: they can change it and print its "
            "secrets. Use another seed than for grades.", soft_wrap=True,
        )  # fmt: skip
    console.print("The first lines of the workflow say what to do next.")
