"""Says of an exercise that no cell defines what stands in its place.

Under another name it is still found where its cell's marks name the exercise and the cell holds
one candidate alone; else the learner is told what to change.
"""

import ast
import re
from collections.abc import Iterable
from typing import Any

from gptcourse.magics import cell_magic, parse, without_magics
from gptcourse.notebook import marked, source_of
from gptcourse.stubs import written

__all__ = ["clue", "renamed"]

Cell = dict[str, Any]
_MAX_NAME = 60


def renamed(exercise: str, cells: list[Cell], exercises: Iterable[str]) -> tuple[int, str] | None:
    """Return the place of the exercise's marked cell and the other name that it defines.

    None unless one marked cell defines something of the right kind, and one such thing only, or
    one whose name has the right name in it.

    Args:
        exercise: its id. No cell defines its name.
        cells: of the notebook.
        exercises: all ids that are looked for; their names are never another's.
    """
    taken = {other.split(".")[0] for other in exercises}
    places = []
    for i, cell in enumerate(cells):
        if _is_marked_code(cell, exercise) and (names := _candidates(source_of(cell), exercise)):
            places.append((i, [name for name in names if name not in taken]))
    if len(places) != 1:
        return None
    place, names = places[0]
    alike = [name for name in names if _plain(_target(exercise)) in _plain(name)]
    chosen = names if len(names) == 1 else alike
    return (place, chosen[0]) if len(chosen) == 1 else None


def clue(exercise: str, cells: list[Cell]) -> str:
    """Return one sentence about what may be the answer to an exercise that is not there, or ""."""
    target = _target(exercise)
    for i, cell in enumerate(cells):
        if cell.get("cell_type") == "code" and marked(cell, source_of(cell), exercise):
            if magic := cell_magic(source_of(cell)):
                return f"Cell {i + 1} begins with `{magic[:20]}`, so it is no Python: take it out."
            if names := _candidates(source_of(cell), exercise):
                what = " and ".join(f"`{name[:_MAX_NAME]}`" for name in names[:3])
                return f"Cell {i + 1} defines {what}. Call your answer `{target}`."
    commented = re.compile(rf"^[ \t]*#[ \t]*(?:def|class)[ \t]+{re.escape(target)}\b", re.M)
    elsewhere = re.compile(rf"^[ \t]*(?:def|class)[ \t]+{re.escape(target)}\b", re.M)
    for i, cell in enumerate(cells):
        source = source_of(cell)
        if cell.get("cell_type") != "code":
            if elsewhere.search(source):
                return f"Cell {i + 1} does, and it is no code cell. Make it one."
        elif commented.search(source):
            return f"In cell {i + 1} it is commented out."
        elif elsewhere.search(source) and cell_magic(source):
            return f"Cell {i + 1} does, below `{cell_magic(source)[:20]}`. Take that line out."
        elif elsewhere.search(source):
            return f"In cell {i + 1} it stands inside something else. Move it to the margin."
    for i, cell in enumerate(cells):
        if cell.get("cell_type") == "code" and _plain(target) in _plain(source_of(cell)):
            for name in _candidates(source_of(cell), exercise):
                if _plain(target) in _plain(name):
                    return f"Cell {i + 1} defines `{name[:_MAX_NAME]}`. If that is it, rename it."
    return ""


def _is_marked_code(cell: Cell, exercise: str) -> bool:
    return cell.get("cell_type") == "code" and marked(cell, source_of(cell), exercise)


def _candidates(source: str, exercise: str) -> list[str]:
    """Return what a cell defines and what is written, functions or classes as the exercise is."""
    try:
        tree = parse(without_magics(source))
    except SyntaxError:
        return []
    is_class = _target(exercise)[0].isupper()
    kinds = {n.name for n in tree.body if isinstance(n, ast.ClassDef)}
    names = [name for name in written(tree) if (name in kinds) == is_class]
    return list(dict.fromkeys(names))


def _target(exercise: str) -> str:
    return exercise.split(".")[0]


def _plain(name: str) -> str:
    return name.replace("_", "").casefold()
