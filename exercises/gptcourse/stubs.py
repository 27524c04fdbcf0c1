"""Tells an exercise that nobody has begun from an answer."""

import ast

__all__ = ["is_stub", "written"]

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def is_stub(node: ast.stmt) -> bool:
    """Say whether every function body is a docstring and `raise NotImplementedError`."""
    if isinstance(node, ast.ClassDef):
        functions = [item for item in node.body if isinstance(item, ast.FunctionDef)]
        return bool(functions) and all(is_stub(item) for item in functions)
    if not isinstance(node, ast.FunctionDef):
        return False
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    body = [item for item in body if not _reads(item, "super().__init__()")]
    return len(body) == 1 and _reads(body[0], "raise NotImplementedError")


def written(tree: ast.Module) -> list[str]:
    """Return the names of the functions and classes at the top that are not stubs, in order."""
    return [n.name for n in tree.body if isinstance(n, _DEFINITIONS) and not is_stub(n)]


def _reads(node: ast.stmt, start: str) -> bool:
    if not isinstance(node, ast.Raise | ast.Expr):
        return False  # what is long is not written out to be compared
    try:
        return ast.unparse(node).startswith(start)
    except (RecursionError, ValueError):
        return False  # nested too deep, or a number of thousands of digits: no stub of ours
