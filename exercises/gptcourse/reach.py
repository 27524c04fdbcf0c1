"""What an answer reaches for that no exercise needs: Python's insides, other libraries, threads.

Learners' code shares a process with the runner that reports on it. Who gets hold of the
interpreter there can make the report say something else, and no wall inside one process keeps
them from it. So an answer that names the means is not run. The list is of what *may* be used,
since what may not has no end.

It reads the code and runs nothing. It judges the pieces that an answer needs and no others: what
plots, trains or reads files elsewhere in the notebook is nobody's business.
"""

import ast
import re
import string
import types
from collections.abc import Iterable, Iterator
from functools import cache

import torch

from gptcourse.earlier import ASKED_IN
from gptcourse.reach_names import ATTRIBUTES, BUILTINS, DEFINITIONS, DUNDERS, MODULES, PRIVATE

__all__ = ["reaches"]

_LOOKUPS = {"getattr", "hasattr"}
_CHANGES = {"setattr", "delattr"}
_SAFE = {"weights_only": True, "allow_pickle": False}
# The same keywords as texts, for `f(**{...})`, and the variable that turns the first one off.
_UNSAFE_TEXTS = {*_SAFE, "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"}
_SETTINGS = re.compile(r"torch\.(backends(\.\w+)?|_dynamo\.config|_inductor\.config)\.\w+")


def reaches(pieces: Iterable[ast.AST], chapter: str = "") -> list[str]:
    """Return what the pieces of code use that no exercise needs, in words, sorted.

    Args:
        pieces: the code.
        chapter: the chapter that it answers. What later chapters are given is no answer there.

    >>> reaches([ast.parse("import gc as g, torch; g.freeze(); torch.ones(2).exp()")])
    ['`gc.freeze`']
    """
    nodes = [node for piece in pieces for node in ast.walk(piece)]
    settings = {id(part) for node in nodes if _is_setting(node) for part in ast.walk(node)}
    nodes = [node for node in nodes if id(node) not in settings]
    modules = {path for path in _of_modules(nodes) if not _is_given(path, chapter)}
    told = {path.strip("`").rpartition(".")[2] for path in modules}
    return sorted(modules | {name for name in _of_names(nodes) if name.strip("`") not in told})


def _is_given(path: str, chapter: str) -> bool:
    """Say whether it is of an earlier chapter, and given to those who answer this one."""
    module, _, name = path.strip("`").rpartition(".")
    asked_in = ASKED_IN.get(name) if module == "gptcourse.earlier" else None
    return asked_in is not None and int(chapter[:2] or 0) > asked_in


def _is_setting(node: ast.AST) -> bool:
    """Say whether it is what `torch.backends.cudnn.benchmark = True` sets."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Store):
        return False
    return _SETTINGS.fullmatch(ast.unparse(node)) is not None


def _of_modules(nodes: list[ast.AST]) -> Iterator[str]:
    """Yield what is used of modules, and what is changed in them."""
    read = {node.id for node in nodes if isinstance(node, ast.Name)}
    imported: dict[str, str] = {}  # name here -> full name; only what is used
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.split(".")[0]
                if (alias.asname or top) in read:
                    imported[alias.asname or top] = alias.name if alias.asname else top
                    yield from _unless_open(alias.name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                path = f"{node.module or ''}.{alias.name}"
                if alias.name == "*":
                    yield from _unless_open(path.removesuffix(".*"))
                elif (alias.asname or alias.name) in read:
                    imported[alias.asname or alias.name] = path
                    yield from _unless_open(path)
    _add_aliases(nodes, imported)
    followed = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    for node in nodes:
        if isinstance(node, ast.Call) and _is_call(node, _CHANGES):
            names = [_full_name(argument, imported) for argument in node.args[:1]]
            yield from (f"a change of `{name}`" for name in names if name)
        name = _full_name(node, imported)
        if name is None:
            continue
        if isinstance(node, ast.Name) and id(node) not in followed:
            # By itself it may be handed on, out of sight.
            if MODULES.get(name) is not None:
                yield f"`{name}`"
        elif isinstance(node, ast.Attribute):
            yield from _unless_open(name)
            if not isinstance(node.ctx, ast.Load):
                yield f"a change of `{name}`"


def _add_aliases(nodes: list[ast.AST], imported: dict[str, str]) -> None:
    """Follow `t = torch.Tensor`, as often as it is handed on."""
    assignments = [node for node in nodes if isinstance(node, ast.Assign)]
    for _ in assignments:
        before = len(imported)
        for node in assignments:
            name = _full_name(node.value, imported)
            if name is not None:
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        imported.setdefault(target.id, name)
        if len(imported) == before:
            return


def _full_name(node: ast.AST, imported: dict[str, str]) -> str | None:
    """Return the full name of something in a module: "torch.nn.functional.relu" for F.relu."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in imported:
        return None
    return ".".join([imported[node.id], *reversed(parts)])


def _unless_open(path: str) -> Iterator[str]:
    """Yield the path of a module, or of something in one, unless it may be used."""
    top, *rest = path.split(".")
    allowed = MODULES.get(top)
    if allowed is None:
        is_open = top in MODULES and all(_is_open(name) for name in rest)
    else:
        is_open = not rest or rest[0] in allowed
    if not is_open:
        yield f"`{path}`"


def _of_names(nodes: list[ast.AST]) -> Iterator[str]:
    """Yield names and calls that lead out of what may be used, wherever they come from."""
    own = frozenset(_defined(nodes))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    updated = {
        id(node.value)
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr == "update" and id(node) in called
    }
    for node in nodes:
        if isinstance(node, ast.Name):
            if node.id in BUILTINS or (node.id in _LOOKUPS and id(node) not in called):
                yield f"`{node.id}`"
        elif isinstance(node, ast.Attribute):
            # `self.__dict__.update(...)` gives nothing back.
            sets = node.attr == "__dict__" and id(node) in updated
            if not _is_open(node.attr, own) and not sets:
                yield f"`{node.attr}`"
            changed = not isinstance(node.ctx, ast.Load) and _is_class_of(node.value)
            if changed and hasattr(torch.Tensor, node.attr):  # one's own class may be changed
                yield f"a change of `{ast.unparse(node)[:80]}`"
            if node.attr in ("format", "format_map"):
                yield from _of_format(node.value)
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str) and node.value in _UNSAFE_TEXTS:
                yield f"`{node.value}`"
        elif isinstance(node, ast.MatchClass):
            yield from (f"`{name}`" for name in node.kwd_attrs if not _is_open(name, own))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name in DEFINITIONS:
                yield f"`{node.name}`"
        elif isinstance(node, ast.Call):
            yield from _of_call(node, own)


def _defined(nodes: list[ast.AST]) -> Iterator[str]:
    """Yield the names that learners give to methods and attributes of their own."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _is_open(name: str, own: frozenset[str] = frozenset()) -> bool:
    """Say whether an attribute of this name may be used."""
    if name.startswith("__") and name.endswith("__"):
        return name in DUNDERS
    if name.startswith("_"):
        return name in PRIVATE or (name in own and name not in _hidden_modules())
    return name not in ATTRIBUTES


@cache
def _hidden_modules() -> frozenset[str]:
    """Return names by which torch leads to its insides: no class of one's own opens them."""
    return frozenset({"_C", "_VF"}).union(
        name
        for module in (torch, torch.nn, torch.nn.functional)
        for name, value in vars(module).items()
        if name.startswith("_") and isinstance(value, types.ModuleType)
    )


def _of_format(text: ast.expr) -> Iterator[str]:
    """A template may look up attributes: `"{0.shape}".format(x)`."""
    if not isinstance(text, ast.Constant):
        yield "`format` of a computed text"
    elif isinstance(text.value, str):
        names = re.findall(r"\.(\w+)", " ".join(_fields(text.value)))
        yield from (f"`{name}`" for name in names if not _is_open(name))


def _fields(template: str) -> Iterator[str]:
    try:
        for _, field, inner, _ in string.Formatter().parse(template):
            yield field or ""
            yield from _fields(inner or "")
    except ValueError:
        return  # not a template: `format` will say so


def _of_call(node: ast.Call, own: frozenset[str]) -> Iterator[str]:
    if _is_call(node, _CHANGES) and node.args and _is_class_of(node.args[0]):
        yield f"a change of `{ast.unparse(node.args[0])[:80]}`"
    if isinstance(node.func, ast.Name) and node.func.id in _LOOKUPS:
        name = node.args[1] if len(node.args) > 1 else None
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            if not _is_open(name.value, own):
                yield f"`{name.value}`"
        elif not _begins_openly(name):
            yield f"`{node.func.id}` with a computed name"
    for keyword in node.keywords:
        value = keyword.value
        if keyword.arg in _SAFE and getattr(value, "value", None) is not _SAFE[keyword.arg]:
            yield f"`{keyword.arg}`"


def _is_class_of(node: ast.AST) -> bool:
    """Say whether it is `type(x)` or `x.__class__`."""
    if isinstance(node, ast.Call):
        return _is_call(node, {"type"})
    return isinstance(node, ast.Attribute) and node.attr == "__class__"


def _is_call(node: ast.Call, names: set[str]) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id in names


def _begins_openly(name: ast.expr | None) -> bool:
    """Say whether a name, `f"head_{i}"`, begins as nothing does that may not be used."""
    first = name.values[0] if isinstance(name, ast.JoinedStr) and name.values else None
    start = first.value if isinstance(first, ast.Constant) else None
    if not isinstance(start, str) or not start or start.startswith("_"):
        return False
    return not any(word.startswith(start) for word in ATTRIBUTES)
