"""Names in an answer that no honest answer needs: a hint to the instructor, and never a verdict.

Learners' code shares a process with the runner that reports on it, so whoever takes the trouble
can make that report say something else (see `gptcourse.runner`). It cannot be prevented there.
What can be done from outside is to say who reaches for the means.
"""

import ast
from collections.abc import Iterable, Iterator

__all__ = ["unusual"]

_GRADER = "gptcourse answer_keys load_public run_case run_group"
_INTERPRETER = """
    sys gc inspect ctypes importlib builtins __builtins__ __import__ import_module eval exec
    globals locals getattr setattr _getframe f_back f_locals f_globals __globals__ __subclasses__
    __closure__ __code__ get_objects get_referrers"""
# The recorder of torch's operators sees one thread, and only what is not switched off.
_AROUND_TORCH = """
    threading _thread concurrent multiprocessing asyncio _C _python_dispatch _refs _decomp
    _disable_current_modes TorchDispatchMode TorchFunctionMode"""
_MACHINE = "os subprocess socket signal mmap pathlib"
_NAMES = frozenset(" ".join((_GRADER, _INTERPRETER, _AROUND_TORCH, _MACHINE)).split())


def unusual(nodes: Iterable[ast.AST]) -> list[str]:
    """Return the names in pieces of code that are worth a look, sorted.

    >>> unusual(ast.parse("import gc as g, os, torch.nn as nn; x.f_back = nn").body)
    ['f_back', 'gc']
    """
    return sorted({name for node in nodes for name in _names(node)} & _NAMES)


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Import):
            # `import os, torch` is common: what counts is that `os` is used, or gets another name.
            for alias in node.names:
                yield from alias.name.split(".") if alias.asname else alias.name.split(".")[1:]
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module or "").split(".")
            yield from (alias.name for alias in node.names)
