"""Code that is hard to read: the grader reads it all the same, and does not run it to do so."""

from collections.abc import Callable

from tests.hostile import bank
from tests.sample_class.notebook import Notebook

__all__ = ["PATHOLOGICAL", "RIGHT", "TOO_MUCH", "alone"]

HEAD = """\
import torch

def honest(x, dim=-1):
    e = (x - x.amax(dim, keepdim=True)).exp()
    return e / e.sum(dim, keepdim=True)

"""


def alone(exercise: str, source: str, *others: str) -> Notebook:
    """Return a notebook with this exercise, and nothing else but the other cells."""
    return bank.alone(exercise, source, *others, head=HEAD)


def _answers(source: str) -> Callable[[], Notebook]:
    return lambda: alone("softmax", source)


RIGHT = "def softmax(x, dim=-1):\n    return honest(x, dim)\n"

# What the grader reads and does not run: code on which its own parsing, slicing or printing of
# Python would stop, or take for ever.
PATHOLOGICAL: dict[str, tuple[Callable[[], Notebook], str]] = {
    "two arguments of one name": (_answers("def softmax(x, x):\n    return x\n"), "error"),
    "global argument": (_answers("def softmax(x):\n    global x\n"), "error"),
    "20,000 hexadecimal digits": (
        _answers(f"def softmax(x, dim=-1):\n    0x{'f' * 20_000}\n    return honest(x, dim)\n"),
        "passed",
    ),
    "a sum of 600": (
        _answers(f"def softmax(x, dim=-1):\n    return honest(x, dim){' + 0' * 600}\n"),
        "passed",
    ),
    "a target 1,500 deep": (_answers(f"y = 1\ny{'.real' * 1500} = 3\n{RIGHT}"), "passed"),
    "a NUL": (_answers(RIGHT + "\0"), "passed"),
    "a lone surrogate": (_answers(RIGHT + "# \ud800"), "error"),
    "a million spaces": (
        lambda: alone("softmax", RIGHT, " " * 200_000 + "(\n" + " " * 200_000 + "x?"),
        "passed",
    ),
    "60 magics in long lines": (
        lambda: alone("softmax", RIGHT, ("%m\ny = " + "0," * 1000 + "0\n") * 60),
        "passed",
    ),
    "4,900 cells": (lambda: alone("softmax", RIGHT, *["%x\n("] * 4_900), "passed"),
    "1,000 statements on 4,000 lines": (
        _answers("\n" * 3_000 + "y = 1\n" * 1_000 + RIGHT.replace("-1", "-1 * y")),
        "passed",
    ),
}

TOO_MUCH: dict[str, Callable[[], Notebook]] = {
    "many lines": lambda: alone("softmax", RIGHT + "y\n" * 20_000),
    "many lines of an old Macintosh": lambda: alone("softmax", RIGHT + "y\r" * 20_000),
    "many statements": lambda: alone("softmax", "y = 1;" * 4_000 + "\n" + RIGHT),
    "much code": lambda: alone("softmax", RIGHT + f"y = [{'0,' * 300_000}]"),
    "many brackets": lambda: alone("softmax", RIGHT) | {"metadata": {"x": [[]] * 1_100_000}},
    "many cells": lambda: alone("softmax", RIGHT, *["1"] * 5_000),
}
