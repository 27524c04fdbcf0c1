"""Finds pieces of code that were one cell and were cut in two.

It is plain where the second piece begins indented and goes on with the function above it, or
where neither piece is Python alone and both together are. Nothing else is joined.
"""

import ast
import re
from collections.abc import Mapping

from gptcourse.magics import parse, without_magics

__all__ = ["cut_pieces", "lost_bodies"]

_INDENTED = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]+(?![\s#])")
_MARK = re.compile(r"^#[ \t]*exercise:", re.MULTILINE)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_MAX_PIECES = 4
_MAX_PARSED = 600_000  # characters of one notebook
_COST_OF_A_LOOK = 300  # as many characters take as long as the rest of it


def cut_pieces(sources: Mapping[int, str]) -> list[tuple[int, ...]]:
    """Return groups of code cells that are one piece of code.

    Args:
        sources: place of a code cell -> its source; blank cells may stand between two pieces.
    """
    places = [place for place, source in sources.items() if source.strip()]
    groups: list[tuple[int, ...]] = []
    budget, at = _MAX_PARSED, 0
    while at < len(places):
        group: tuple[int, ...] = (places[at],)
        for more in range(2, _MAX_PIECES + 1):
            longer = tuple(places[at : at + more])
            if len(longer) < more or not _may_go_on(sources[longer[-2]], sources[longer[-1]]):
                break
            budget -= 2 * sum(len(sources[place]) for place in longer) + _COST_OF_A_LOOK
            if budget < 0:
                return groups
            if _is_one([sources[place] for place in longer]):
                group = longer
        if len(group) > 1:
            groups.append(group)
        at += len(group)
    return groups


def lost_bodies(sources: Mapping[int, str]) -> list[int]:
    """Return the cells that begin indented and hold what belongs into a function."""
    return [
        place
        for place, source in sources.items()
        if _INDENTED.match(source) and (tree := _tree(source)) and _belongs_inside(tree)
    ]


def _may_go_on(above: str, below: str) -> bool:
    """Say, without much work, whether it is worth looking whether two cells are one."""
    if _MARK.search(below):
        return False
    return _INDENTED.match(below) is not None or _tree(above) is None


def _is_one(pieces: list[str]) -> bool:
    """Say whether it is plain that the pieces are one: none is whole alone, and together they are.

    A first piece that is Python alone, such as a signature with its docstring, has to end in a
    definition, and the rest has to be what belongs inside one.
    """
    first, *rest = pieces
    if _tree("\n".join(pieces)) is None:
        return False
    begun = _tree(first)
    if begun is None:
        return all(_INDENTED.match(piece) or _tree(piece) is None for piece in rest)
    last = begun.body[-1] if begun.body else None
    if isinstance(last, ast.ClassDef):
        inside = _is_method
    elif isinstance(last, _FUNCTIONS) and not isinstance(last.body[-1], ast.Return | ast.Raise):
        inside = _belongs_inside
    else:
        return False
    return all(
        _INDENTED.match(piece) and (tree := _tree(piece)) is not None and inside(tree)
        for piece in rest
    )


def _belongs_inside(tree: ast.Module) -> bool:
    """Say whether code at the margin returns something, which only a function can."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, (*_FUNCTIONS, ast.ClassDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))
    return False


def _is_method(tree: ast.Module) -> bool:
    first = [node.args.args[:1] for node in tree.body if isinstance(node, _FUNCTIONS)]
    return any(names and names[0].arg == "self" for names in first)


def _tree(source: str) -> ast.Module | None:
    try:
        return parse(without_magics(source))
    except SyntaxError:
        return None
