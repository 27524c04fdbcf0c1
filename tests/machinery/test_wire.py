"""What is packed comes back; what anyone sends never does more than raise WireError."""

import contextlib
import math
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gptcourse import wire

LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
)
KEYS = st.text().filter(lambda key: not key.startswith("$"))
TREES = st.recursive(LEAVES, lambda t: st.lists(t) | st.dictionaries(KEYS, t), max_leaves=20)


@given(TREES)
def test_trees_come_back(tree: Any) -> None:
    assert wire.unpack(wire.pack(tree)) == tree


@given(st.binary(max_size=300))
def test_noise_is_refused(data: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.unpack(data)


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_flipped_byte_is_refused_or_read(position: int, value: int) -> None:
    data = bytearray(wire.pack({"a": [1.5, torch.arange(3)], "b": "text"}))
    data[position % len(data)] = value
    with contextlib.suppress(wire.WireError):  # any other exception fails the test
        wire.unpack(bytes(data))


@pytest.mark.parametrize(
    "dtype", [torch.float32, torch.float64, torch.bfloat16, torch.int64, torch.int32, torch.bool]
)
def test_tensors_come_back(dtype: torch.dtype) -> None:
    for tensor in (torch.tensor(1), torch.zeros(0), torch.arange(6).view(2, 3).t()):
        back = wire.unpack(wire.pack([tensor.to(dtype)]))[0]
        assert back.dtype == dtype
        assert torch.equal(back, tensor.to(dtype))


def test_what_is_not_finite_comes_back() -> None:
    infinity, minus, nan = wire.unpack(wire.pack([math.inf, -math.inf, math.nan]))
    assert (infinity, minus) == (math.inf, -math.inf)
    assert math.isnan(nan)


def test_equal_tensors_are_stored_once() -> None:
    one = wire.pack([torch.ones(10_000)])
    assert len(wire.pack([torch.ones(10_000)] * 20)) < len(one) + 1000


def test_other_types_are_refused() -> None:
    class Sub(torch.Tensor):
        pass

    for value in ({1, 2}, object(), {1: 2}, {"$tensor": "0"}, Sub()):
        with pytest.raises(wire.WireError):
            wire.pack(value)


def test_too_many_tensors_are_refused() -> None:
    data = wire.pack([torch.tensor(i) for i in range(50)])
    assert len(wire.unpack(data, max_tensors=50)) == 50
    with pytest.raises(wire.WireError):
        wire.unpack(data, max_tensors=40)


def test_deep_nesting_is_refused() -> None:
    tree: Any = 1
    for _ in range(200):
        tree = [tree]
    data = wire.pack(tree)
    assert wire.unpack(data) == tree
    forged = data.replace(b"[[[", b"[[[" * 30_000)
    with pytest.raises(wire.WireError):
        wire.unpack(forged)
