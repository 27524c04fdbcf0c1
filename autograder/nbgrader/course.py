"""Lays out an nbgrader course: source notebooks, the configuration, the secret seed."""

import os
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.hidden_tests import chapters
from autograder.nbgrader.source import source_notebook
from autograder.sandbox import Kind
from autograder.seed import new_seed

__all__ = ["CourseError", "lay_out"]

SEED = "secret-seed"
CONFIG = "nbgrader_config.py"
# nbgrader calls it the course; it is also the folder of the exchange.
COURSE_ID = "gpt2-from-scratch"


class CourseError(Exception):
    """The course cannot be laid out there; the message says what to do."""


def lay_out(
    folder: Path,
    *,
    chosen: Sequence[str] = (),
    db: str | None = None,
    seed_file: Path | None = None,
    sandbox: Kind = "bubblewrap",
    seconds: float = 10.0,
    course_id: str = COURSE_ID,
) -> list[Path]:
    """Write a course into a folder and return the paths of what was written.

    Args:
        folder: where; made if it is not there. What lies in it already is left alone.
        chosen: stems of chapters; by default all.
        db: URL of the gradebook; by default nbgrader's own SQLite file in the folder.
        seed_file: the secret seed; by default a new one is written into the folder.
        sandbox: where students' code runs.
        seconds: for each group of calls of an exercise.
        course_id: nbgrader's name of the course.

    Raises:
        CourseError: a chapter is unknown, a file is there already, or the database is out of
            reach. Nothing has been written then.
    """
    unknown = [stem for stem in chosen if stem not in chapters()]
    if unknown:
        raise CourseError(f"There is no chapter {unknown[0]}. There are: {', '.join(chapters())}.")
    url = _reachable(db) if db else None
    files = {f"source/{stem}/{stem}.ipynb": source_notebook(stem) for stem in chosen or chapters()}
    if seed_file is None:
        files[SEED] = new_seed()
    files[CONFIG] = _config(
        course_id=course_id,
        db=url,
        seed_file=os.path.abspath(seed_file or folder / SEED),
        sandbox=sandbox,
        seconds=seconds,
    )
    for name in files:
        if os.path.lexists(folder / name):
            raise CourseError(f"{folder / name} is there already. Choose a new folder.")
    for name, text in files.items():
        _write(folder / name, text, secret=name == SEED or (name == CONFIG and url is not None))
    return [folder / name for name in files]


def _config(**values: object) -> str:
    environment = Environment(
        loader=PackageLoader("autograder.nbgrader"),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: repr(value),  # each value is written as Python
    )
    return environment.get_template(f"{CONFIG}.j2").render(values)


def _write(path: Path, text: str, *, secret: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = 0o600 if secret else 0o644
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)


def _reachable(url: str) -> str:
    """Return the URL with a driver that is there, after one connection."""
    from sqlalchemy import create_engine, make_url
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        create_engine(parsed).connect().close()
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise CourseError(
            f"{error}. An example: postgresql://user:password@localhost/gradebook"
        ) from error
    except SQLAlchemyError as error:
        raise CourseError(
            f"The database does not answer: {getattr(error, 'orig', None) or error} "
            "Make it first (`createdb gradebook`), and see that the URL is right."
        ) from error
    return parsed.render_as_string(hide_password=False)
