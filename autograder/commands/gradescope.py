"""`autograder gradescope`: the zip that Gradescope wants."""

from pathlib import Path

import click

from autograder.commands.chapter import chapter_argument
from autograder.commands.shared import console, seed_option

__all__ = ["gradescope"]


@click.command()
@chapter_argument
@seed_option()
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("autograder.zip"),
    show_default=True, help="The file to upload. It holds the secret seed.",
)  # fmt: skip
@click.option(
    "--visibility",
    type=click.Choice(["visible", "after_due_date", "after_published", "hidden"]),
    default="visible", show_default=True, help="When a student sees points and messages.",
)  # fmt: skip
@click.option(
    "--seconds", type=click.FloatRange(min=1), default=20.0, show_default=True,
    help="Time for each group of calls; Gradescope's containers are slow.",
)  # fmt: skip
def gradescope(chapter: str, seed_text: str, out: Path, visibility: str, seconds: float) -> None:
    """Make an autograder zip for Gradescope that grades CHAPTER, such as 02-bigrams.

    Upload it under “Configure Autograder”, base image Ubuntu 24.04, and give the container
    2 GB of memory or more. Whoever has the zip has the seed: share it as you would share exams.
    """
    from autograder.gradescope.bundle import NoBundle, make_bundle
    from autograder.gradescope.run import Settings

    settings = Settings(chapter, visibility, seconds)  # type: ignore[arg-type]
    try:
        with console.status("building the wheels"):
            names = make_bundle(out, settings, seed_text)
    except (NoBundle, OSError) as error:
        raise click.ClickException(str(error)) from None
    size = out.stat().st_size / 1000
    console.print(
        f"wrote {out} ({size:.0f} kB, {len(names)} files): {settings.points} points to enter as "
        "“Autograder points”. The secret seed is in it.",
        soft_wrap=True,
    )
