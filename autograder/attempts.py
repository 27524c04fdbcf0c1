"""Chooses, of all that a notebook says about an exercise, the attempt that is graded."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.sandbox.protocol import Chunk
from autograder.slicing import binds, first_line, needed, reads, reads_at_once
from gptcourse.magics import parse, without_magics
from gptcourse.stubs import is_stub

__all__ = ["Statement", "choose_attempt", "split"]


@dataclass(frozen=True)
class Statement:
    """A statement at the top level of a notebook."""

    cell: int
    node: ast.stmt
    line: int
    text: str

    @property
    def chunk(self) -> Chunk:
        """The piece, behind as many empty lines as there are lines above it in its cell."""
        return {"cell": self.cell, "source": "\n" * (self.line - 1) + self.text}


def split(sources: Sequence[str]) -> list[Statement]:
    """Split all code cells that parse into top-level statements."""
    statements: list[Statement] = []
    for number, source in enumerate(sources):
        text = without_magics(source)
        try:
            tree = parse(text)
        except SyntaxError:
            continue
        lines = text.split("\n")
        for node in tree.body:
            first = first_line(node)
            statements.append(Statement(number + 1, node, first, _piece(lines, node, first)))
    return statements


def _piece(lines: list[str], node: ast.stmt, first: int) -> str:
    """Return the text of a statement, without others on its lines."""
    end = node.end_lineno or first
    piece = lines[first - 1 : end]
    # Python counts the columns in bytes.
    piece[-1] = piece[-1].encode("utf-8")[: node.end_col_offset].decode("utf-8")
    piece[0] = piece[0].encode("utf-8")[node.col_offset :].decode("utf-8")
    return "\n".join(piece)


def choose_attempt(
    statements: list[Statement], exercise: str, repairs: list[str]
) -> Statement | None:
    """Leave of several definitions of an exercise the last that is not the untouched stub.

    What the last one itself builds on stays, such as the function that it wraps.

    Args:
        statements: of the notebook; those that are not graded are taken out.
        exercise: its id.
        repairs: a sentence is added if there was a choice.

    Returns:
        The statement that is graded, or None if nothing defines the exercise's name.
    """
    target = exercise.split(".")[0]
    places = [i for i, s in enumerate(statements) if _defines(s.node, target)]
    if not places:
        return None
    attempts = [i for i in places if not is_stub(statements[i].node)]
    kept = (attempts or places)[-1:]
    for i in reversed(attempts[:-1]):
        if not _builds_on(statements, kept[0], target, set(places)):
            break
        kept.insert(0, i)
    others = [i for i in attempts if i < kept[0]]
    if others:
        repairs.append(_choice(statements, exercise, others, kept[-1]))
    chosen = statements[kept[-1]]
    for i in reversed(places):
        # An import of several names stays for the others.
        if i not in kept and (i > kept[-1] or binds(statements[i].node) == {target}):
            del statements[i]
    return chosen


def _defines(node: ast.stmt, target: str) -> bool:
    """Say whether a statement sets the name itself; a patch sets an attribute of the object."""
    if target not in binds(node):
        return False
    if isinstance(node, ast.Expr | ast.AugAssign):
        return False
    if not isinstance(node, ast.Assign):
        return True
    return any(
        isinstance(name, ast.Name) and name.id == target
        for to in node.targets
        if isinstance(to, ast.Name | ast.Tuple | ast.List)
        for name in ast.walk(to)
    )


def _builds_on(statements: list[Statement], number: int, target: str, places: set[int]) -> bool:
    """Say whether a definition needs the earlier one of the same name in order to run."""
    node = statements[number].node
    if target in reads_at_once(node):
        return True
    # By another name, as in `old = softmax`, and then `def softmax(x): return old(x)`.
    above = [s.node for i, s in enumerate(statements[:number]) if i not in places]
    used = needed(above, reads(node) - {target})
    return any(target in reads_at_once(above[i]) for i in used)


def _choice(statements: list[Statement], exercise: str, others: list[int], kept: int) -> str:
    cell = statements[kept].cell
    count = len(others) + 1
    if all(statements[i].text == statements[kept].text for i in others):
        return f"`{exercise}` is defined {count} times, the same; it is graded once (cell {cell})."
    return f"`{exercise}` is defined {count} times; the last is graded (cell {cell})."
