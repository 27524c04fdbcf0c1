"""`autograder similar`: which answers are alike in ways that independent answers are not?"""

from pathlib import Path

import click

from autograder.commands.shared import console, progress_bar

__all__ = ["similar"]


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("similarity.html"),
    show_default=True, help="The page.",
)  # fmt: skip
@click.option(
    "--most", type=click.IntRange(min=1), default=50, show_default=True, help="Pairs on the page."
)
def similar(paths: tuple[Path, ...], out: Path, most: int) -> None:
    """Compare the notebooks of a class, or of several classes, and write a page of pairs.

    It is a hint, never a verdict, and no points depend on it. Nothing is run and nothing leaves
    this machine.
    """
    try:
        from autograder.similarity.compare import compare
    except ImportError as error:
        raise click.ClickException(
            f"{error}. This command needs scikit-learn: pip install scikit-learn"
        ) from None
    from autograder.folder import find_notebooks, name_notebooks
    from autograder.saved import write_atomically
    from autograder.similarity.answers import read_answers
    from autograder.similarity.page import similarity_page
    from autograder.submission import Unreadable

    try:
        notebooks = name_notebooks(find_notebooks(paths))
    except FileNotFoundError as error:
        raise click.ClickException(f"there is no {error}") from None
    if len(notebooks) < 2:
        raise click.ClickException("there are fewer than two notebooks to compare")
    answers, unreadable = [], []
    with progress_bar("reading") as progress:
        task = progress.add_task("reading", total=len(notebooks))
        for name, path in notebooks:
            try:
                answers += read_answers(path, name)
            except Unreadable as problem:
                unreadable.append((name, str(problem)))
            progress.advance(task)
    with console.status("comparing"):
        pairs, bar = compare(answers, most)
        page = similarity_page(pairs, len(notebooks) - len(unreadable), bar, unreadable)
    try:
        write_atomically(out, page)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from None
    console.print(
        f"{out}: {len(notebooks) - len(unreadable)} notebooks compared, "
        f"{len(unreadable)} could not be read, pairs that stand out: {len(pairs)}. "
        "A hint, not a verdict.",
        soft_wrap=True,
    )
