"""5.7 MultiHeadAttention."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.attention.multi_head_attention_mistakes import MISCONCEPTIONS

TOLERANCE = Tolerance(
    2e-5,
    2e-5,
    "float32 against float64 differs by less than 2e-6; the nearest mistake is off by more "
    "than 1e-2",
)


class _OwnHead(nn.Module):
    """A head that makes its mask on the way, for the layers below."""

    def __init__(self, C: int, hs: int, dropout: float) -> None:
        super().__init__()
        self.key = nn.Linear(C, hs, bias=False)
        self.query = nn.Linear(C, hs, bias=False)
        self.value = nn.Linear(C, hs, bias=False)
        self.dropout = dropout

    def forward(self, x: Tensor) -> Tensor:
        return F.scaled_dot_product_attention(
            self.query(x),
            self.key(x),
            self.value(x),
            is_causal=True,
            dropout_p=self.dropout * self.training,
        )


class _Lecture(nn.Module):
    """A comprehension in a ModuleList, cat, and dropout on the projection."""

    def __init__(self, n_embd: int, n_head: int, block_size: int, dropout: float = 0.0) -> None:
        super().__init__()
        head_size = n_embd // n_head
        self.heads = nn.ModuleList(_OwnHead(n_embd, head_size, dropout) for _ in range(n_head))
        self.proj = nn.Linear(head_size * n_head, n_embd)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        out = torch.cat([h(x) for h in self.heads], dim=2)
        return F.dropout(self.proj(out), self.dropout.p, self.training)


class _Stacked(nn.Module):
    """What the heads found, stacked between positions and channels, and flattened."""

    def __init__(self, n_embd: int, n_head: int, block_size: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.heads = nn.ModuleList()
        for _ in range(n_head):
            self.heads.append(_OwnHead(n_embd, int(n_embd / n_head), dropout))
        self.proj = nn.Linear(n_embd, n_embd)
        self.drop = nn.Dropout(dropout, inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        found = torch.stack([head(x) for head in self.heads], dim=2)  # (B, T, nh, hs)
        out: Tensor = self.drop(self.proj(found.reshape(*x.shape)))
        return out


class _Slices(nn.Module):
    """Each head fills its slice."""

    def __init__(self, n_embd: int, n_head: int, block_size: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.hs = n_embd // n_head
        parts = [_OwnHead(n_embd, self.hs, dropout) for _ in range(n_head)]
        self.heads = nn.Sequential(*parts)  # a list with names 0, 1, ... as well
        self.proj, self.drop = nn.Linear(n_embd, n_embd), nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        found = torch.zeros_like(x)
        for h, head in enumerate(self.heads):
            found[..., h * self.hs : (h + 1) * self.hs] = head(x)
        out: Tensor = self.drop(self.proj(found))
        return out


class _Added(nn.Module):
    """Each head goes through its own columns of the projection, and the results are added."""

    def __init__(self, n_embd: int, n_head: int, block_size: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.proj = nn.Linear(n_embd, n_embd, bias=True)
        self.heads = nn.ModuleDict(
            {str(h): _OwnHead(n_embd, n_embd // n_head, dropout) for h in range(n_head)}
        )
        self.out = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        columns = self.proj.weight.chunk(len(self.heads), dim=1)
        result = self.proj.bias.expand_as(x)
        for head, matrix in zip(self.heads.values(), columns, strict=True):
            result = result + torch.einsum("bti,oi->bto", head(x), matrix)
        out: Tensor = self.out(result)
        return out


def _weights(d: Draw, C: int, n_head: int) -> dict[str, Tensor]:
    """Return weights that make scores about as large as the number of channels of a head."""
    weights = {"proj.weight": d.normal(C, C, std=C**-0.5), "proj.bias": d.normal(C)}
    for h in range(n_head):
        for name in ("query", "key", "value"):
            weights[f"heads.{h}.{name}.weight"] = d.normal(C // n_head, C, std=1.3 * C**-0.5)
    return weights


def _layer(d: Draw, B: int, T: int, C: int, n_head: int, block_size: int) -> dict[str, Any]:
    x = {"x": d.normal(B, T, C, std=1.5), "n_head": n_head, "block_size": block_size}
    return x | _weights(d, C, n_head)


def _text(d: Draw, T: int, C: int, n_head: int) -> dict[str, Any]:
    return {"x": d.normal(1, T, C), "n_head": n_head} | _weights(d, C, n_head)


PARTS = "has nh heads and a projection, with all their parameters"
HEADS = "lays what the heads found side by side, and mixes it"
PAST = "reads itself and the past, and can be trained"
DROPOUT = "drops weights and results, in training only"

EXERCISE = Exercise(
    id="MultiHeadAttention",
    chapter="05-attention",
    title="Several heads",
    reference="gpt2.heads.MultiHeadAttention",
    probe="heads.several_heads",
    minutes=20,
    difficulty=3,
    groups={PARTS: 1, HEADS: 2, PAST: 1, DROPOUT: 1},
    cases=(
        Case(
            "three heads",
            PARTS,
            lambda d: {"n_head": 3} | _weights(d, 6, 3),
            probe="heads.several_heads_have",
            tolerance=EXACT,
        ),
        Case("two texts", HEADS, lambda d: _layer(d, 2, 3, 6, 2, 3), tolerance=TOLERANCE),
        Case(
            "as many heads as channels of one",
            HEADS,
            lambda d: _layer(d, 1, 4, 4, 2, 7),
            tolerance=TOLERANCE,
        ),
        Case("one head", HEADS, lambda d: _layer(d, 1, 2, 3, 1, 4), tolerance=TOLERANCE),
        Case(
            "what depends on what",
            PAST,
            lambda d: _text(d, 4, 4, 2),
            probe="heads.several_heads_read",
            tolerance=EXACT,
        ),
        Case(
            "six hundred short texts",
            DROPOUT,
            lambda d: {"n_head": 2, "dropout": d.number(0.2, 0.3), "calls": 600},
            probe="heads.several_heads_drop",
            frequencies=("channels in training", "channels in evaluation"),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("a comprehension and cat", _Lecture),
        Variant("stacked and flattened", _Stacked),
        Variant("each head fills its slice", _Slices),
        Variant("parts of the projection, added", _Added),
    ),
    hints=(
        "You have `Head`. How many channels has each of nh heads, so that all of them side by "
        "side are C?",
        "A Python list hides the heads from `parameters()`; `nn.ModuleList` does not.",
        "Concatenate `head(x) for head in self.heads` along the last dimension, go through "
        "`nn.Linear(n_embd, n_embd)`, and then through dropout.",
    ),
)
