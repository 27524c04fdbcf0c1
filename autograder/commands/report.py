"""`autograder report`: the class report, the feedback pages and the tables, made again."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.commands.shared import console

if TYPE_CHECKING:
    from autograder.record import Record
    from autograder.report.roster import Unmatched

__all__ = ["report"]

SHOWN = 20


@click.command()
@click.argument("grades", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--csv", "kind", type=click.Choice(["plain", "canvas", "moodle"]), default="plain",
    show_default=True, help="plain: grades.csv alone. The others need --roster.",
)  # fmt: skip
@click.option(
    "--roster", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Canvas: the gradebook's export. Moodle: the assignment's grading worksheet.",
)  # fmt: skip
@click.option("--chapter", help="Stem of the chapter whose grades go there [if there are several].")
@click.option("--assignment", help="Canvas: title of the column [default: the chapter's title].")
def report(
    grades: Path, kind: str, roster: Path | None, chapter: str | None, assignment: str | None
) -> None:
    """Make the reports in GRADES again, from its records/.

    Writes index.html, grades.csv and feedback/. With --csv canvas also canvas.csv, to be imported
    into the gradebook, and canvas-status.csv; with --csv moodle also moodle.csv, to be uploaded as
    the grading worksheet. What has no grade stays as it is in the roster, and is never a 0.
    Submissions that fit nobody in the roster are listed, and written to unmatched.csv.
    """
    from autograder.report.roster import RosterError
    from autograder.report.write import read_records, write_reports

    if (kind == "plain") != (roster is None):
        raise click.ClickException("--csv canvas and --csv moodle go with --roster FILE")
    records, problems = read_records(grades)
    if not records and not problems:
        raise click.ClickException(f"{grades} has no records/: give the folder of `grade --out`")
    write_reports(grades, records)
    written = ["index.html", "grades.csv", "feedback/"]
    if roster is not None:
        try:
            written += _platform(grades, records, kind, roster, chapter, assignment)
        except RosterError as error:
            raise click.ClickException(str(error)) from None
    console.print(f"{len(records)} submissions: {', '.join(written)} in {grades}", soft_wrap=True)
    for problem in problems:
        click.echo(f"left out, because it cannot be read: {problem}", err=True)
    if problems:
        sys.exit(3)


def _platform(
    grades: Path,
    records: "list[Record]",
    kind: str,
    path: Path,
    chapter: str | None,
    assignment: str | None,
) -> list[str]:
    """Write the files for a learning platform and return their names."""
    from autograder.report.canvas import canvas
    from autograder.report.moodle import moodle
    from autograder.report.roster import read_roster
    from autograder.saved import write_atomically

    chapter = _chapter(records, chapter)
    chosen = [record for record in records if record.chapter in (chapter, "")]
    if kind == "canvas":
        table = canvas(chosen, read_roster(path), chapter, assignment)
        files = {"canvas.csv": table.grades, "canvas-status.csv": table.status}
        matched, warnings = table.matched, table.warnings
    else:
        sheet = moodle(chosen, read_roster(path))
        files = {"moodle.csv": sheet.grades}
        matched, warnings = sheet.matched, sheet.warnings
    for name, text in files.items():
        write_atomically(grades / name, text)
    if len(chosen) < len(records):
        warnings = [*warnings, f"{len(records) - len(chosen)} submissions are of other chapters"]
    for warning in warnings:
        click.echo(f"note: {_shown(warning)}", err=True)
    return [*files, *_unmatched(grades, matched.others)]


def _chapter(records: "list[Record]", chapter: str | None) -> str:
    there = sorted({record.chapter for record in records} - {""})
    if chapter is None and len(there) == 1:
        return there[0]
    if chapter not in there:
        raise click.ClickException(f"choose one with --chapter: {', '.join(there) or 'none here'}")
    return chapter


def _unmatched(grades: Path, others: "list[Unmatched]") -> list[str]:
    """Say which submissions gave nobody a grade. A list of an earlier run does not stay behind."""
    from autograder.report.roster import unmatched_csv
    from autograder.saved import write_atomically

    path = grades / "unmatched.csv"
    if not others:
        path.unlink(missing_ok=True)
        return []
    write_atomically(path, unmatched_csv(others))
    click.echo(f"{len(others)} submissions gave nobody a grade:", err=True)
    for other in others[:SHOWN]:
        click.echo(f"    {_shown(other.record.name)}: {_shown(other.why)}", err=True)
    if len(others) > SHOWN:
        click.echo(f"    and {len(others) - SHOWN} more", err=True)
    return ["unmatched.csv"]


def _shown(text: str) -> str:
    """Return a text without what a terminal would obey, cut to a line."""
    from autograder.report.shown import visible

    return visible(text.replace("\n", " "))[:200]
