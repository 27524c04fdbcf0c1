"""5.5 split_heads."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.attention.split_heads_mistakes import MISCONCEPTIONS

DEALT = "gives each head its own channels, in order"
SIZES = "works for any B, T and number of heads"
LAYOUT = "takes any dtype and any layout in memory"


def _view(x: Tensor, n_head: int) -> Tensor:
    B, T, C = x.size()
    return x.contiguous().view(B, T, n_head, C // n_head).transpose(1, 2)


def _unflatten(x: Tensor, n_head: int) -> Tensor:
    heads: Tensor = x.unflatten(-1, (n_head, -1))
    return heads.transpose(1, 2)


def _permute(x: Tensor, n_head: int) -> Tensor:
    shape = (*x.shape[:-1], n_head, x.shape[-1] // n_head)
    return torch.reshape(x, shape).permute(0, 2, 1, 3).contiguous()


def _chunk(x: Tensor, n_head: int) -> Tensor:
    return torch.stack(x.chunk(n_head, dim=-1), dim=1)


def _loops(x: Tensor, n_head: int) -> Tensor:
    B, T, C = x.shape
    hs = C // n_head
    out = torch.zeros(B, n_head, T, hs, dtype=x.dtype)
    for h in range(n_head):
        for t in range(T):
            out[:, h, t] = x[:, t, h * hs : (h + 1) * hs]
    return out


def _index(x: Tensor, n_head: int) -> Tensor:
    channels = torch.arange(x.size(2)).view(n_head, -1)
    positions = torch.arange(x.size(1))
    return x[:, positions[None, :, None], channels[:, None, :]]


def _numpy(x: Tensor, n_head: int) -> Tensor:
    return torch.from_numpy(np.stack(np.split(x.numpy(), n_head, axis=2), axis=1))


def _unfold(x: Tensor, n_head: int) -> Tensor:
    hs = x.size(2) // n_head
    return x.unfold(2, hs, hs).movedim(2, 1)


def _strided(x: Tensor, n_head: int) -> Tensor:
    B, T, C = x.shape
    hs = C // n_head
    b, t, c = x.stride()
    return x.as_strided((B, n_head, T, hs), (b, hs * c, t, c))


def _said(d: Draw, B: int, T: int, n_head: int, hs: int) -> dict[str, Any]:
    """Number the inputs so that each says where it stands: 10000 b + 100 t + c, and a bit more."""
    b, t, c = torch.meshgrid(
        torch.arange(B), torch.arange(T), torch.arange(n_head * hs), indexing="ij"
    )
    return {"x": 10_000 * (b + d.integer(1, 9)) + 100 * t + c, "n_head": n_head}


EXERCISE = Exercise(
    id="split_heads",
    chapter="05-attention",
    title="Split into heads",
    reference="gpt2.heads.split_heads",
    probe="attention.split_heads",
    minutes=10,
    difficulty=2,
    groups={DEALT: 2, SIZES: 1, LAYOUT: 1},
    cases=(
        Case(
            "numbers that say where they stand", DEALT, lambda d: _said(d, 2, 3, 2, 3), None, EXACT
        ),
        Case(
            "more heads than channels in each", DEALT, lambda d: _said(d, 1, 2, 4, 2), None, EXACT
        ),
        Case("all sizes equal", SIZES, lambda d: _said(d, 2, 2, 2, 2), None, EXACT),
        Case("one head", SIZES, lambda d: _said(d, 2, 3, 1, 4), None, EXACT),
        Case("one channel in each head", SIZES, lambda d: _said(d, 2, 2, 4, 1), None, EXACT),
        Case("one position", SIZES, lambda d: _said(d, 2, 1, 2, 3), None, EXACT),
        Case(
            "by name, in another layout",
            LAYOUT,
            lambda d: {"x": d.normal(2, 3, 4), "n_head": 2},
            probe="attention.split_heads_by_name",
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("view and transpose", _view),
        Variant("unflatten", _unflatten),
        Variant("reshape and permute", _permute),
        Variant("chunk and stack", _chunk),
        Variant("loops", _loops),
        Variant("an index", _index),
        Variant("numpy", _numpy),
        Variant("unfold", _unfold),
        Variant("strides", _strided),
    ),
    hints=(
        "What are the four sizes, and where does each of them come from? C is n_head times hs.",
        "Cut the last dimension in two first: (B, T, nh, hs). Nothing has moved yet. Which two "
        "dimensions have to change places?",
        "`x.reshape(B, T, n_head, C // n_head)` cuts the last dimension, in any layout; "
        "`.transpose(1, 2)` then brings the heads before the positions.",
    ),
)
