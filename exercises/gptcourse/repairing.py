"""Undoes to the cells of a notebook what editors and accidents do, where the intent is plain.

The same in the learner's notebook, which warns of it, and in the grader, which reports it. Only
where code is found changes: not a word of it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gptcourse.joining import cut_pieces, lost_bodies
from gptcourse.magics import parse, without_magics
from gptcourse.notebook import defines, find_exercises, marked, source_of
from gptcourse.salvaging import salvage
from gptcourse.stubs import written

__all__ = ["Repair", "repair_cells"]

Cell = dict[str, Any]
_FENCE = re.compile(r"^[ \t]*```.*$", re.MULTILINE)
_MAX_SALVAGED = 60_000  # characters of one notebook


@dataclass(frozen=True)
class Repair:
    """What was done.

    Attributes:
        cells: the numbers of the cells, from 1.
        text: a sentence.
        advice: to the learner who can still change it.
    """

    cells: tuple[int, ...]
    text: str
    advice: str


def repair_cells(cells: list[Cell], exercises: Iterable[str]) -> tuple[list[Cell], list[Repair]]:
    """Return cells in which the answers can be found, as many as there were, and the repairs.

    Args:
        cells: of the notebook; they stay as they are.
        exercises: the ids to look for.
    """
    ids = list(exercises)
    targets = {exercise.split(".")[0] for exercise in ids}
    cells = list(cells)
    repairs: list[Repair] = []
    repairs += _take_out_nuls(cells)
    repairs += _read_as_code(cells, ids)
    repairs += _join(cells)
    repairs += _salvage(cells, targets)
    return cells, sorted(repairs, key=lambda repair: repair.cells)


def _take_out_nuls(cells: list[Cell]) -> Iterable[Repair]:
    for i, cell in enumerate(cells):
        source = source_of(cell)
        if "\0" in source:
            cells[i] = cell | {"source": source.replace("\0", "")}
            text = f"Cell {i + 1} held NUL characters; they were left out."
            yield Repair((i + 1,), text, "Type its text anew.")


def _read_as_code(cells: list[Cell], exercises: list[str]) -> Iterable[Repair]:
    """Read a marked text cell as code, if it answers an exercise that no code cell answers."""
    others = [i for i, cell in enumerate(cells) if cell.get("cell_type") in ("markdown", "raw")]
    codes = {i: _FENCE.sub("", source_of(cells[i])) for i in others}
    places = {
        exercise: [
            i
            for i, code in codes.items()
            if defines(code, exercise.split(".")[0]) and marked(cells[i], code, exercise)
        ]
        for exercise in exercises
    }
    places = {exercise: found for exercise, found in places.items() if found}
    if not places:
        return
    answered = {
        found.exercise
        for found in find_exercises(cells, places, strongest=False)
        if found.defined and (found.problem or _is_written(found.source, found.exercise))
    }
    for exercise in places.keys() - answered:
        # The last is the latest, as with code cells.
        i = next((i for i in reversed(places[exercise]) if _is_written(codes[i], exercise)), None)
        if i is not None:
            kind = cells[i]["cell_type"]
            cells[i] = cells[i] | {"cell_type": "code", "source": codes[i]}
            text = f"Cell {i + 1} answers `{exercise}` as a {kind} cell; it was read as code."
            yield Repair((i + 1,), text, "Make it a code cell.")


def _is_written(source: str, exercise: str) -> bool:
    try:
        return exercise.split(".")[0] in written(parse(without_magics(source)))
    except SyntaxError:
        return False


def _join(cells: list[Cell]) -> Iterable[Repair]:
    sources = {i: source_of(c) for i, c in enumerate(cells) if c.get("cell_type") == "code"}
    for first, *rest in cut_pieces(sources):
        whole = "\n".join(sources[i] for i in (first, *rest))
        cells[first] = cells[first] | {"source": whole}
        sources[first] = whole
        for i in rest:
            cells[i] = cells[i] | {"source": "", "metadata": {}}
            del sources[i]
        numbers = (first + 1, *(i + 1 for i in rest))
        names = " and ".join(map(str, numbers))
        text = f"Cells {names} are one piece of code, cut apart; read as one."
        yield Repair(numbers, text, "Merge them.")
    for i in lost_bodies(sources):
        text = (
            f"Cell {i + 1} begins indented, with code of a function whose beginning is not above "
            "it. It was not read as an answer."
        )
        yield Repair((i + 1,), text, "Put it into the cell of its function.")


def _salvage(cells: list[Cell], targets: set[str]) -> Iterable[Repair]:
    budget = _MAX_SALVAGED
    for i, cell in enumerate(cells):
        if cell.get("cell_type") != "code":
            continue
        source = without_magics(source_of(cell))
        try:
            parse(source)
        except SyntaxError as error:
            budget -= len(source)
            if budget < 0:
                return
            rest = salvage(source, targets)
            if rest and re.search(r"^(?:async def|def|class|import|from|@)\b", rest[0], re.M):
                cells[i] = cell | {"source": rest[0]}
                lines = " and ".join(map(str, rest[1][:5]))
                text = (
                    f"Cell {i + 1} is no Python at line {lines} ({error.msg[:80]}); that was left "
                    "out, and the rest was read."
                )
                yield Repair((i + 1,), text, "Take it out or mend it: the cell does not run.")
