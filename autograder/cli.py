"""The command `autograder`: its parts are in `autograder/commands`."""

import click

from autograder.commands.author import generate, new
from autograder.commands.doctor import doctor
from autograder.commands.github import github
from autograder.commands.grade import grade
from autograder.commands.gradescope import gradescope
from autograder.commands.nbgrader import nbgrader
from autograder.commands.replay import replay
from autograder.commands.report import report
from autograder.commands.seed import seed
from autograder.commands.serve import serve
from autograder.commands.similar import similar

__all__ = ["main"]


class _Help(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order in which one needs them


@click.group(cls=_Help, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gpt2-from-scratch")
def main() -> None:
    """Grade notebooks of the course, and make its notebooks and answer keys."""


_COMMANDS = (
    seed, grade, report, replay, similar, doctor, serve, nbgrader, gradescope, github,
    generate, new,
)  # fmt: skip
for _command in _COMMANDS:
    main.add_command(_command)
