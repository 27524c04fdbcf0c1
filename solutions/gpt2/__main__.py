"""The commands: python -m gpt2 generate "To be, or not", python -m gpt2 train text.txt."""

import click

from gpt2.commands.generate import generate
from gpt2.commands.train import train

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run GPT-2, and train it."""


main.add_command(generate)
main.add_command(train)

if __name__ == "__main__":
    main(prog_name="python -m gpt2")
