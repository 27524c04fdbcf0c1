"""6.15 KVCache."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.gpt2_model.kv_cache_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.kv_cache_rare_mistakes import RARE_MISCONCEPTIONS


class _CutAndJoined:
    """A tensor for each layer, cut to pos and joined with what is new."""

    def __init__(
        self,
        n_layer: int,
        B: int,
        n_head: int,
        max_T: int,
        hs: int,
        dtype: Any = None,
        device: Any = None,
    ) -> None:
        self.pos, self.max_T = 0, max_T
        empty = torch.empty(B, n_head, 0, hs, dtype=dtype, device=device)
        self.keys = [empty for _ in range(n_layer)]
        self.values = [empty for _ in range(n_layer)]

    def update(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        assert self.pos + k.shape[2] <= self.max_T
        for kept, new in ((self.keys, k), (self.values, v)):
            old = kept[layer]
            kept[layer] = torch.cat((old[:, :, : self.pos], new.to(old)), dim=-2)
        return self.keys[layer], self.values[layer]


class _Buffers(nn.Module):
    """A module with one buffer for keys and values of all layers."""

    kv: Tensor

    def __init__(
        self,
        n_layer: int,
        B: int,
        n_head: int,
        max_T: int,
        hs: int,
        dtype: Any = None,
        device: Any = None,
    ) -> None:
        super().__init__()
        room = torch.full((2, n_layer, B, n_head, max_T, hs), torch.nan)
        self.register_buffer("kv", room.to(device=device, dtype=dtype or room.dtype))
        self.pos = 0

    def update(self, layer: int, k: Tensor, v: Tensor) -> list[Tensor]:
        t = k.size(-2)
        room = self.kv[:, layer]
        for i, new in enumerate((k, v)):
            room[i].narrow(2, self.pos, t).copy_(new)
        return [x[..., : self.pos + t, :] for x in room]


class _ByPosition:
    """A dict of keys and values by layer and position, one vector for each head."""

    def __init__(
        self,
        n_layer: int,
        B: int,
        n_head: int,
        max_T: int,
        hs: int,
        dtype: Any = None,
        device: Any = None,
    ) -> None:
        self.kind = {"dtype": dtype or torch.get_default_dtype(), "device": device}
        self.max_T = max_T
        self.pos = 0
        self.kept: dict[tuple[int, int], tuple[Tensor, Tensor]] = {}

    def update(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        k, v = k.to(**self.kind).clone(), v.to(**self.kind).clone()
        for i, pair in enumerate(zip(k.unbind(2), v.unbind(2), strict=True)):
            if self.pos + i >= self.max_T:
                raise IndexError("full")
            self.kept[layer, self.pos + i] = pair
        so_far = [self.kept[layer, i] for i in range(self.pos + k.size(2))]
        return torch.stack([a for a, _ in so_far], 2), torch.stack([b for _, b in so_far], 2)


class _PositionsFirst:
    """Rooms with positions in front, written by index."""

    def __init__(
        self,
        n_layer: int,
        B: int,
        n_head: int,
        max_T: int,
        hs: int,
        dtype: Any = None,
        device: Any = None,
    ) -> None:
        self.rooms = [
            torch.empty(2, max_T, B, n_head, hs, dtype=dtype, device=device) for _ in range(n_layer)
        ]
        self.pos = int(np.int64(0))

    def update(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        room = self.rooms[layer]
        end = self.pos + k.size(2)
        places = torch.arange(self.pos, end, device=room.device)
        new = torch.stack((k, v)).permute(0, 3, 1, 2, 4).to(room.dtype)
        room.index_copy_(1, places, new)
        keys, values = room[:, :end].permute(0, 2, 3, 1, 4).contiguous()
        return keys, values


def _kept(d: Draw, n_layer: int, B: int, nh: int, T: int, hs: int) -> dict[str, Any]:
    return {"k": d.normal(n_layer, B, nh, T, hs), "v": d.normal(n_layer, B, nh, T, hs)}


KEEPS = "keeps what it is given, and returns all so far"
LAYERS = "keeps layers, rows and caches apart"
POS = "leaves `pos` to whoever runs the model"
ROOM = "has room for max_T positions, and for no more"
KIND = "keeps it in the dtype and on the device that it is told"

EXERCISE = Exercise(
    id="KVCache",
    chapter="06-gpt2",
    title="Keys and values that stay",
    reference="gpt2.kv_cache.KVCache",
    probe="kv_cache.keep",
    minutes=20,
    difficulty=3,
    groups={KEEPS: 2, LAYERS: 1, POS: 1, ROOM: 1, KIND: 1},
    cases=(
        Case(
            "a prompt",
            KEEPS,
            lambda d: _kept(d, 1, 1, 2, 3, 2) | {"max_T": 5, "steps": [3], "order": [0]},
        ),
        Case(
            "a prompt, then single tokens",
            KEEPS,
            lambda d: _kept(d, 1, 1, 2, 4, 2) | {"max_T": 6, "steps": [2, 1, 1], "order": [0]},
        ),
        Case(
            "one, then two",
            KEEPS,
            lambda d: _kept(d, 1, 1, 1, 3, 2) | {"max_T": 4, "steps": [1, 2], "order": [0]},
        ),
        Case(
            "three layers in any order, two rows",
            LAYERS,
            lambda d: _kept(d, 3, 2, 1, 3, 1) | {"max_T": 5, "steps": [2, 1], "order": [2, 0, 1]},
        ),
        Case(
            "two caches at a time",
            LAYERS,
            lambda d: (
                {"k": d.normal(2, 1, 1, 2, 3, 1), "v": d.normal(2, 1, 1, 2, 3, 1)} | {"max_T": 4}
            ),
            probe="kv_cache.keep_two_texts",
        ),
        Case(
            "where pos stands",
            POS,
            lambda d: _kept(d, 2, 1, 1, 3, 1),
            probe="kv_cache.where_it_is",
            tolerance=EXACT,
        ),
        Case(
            "a new text",
            POS,
            lambda d: _kept(d, 2, 1, 2, 6, 1) | {"steps": [3, 1, 2], "back_to": 0},
            probe="kv_cache.start_anew",
        ),
        Case(
            "one token taken back",
            POS,
            lambda d: _kept(d, 1, 2, 1, 5, 2) | {"steps": [3, 2], "back_to": 2},
            probe="kv_cache.start_anew",
        ),
        Case(
            "full to the last position",
            ROOM,
            lambda d: _kept(d, 1, 1, 2, 4, 1) | {"max_T": 4, "steps": [3, 1]},
            probe="kv_cache.room",
        ),
        Case(
            "another dtype, another device",
            KIND,
            lambda d: _kept(d, 1, 1, 1, 2, 2),
            probe="kv_cache.dtype_and_device",
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=(
        Variant("a module with one buffer", _Buffers),
        Variant("cut to pos, then joined", _CutAndJoined),
        Variant("a dict by layer and position", _ByPosition),
        Variant("positions in front, index_copy_", _PositionsFirst),
    ),
    hints=(
        "Two tensors are enough, one for keys and one for values. Which five sizes do they need "
        "to have room for all layers?",
        "The new keys belong at `self.pos` and the t - 1 places behind it, and everything from 0 "
        "to there goes back. Which axis of k has t places?",
        "Assign the new keys to a slice of the fourth axis, likewise the values, and return the "
        "slices from 0 to the same end. Before that, raise a ValueError if the end is greater "
        "than max_T. `self.pos` is left as it is.",
    ),
)
