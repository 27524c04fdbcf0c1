"""5.6 merge_heads."""

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.attention.merge_heads_mistakes import MISCONCEPTIONS


def _side_by_side(x: Tensor) -> Tensor:
    return torch.cat(tuple(x[:, h, :, :] for h in range(x.shape[1])), dim=2)


def _contiguous(x: Tensor) -> Tensor:
    B, nh, T, hs = x.size()
    return x.permute(0, 2, 1, 3).contiguous().view(B, T, nh * hs)


def _loops(x: Tensor) -> Tensor:
    B, nh, T, hs = x.shape
    out = x.new_empty(B, T, nh * hs)
    for h in range(nh):
        out[..., h * hs : (h + 1) * hs] = x[:, h]
    return out


def _numpy(x: Tensor) -> Tensor:
    a = np.moveaxis(x.numpy(), 1, 2)
    return torch.from_numpy(a.reshape(*a.shape[:2], -1).copy())


def _einsum(x: Tensor) -> Tensor:
    nh, hs = x.shape[1], x.shape[3]
    places = torch.eye(nh * hs, dtype=x.dtype).view(nh, hs, nh * hs)
    return torch.einsum("bhti,hic->btc", x, places)


def _by_index(x: Tensor) -> Tensor:
    nh, hs = x.shape[1], x.shape[3]
    c = torch.arange(nh * hs)
    return x.movedim(2, 1)[:, :, c // hs, c % hs]


PLACES = "puts head h in channels h * hs to (h + 1) * hs"
SIZES = "knows heads, positions and channels apart, whatever their number"
MEMORY = "takes any layout in memory, and changes nothing"


def _numbers(d: Draw, *shape: int) -> dict[str, Tensor]:
    """Return a tensor in which every number is another one."""
    return {"x": d.permutation(torch.Size(shape).numel()).int().view(shape)}


def _floats(d: Draw, *shape: int) -> dict[str, Tensor]:
    return {"x": d.normal(*shape)}


EXERCISE = Exercise(
    id="merge_heads",
    chapter="05-attention",
    title="The heads laid side by side",
    reference="gpt2.heads.merge_heads",
    probe="heads.merge_heads",
    minutes=8,
    difficulty=1,
    groups={PLACES: 1, SIZES: 1, MEMORY: 1},
    cases=(
        Case("three heads", PLACES, lambda d: _numbers(d, 2, 3, 4, 2), tolerance=EXACT),
        Case("two heads, floats", PLACES, lambda d: _floats(d, 2, 2, 3, 4), tolerance=EXACT),
        Case("as many of each", SIZES, lambda d: _numbers(d, 3, 3, 3, 3), tolerance=EXACT),
        Case("one text", SIZES, lambda d: _numbers(d, 1, 4, 2, 3), tolerance=EXACT),
        Case("one position", SIZES, lambda d: _numbers(d, 2, 3, 1, 2), tolerance=EXACT),
        Case("one head", SIZES, lambda d: _floats(d, 2, 1, 3, 4), tolerance=EXACT),
        Case("one channel a head", SIZES, lambda d: _numbers(d, 2, 5, 3, 1), tolerance=EXACT),
        Case(
            "position by position",
            MEMORY,
            lambda d: _numbers(d, 2, 3, 5, 2),
            probe="heads.merge_heads_in_another_layout",
            tolerance=EXACT,
        ),
        Case("head by head", MEMORY, lambda d: _floats(d, 1, 2, 5, 3), tolerance=EXACT),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("heads concatenated", _side_by_side),
        Variant("permute, contiguous, view", _contiguous),
        Variant("a loop that fills slices", _loops),
        Variant("numpy", _numpy),
        Variant("einsum with places", _einsum),
        Variant("by index", _by_index),
    ),
    hints=(
        "Each position is to have one vector. Which dimension has to come next to hs before the "
        "two can become one?",
        "Exchange heads and positions first: (B, nh, T, hs) becomes (B, T, nh, hs).",
        "`x.transpose(1, 2)` is a view of the old memory, so `.view` refuses it: flatten with "
        "`.flatten(2)`, or make it contiguous first.",
    ),
)
