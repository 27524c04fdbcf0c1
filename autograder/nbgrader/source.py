"""The source notebook of an nbgrader assignment: the stub notebook, with solutions in regions.

An exercise is two cells, as in the notebooks that learners open in Colab: a solution cell, which
the student fills in, and behind it a locked "autograded tests" cell that shows `check(name)` and
carries the points. nbgrader keeps comments on solution cells alone and scores on grade cells
alone, and a cell that is both would have to be graded by hand. The ids are the exercise's own, so
a notebook that a student took from the site can be handed in too.
"""

import ast
import json
import re
from pathlib import Path
from typing import Any

from autograder import reference
from autograder.exercise import Exercise
from autograder.hidden_tests import chapters
from autograder.notebooks import ROOT, notebook_text, solved_cell

__all__ = ["BEGIN", "BEGIN_REMOVED", "END", "marked_cell", "source_notebook"]

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
# Stock nbgrader would put a stub in the place of a helper: see `clear`.
BEGIN_REMOVED = f"{BEGIN} (removed)"


def source_notebook(chapter: str, root: Path = ROOT) -> str:
    """Return the source notebook of a chapter as text.

    Raises KeyError if there is no such chapter.
    """
    exercises = chapters()[chapter]
    text = notebook_text(root / "book" / f"{chapter}.md", solved=False)
    notebook: dict[str, Any] = json.loads(text)
    cells = {cell["metadata"].get("gptcourse", {}).get("exercise"): cell
             for cell in notebook["cells"]}  # fmt: skip
    for number, exercise in enumerate(exercises):
        earlier = {each.target for each in exercises[:number]}
        source = marked_cell(exercise, solved_cell(exercise, earlier))
        cells[exercise.id]["source"] = source.splitlines(keepends=True)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def marked_cell(exercise: Exercise, solved: str) -> str:
    """Return the text of a solved cell with every piece of the solution in a region."""
    definition = reference.for_learners(reference.source(exercise)).rstrip("\n")
    before, _, after = solved.partition(definition)
    marker, _, helpers = before.partition("\n")
    parts = [marker]
    # Those behind the definition go in front: what is cleared at the end leaves an empty line.
    around = [text.strip("\n") for text in (helpers, after) if text.strip()]
    if around:
        parts.append("\n".join([BEGIN_REMOVED, "\n\n\n".join(around), "", "", END]))
    parts.append(_with_regions(definition))
    return "\n".join(parts)


def _with_regions(definition: str) -> str:
    lines = definition.splitlines()
    node = ast.parse(definition).body[0]
    assert isinstance(node, ast.FunctionDef | ast.ClassDef)
    for start, end, stub in sorted(reference.cuts(node, lines), reverse=True):
        indent = re.match(r"\s*", lines[start])
        assert indent is not None
        begin = BEGIN if stub else BEGIN_REMOVED
        lines[start:end] = [indent[0] + begin, *lines[start:end], indent[0] + END]
    return "\n".join(lines)
