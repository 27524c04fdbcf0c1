"""The reference's source, read by `ast`: cut to a stub, edited to a mistake, or kept whole."""

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from autograder.exercise import Exercise, Implementation, Misconception, Variant
from autograder.slicing import binds, first_line, reads

__all__ = [
    "apply_edits",
    "cuts",
    "given",
    "implementation",
    "load",
    "module_of",
    "source",
    "stub",
]

Definition = ast.FunctionDef | ast.ClassDef


def module_of(exercise: Exercise) -> ModuleType:
    """Import the module of `gpt2` that holds the exercise's reference."""
    return importlib.import_module(".".join(exercise.reference.split(".")[:2]))


def load(exercise: Exercise) -> Any:
    """Return the reference implementation: a function or a class."""
    return getattr(module_of(exercise), exercise.target)


def source(exercise: Exercise) -> str:
    """Return the reference's source text, docstring and all."""
    return textwrap.dedent(inspect.getsource(load(exercise)))


def given(path: str) -> str:
    """Return the source of a definition that learners are given, behind the imports it needs.

    Args:
        path: "gpt2.config.GPTConfig".
    """
    module_name, _, name = path.rpartition(".")
    module = importlib.import_module(module_name)
    text = inspect.getsource(getattr(module, name)).rstrip()
    used = reads(ast.parse(text).body[0])
    imports = [
        ast.unparse(node)
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.Import | ast.ImportFrom) and binds(node) & used
    ]
    return "\n".join(imports) + "\n\n\n" + text


def stub(exercise: Exercise) -> str:
    """Return the reference with each public body replaced by `raise NotImplementedError`.

    Signatures, docstrings, decorators and class attributes stay; private methods go.
    """
    text = source(exercise)
    definition = ast.parse(text).body[0]
    assert isinstance(definition, Definition)
    lines = text.splitlines()
    for start, end, replacement in sorted(cuts(definition, lines), reverse=True):
        lines[start:end] = replacement
    return for_learners("\n".join(lines).rstrip() + "\n")


def for_learners(text: str) -> str:
    """Return source without the remarks that are for a type checker alone."""
    return re.sub(r"  # type: ignore\[[\w-]+\]", "", text)


def cuts(definition: Definition, lines: list[str]) -> Iterable[tuple[int, int, list[str]]]:
    """Yield (first line, end line, replacement) for each body that a learner is to write."""
    if isinstance(definition, ast.ClassDef):
        for item in definition.body:
            if not isinstance(item, ast.FunctionDef):
                continue
            if item.name.startswith("_") and not item.name.startswith("__"):
                first = first_line(item)
                yield first - 1, item.end_lineno or first, []
            else:
                yield from cuts(item, lines)
        return
    body = list(definition.body)
    if ast.get_docstring(definition) is not None:
        body = body[1:]
    if body and ast.unparse(body[0]) == "super().__init__()":
        body = body[1:]
    if not body:
        return
    # Comments above the first statement belong to the solution too.
    first = body[0].lineno - 1
    while lines[first - 1].lstrip().startswith("#"):
        first -= 1
    indent = " " * body[0].col_offset
    yield first, definition.end_lineno or first, [f"{indent}raise NotImplementedError"]


def apply_edits(text: str, edits: Iterable[tuple[str, str]]) -> str:
    """Return `text` with each (old, new) replaced. Raises ValueError unless `old` is there once."""
    for old, new in edits:
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands {text.count(old)} times in the reference, not once")
        text = text.replace(old, new)
    return text


def implementation(exercise: Exercise, answer: Misconception | Variant) -> Implementation:
    """Return the runnable wrong or right answer."""
    if answer.function is not None:
        return answer.function
    text = apply_edits(source(exercise), answer.edits)
    namespace = dict(vars(module_of(exercise)))
    exec(compile(text, f"<{exercise.id}: {answer.name}>", "exec"), namespace)
    return namespace[exercise.target]  # type: ignore[no-any-return]
