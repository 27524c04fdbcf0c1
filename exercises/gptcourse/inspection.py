"""Says of each exercise of a notebook whether it is ready to be handed in."""

import ast
import inspect
import linecache
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gptcourse.catalogue import key_of
from gptcourse.checking import Result, examine
from gptcourse.display import shell
from gptcourse.magics import parse
from gptcourse.notebook import Found, source_of

__all__ = ["Part", "inspect_exercise", "unwritten"]


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
    exercise: str, found: list[Found], cells: list[Any], namespace: Mapping[str, Any], live: bool
) -> Part:
    """Inspect one exercise.

    Args:
        exercise: its id.
        found: the cells that answer it.
        cells: all cells of the notebook.
        namespace: what the kernel holds.
        live: whether the cells come from the editor, so that nothing is unsaved.
    """
    if not found:
        return Part(exercise, False, ("missing: no cell defines it",))
    last, target = found[-1], exercise.split(".")[0]
    faults = []
    if len(found) > 1:
        places = " and ".join(str(f.cell_index + 1) for f in found)
        faults.append(f"twice, in cells {places} from the top: the last one counts")
    if last.problem:
        faults.append(f"not readable: {last.problem}")
    elif not last.defined:
        faults.append(f"its cell does not define `{target}`")
    elif missing := unwritten(last.source, target):
        whole = missing == [target]
        faults.append("not written yet" if whole else f"not written yet: {', '.join(missing)}")
    here = namespace.get(target)
    if last.defined and not _is_run(here, cells[last.cell_index]):
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
