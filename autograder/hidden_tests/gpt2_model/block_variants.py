"""Right answers to 6.4 Block, in other ways."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.exercise import Variant
from gpt2.blocks import MLP, LayerNorm
from gpt2.heads import CausalSelfAttention


class _OwnNorm(nn.Module):
    """With the norm of this chapter, and a name for each stage."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.ln_1 = LayerNorm(config.n_embd, bias=config.bias)
        self.attn = CausalSelfAttention(config)
        self.ln_2 = LayerNorm(config.n_embd, bias=config.bias)
        self.mlp = MLP(config)

    def forward(self, x: Tensor) -> Tensor:
        after_attention = x + self.attn(self.ln_1(x))
        after_mlp: Tensor = after_attention + self.mlp(self.ln_2(after_attention))
        return after_mlp


class _Residual(nn.Module):
    """Pairs of a norm and a layer, in a loop that keeps the residual."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.mlp, self.attn = MLP(config), CausalSelfAttention(config)
        for name in ("ln_2", "ln_1"):
            norm = nn.LayerNorm(config.n_embd, eps=1e-5)
            if not config.bias:
                norm.register_parameter("bias", None)
            self.add_module(name, norm)

    def forward(self, hidden_states: Tensor) -> Tensor:
        pairs: Any = ((self.ln_1, self.attn), (self.ln_2, self.mlp))
        for norm, layer in pairs:
            residual = hidden_states
            hidden_states = torch.add(layer(norm(hidden_states)), residual)
        return hidden_states


class _Functional(nn.Module):
    """The functional norm, the parts in dicts beside, and sums in place on a copy."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.C = config.n_embd
        self.ln_1, self.ln_2 = (
            nn.ParameterDict(
                {"weight": torch.ones(self.C)}
                | ({"bias": torch.zeros(self.C)} if config.bias else {})
            )
            for _ in range(2)
        )
        self.attn = CausalSelfAttention(config=config)
        self.mlp = MLP(config=config)

    def _normalise(self, x: Tensor, norm: Any) -> Tensor:
        return F.layer_norm(x, (self.C,), norm["weight"], norm.get("bias"), 1e-5)

    def forward(self, x: Tensor) -> Tensor:
        stream = x.clone()
        stream += self.attn(self._normalise(x, self.ln_1))
        out: Tensor = stream + self.mlp(self._normalise(stream, self.ln_2))
        return out


class _TextAfterText(nn.Module):
    """One text of the batch after the other, the MLP one position after the other."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm([config.n_embd], 1e-5, True, bool(config.bias))
        self.ln_2 = nn.LayerNorm([config.n_embd], 1e-5, True, bool(config.bias))
        self.attn = CausalSelfAttention(config)
        self.mlp = MLP(config)

    def forward(self, x: Tensor) -> Tensor:
        texts = []
        for text in x:
            text = text + self.attn(self.ln_1(text)[None])[0]
            rows = [vector + self.mlp(self.ln_2(vector)) for vector in text]
            texts.append(torch.stack(rows))
        return torch.stack(texts)


class _InFloat64(nn.Module):
    """Norms by hand, with statistics in float64."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(config.n_embd, bias=config.bias)
        self.attn = CausalSelfAttention(config)
        self.ln_2 = nn.LayerNorm(config.n_embd, bias=config.bias)
        self.mlp = MLP(config)
        self.residual_dropout = nn.Identity()

    @staticmethod
    def _by_hand(norm: Any, x: Tensor) -> Tensor:
        wide = x.double()
        var, mean = torch.var_mean(wide, dim=-1, correction=0, keepdim=True)
        y: Tensor = norm.weight * ((wide - mean) / (var + norm.eps).sqrt()).to(x.dtype)
        return y if norm.bias is None else y + norm.bias

    def forward(self, x: Tensor) -> Tensor:
        a = self.attn(self._by_hand(self.ln_1, x))
        m: Tensor = self.mlp(self._by_hand(self.ln_2, x + a))
        out: Tensor = self.residual_dropout(torch.stack([x, a, m]).sum(0))
        return out


VARIANTS = (
    Variant("this chapter's norm, a name for each stage", _OwnNorm),
    Variant("a loop that keeps the residual", _Residual),
    Variant("functional norms, sums in place on a copy", _Functional),
    Variant("one text after the other", _TextAfterText),
    Variant("norms by hand in float64", _InFloat64),
)
