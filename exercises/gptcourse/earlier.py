"""What later chapters build on, for those who have not written it yet.

Your own answers work in their place: put them in a cell behind this import. These are written to
be short, not to be learned from, and they are not answers: an exercise of the chapter that asks
for one of them does not accept it.
"""

from typing import Any

import torch
from torch import Tensor, nn

__all__ = [
    "ASKED_IN",
    "CausalSelfAttention",
    "causal_mask",
    "merge_heads",
    "split_heads",
    "tie_weights",
]

# Name -> the chapter whose exercise it is.
ASKED_IN = {
    "tie_weights": 4,
    "causal_mask": 5,
    "split_heads": 5,
    "merge_heads": 5,
    "CausalSelfAttention": 5,
}


def tie_weights(model: Any) -> None:
    """Make the head of a GPT use the token table."""
    head, table = model.lm_head, model.transformer.wte
    head.register_parameter("weight", table.get_parameter("weight"))


def causal_mask(T: int, S: int | None = None, device: Any = None) -> Tensor:
    """Say which of S positions each of the last T may read: (T, S), bool."""
    S = S or T
    at = torch.arange(S, device=device)
    return torch.le(at, at[S - T :, None])


def split_heads(x: Tensor, n_head: int) -> Tensor:
    """Deal the channels out to the heads: (B, T, C) -> (B, nh, T, hs)."""
    return torch.movedim(x.unflatten(-1, (n_head, -1)), 2, 1)


def merge_heads(x: Tensor) -> Tensor:
    """Lay the heads side by side: (B, nh, T, hs) -> (B, T, C)."""
    return torch.cat(x.unbind(1), dim=-1)


class CausalSelfAttention(nn.Module):
    """GPT-2's attention, with its names: c_attn and c_proj."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        C, bias = config.n_embd, config.bias
        self.c_attn, self.c_proj = nn.Linear(C, 3 * C, bias), nn.Linear(C, C, bias)
        self.n_head, self.p = config.n_head, config.dropout

    def forward(self, x: Tensor) -> Tensor:
        """Return what each position gathers from the past: (B, T, C) -> (B, T, C)."""
        q, k, v = split_heads(self.c_attn(x), 3 * self.n_head).tensor_split(3, dim=1)
        p = self.p * self.training
        read = nn.functional.scaled_dot_product_attention(q, k, v, None, p, is_causal=True)
        return nn.functional.dropout(self.c_proj(merge_heads(read)), p)
