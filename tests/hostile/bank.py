"""Finds the hostile submissions: one file each, which says what it attacks."""

import importlib.util
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.claims import CLAIMS, Claim
from tests.sample_class.notebook import Notebook, write

__all__ = ["BANK", "Attack", "alone", "attacks"]

BANK = Path(__file__).parent / "bank"
_HEADER = re.compile(r'"""(?P<mechanism>[^\n]+)\n\n(?P<keys>.*?)\n"""\n', re.DOTALL)


@dataclass(frozen=True)
class Attack:
    """One hostile submission.

    Attributes:
        name: class and file name, such as "reading/file_anyone_may_read".
        mechanism: how it attacks.
        exercise: which exercise it attacks.
        claim: what it puts to the test.
        earns: the points that it deserves all the same, in the exercise that it attacks.
        endless: it ends by the limit of time alone.
        again: it looks for what it left itself, and so runs twice.
    """

    name: str
    mechanism: str
    exercise: str
    claim: Claim
    earns: int
    endless: bool
    again: bool
    path: Path

    @property
    def stem(self) -> str:
        """Its name as that of a file."""
        return self.name.replace("/", ".")

    def runs_in(self, level: str, *, mine: bool) -> bool:
        """Say whether it is run on a level of the sandbox, as oneself or as another user.

        Walls depend on both. What the judge and the pages hold, and the clock, which is the
        grader's, depend on no user: one run on each level is enough for the clock, and one in all
        for the others.
        """
        if self.claim.where == "walls" and not self.endless:
            return True
        return mine and (level == "bubblewrap" or self.endless)

    def hand_in(self, folder: Path, head: str) -> Path:
        """Write what is handed in, and return its path."""
        text = self.path.read_text(encoding="utf-8")
        if "\ndef hand_in(" not in text:
            path = folder / f"{self.stem}.ipynb"
            write(path, alone(self.exercise, text, head=head))
            return path
        spec = importlib.util.spec_from_file_location(f"hostile_{self.stem}", self.path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        made: Path = module.hand_in(folder)
        return made


def alone(exercise: str, source: str, *others: str, head: str = "") -> Notebook:
    """Return a notebook with this exercise, behind a first cell, and nothing but other cells."""
    answer = textwrap.dedent(source).lstrip("\n")
    sources = (head, f"# exercise: {exercise}\n{answer}", *others)
    cells = [{"cell_type": "code", "metadata": {}, "source": s} for s in sources]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


@cache
def attacks() -> tuple[Attack, ...]:
    """Return all hostile submissions, in order."""
    return tuple(_read_all())


def _read_all() -> Iterator[Attack]:
    for path in sorted(BANK.rglob("*.py")):
        name = path.relative_to(BANK).with_suffix("").as_posix()
        header = _HEADER.match(path.read_text(encoding="utf-8"))
        assert header, f"{name}: its first lines do not say what it is"
        keys = dict(line.split(": ", 1) for line in header["keys"].splitlines())
        earns, _, why = keys.get("earns", "0").partition(", ")
        assert earns == "0" or why, f"{name}: why does it earn points?"
        yield Attack(
            name,
            header["mechanism"],
            keys["attacks"],
            CLAIMS[keys["claim"]],
            int(earns),
            keys.get("endless") == "yes",
            keys.get("again") == "yes",
            path,
        )
