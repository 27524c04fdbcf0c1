"""Which statements of a program does a name depend on?

Used to take from a submitted notebook the imports, definitions and constants that an exercise
needs, and not the plots and the twenty minutes of training; and to cut from the reference the
helpers that a solved notebook needs.
"""

import ast
import builtins
import symtable
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

__all__ = ["binds", "first_line", "in_order", "needed", "reads"]

_COMPREHENSIONS = {"listcomp", "setcomp", "dictcomp", "genexpr"}

# Methods that change an object: `table.update(...)` at the margin belongs to `table`.
_METHODS = """
    append extend insert update add setdefault sort reverse pop popitem remove discard clear
    fill_ copy_ zero_ add_ mul_ sub_ div_ requires_grad_ register_buffer register_parameter
    add_module load_state_dict"""
_CHANGES = frozenset(_METHODS.split())

_BUILTINS = frozenset(dir(builtins))

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def binds(statement: ast.stmt) -> frozenset[str]:
    """Return the global names that a top-level statement sets or patches; "*" for any."""
    return _kept(statement, "_binds", lambda: _binds(statement))


def _kept(statement: ast.stmt, name: str, make: Callable[[], set[str]]) -> frozenset[str]:
    """Return what was made of a statement once: it is asked about for every exercise.

    It is kept on the statement, so that it goes with it: hostile ones may be huge.
    """
    kept: Any = vars(statement).get(name)
    if kept is None:
        kept = frozenset(make())
        setattr(statement, name, kept)
    return kept  # type: ignore[no-any-return]


def _binds(statement: ast.stmt) -> set[str]:
    if isinstance(statement, Definition):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    if isinstance(statement, ast.Expr):
        # A call for its effect: training, plotting, seeding. A walrus in it still binds.
        return _walrus(statement) | _changed(statement.value)
    names = _walrus(statement)
    for node in _same_scope(statement):
        if isinstance(node, ast.Assign):
            names |= {name for target in node.targets for name in _bases(target)}
        elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For | ast.AsyncFor):
            names |= set(_bases(node.target))
        elif isinstance(node, ast.With | ast.AsyncWith):
            names |= {n for i in node.items if i.optional_vars for n in _bases(i.optional_vars)}
        elif isinstance(node, ast.Expr):
            names |= _changed(node.value)
        elif isinstance(node, Definition | ast.Import | ast.ImportFrom):
            names |= _binds(node)
    return names


def _changed(call: ast.expr) -> set[str]:
    """Return the names of the objects that a call at the margin is there to change."""
    if not isinstance(call, ast.Call):
        return set()
    if isinstance(call.func, ast.Attribute) and call.func.attr in _CHANGES:
        return set(_bases(call.func.value))
    if isinstance(call.func, ast.Name) and call.func.id in ("setattr", "delattr") and call.args:
        return set(_bases(call.args[0]))
    return set()


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


def reads(statement: ast.stmt) -> frozenset[str]:
    """Return every global name that the statement, or a function in it, may look up."""
    return _kept(statement, "_reads", lambda: _names(statement, everywhere=True))


def reads_at_once(statement: ast.stmt) -> frozenset[str]:
    """Return the global names that must be there when the statement runs.

    Defaults, decorators, annotations and class bodies count; the bodies of functions do not.
    """
    return _kept(statement, "_at_once", lambda: _names(statement, everywhere=False))


def _names(statement: ast.stmt, *, everywhere: bool) -> set[str]:
    try:
        table = symtable.symtable(ast.unparse(statement), "notebook", "exec")
        names = _read_in(table, everywhere=everywhere)
        # What `x += 1` reads is no reference to Python's compiler.
        return names | (
            set(_bases(statement.target)) if isinstance(statement, ast.AugAssign) else set()
        )
    except (SyntaxError, ValueError, RecursionError):
        # `def f(x, x)` parses and does not compile. Running it tells; here every name counts.
        return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}


def _read_in(table: symtable.SymbolTable, *, everywhere: bool) -> set[str]:
    at_top = table.get_type() == "module"
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if (symbol.is_referenced() if at_top else symbol.is_global())
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
    gives = _gives(statements)
    binders: dict[str, list[int]] = {}
    for number, given in enumerate(gives):
        for name in given:
            binders.setdefault(name, []).append(number)
    wanted: set[int] = set()
    queue = list(names)
    seen: set[str] = set()
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        # A name that nothing sets, and Python does not have, comes from an import of everything.
        unknown = name not in binders and name not in _BUILTINS and len(seen) > 1
        for number in binders.get("*" if unknown else name, ()):
            if number not in wanted:
                wanted.add(number)
                # A statement that binds several names may patch one by means of another.
                queue.extend(reads(statements[number]) | gives[number])
    return sorted(wanted)


def _gives(statements: Sequence[ast.stmt]) -> list[frozenset[str]]:
    """Return the names that each statement sets: a call also those its function says are global."""
    globals_of: dict[str, set[str]] = {}
    for statement in statements:
        if isinstance(statement, ast.FunctionDef):
            for node in ast.walk(statement):
                if isinstance(node, ast.Global):
                    globals_of.setdefault(statement.name, set()).update(node.names)
    gives = [binds(statement) for statement in statements]
    for number, statement in enumerate(statements):
        call = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            gives[number] |= globals_of.get(call.func.id, set())
    return gives


def in_order(statements: Sequence[ast.stmt]) -> list[int]:
    """Return the numbers of the statements, each behind the first that sets what it reads at once.

    In a notebook whose cells were moved an import may stand below the functions that use it, and
    a patch above its class. Statements that are in order stay where they are.
    """
    needs = [reads_at_once(statement) for statement in statements]
    gives = _gives(statements)
    everything = set().union(*gives)
    others = Counter(name for given in gives for name in given)
    # A patch waits for what it patches, unless nothing else sets that.
    own = [
        _sets_anew(statement, need) | {name for name in given if others[name] == 1}
        for statement, need, given in zip(statements, needs, gives, strict=True)
    ]
    pending, placed, there = list(range(len(statements))), [], set[str]()
    while pending:
        ready = (i for i in pending if needs[i] & everything <= there | own[i])
        number = next(ready, pending[0])
        pending.remove(number)
        placed.append(number)
        there |= gives[number]
    return placed


def _sets_anew(statement: ast.stmt, at_once: frozenset[str]) -> set[str]:
    """Return the names that a statement sets whether or not they were there before."""
    if isinstance(statement, Definition | ast.Import | ast.ImportFrom):
        return set(binds(statement)) - at_once
    nodes = _same_scope(statement)
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    if isinstance(statement, ast.AugAssign):
        return set()
    if isinstance(statement, ast.Assign):
        read = {n.id for n in ast.walk(statement.value) if isinstance(n, ast.Name)}
        return stored - read
    return stored
