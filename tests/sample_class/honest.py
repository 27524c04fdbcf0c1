"""Submissions of students who mean well."""

import ast
from collections.abc import Callable
from typing import Any

from autograder.exercise import Exercise
from autograder.notebooks import answer_cell
from autograder.slicing import reads
from tests.sample_class.notebook import (
    CHAPTERS,
    Notebook,
    changed,
    exercise_cell,
    exercises,
    solved,
    stub,
    with_answer,
    with_cell,
)

ONE = CHAPTERS[0]


def perfect(chapter: str = ONE) -> Notebook:
    return solved(chapter)


def half_done(chapter: str = ONE) -> Notebook:
    notebook = stub(chapter)
    half = exercises(chapter)[: len(exercises(chapter)) // 2]
    for exercise in half:
        source = exercise_cell(solved(chapter), exercise.id)["source"]
        exercise_cell(notebook, exercise.id)["source"] = source
    return notebook


def untouched(chapter: str = ONE) -> Notebook:
    return stub(chapter)


def spoiled(chapter: str) -> list[Exercise]:
    """Return the exercises that no other one of the chapter builds on."""
    cells = {e.id: ast.parse("".join(exercise_cell(solved(chapter), e.id)["source"]))
             for e in exercises(chapter)}  # fmt: skip
    read = {name: {word for s in tree.body for word in reads(s)} for name, tree in cells.items()}
    return [
        e
        for e in exercises(chapter)
        if not any(e.target in words for other, words in read.items() if other != e.id)
    ]


def one_mistake_each(chapter: str = ONE) -> Notebook:
    """Spoil what nothing else builds on: what is built on a mistake is wrong in another way."""
    notebook = solved(chapter)
    for exercise in spoiled(chapter):
        source = answer_cell(exercise, exercise.misconceptions[0])
        notebook = with_answer(notebook, exercise.id, source)
    return notebook


def variant_each(chapter: str = ONE) -> Notebook:
    notebook = solved(chapter)
    for exercise in exercises(chapter):
        notebook = with_answer(notebook, exercise.id, answer_cell(exercise, exercise.variants[0]))
    return notebook


def syntax_error() -> Notebook:
    return with_answer(
        solved(ONE), "softmax", "# exercise: softmax\ndef softmax(x, dim=-1:\n    return x"
    )


def metadata_lost() -> Notebook:
    def strip(notebook: Notebook) -> None:
        notebook["metadata"] = {}
        for cell in notebook["cells"]:
            cell["metadata"] = {}
            cell.pop("id", None)
            lines = "".join(cell["source"]).split("\n")
            cell["source"] = "\n".join(x for x in lines if not x.startswith("# exercise:"))

    return changed(solved(ONE), strip)


def reordered() -> Notebook:
    return changed(solved(ONE), lambda notebook: notebook["cells"].reverse())


def defined_twice() -> Notebook:
    """First a wrong softmax, tried out; further down the right one."""
    first = "def softmax(x, dim=-1):\n    return x.exp() / x.exp().sum(dim, keepdim=True)"
    return with_cell(solved(ONE), first)


def long_training() -> Notebook:
    """A cell of ten minutes that nothing depends on, and plots."""
    cell = (
        "import time\nfor step in range(600):\n    time.sleep(1)\n    loss = 1 / (step + 1)\n"
        "import matplotlib.pyplot as plt\nplt.plot([loss])\nplt.show()"
    )
    return with_cell(solved(ONE), cell)


def magics() -> Notebook:
    cell = "%matplotlib inline\n!pip install einops\n%%time\nanswer = 42"
    return with_cell(solved(ONE), cell)


def format_3() -> Notebook:
    """The notebook as a program of ten years ago would save it."""
    cells: list[dict[str, Any]] = []
    for cell in solved(ONE)["cells"]:
        source = cell.pop("source")
        cells.append(cell | {"input" if cell["cell_type"] == "code" else "source": source})
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}


HONEST: dict[str, Callable[..., Notebook]] = {
    "perfect": perfect,
    "half done": half_done,
    "untouched": untouched,
    "one mistake in each": one_mistake_each,
    "unfamiliar but right": variant_each,
    "syntax error": syntax_error,
    "metadata lost": metadata_lost,
    "cells reordered": reordered,
    "defined twice": defined_twice,
    "ten minutes of training": long_training,
    "magics": magics,
    "notebook format 3": format_3,
}
