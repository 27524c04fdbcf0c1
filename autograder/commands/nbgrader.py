"""`autograder nbgrader`: lay out a course for stock nbgrader, and look before re-grading."""

import shlex
import sys
from pathlib import Path
from typing import Literal

import click

from autograder.commands.shared import console, sandbox_option

__all__ = ["nbgrader"]


@click.group()
def nbgrader() -> None:
    """Use the course with nbgrader: its commands, its gradebook, its formgrader."""


@nbgrader.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--chapter", "chosen", multiple=True, help="Stem, such as 02-bigrams; repeatable.")
@click.option("--db", help="postgresql://USER:PASSWORD@HOST/NAME  [default: SQLite in DIR]")
@click.option(
    "--seed-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A secret seed that you have; else a new one is written into DIR.",
)
@sandbox_option
@click.option(
    "--seconds", type=click.FloatRange(min=1), default=10.0, show_default=True,
    help="Time for each group of calls of an exercise.",
)  # fmt: skip
@click.option("--course-id", default="gpt2-from-scratch", show_default=True)
def init(
    folder: Path,
    chosen: tuple[str, ...],
    db: str | None,
    seed_file: Path | None,
    sandbox: Literal["bubblewrap", "process"],
    seconds: float,
    course_id: str,
) -> None:
    """Lay out an nbgrader course in DIR. Nothing that is there is overwritten."""
    from autograder.nbgrader.course import CourseError, lay_out

    try:
        written = lay_out(
            folder,
            chosen=chosen,
            db=db,
            seed_file=seed_file,
            sandbox=sandbox,
            seconds=seconds,
            course_id=course_id,
        )
    except CourseError as error:
        raise click.ClickException(str(error)) from None
    for path in written:
        console.print(f"wrote {path}", soft_wrap=True, highlight=False)
    name = next(path.stem for path in written if path.suffix == ".ipynb")
    console.print(
        f"""
Next, for each chapter:
    cd {shlex.quote(str(folder))}
    nbgrader generate_assignment {name}   # writes release/{name}/, what students get
    nbgrader zip_collect {name}           # from downloaded/{name}/archive/
    nbgrader autograde {name}
    nbgrader generate_feedback {name}
    nbgrader export                       # grades.csv
Before grading again: autograder nbgrader preview {name}""",
        soft_wrap=True,
        highlight=False,
    )


@nbgrader.command()
@click.argument("assignment")
@click.option("--student", multiple=True, help="Only this student; repeatable.")
@click.option(
    "--course",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    help="The course's folder [default: here].",
)
def preview(assignment: str, student: tuple[str, ...], course: Path) -> None:
    """Grade ASSIGNMENT anew and show what would change. Nothing is written."""
    from rich.markup import escape
    from rich.table import Table

    from autograder.nbgrader.grader import GraderFailedError
    from autograder.nbgrader.preview import NoGradebookError, changes

    table = Table("student", "notebook", "now", "would be", "what changes", box=None)
    count = changed = 0
    try:
        for row in changes(course, assignment, student):
            count += 1
            if row.changed:
                changed += 1
                table.add_row(*map(escape, row.cells()))
    except (NoGradebookError, GraderFailedError) as error:
        raise click.ClickException(str(error)) from None
    if changed:
        console.print(table)
    console.print(f"{changed} of {count} would change; nothing was written")
    if changed:
        console.print(
            f"To write it: nbgrader autograde {shlex.quote(assignment)} --force", soft_wrap=True
        )
    if not count:
        sys.exit(1)
