"""Generated notebooks: valid, without solutions, and running in a fresh environment.

That they are up to date is seen by `make check`; `make test` writes them anew.
"""

import ast
import json
import os
import site
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import reference
from autograder.hidden_tests import chapters
from autograder.notebooks import ROOT, notebook_text, stub_cell
from autograder.slicing import binds, reads
from tests.sample_class.notebook import CHAPTERS, exercise_cell, solved, sources, stub

BY_CHAPTER = pytest.mark.parametrize("chapter", CHAPTERS)


@BY_CHAPTER
def test_notebooks_are_valid_and_stable(chapter: str) -> None:
    for folder, is_solved in (("exercises", False), ("solutions", True)):
        text = (ROOT / folder / f"{chapter}.ipynb").read_text(encoding="utf-8")
        nbformat.validate(nbformat.reads(text, as_version=4))
        assert text == notebook_text(ROOT / "book" / f"{chapter}.md", solved=is_solved)
        ids = [cell["id"] for cell in json.loads(text)["cells"]]
        assert len(ids) == len(set(ids))


@BY_CHAPTER
def test_each_exercise_is_anchored_three_ways(chapter: str) -> None:
    notebook = stub(chapter)
    for exercise in chapters()[chapter]:
        cell = exercise_cell(notebook, exercise.id)
        text = "".join(cell["source"])
        assert text.startswith(f"# exercise: {exercise.id}\n")
        assert cell["metadata"]["nbgrader"]["grade_id"] == exercise.id
        assert exercise.target in {
            node.name
            for node in ast.parse(text).body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        assert any(text.strip() == f"check({exercise.id})" for text in sources(notebook))


@BY_CHAPTER
def test_nothing_is_used_above_the_exercise_that_defines_it(chapter: str) -> None:
    """A picture often stands above its exercise on the page; in the notebook it is behind it."""
    targets = {exercise.target for exercise in chapters()[chapter]}
    defined: set[str] = set()
    for cell in stub(chapter)["cells"]:
        if cell["cell_type"] != "code" or "%pip" in "".join(cell["source"]):
            continue
        for statement in ast.parse("".join(cell["source"])).body:
            assert reads(statement) & targets <= defined | binds(statement), cell["id"]
            defined |= binds(statement)


@BY_CHAPTER
def test_no_stub_holds_a_solution(chapter: str) -> None:
    everything = "\n".join(sources(stub(chapter)))
    for exercise in chapters()[chapter]:
        assert stub_cell(exercise) in everything
        body = [
            ast.unparse(statement)
            for node in ast.walk(ast.parse(reference.source(exercise)))
            if isinstance(node, ast.FunctionDef)
            for statement in node.body
            if not isinstance(statement, ast.Expr) and ast.unparse(statement) != "pass"
        ]
        assert body
        for statement in body:
            assert statement not in everything, exercise.id


class Environment:
    """A fresh environment as Colab has it: gptcourse from its wheel, torch, and nothing of ours."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder / "venv", with_pip=False)
        self.python = folder / "venv" / "bin" / "python"
        packages = next((folder / "venv" / "lib").glob("python*/site-packages"))
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        wheels = folder / "wheels"
        subprocess.run(
            [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", wheels, ROOT / "exercises"],
            check=True,
        )
        wheel = next(wheels.glob("gptcourse-*.whl"))
        subprocess.run([*pip, "install", "--no-deps", "--target", packages, wheel], check=True)
        # A .pth file adds the third-party packages, and not the editable installs in them.
        (packages / "shared.pth").write_text("\n".join(site.getsitepackages()) + "\n")
        self.home = folder / "home"

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "GPTCOURSE_HOME": str(self.home),
            "IPYTHONDIR": str(self.home / "ipython"),
            "JUPYTER_PLATFORM_DIRS": "1",
        }
        self.home.mkdir(exist_ok=True)
        line = [str(self.python), "-c", program, *arguments]
        return subprocess.run(
            line, env=env, capture_output=True, text=True, cwd=self.home, timeout=600
        )


EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient
from jupyter_client.kernelspec import KernelSpecManager
notebook = nbformat.read(sys.argv[1], as_version=4)
kernel = KernelSpecManager(ensure_native_kernel=True)
NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("fresh"))


def test_the_fresh_environment_has_gptcourse_alone(environment: Environment) -> None:
    assert environment.run("import gptcourse, torch").returncode == 0
    for name in ("gpt2", "autograder"):
        assert "ModuleNotFoundError" in environment.run(f"import {name}").stderr


@BY_CHAPTER
def test_stub_with_solutions_pasted_in_runs_top_to_bottom(
    environment: Environment, tmp_path: Path, chapter: str
) -> None:
    notebook = stub(chapter)
    for exercise in chapters()[chapter]:
        answer = exercise_cell(solved(chapter), exercise.id)["source"]
        exercise_cell(notebook, exercise.id)["source"] = answer
    # The last cell writes a file beside the notebook that it finds; it has tests of its own.
    assert "prepare_submission" in "".join(notebook["cells"].pop()["source"])
    before, after = tmp_path / "before.ipynb", tmp_path / "after.ipynb"
    before.write_text(json.dumps(notebook))
    result = environment.run(EXECUTE, str(before), str(after))
    assert result.returncode == 0, result.stderr[-3000:]
    done: dict[str, Any] = json.loads(after.read_text())
    for exercise in chapters()[chapter]:
        check = next(
            cell for cell in done["cells"] if "".join(cell["source"]) == f"check({exercise.id})"
        )
        assert "passed" in json.dumps(check["outputs"]).lower()
    for cell in done["cells"]:
        for output in cell.get("outputs", []):
            assert output["output_type"] != "error"
