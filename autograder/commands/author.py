"""`autograder generate` and `autograder new`: for who writes the course."""

import click

from autograder.commands.shared import console

__all__ = ["generate", "new"]


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if a file is stale.")
def generate(check: bool) -> None:
    """Make the stub notebooks, the solved notebooks and the public answer keys."""
    from autograder.generate import generate as run

    stale = run(check=check)
    for path in stale:
        console.print(f"{'stale' if check else 'wrote'} {path}", soft_wrap=True, highlight=False)
    if check and stale:
        raise click.ClickException("run `autograder generate` and commit what it writes")


@click.command()
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
