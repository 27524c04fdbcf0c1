"""Right answers to 5.4 Head, written in other ways."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.exercise import Variant


class _Three(nn.Module):
    """The three layers that the contract names, and nothing else."""

    def __init__(self, n_embd: int, head_size: int, block_size: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.key = nn.Linear(n_embd, head_size, bias=False)
        self.query = nn.Linear(n_embd, head_size, bias=False)
        self.value = nn.Linear(n_embd, head_size, bias=False)
        self.block_size = block_size
        self.p = dropout


class _Tril(_Three):
    """A persistent float buffer, compared with 0 at each call."""

    tril: Tensor

    def __init__(self, n_embd: int, head_size: int, block_size: int, dropout: float = 0.0) -> None:
        super().__init__(n_embd, head_size, block_size, dropout)
        self.register_buffer("tril", torch.tril(torch.ones(block_size, block_size)))
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        T = x.shape[1]
        k, q = self.key(x), self.query(x)
        wei = q @ k.transpose(-2, -1) * k.shape[-1] ** -0.5
        wei = wei.masked_fill(self.tril[:T, :T] == 0, float("-inf"))
        out: Tensor = self.drop(F.softmax(wei, dim=-1)) @ self.value(x)
        return out


class _Fused(_Three):
    """torch's own attention, no mask of one's own, and an assertion."""

    def forward(self, x: Tensor) -> Tensor:
        assert x.size(1) <= self.block_size
        p = self.p if self.training else 0.0
        q, k, v = (layer(x) for layer in (self.query, self.key, self.value))
        return F.scaled_dot_product_attention(q, k, v, dropout_p=p, is_causal=True)


class _Additive(_Three):
    """An additive buffer in four dimensions, and F.dropout."""

    bias: Tensor

    def __init__(self, n_embd: int, head_size: int, block_size: int, dropout: float = 0.0) -> None:
        super().__init__(n_embd, head_size, block_size, dropout)
        lowest = torch.full((1, 1, block_size, block_size), -1e9)
        self.register_buffer("bias", lowest.triu(1), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        B, T, _ = x.size()
        q, k, v = self.query(x)[:, None], self.key(x)[:, None], self.value(x)[:, None]
        att = torch.einsum("bhtd,bhsd->bhts", q, k) / math.sqrt(q.size(-1))
        att = torch.softmax(att + self.bias[:, :, :T, :T].expand(B, 1, T, T), dim=-1)
        found: Tensor = F.dropout(att, self.p, training=self.training) @ v
        return found[:, 0]


class _MadeEachTime(_Three):
    """A mask from two aranges where x is, and a dropout by hand."""

    def forward(self, x: Tensor) -> Tensor:
        T = x.size(1)
        if self.block_size < T:
            raise ValueError(f"{T} vectors, but block_size is {self.block_size}")
        at = torch.arange(T, device=x.device)
        later = at[None, :] > at[:, None]
        scores = torch.bmm(self.query(x), self.key(x).mT) / self.key.out_features**0.5
        scores[:, later] = torch.finfo(scores.dtype).min
        weights = scores.softmax(-1)
        if self.training and self.p > 0:
            weights = weights * (torch.rand_like(weights) >= self.p) / (1 - self.p)
        out: Tensor = weights @ self.value(x)
        return out


class _Loops(_Three):
    """Position by position: what comes later is never looked at."""

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.query(x), self.key(x), self.value(x)
        if x.shape[1] > self.block_size:
            raise IndexError("too long")
        rows: list[Any] = []
        for t in range(x.shape[1]):
            scores = (q[:, t, None] * k[:, : t + 1]).sum(-1) / math.sqrt(q.shape[-1])
            weights = F.dropout(scores.softmax(-1), self.p, self.training)
            rows.append((weights[..., None] * v[:, : t + 1]).sum(1))
        return torch.stack(rows, 1)


VARIANTS = (
    Variant("a persistent float buffer", _Tril),
    Variant("torch's own attention", _Fused),
    Variant("an additive mask and F.dropout", _Additive),
    Variant("a mask made each time, dropout by hand", _MadeEachTime),
    Variant("position by position", _Loops),
)
