"""A small GPT for the probes of how a GPT starts, how large it is, and how it is cut."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["OwnNorm", "Sizes", "SmallGPT", "fill"]


@dataclass
class Sizes:
    """The seven numbers, with names and order of the contract."""

    block_size: int
    vocab_size: int
    n_layer: int
    n_head: int
    n_embd: int
    dropout: float = 0.0
    bias: bool = True


class OwnNorm(nn.Module):
    """A layer norm that is not torch's."""

    def __init__(self, C: int, bias: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(C))
        self.bias = nn.Parameter(torch.zeros(C)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Return the normalised vectors."""
        return functional.layer_norm(x, x.shape[-1:], self.weight, self.bias)


class _Gathers(nn.Module):
    """Attention of one head, with a mask of the longest size in a buffer of a given name."""

    def __init__(self, sizes: Sizes, mask: str) -> None:
        super().__init__()
        C, N = sizes.n_embd, sizes.block_size
        self.c_attn = nn.Linear(C, 3 * C, sizes.bias)
        self.c_proj = nn.Linear(C, C, sizes.bias)
        self.named = mask
        if mask:
            self.register_buffer(mask, torch.ones(1, 1, N, N).tril())

    def forward(self, x: Tensor) -> Any:
        T = x.shape[1]
        q, k, v = self.c_attn(x).chunk(3, dim=-1)
        seen = getattr(self, self.named)[0, :, :T, :T] > 0
        return self.c_proj(functional.scaled_dot_product_attention(q, k, v, attn_mask=seen))


class _Layer(nn.Module):
    mlp: Any

    def __init__(self, sizes: Sizes, norm: Any, mask: str) -> None:
        super().__init__()
        C, bias = sizes.n_embd, sizes.bias
        self.ln_1, self.ln_2 = norm(C, bias=bias), norm(C, bias=bias)
        self.attn = _Gathers(sizes, mask)
        self.mlp = nn.Module()
        self.mlp.c_fc, self.mlp.c_proj = nn.Linear(C, 4 * C, bias), nn.Linear(4 * C, C, bias)

    def forward(self, x: Tensor) -> Any:
        x = torch.add(x, self.attn(self.ln_1(x)))
        return x + self.mlp.c_proj(self.mlp.c_fc(self.ln_2(x)).relu())


class SmallGPT(nn.Module):
    """A GPT with the names of the contract; its mask, if it has one, is a buffer."""

    def __init__(
        self, sizes: Sizes, norm: Any = nn.LayerNorm, mask: str = "", tied: bool = True
    ) -> None:
        super().__init__()
        V, C = sizes.vocab_size, sizes.n_embd
        self.config = sizes
        self.transformer = nn.ModuleDict()
        self.transformer["wte"] = nn.Embedding(V, C)
        self.transformer["wpe"] = nn.Embedding(sizes.block_size, C)
        layers = [_Layer(sizes, norm, mask) for _ in range(sizes.n_layer)]
        self.transformer["h"] = nn.ModuleList(layers)
        self.transformer["ln_f"] = norm(C, bias=sizes.bias)
        self.lm_head = nn.Linear(C, V, bias=False)
        if tied:
            self.lm_head.weight = self.get_parameter("transformer.wte.weight")

    def forward(self, idx: Tensor, targets: Tensor | None = None) -> Any:
        """Return logits and loss."""
        T, parts = idx.shape[1], self.transformer
        if self.config.block_size < T:
            raise ValueError("the text is too long")
        x = parts["wte"](idx) + parts["wpe"](torch.arange(T))
        for layer in parts["h"].children():
            x = layer(x)
        logits = self.lm_head(parts["ln_f"](x))
        loss = None if targets is None else functional.cross_entropy(logits.mT, targets)
        return logits, loss


def fill(model: nn.Module, shift: float) -> None:
    """Give every Parameter numbers by a formula: the same, but for rounding, in any precision."""
    with torch.no_grad():
        for i, p in enumerate(model.parameters()):
            at = torch.arange(p.numel(), dtype=torch.float64)
            p.copy_((at * (1.7 + 0.1 * i) + shift).sin().view_as(p) * 0.8)
