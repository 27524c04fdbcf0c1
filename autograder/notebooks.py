"""page + gpt2 + hidden_tests -> the stub notebook, the solved notebook and the public keys.

Generated files are the same byte for byte on every run: cell ids come from what the cell is, and
nothing depends on time or order of a set.
"""

import ast
import importlib
import inspect
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from autograder import reference
from autograder.exercise import Exercise, Misconception, Variant
from autograder.hidden_tests import chapters, find
from autograder.page import Block, Page, read_page
from autograder.slicing import binds, first_line, needed, reads
from gptcourse import __version__
from gptcourse.earlier import ASKED_IN

__all__ = ["ROOT", "answer_cell", "notebook_text", "solved_cell", "stub_cell"]

ROOT = Path(__file__).resolve().parent.parent

Cell = dict[str, Any]


def notebook_text(page_path: Path, *, solved: bool) -> str:
    """Return the stub or the solved notebook of a page as text."""
    page = read_page(page_path)
    exercises = [find(block.argument) for block in page.blocks if block.kind == "exercise"]
    cells = [_title(page, exercises[0].id), _setup(), _imports(exercises)]
    seen: dict[str, int] = {}
    for block in page.blocks:
        cells += _block_cells(block, solved, exercises, seen)
    cells += _ending(solved)
    notebook = {
        "cells": cells,
        "metadata": {
            "gptcourse": {"chapter": page.stem, "version": 1},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _block_cells(
    block: Block, solved: bool, exercises: list[Exercise], seen: dict[str, int]
) -> Iterable[Cell]:
    if block.kind == "exercise":
        exercise = find(block.argument)
        number = f"{int(exercise.chapter[:2])}.{exercises.index(exercise) + 1}"
        yield _exercise_text(exercise, number, block.body)
        earlier = {e.target for e in exercises[: exercises.index(exercise)]}
        source = solved_cell(exercise, earlier) if solved else stub_cell(exercise)
        yield _code(exercise.id, source, _solution_metadata(exercise))
        yield _code(f"{exercise.id}-check", _check(exercise), _check_metadata(exercise))
        return
    name = block.argument or "play"
    seen[name] = seen.get(name, 0) + 1
    identity = f"{block.kind}-{name}-{seen[name]}"
    if block.kind == "widget":
        if block.caption:
            yield _markdown(f"{identity}-text", block.caption)
        yield _code(identity, block.body + ".with_controls()")
    else:
        yield _code(identity, block.body)


def _config() -> dict[str, Any]:
    """Read the one file that says where the repository and the site live."""
    config: dict[str, Any] = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    return config


def _title(page: Page, example: str) -> Cell:
    lines = [f"# {page.title}"]
    if page.description:
        lines.append(page.description)
    url = _config()["html"]["baseurl"].rstrip("/")
    lines.append(
        f"The chapter is at [{url}/{page.stem}.html]({url}/{page.stem}.html). Read it there, write "
        "here. Each exercise has a cell that you fill in and a cell that checks it. If you are "
        f"stuck, `hint({example})` gives a nudge, and `progress()` shows what you have done."
    )
    return _markdown("title", "\n\n".join(lines))


def _setup() -> Cell:
    archive = f"{_config()['repository']['url']}/archive/refs/tags/v{__version__}.zip"
    return _code(
        "setup",
        "# Set-up: makes Colab ready in seconds, and does nothing elsewhere.\n"
        "import importlib.util\n"
        "import sys\n\n"
        'if "google.colab" in sys.modules and importlib.util.find_spec("gptcourse") is None:\n'
        f'    %pip install -q --no-deps "gptcourse @ {archive}#subdirectory=exercises"',
    )


def _imports(exercises: list[Exercise]) -> Cell:
    """One cell with what the reference modules import, and what earlier chapters have made."""
    chapter = int(exercises[0].chapter[:2])
    lines: set[str] = set()
    given: set[str] = set()
    for exercise in exercises:
        for node in ast.parse(inspect.getsource(reference.module_of(exercise))).body:
            if isinstance(node, ast.Import):
                lines |= {ast.unparse(node)}
            elif isinstance(node, ast.ImportFrom):
                names = [alias.name for alias in node.names]
                if str(node.module).startswith("gpt2"):
                    given |= {name for name in names if ASKED_IN.get(name, chapter) < chapter}
                else:
                    lines |= {f"from {node.module} import {name}" for name in names}
    standard = sorted(line for line in lines if "torch" not in line)
    ours = "from gptcourse import check, datasets, hint, prepare_submission, progress"
    torch_lines = sorted((line for line in lines if "torch" in line), key=_import_order)
    if given:
        listed = ", ".join(sorted(given, key=lambda name: (name.islower(), name)))
        ours += f"\nfrom gptcourse.earlier import {listed}  # or your own"
    parts = ["\n".join(group) for group in (standard, torch_lines, [ours]) if group]
    return _code("imports", "\n\n".join(parts))


def _import_order(line: str) -> tuple[bool, str]:
    return line.startswith("from"), line


def _exercise_text(exercise: Exercise, number: str, body: str) -> Cell:
    stars = "●" * exercise.difficulty + "○" * (5 - exercise.difficulty)
    kind = "stretch, not counted" if exercise.stretch else f"{exercise.points} points"
    facts = f"*{exercise.minutes} minutes · difficulty {exercise.difficulty} of 5 {stars} · {kind}*"
    text = f"## Exercise {number}: {exercise.title}\n\n{facts}\n\n{body}"
    return _markdown(f"{exercise.id}-text", text)


def stub_cell(exercise: Exercise) -> str:
    """Return the source of the cell that the learner fills in."""
    return f"# exercise: {exercise.id}\n" + reference.stub(exercise).rstrip("\n")


def solved_cell(exercise: Exercise, defined: Iterable[str] = ()) -> str:
    """Return the source of the same cell with the reference, and the helpers that it needs.

    Args:
        exercise: the exercise.
        defined: names that an earlier cell of the notebook defines.
    """
    text = inspect.getsource(reference.module_of(exercise))
    return f"# exercise: {exercise.id}\n" + _cut(text, exercise.target, set(defined))


def answer_cell(exercise: Exercise, answer: Misconception | Variant) -> str:
    """Return the source of the cell with a misconception or a right variant in it."""
    marker = f"# exercise: {exercise.id}\n"
    # Other cells of the notebook define these, as they do for a learner.
    others = {e.target for e in chapters()[exercise.chapter]} - {exercise.target}
    if answer.function is None:
        module = inspect.getsource(reference.module_of(exercise))
        old = reference.source(exercise)
        text = module.replace(old, reference.apply_edits(old, answer.edits))
        return marker + _cut(text, exercise.target, others)
    name = answer.function.__name__
    module = inspect.getsource(sys.modules[answer.function.__module__])
    text = _cut(module, name, others, imports=True)
    return marker + text + (f"\n\n\n{exercise.target} = {name}" if name != exercise.target else "")


def _cut(text: str, name: str, defined: set[str], *, imports: bool = False) -> str:
    """Return the definition of a name in a module's text, behind the helpers that it needs."""
    statements = ast.parse(text).body
    lines = text.splitlines()
    numbers = needed(statements, [name])
    read = {word for number in numbers for word in reads(statements[number])}
    parts = []
    for number in numbers:
        statement = statements[number]
        if imports and isinstance(statement, ast.ImportFrom) and _is_hidden(statement):
            # A notebook cannot import the hidden tests: what is used of them comes along.
            there = inspect.getsource(importlib.import_module(str(statement.module)))
            used = [alias.name for alias in statement.names if alias.name in read]
            parts += [_cut(there, word, defined, imports=True) for word in used]
            continue
        if isinstance(statement, ast.Import | ast.ImportFrom) and not imports:
            continue
        if isinstance(statement, ast.ImportFrom) and str(statement.module).startswith("gpt2"):
            continue
        if binds(statement) & defined:
            continue
        parts.append("\n".join(lines[first_line(statement) - 1 : statement.end_lineno]))
    return reference.for_learners("\n\n\n".join(parts))


def _is_hidden(statement: ast.ImportFrom) -> bool:
    return str(statement.module).startswith("autograder.")


def _check(exercise: Exercise) -> str:
    return f"check({exercise.id})"


def _ending(solved: bool) -> Iterable[Cell]:
    yield _markdown(
        "ending-text", "## Hand in\n\nSee what is done, and prepare the file to hand in."
    )
    yield _code("progress", "progress()")
    if not solved:
        yield _code("submission", "prepare_submission()")


def _solution_metadata(exercise: Exercise) -> dict[str, Any]:
    return {
        "gptcourse": {"exercise": exercise.id},
        "nbgrader": {
            "grade": False,
            "grade_id": exercise.id,
            "locked": False,
            "schema_version": 3,
            "solution": True,
            "task": False,
        },
    }


def _check_metadata(exercise: Exercise) -> dict[str, Any]:
    return {
        "gptcourse": {"check": exercise.id},
        "nbgrader": {
            "grade": True,
            "grade_id": f"{exercise.id}-check",
            "locked": True,
            "points": exercise.counted,
            "schema_version": 3,
            "solution": False,
            "task": False,
        },
    }


def _cell_id(identity: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in identity)[:64]


def _code(identity: str, source: str, metadata: dict[str, Any] | None = None) -> Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": _cell_id(identity),
        "metadata": metadata or {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }


def _markdown(identity: str, source: str) -> Cell:
    return {
        "cell_type": "markdown",
        "id": _cell_id(identity),
        "metadata": {},
        "source": source.splitlines(keepends=True),
    }
