"""What Gradescope's container runs for a submission: python -m autograder.gradescope.run ROOT.

Whatever happens, ROOT/results/results.json is there at the end. What is printed is for the
instructor alone.
"""

import json
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from autograder.folder import find_notebooks
from autograder.grade import grade_submission
from autograder.gradescope.results import Results, Visibility, failure, results
from autograder.hidden_tests import chapters
from autograder.keys import Keys
from autograder.record import Record
from autograder.sandbox import Kind, SandboxError, open_sandbox, process
from autograder.sandbox.doctor import why_unavailable
from autograder.sandbox.protocol import Limits
from autograder.saved import write_atomically
from autograder.submission import Unreadable, read_submission

__all__ = ["Settings", "grade_folder", "main"]


@dataclass(frozen=True)
class Settings:
    """What the instructor chose when the zip was made: ROOT/source/settings.json."""

    chapter: str
    visibility: Visibility
    seconds: float

    @property
    def points(self) -> int:
        """What the chapter is worth."""
        return sum(exercise.counted for exercise in chapters()[self.chapter])


def main(root: Path) -> None:
    """Grade what lies in ROOT/submission."""
    try:
        source = root / "source"
        settings = Settings(**json.loads((source / "settings.json").read_text()))
        seed = (source / "seed").read_text().strip()
        tree = grade_folder(root / "submission", settings, seed)
    except SandboxError as error:
        print(f"the sandbox: {error}")
        tree = failure(str(error))
    except Exception as error:
        traceback.print_exc(file=sys.stdout)
        tree = failure(f"{type(error).__name__}: {error}")
    write_atomically(root / "results" / "results.json", json.dumps(tree, indent=1) + "\n")


def grade_folder(folder: Path, settings: Settings, seed: str) -> Results:
    """Grade the one notebook in a folder. Raises SandboxError if there is no sandbox."""
    try:
        notebook = _the_notebook(folder, settings.chapter)
    except Unreadable as problem:
        return results(Record("submission", "unreadable", reason=str(problem)), settings.points)
    kind, limits = _choose_sandbox(), Limits(seconds=settings.seconds)
    with open_sandbox(kind, limits) as sandbox:
        record = grade_submission(notebook, notebook.name, Keys(seed), sandbox)
    for failed in record.failures:
        print(failed)
    return results(record, settings.points, settings.visibility)


def _the_notebook(folder: Path, chapter: str) -> Path:
    """Return the chapter's one notebook. Raises Unreadable if there is none, or several."""
    notebooks = find_notebooks([folder])
    if not notebooks:
        raise Unreadable("There is no notebook. Download the .ipynb and hand that in.")
    if len(notebooks) > 1:
        found = ", ".join(path.name for path in notebooks[:5])
        raise Unreadable(f"There are {len(notebooks)} notebooks: {found}. Hand in one.")
    handed_in = read_submission(notebooks[0]).chapter
    if handed_in != chapter:
        raise Unreadable(f"This is the notebook of {handed_in}. Hand in that of {chapter}.")
    return notebooks[0]


def _choose_sandbox() -> Kind:
    """Return bubblewrap where it works. Raises SandboxError where code would run as root."""
    why = why_unavailable()
    if why is None:
        print("sandbox: bubblewrap")
        return "bubblewrap"
    print("sandbox: process, with limits and a user of its own, but without walls, because")
    print(why)
    if process.stays_root():  # and the seed is root's to read
        raise SandboxError(f"this Python is closed to other users: {sys.prefix}")
    return "process"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
