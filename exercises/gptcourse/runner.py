"""Calls probes on learners' objects and turns what comes back into plain values.

The same code runs in the learner's notebook and in the grader's sandbox. It judges nothing: an
outcome says what happened, and `gptcourse.judge` (in the grader: outside the sandbox) compares.

An outcome is a tree (see `gptcourse.wire`) with one of these keys:
    outputs: dict of named values, as the probe returned them
    raised:  {"type", "message", "frames": [[file, line, function], ...]}
    missing: the name that is not defined
and besides these
    modified: names of the inputs that were changed in place
    used:     watched operators of torch that ran
"""

import __future__

import copy
import importlib
import os
import random
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

__all__ = ["OWN_CODE", "call", "define", "describe", "raised", "run_case", "run_group"]

Outcome = dict[str, Any]
MAX_TEXT = 2_000
MAX_DEPTH = 8
# What the recorder notes besides operators: one, or a tensor class, that is not torch's own.
OWN_CODE = "an operator of one's own"
_TORCHS_OWN = {"aten", "prim", "prims", "profiler"}
_FUTURES = __future__.annotations.compiler_flag  # the only one that still changes anything
_HERE = os.path.dirname(__file__)


class _Recorder(TorchDispatchMode):
    """Notes which of the watched operators run, whatever Python name they were called by."""

    def __init__(self, watch: list[str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.watch = watch
        self.used: set[str] = set()

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Keep torch from wrapping the method below: the wrapper's first call imports for 1 s."""
        return False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func._schema.name in self.watch:
            self.used.add(func._schema.name)
        # While an operator runs this mode is off, so Python code in one would run unseen.
        if func.namespace not in _TORCHS_OWN or not {*types} <= {Tensor, nn.Parameter}:
            self.used.add(OWN_CODE)
        return func(*args, **(kwargs or {}))


def define(chunks: list[dict[str, Any]]) -> tuple[dict[str, Any], Outcome | None]:
    """Execute pieces of a notebook in one namespace.

    Args:
        chunks: {"cell": number of the cell, "source": text, blank lines kept so that line
            numbers are the cell's}.

    Returns:
        The namespace, and the outcome "raised" of the first piece that raised, or None. Later
        pieces still run: an import that fails costs only those who need it.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    failure = None
    futures = 0  # `from __future__ import` holds for the cells below it too
    for chunk in chunks:
        try:
            file = f"cell {chunk['cell']}"
            code = compile(chunk["source"], file, "exec", futures, dont_inherit=True)
            futures |= code.co_flags & _FUTURES
            exec(code, namespace)
        except BaseException as error:
            failure = failure or {"raised": raised(error), "modified": []}
    return namespace, failure


def run_group(namespace: dict[str, Any], target: str, cases: list[dict[str, Any]]) -> list[Outcome]:
    """Run the cases of one group on the object that `target` names in the namespace."""
    if target not in namespace:
        return [{"missing": target} for _ in cases]
    return [
        run_case(namespace[target], case["probe"], case["inputs"], case.get("watch", []))
        for case in cases
    ]


def run_case(
    learner_object: Any, probe: str, inputs: dict[str, Any], watch: list[str] | None = None
) -> Outcome:
    """Call a probe ("module.function") once and return the outcome."""
    module, name = probe.split(".")
    function = getattr(importlib.import_module(f"gptcourse.probes.{module}"), name)
    return call(function, learner_object, inputs, watch or [])


def call(
    probe: Callable[..., dict[str, Any]],
    learner_object: Any,
    inputs: dict[str, Any],
    watch: list[str],
) -> Outcome:
    """Call the probe on a copy of the inputs, with the random state fixed and restored."""
    given = copy.deepcopy(inputs)
    recorder = _Recorder(watch)
    outcome: Outcome
    with _reproducible():
        try:
            if watch:
                with recorder:
                    outputs = probe(learner_object, **given)
            else:
                outputs = probe(learner_object, **given)
            outcome = {"outputs": {name: describe(value) for name, value in outputs.items()}}
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            outcome = {"raised": raised(error)}
    outcome["modified"] = [name for name in inputs if not _same(inputs[name], given[name])]
    outcome["used"] = sorted(recorder.used)
    return outcome


@contextmanager
def _reproducible() -> Iterator[None]:
    # torch.manual_seed and fork_rng visit every device, which costs more than a small case.
    python_state, torch_state = random.getstate(), torch.default_generator.get_state()
    torch.default_generator.manual_seed(0)
    random.seed(0)
    try:
        with torch.enable_grad():
            yield
    finally:
        random.setstate(python_state)
        torch.default_generator.set_state(torch_state)


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, Tensor):
        return (
            isinstance(after, Tensor)
            and before.shape == after.shape
            and before.dtype == after.dtype
            and torch.equal(before.nan_to_num(), after.nan_to_num())
        )
    return bool(before == after)


def describe(value: Any, depth: int = 0) -> Any:
    """Return a value as a tree of exact types; what has none becomes {"unsupported": its type}."""
    kind = type(value)
    if value is None or kind in (bool, int, float, bytes):
        return value
    if kind is str:
        return value.encode("utf-8", "replace").decode()
    if kind in (Tensor, nn.Parameter) and value.layout is torch.strided and not value.is_meta:
        return value.detach().cpu().contiguous().clone()
    if kind.__module__ == "numpy" and hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        return describe(value.item(), depth + 1)
    if depth < MAX_DEPTH and kind in (list, tuple):
        return [describe(item, depth + 1) for item in value]
    if depth < MAX_DEPTH and kind is dict and all(type(key) is str for key in value):
        return {key.lstrip("$"): describe(item, depth + 1) for key, item in value.items()}
    return {"unsupported": f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")}


def raised(error: BaseException) -> dict[str, Any]:
    """Describe an exception by its type, its message and the frames that are the learner's."""
    try:
        message = str(error)
    except BaseException:
        message = ""
    frames = [
        [frame.filename, frame.lineno or 0, frame.name]
        for frame in traceback.extract_tb(error.__traceback__)
        if not _is_library(frame.filename)
    ]
    if isinstance(error, SyntaxError) and error.filename and not _is_library(error.filename):
        frames.append([error.filename, error.lineno or 0, ""])
    return {"type": type(error).__name__, "message": message[:MAX_TEXT], "frames": frames[-5:]}


def _is_library(filename: str) -> bool:
    return (
        filename.startswith(("<frozen", sys.prefix, sys.base_prefix, _HERE))
        or "/site-packages/" in filename
    )
