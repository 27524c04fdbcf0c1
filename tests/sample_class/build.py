"""Writes the sample class: honest submissions, and hostile ones with an honest one behind each."""

from collections.abc import Sequence
from pathlib import Path

from tests.sample_class.files import FILES
from tests.sample_class.honest import HONEST, perfect
from tests.sample_class.hostile import HOSTILE
from tests.sample_class.notebook import CHAPTERS, Notebook, write

AFTER = "then an honest one"


def build(
    folder: Path,
    *,
    canary: str | None = None,
    port: int | None = None,
    followers: bool = True,
    chapters: Sequence[str] = CHAPTERS,
) -> list[str]:
    """Write the class into the folder and return the names without the honest followers.

    Args:
        folder: where; made if it is not there.
        canary: path of a file that no submission may read.
        port: of a listener that no submission may reach.
        followers: whether an honest submission follows each that is not.
        chapters: the first is that of all but a few.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made: dict[str, Notebook] = {}
    for name, make in (HONEST | HOSTILE).items():
        if name == "reads files" and canary:
            made[name] = make(canary)
        elif name == "network" and port:
            made[name] = make(port)
        else:
            made[name] = make()
    for chapter in chapters[1:]:
        for name in ("perfect", "half done", "one mistake in each", "unfamiliar but right"):
            made[f"{name} {chapter}"] = HONEST[name](chapter)
    names = []
    for number, name in enumerate([*made, *FILES]):
        stem = f"{number:02d} {name}"
        names.append(stem)
        if name in made:
            write(folder / f"{stem}.ipynb", made[name])
        else:
            FILES[name](folder / f"{stem}.ipynb")
        if followers and name in (*HOSTILE, *FILES):
            write(folder / f"{stem} {AFTER}.ipynb", perfect())
    return names
