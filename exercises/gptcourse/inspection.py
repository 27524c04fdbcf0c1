"""Says of each exercise of a notebook whether it is ready to be handed in."""

import ast
import inspect
import linecache
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gptcourse.catalogue import key_of
from gptcourse.checking import Result, examine
from gptcourse.clues import clue, renamed
from gptcourse.display import shell
from gptcourse.magics import parse, without_magics
from gptcourse.notebook import Found, find_exercises, source_of
from gptcourse.reach import reaches
from gptcourse.repairing import Repair, repair_cells

__all__ = ["Mended", "Part", "inspect_exercise", "mend", "unwritten"]


@dataclass(frozen=True)
class Mended:
    """A notebook as the grader will read it.

    Attributes:
        cells: after the repairs, as many as before.
        repairs: what was done to them.
        found: every cell that may answer an exercise.
        exercises: the ids that were looked for.
    """

    cells: list[dict[str, Any]]
    repairs: list[Repair]
    found: list[Found]
    exercises: list[str]


def mend(cells: list[dict[str, Any]], exercises: list[str]) -> Mended:
    """Read the cells of a notebook as the grader does."""
    repaired, repairs = repair_cells(cells, exercises)
    found = find_exercises(repaired, exercises, strongest=False)
    return Mended(repaired, repairs, found, exercises)


@dataclass(frozen=True)
class Part:
    """One exercise of a submission.

    Attributes:
        exercise: its id.
        ready: found once, readable, written, and the version that was run.
        notes: what was found, in words.
        result: the public check of what the kernel holds, where it holds it.
    """

    exercise: str
    ready: bool
    notes: tuple[str, ...]
    result: Result | None = None


def inspect_exercise(
    exercise: str, mended: Mended, namespace: Mapping[str, Any], live: bool
) -> Part:
    """Inspect one exercise.

    Args:
        exercise: its id.
        mended: the notebook, as the grader will read it.
        namespace: what the kernel holds.
        live: whether the cells come from the editor, so that nothing is unsaved.
    """
    target = exercise.split(".")[0]
    found = [place for place in mended.found if place.exercise == exercise]
    if not any(place.defined for place in found):
        if other := renamed(exercise, mended.cells, mended.exercises):
            note = f"its cell, number {other[0] + 1} from the top, defines `{other[1][:60]}` and "
            return Part(exercise, False, (f"{note}not `{target}`: rename it",))
        hint = clue(exercise, mended.cells)
        if not found or (hint and not found[-1].problem):
            return Part(exercise, False, (f"missing: no cell defines it. {hint}".rstrip(". "),))
    attempts = [place for place in found if place.defined and not _is_untouched(place, target)]
    last = (attempts or found)[-1]
    faults = []
    if len(attempts) > 1:
        times = "twice" if len(attempts) == 2 else f"{len(attempts)} times"
        places = " and ".join(str(place.cell_index + 1) for place in attempts)
        faults.append(f"{times}, in cells {places} from the top: the last one counts")
    if last.problem:
        faults.append(f"not readable: {last.problem}")
    elif not last.defined:
        faults.append(f"its cell does not define `{target}`")
    elif missing := unwritten(last.source, target):
        whole = missing == [target]
        faults.append("not written yet" if whole else f"not written yet: {', '.join(missing)}")
    if means := _means(last, mended.cells, key_of(exercise).chapter):
        faults.append(f"will not be run: it uses {', '.join(means[:4])}, so take that out")
    repairs = [repair for repair in mended.repairs if last.cell_index + 1 in repair.cells]
    faults += [f"{repair.text} {repair.advice}".rstrip(".") for repair in repairs]
    here = namespace.get(target)
    if last.defined and not repairs and not _is_run(here, mended.cells[last.cell_index]):
        faults.append(
            "the kernel ran another version: run its cell again"
            if live
            else "saved is another version than you ran: run its cell, save the notebook, repeat"
        )
    if here is None:
        return Part(exercise, not faults, (*faults, "not run in this kernel, so not checked"))
    result, _ = examine(here, key_of(exercise))
    points = f"{result.verdict}, {result.earned} of {result.points} points"
    return Part(exercise, not faults, (*faults, points), result)


def _is_untouched(place: Found, target: str) -> bool:
    return place.problem is None and unwritten(place.source, target) == [target]


def _means(answer: Found, cells: list[dict[str, Any]], chapter: str) -> list[str]:
    """Return what the answer uses that the grader does not run; imports may stand in any cell."""
    pieces: list[ast.AST] = []
    for source in (answer.source, *map(source_of, cells)):
        try:
            body = parse(without_magics(source)).body
        except SyntaxError:
            continue
        wanted = (ast.stmt,) if source is answer.source else (ast.Import, ast.ImportFrom)
        pieces += [statement for statement in body if isinstance(statement, wanted)]
    return reaches(pieces, chapter)


def unwritten(source: str, target: str) -> list[str]:
    """Return the names of the functions that are still the stub's; [target] if there is no other.

    A class of which no method is written counts as one.
    """
    try:
        tree = parse(source)
    except SyntaxError:
        return []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == target:
            return [target] if _is_stub(node) else []
        if isinstance(node, ast.ClassDef) and node.name == target:
            methods = [item for item in node.body if isinstance(item, ast.FunctionDef)]
            stubs = [method.name for method in methods if _is_stub(method)]
            return [target] if stubs and len(stubs) == len(methods) else stubs
    return []


def _is_stub(function: ast.FunctionDef) -> bool:
    last = function.body[-1]
    return ast.unparse(last) in ("raise NotImplementedError", "raise NotImplementedError()")


def _is_run(obj: Any, cell: Any) -> bool:
    """Say whether an object of the kernel comes from this text of a cell; yes if it is unknown."""
    code = getattr(obj, "__code__", None)
    if inspect.isclass(obj):
        functions = (value for value in vars(obj).values() if inspect.isfunction(value))
        code = next((function.__code__ for function in functions), None)
    ran = linecache.getlines(code.co_filename) if code else []
    running_shell = shell()
    if not ran or running_shell is None:
        return True
    saved = source_of(cell)
    if saved.lstrip().startswith("%%"):
        return True
    return _lines("".join(ran)) == _lines(running_shell.transform_cell(saved))


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]
