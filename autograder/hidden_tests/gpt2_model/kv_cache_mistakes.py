"""Wrong answers to KVCache, the commonest first."""

from typing import Any

import torch
from torch import Tensor

from autograder.exercise import Misconception


class _Grown:
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
        self.pos = 0
        self.kept: list[tuple[Tensor, Tensor] | None] = [None] * n_layer

    def update(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        kept = self.kept[layer]
        if kept is not None:
            k, v = torch.cat([kept[0], k], dim=2), torch.cat([kept[1], v], dim=2)
        self.kept[layer] = k, v
        return k, v


class _GrownToPos:
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
        self.pos = 0
        self.kept: dict[int, tuple[Tensor, Tensor]] = {}

    def update(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        if self.pos:
            keys, values = self.kept[layer]
            k = torch.cat([keys[:, :, : self.pos], k], dim=2)
            v = torch.cat([values[:, :, : self.pos], v], dim=2)
        self.kept[layer] = k, v
        return k, v


KEYS = "self.k[layer, :, :, self.pos : end] = k.detach()"
VALUES = "self.v[layer, :, :, self.pos : end] = v.detach()"
RETURN = "return self.k[layer, :, :, :end], self.v[layer, :, :, :end]"
ROOM = "torch.zeros(n_layer, B, n_head, max_T, hs, dtype=dtype, device=device)"
BOTH = f"{KEYS}\n        {VALUES}"
RAISE = """if end > room:
            raise ValueError(f"{end} positions; there is room for {room}")"""

MISCONCEPTIONS = (
    Misconception(
        "pos-moved-by-update",
        "`update` moves `pos` on.",
        "It is called once for each layer, so with two layers `pos` moves twice in a step. Read "
        "who is to move it.",
        edits=((RETURN, f"self.pos = end\n        {RETURN}"),),
    ),
    Misconception(
        "grown-with-cat",
        "New keys are put behind all that is there, wherever `pos` stands.",
        "The cache can only grow: `pos = 0` does not begin a new text, and it is never full.",
        function=_Grown,
    ),
    Misconception(
        "grown-without-a-limit",
        "The cache joins what it is given to what it has, however much that gets.",
        "`max_T` and `dtype` have no effect. The contract wants an exception when there is no "
        "room, and one dtype for all that is kept.",
        function=_GrownToPos,
    ),
    Misconception(
        "new-ones-only",
        "Only the new positions are returned.",
        "The new tokens then see nothing of the text before them. S is pos + t.",
        edits=(
            (
                RETURN,
                "return self.k[layer, :, :, self.pos : end], self.v[layer, :, :, self.pos : end]",
            ),
        ),
    ),
    Misconception(
        "all-the-room",
        "The whole room is returned, the empty part too.",
        "A key of zeros has a score of 0, and a weight that is not 0. How many positions have "
        "been dealt with?",
        edits=((RETURN, "return self.k[layer], self.v[layer]"),),
    ),
    Misconception(
        "old-ones-only",
        "The positions before the new ones are returned, without these.",
        "A token has to read itself. S is pos + t.",
        edits=(
            (RETURN, "return self.k[layer, :, :, : self.pos], self.v[layer, :, :, : self.pos]"),
        ),
    ),
    Misconception(
        "written-at-the-start",
        "New keys and values are always written to the first positions.",
        "Each step overwrites the one before. Look at where the next position is.",
        edits=(
            (KEYS, "self.k[layer, :, :, : k.size(2)] = k"),
            (VALUES, "self.v[layer, :, :, : v.size(2)] = v"),
        ),
    ),
    Misconception(
        "layers-share",
        "All layers share one room.",
        "Each layer overwrites what the one before it has kept. The keys of different layers are "
        "different numbers.",
        edits=(
            (ROOM, ROOM.replace("n_layer", "1")),
            (BOTH, BOTH.replace("layer", "0")),
            (RETURN, RETURN.replace("layer", "0")),
        ),
    ),
    Misconception(
        "layer-0-returned",
        "Whatever the layer, the keys and values of layer 0 are returned.",
        "Look at what `layer` chooses when something is read.",
        edits=((RETURN, RETURN.replace("layer", "0")),),
    ),
    Misconception(
        "same-tensor",
        "Keys and values have one and the same room.",
        "`self.v = self.k` is another name for the same tensor. The values overwrite the keys.",
        edits=(("self.v = torch.zeros_like(self.k)", "self.v = self.k"),),
    ),
    Misconception(
        "values-not-kept",
        "The values are never written down.",
        "What comes back for them is zeros.",
        edits=((f"        {VALUES}\n", ""),),
    ),
    Misconception(
        "keys-for-values",
        "The keys are kept as values too.",
        "Look at the two lines that write, at their right sides.",
        edits=((VALUES, VALUES.replace("v.detach()", "k.detach()")),),
    ),
    Misconception(
        "returned-the-other-way-round",
        "The values are returned first.",
        "The contract says: keys and values.",
        edits=((RETURN, "return self.v[layer, :, :, :end], self.k[layer, :, :, :end]"),),
    ),
    Misconception(
        "moved-with-the-last-layer",
        "`pos` is moved on by the update of the last layer.",
        "Layers may come in any order, and whoever runs the model moves `pos` as well.",
        edits=(
            (
                RETURN,
                "if layer == self.k.size(0) - 1:\n            self.pos = end\n        " + RETURN,
            ),
        ),
    ),
    Misconception(
        "moved-with-the-first-layer",
        "`pos` is moved on by the update of layer 0.",
        "The layers after it then write t positions further on.",
        edits=((RETURN, f"if layer == 0:\n            self.pos = end\n        {RETURN}"),),
    ),
    Misconception(
        "count-of-its-own",
        "The cache counts by itself how much each layer has kept, and `pos` is not looked at.",
        "Whoever sets `pos` to 0 begins a new text. Here it goes on behind the old one.",
        edits=(
            ("self.pos = 0\n", "self.pos = 0\n        self.filled = [0] * n_layer\n"),
            (
                "end, room = self.pos + k.size(2), self.k.size(3)",
                "pos = self.filled[layer]\n"
                "        end, room = pos + k.size(2), self.k.size(3)\n"
                "        self.filled[layer] = end",
            ),
            (BOTH, BOTH.replace("self.pos", "pos")),
        ),
    ),
)
