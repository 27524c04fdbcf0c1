"""The command: python -m gpt2 generate "To be, or not"."""

import click

from gpt2.commands.generate import generate

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run GPT-2."""


main.add_command(generate)

if __name__ == "__main__":
    main(prog_name="python -m gpt2")
