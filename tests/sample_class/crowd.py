"""A class of any size, made from a seed: right answers, common and rare mistakes, stubs.

python -m tests.sample_class.crowd FOLDER --count 1000 --seed 1
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from autograder.hidden_tests import find
from autograder.notebooks import answer_cell
from tests.sample_class.notebook import CHAPTERS, Notebook, exercises, solved, stub

FIRST = """Ada Amara Anders Aylin Björn Carmen Chidi Dana Emre Fatima Giulia Hana Ines Ivan Jamal
Jun Kofi Lena Linh Mei Mateo Nadia Niamh Noor Olga Pavel Priya Rosa Sami Sofía Tariq Tomás Uma
Viktor Wanjiru Yara Yuki Zoë 美玲 Øyvind"""
LAST = """Abe Adeyemi Bauer Castro Costa Demir Dubois Eriksen Fernández Fischer Ganguly Haddad Ito
Jansen Kaya Khan Kim Kowalska Larsen Li Marino Mbeki Moreau Müller Nguyen Novak Nyström O'Brien
Okafor Owusu Park Petrova Quispe Rossi Sato Silva Singh Tanaka Usman Weiß"""

RIGHT, STUB = "", "not attempted"
Naming = Literal["plain", "canvas", "moodle"]


@dataclass(frozen=True)
class Made:
    """One submission of the crowd.

    Attributes:
        name: its path below the folder.
        student: "First Last".
        number: the student's number in the learning platform.
        answers: exercise id -> name of the misconception, "" for right, or "not attempted".
    """

    name: str
    student: str
    number: int
    chapter: str
    answers: dict[str, str]


def crowd(
    folder: Path,
    count: int,
    seed: int = 0,
    *,
    chapters: Sequence[str] = CHAPTERS[:1],
    naming: Naming = "plain",
) -> list[Made]:
    """Write `count` notebooks into the folder and return what is in them.

    The same arguments give the same files, byte for byte.

    Args:
        folder: where; made if it is not there.
        count: number of notebooks.
        seed: of the answers and names.
        chapters: each submission is of one of these, in turn.
        naming: how the learning platform names the files that it hands out.
    """
    made = []
    for number in range(count):
        chapter = chapters[number % len(chapters)]
        # A generator for each: the first hundred of a thousand are the same as a hundred.
        one = _one(random.Random(f"{seed} {number}"), number, chapter, naming)
        path = folder / one.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_notebook(one), encoding="utf-8")
        made.append(one)
    return made


def _one(rng: random.Random, number: int, chapter: str, naming: Naming) -> Made:
    student = f"{rng.choice(FIRST.split())} {rng.choice(LAST.split())}"
    skill = rng.betavariate(5, 2.5)
    stops_at = rng.randrange(len(exercises(chapter))) if rng.random() > 0.55 + 0.4 * skill else 99
    answers = {}
    for place, exercise in enumerate(exercises(chapter)):
        if place > stops_at:
            answers[exercise.id] = STUB
        elif rng.random() < skill + 0.1 * (2 - exercise.difficulty):
            answers[exercise.id] = RIGHT
        else:
            # A few mistakes are made by many, and most by few: the share falls with the rank.
            names = [mistake.name for mistake in exercise.misconceptions]
            weights = [1 / (rank + 1) ** 1.2 for rank in range(len(names))]
            answers[exercise.id] = rng.choices(names, weights)[0]
    late = "_LATE" if rng.random() < 0.08 else ""
    user, upload = 40_000 + number, 700_000 + 7 * number
    first, _, last = student.partition(" ")
    joined = "".join(c for c in f"{last}{first}".lower() if c.isalnum())
    name = {
        "plain": f"{number:04d} {student}.ipynb",
        "canvas": f"{joined}{late}_{user}_{upload}_{chapter}.ipynb",
        "moodle": f"{student}_{user}_assignsubmission_file_/{chapter}.ipynb",
    }[naming]
    return Made(name, student, user, chapter, answers)


def _notebook(made: Made) -> str:
    """Return the notebook's text: its cells' texts are put together, which takes no parsing."""
    lines, places = _template(made.chapter)
    for exercise, answer in made.answers.items():
        lines[places[exercise]] = _cell(exercise, answer)
    return '{"cells": [\n' + ",\n".join(lines) + "\n]" + _tail(made.chapter)


def _template(chapter: str) -> tuple[list[str], dict[str, int]]:
    lines, places = _parts(chapter)
    return list(lines), places


@cache
def _parts(chapter: str) -> tuple[tuple[str, ...], dict[str, int]]:
    cells = stub(chapter)["cells"]
    ids = [cell["metadata"].get("gptcourse", {}).get("exercise") for cell in cells]
    places = {exercise: place for place, exercise in enumerate(ids) if exercise}
    return tuple(json.dumps(cell) for cell in cells), places


@cache
def _tail(chapter: str) -> str:
    rest = {key: value for key, value in stub(chapter).items() if key != "cells"}
    return ", " + json.dumps(rest)[1:]


@cache
def _cell(exercise_id: str, answer: str) -> str:
    exercise = find(exercise_id)
    notebook: Notebook = stub(exercise.chapter) if answer == STUB else solved(exercise.chapter)
    cell = next(
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("gptcourse", {}).get("exercise") == exercise_id
    )
    if answer not in (RIGHT, STUB):
        mistake = next(each for each in exercise.misconceptions if each.name == answer)
        cell["source"] = answer_cell(exercise, mistake)
    return json.dumps(cell)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--all-chapters", action="store_true")
    parser.add_argument("--naming", choices=["plain", "canvas", "moodle"], default="plain")
    options = parser.parse_args()
    chapters = CHAPTERS if options.all_chapters else CHAPTERS[:1]
    crowd(options.folder, options.count, options.seed, chapters=chapters, naming=options.naming)


if __name__ == "__main__":
    main()
