"""`autograder new` leaves an exercise that passes every invariant."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.notebooks import ROOT
from autograder.scaffold import scaffold


def copy_of_the_project(folder: Path) -> Path:
    """Copy what is needed, with the exercises of one chapter: the others take their time."""
    for name in ("autograder", "book", "exercises", "solutions", "tests"):
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "_build")
        )
    for name in ("pyproject.toml", "_config.yml"):
        shutil.copy(ROOT / name, folder)
    catalogue = folder / "autograder" / "hidden_tests" / "__init__.py"
    text = catalogue.read_text()
    every = re.search(r"\n    \*.*EXERCISES,\n(?=\))", text, re.DOTALL)
    assert every is not None
    catalogue.write_text(text.replace(every[0], "\n    *bigrams.EXERCISES,\n"))
    return folder


def test_a_new_exercise_is_green(tmp_path: Path) -> None:
    root = copy_of_the_project(tmp_path)
    changed = dict(scaffold("doubled", "02-bigrams", "bigrams", root))
    assert len(changed) == 5
    env = os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, (root, root / "solutions", root / "exercises")))
    }
    program = "from autograder.cli import main; main()"
    made = subprocess.run(
        [sys.executable, "-c", program, "generate"],
        cwd=root,
        env=env,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    assert "doubled" in (root / "exercises" / "02-bigrams.ipynb").read_text()
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/invariants", "-k", "doubled"],
        cwd=root,
        env=env,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout
    assert " passed" in result.stdout


@pytest.mark.parametrize(
    ("name", "chapter", "module"),
    [
        ("class", "02-bigrams", "bigrams"),
        ("Two Words", "02-bigrams", "bigrams"),
        ("fresh", "99-nothing", "bigrams"),
        ("fresh", "02-bigrams", "nothing"),
        ("count_bigrams", "02-bigrams", "bigrams"),
    ],
)
def test_what_cannot_be_is_refused(name: str, chapter: str, module: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(scaffold(name, chapter, module))
