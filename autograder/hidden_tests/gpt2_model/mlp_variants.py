"""Right answers to 6.2 MLP, written in other ways."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.exercise import Variant
from gpt2.blocks import gelu


class _Modules(nn.Module):
    """Every step a module, one after the other."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        C = config.n_embd
        self.c_fc = nn.Linear(C, 4 * C, bias=config.bias)
        self.act = nn.GELU("tanh")
        self.c_proj = nn.Linear(4 * C, C, bias=config.bias)
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        for step in self.children():
            x = step(x)
        return x


class _OwnGelu(nn.Module):
    """With the gelu of the exercise before, and F.dropout."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.config = config
        n_inner = 4 * config.n_embd
        self.c_proj = nn.Linear(n_inner, config.n_embd, bias=config.bias)
        self.c_fc = nn.Linear(config.n_embd, n_inner, bias=config.bias)

    def forward(self, hidden_states: Tensor) -> Tensor:
        hidden_states = self.c_proj(gelu(self.c_fc(hidden_states)))
        return F.dropout(hidden_states, p=self.config.dropout, training=self.training)


class _Einsum(nn.Module):
    """Matrices by einsum, the bend and the dropout by hand."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        C, self.p = config.n_embd, float(config.dropout)
        self.c_fc = nn.Linear(C, C * 4, config.bias)
        self.c_proj = nn.Linear(C * 4, C, config.bias)

    def forward(self, x: Tensor) -> Tensor:
        h: Tensor = self._linear(self.c_fc, x)
        h = h * torch.sigmoid(math.sqrt(8 / math.pi) * (h + 0.044715 * h.pow(3)))
        out = self._linear(self.c_proj, h)
        if not self.training or self.p == 0:
            return out
        kept = torch.empty_like(out).bernoulli_(1 - self.p)
        return out * kept / (1 - self.p)

    def _linear(self, layer: nn.Linear, x: Tensor) -> Tensor:
        out = torch.einsum("...i,oi->...o", x, layer.weight)
        return out if layer.bias is None else out + layer.bias


class _PositionByPosition(nn.Module):
    """A loop over all vectors, each in four parts that are added."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.n_embd = config.n_embd
        self.c_fc = nn.Linear(self.n_embd, 4 * self.n_embd, bias=bool(config.bias))
        self.c_proj = nn.Linear(4 * self.n_embd, self.n_embd, bias=bool(config.bias))
        self.resid_dropout = nn.Dropout(p=config.dropout, inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        rows = [self._one(vector) for vector in x.reshape(-1, self.n_embd)]
        out: Tensor = self.resid_dropout(torch.stack(rows).reshape(x.shape))
        return out

    def _one(self, vector: Tensor) -> Tensor:
        hidden = F.gelu(self.c_fc(vector), approximate="tanh").split(self.n_embd)
        matrices = self.c_proj.weight.split(self.n_embd, dim=1)
        total = sum(matrix @ part for matrix, part in zip(matrices, hidden, strict=True))
        assert isinstance(total, Tensor)
        return total if self.c_proj.bias is None else total + self.c_proj.bias


class _Wide(nn.Module):
    """In float64 between the layers, and the dtype of x at the end."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        for name, sizes in {"c_fc": (1, 4), "c_proj": (4, 1)}.items():
            a, b = (size * config.n_embd for size in sizes)
            layer = nn.Linear(a, b, bias=config.bias)
            nn.init.normal_(layer.weight, std=0.02)
            self.add_module(name, layer)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        h = self.get_submodule("c_fc")(x).double()
        h = h / 2 * (1 + torch.tanh((2 / math.pi) ** 0.5 * torch.add(h, h**3, alpha=0.044715)))
        out: Tensor = self.dropout(self.get_submodule("c_proj")(h.to(x.dtype)))
        return out


VARIANTS = (
    Variant("every step a module", _Modules),
    Variant("with one's own gelu", _OwnGelu),
    Variant("einsum, dropout by hand", _Einsum),
    Variant("position by position", _PositionByPosition),
    Variant("in float64 between the layers", _Wide),
)
