"""Strategies: what a sandbox may send back, odd tensors included, and right answers spoilt."""

import copy
import math
from typing import Any

import torch
from hypothesis import strategies as st

from tests.fuzz.trees import leaves, texts

__all__ = ["fractions", "odd_tensors", "outcomes", "spoilt"]

_DTYPES = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.complex64, torch.bool,
           torch.int64, torch.int32, torch.int8, torch.uint8, torch.uint16, torch.uint64,
           torch.float8_e4m3fn, torch.float8_e5m2]  # fmt: skip
_SHAPES = st.lists(st.sampled_from([0, 1, 2, 3, 4, 8, 27]), max_size=4)


@st.composite
def odd_tensors(draw: st.DrawFn) -> torch.Tensor:
    """Draw a tensor of any type and shape: also infinite, sparse, huge or without data.

    Some of these the wire refuses; that they never get so far is not taken for granted.
    """
    shape = draw(_SHAPES)
    kind = draw(st.sampled_from(["plain"] * 6 + ["nan", "inf", "sparse", "huge", "meta"]))
    if kind == "plain":
        return torch.full(shape, draw(st.sampled_from([0, 1, 2, 100]))).to(
            draw(st.sampled_from(_DTYPES))
        )
    if kind in ("nan", "inf"):
        return torch.full(shape, float(kind))
    if kind == "sparse":
        return torch.ones(shape).to_sparse() if shape else torch.ones(1).to_sparse()
    if kind == "huge":
        return torch.zeros(1).expand(2**20, 2**20)
    return torch.empty(shape, device="meta")


_leaves = leaves | odd_tensors() | st.binary(max_size=9)
values = st.recursive(
    _leaves, lambda t: st.lists(t, max_size=3) | st.dictionaries(texts, t, max_size=3), max_leaves=5
)


@st.composite
def outcomes(draw: st.DrawFn, expected: dict[str, Any]) -> Any:
    """Draw what may come back for a case; the names of outputs are often the right ones."""
    names = sorted(expected.get("outputs", {})) or ["output"]
    outputs = st.dictionaries(st.sampled_from(names) | texts, values, max_size=4) | values
    raised = st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["NotImplementedError", "ValueError", "\ud800", "x" * 999])
            | values,
            "message": texts | values,
            "frames": st.lists(st.just(["cell 3", 1, "f"]) | values, max_size=7) | values,
        },
    )
    known = {
        "outputs": outputs,
        "raised": raised | values,
        "missing": texts | values,
        "modified": st.lists(texts, max_size=3) | values,
        "used": st.lists(texts, max_size=3) | values,
    }
    return draw(
        st.fixed_dictionaries({}, optional=known) | st.dictionaries(texts, values, max_size=3)
    )


def fractions(tree: Any) -> int:
    """Count the numbers of a tree that no constant meets: neither whole nor a half."""
    if isinstance(tree, torch.Tensor):
        return fractions(tree.flatten().tolist()) if tree.is_floating_point() else 0
    if isinstance(tree, dict | list):
        return sum(map(fractions, tree.values() if isinstance(tree, dict) else tree))
    return int(isinstance(tree, float) and math.isfinite(tree) and (2 * tree) % 1 != 0)


@st.composite
def spoilt(draw: st.DrawFn, outputs: dict[str, Any], tolerance: float) -> dict[str, Any]:
    """Draw right outputs with one place wrong by more than the tolerance allows."""
    spoilt = copy.deepcopy(outputs)
    node: Any = spoilt
    key: Any = draw(st.sampled_from(sorted(spoilt)))
    while isinstance(node[key], dict | list) and node[key] and draw(st.booleans()):
        node = node[key]
        key = draw(
            st.sampled_from(sorted(node))
            if isinstance(node, dict)
            else st.integers(0, len(node) - 1)
        )
    node[key] = draw(_wrong(node[key], tolerance))
    return spoilt


@st.composite
def _wrong(draw: st.DrawFn, value: Any, tolerance: float) -> Any:
    other = [None, {"unsupported": "softmax"}, [value], {"value": value}]
    if isinstance(value, torch.Tensor):
        other += [value.tolist(), value[None], torch.cat([value.flatten(), torch.ones(1)])]
        if value.numel() and value.dtype != torch.bool:
            changed = value.clone().flatten()
            at = draw(st.integers(0, changed.numel() - 1))
            # In float32 a small step away from a large number is no step.
            step = (
                1
                if not value.is_floating_point()
                else 4 * tolerance * (1 + abs(changed[at].item()))
            )
            changed[at] += step if math.isfinite(step) else 0
            if not torch.equal(changed, value.flatten()):
                other.append(changed.reshape(value.shape))
            if value.is_floating_point() and not value.isnan().any():
                other += [torch.full_like(value, math.nan), value.to(torch.complex64)]
    elif isinstance(value, bool):
        other += [not value, int(value)]
    elif isinstance(value, int | float):
        other += [
            str(value),
            math.nan if value == value else 0.0,
            value + 1 + 4 * tolerance * (1 + abs(value)),
        ]
    elif isinstance(value, str):
        other += [value + " ", value.upper() + "x", value.encode()]
    elif isinstance(value, list | dict):
        other += [type(value)()] if value else [{"a": 1}, [1]]
    elif value is None:
        other = [0, "None", False]
    return draw(st.sampled_from(other))
