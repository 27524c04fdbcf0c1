"""Which statements of a program does a name depend on?

Used to take from a submitted notebook the imports, definitions and constants that an exercise
needs, and not the plots and the twenty minutes of training; and to cut from the reference the
helpers that a solved notebook needs.
"""

import ast
from collections.abc import Iterable, Sequence

__all__ = ["binds", "needed", "reads"]

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def binds(statement: ast.stmt) -> set[str]:
    """Return the global names that a top-level statement sets or patches."""
    if isinstance(statement, Definition):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    if isinstance(statement, ast.Expr):
        # A call for its effect: training, plotting, seeding. A walrus in it still binds.
        return _walrus(statement)
    names = _walrus(statement)
    for node in _same_scope(statement):
        if isinstance(node, ast.Assign):
            names |= {name for target in node.targets for name in _bases(target)}
        elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For):
            names |= set(_bases(node.target))
        elif isinstance(node, ast.With):
            names |= {n for i in node.items if i.optional_vars for n in _bases(i.optional_vars)}
        elif isinstance(node, Definition | ast.Import | ast.ImportFrom):
            names |= binds(node)
    return names


def _same_scope(node: ast.AST) -> Iterable[ast.AST]:
    """Yield the node and what lies in it, without going into functions and classes."""
    yield node
    if not isinstance(node, Definition | ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _same_scope(child)


def _walrus(statement: ast.stmt) -> set[str]:
    nodes = _same_scope(statement)
    return {node.target.id for node in nodes if isinstance(node, ast.NamedExpr)}


def _bases(target: ast.expr) -> Iterable[str]:
    """Yield the names set by a target: `a` for `a`, `a.b` and `a[0]`, both for `a, b`."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Attribute | ast.Subscript | ast.Starred):
        yield from _bases(target.value)
    elif isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _bases(element)


def reads(statement: ast.stmt) -> set[str]:
    """Return every name that the statement, or a function in it, may look up."""
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def needed(statements: Sequence[ast.stmt], names: Iterable[str]) -> list[int]:
    """Return the numbers of the statements on which the names depend, in order.

    >>> program = ast.parse("import math; x = 1; print(x); y = math.pi; def_ = y").body
    >>> needed(program, ["def_"])
    [0, 3, 4]
    """
    binders: dict[str, list[int]] = {}
    for number, statement in enumerate(statements):
        for name in binds(statement):
            binders.setdefault(name, []).append(number)
    wanted: set[int] = set()
    queue = list(names)
    seen: set[str] = set()
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        for number in binders.get(name, ()):
            if number not in wanted:
                wanted.add(number)
                # A statement that binds several names may patch one by means of another.
                queue.extend(reads(statements[number]) | binds(statements[number]))
    return sorted(wanted)
