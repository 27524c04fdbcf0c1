"""`autograder doctor`: does the sandbox hold here?"""

import sys
from typing import Literal

import click

from autograder.commands.shared import console, sandbox_option

__all__ = ["doctor"]


@click.command()
@sandbox_option
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
