"""Which statements of a program does a name depend on?

Used to take from a submitted notebook the imports, definitions and constants that an exercise
needs, and not the plots and the twenty minutes of training; and to cut from the reference the
helpers that a solved notebook needs.
"""

import ast
import symtable
from collections.abc import Iterable, Sequence

__all__ = ["binds", "first_line", "in_order", "needed", "reads"]

_COMPREHENSIONS = {"listcomp", "setcomp", "dictcomp", "genexpr"}

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


def first_line(statement: ast.stmt) -> int:
    """Return the line on which a statement begins, its decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return decorators[0].lineno if decorators else statement.lineno


def _same_scope(node: ast.AST) -> Iterable[ast.AST]:
    """Yield the node and what lies in it, without going into functions and classes."""
    waiting = [node]  # and no recursion: code may be nested deeper than Python's own stack
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Definition | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def _walrus(statement: ast.stmt) -> set[str]:
    nodes = _same_scope(statement)
    return {node.target.id for node in nodes if isinstance(node, ast.NamedExpr)}


def _bases(target: ast.expr) -> Iterable[str]:
    """Yield the names set by a target: `a` for `a`, `a.b` and `a[0]`, both for `a, b`."""
    waiting = [target]
    while waiting:
        target = waiting.pop()
        if isinstance(target, ast.Name):
            yield target.id
        elif isinstance(target, ast.Attribute | ast.Subscript | ast.Starred):
            waiting.append(target.value)
        elif isinstance(target, ast.Tuple | ast.List):
            waiting.extend(target.elts)


def reads(statement: ast.stmt) -> set[str]:
    """Return every global name that the statement, or a function in it, may look up."""
    return _names(statement, everywhere=True)


def reads_at_once(statement: ast.stmt) -> set[str]:
    """Return the global names that must be there when the statement runs.

    Defaults, decorators, annotations and class bodies count; the bodies of functions do not.
    """
    return _names(statement, everywhere=False)


def _names(statement: ast.stmt, *, everywhere: bool) -> set[str]:
    try:
        table = symtable.symtable(ast.unparse(statement), "notebook", "exec")
        return _read_in(table, everywhere=everywhere)
    except (SyntaxError, ValueError, RecursionError):
        # `def f(x, x)` parses and does not compile. Running it tells; here every name counts.
        return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}


def _read_in(table: symtable.SymbolTable, *, everywhere: bool) -> set[str]:
    at_top = table.get_type() == "module"
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if (at_top or symbol.is_global()) and (symbol.is_referenced() or symbol.is_global())
    }
    for child in table.get_children():
        # A comprehension runs where it stands; a function and a lambda run later.
        runs_now = child.get_type() == "class" or child.get_name() in _COMPREHENSIONS
        if everywhere or runs_now:
            names |= _read_in(child, everywhere=everywhere)
    return names


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


def in_order(statements: Sequence[ast.stmt]) -> list[int]:
    """Return the numbers of the statements, each behind the first that sets what it reads at once.

    In a notebook whose cells were moved an import may stand below the functions that use it.
    Statements that are in order stay where they are.
    """
    needs = [reads_at_once(statement) for statement in statements]
    gives = [binds(statement) for statement in statements]
    everything = set().union(*gives)
    pending, placed, there = list(range(len(statements))), [], set[str]()
    while pending:
        ready = (i for i in pending if needs[i] & everything <= there | gives[i])
        number = next(ready, pending[0])
        pending.remove(number)
        placed.append(number)
        there |= gives[number]
    return placed
