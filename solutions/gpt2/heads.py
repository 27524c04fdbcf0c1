"""Several heads side by side, and the layer of GPT-2 that computes them at once."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gpt2.attention import Head

__all__ = ["CausalSelfAttention", "MultiHeadAttention", "merge_heads", "split_heads"]


def split_heads(x: Tensor, n_head: int) -> Tensor:
    """Deal the channels out to the heads: the first C / n_head to the first.

    Args:
        x: vectors, of any dtype, in any layout in memory.
        n_head: nh, a divisor of C.

    Shape:
        - x: (B, T, C), left unchanged
        - returns: (B, nh, T, hs), hs = C / nh; head h at position t is
          `x[b, t, h * hs : (h + 1) * hs]`

    Example:
        >>> x = torch.arange(8).view(1, 2, 4)
        >>> x
        tensor([[[0, 1, 2, 3],
                 [4, 5, 6, 7]]])
        >>> split_heads(x, n_head=2)
        tensor([[[[0, 1],
                  [4, 5]],
        <BLANKLINE>
                 [[2, 3],
                  [6, 7]]]])
    """
    B, T, C = x.shape
    return x.reshape(B, T, n_head, C // n_head).transpose(1, 2)  # (B, nh, T, hs)


def merge_heads(x: Tensor) -> Tensor:
    """Lay what the heads found side by side: `split_heads` undone.

    Args:
        x: one vector a head and position, of any dtype, in any layout in
            memory.

    Shape:
        - x: (B, nh, T, hs), left unchanged
        - returns: (B, T, C), C = nh * hs

    Example:
        >>> x = torch.arange(8).view(1, 2, 2, 2)
        >>> merge_heads(x)
        tensor([[[0, 1, 4, 5],
                 [2, 3, 6, 7]]])
    """
    return x.transpose(1, 2).flatten(2)  # (B, T, nh, hs) -> (B, T, C)


class MultiHeadAttention(nn.Module):
    """Attend with several heads at once, and mix what they found.

    Each head has C / n_head channels. What the heads return is laid side by
    side, head 0 first, and goes through one more linear map. Dropout comes
    after that map, and inside the heads.

    Args:
        n_embd: C.
        n_head: nh, a divisor of C.
        block_size: the longest T.
        dropout: the share that is dropped in training.

    Attributes:
        heads: nn.ModuleList of nh `Head`.
        proj: nn.Linear(n_embd, n_embd), with bias. There are no other
            parameters than those of the heads and of proj.

    Example:
        >>> attention = MultiHeadAttention(n_embd=8, n_head=2, block_size=16)
        >>> attention(torch.randn(2, 5, 8)).shape
        torch.Size([2, 5, 8])
        >>> sum(p.numel() for p in attention.parameters())
        264
    """

    def __init__(
        self,
        n_embd: int,
        n_head: int,
        block_size: int,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        heads = [Head(n_embd, n_embd // n_head, block_size, dropout) for _ in range(n_head)]
        self.heads = nn.ModuleList(heads)
        self.proj = nn.Linear(n_embd, n_embd)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return what the heads found, mixed.

        Args:
            x: vectors, float.

        Shape:
            - x: (B, T, C), T at most block_size
            - returns: (B, T, C)
        """
        found = torch.cat([head(x) for head in self.heads], dim=-1)  # (B, T, C)
        mixed: Tensor = self.dropout(self.proj(found))
        return mixed


class CausalSelfAttention(nn.Module):
    """Attend with all heads in one go, in the layout of GPT-2's weights.

    One linear map gives the queries of all heads, then all keys, then all
    values: C channels each. Head h has channels h * hs to (h + 1) * hs of
    each, hs = C / n_head. The layer works in any float dtype and on any
    device to which it is moved.

    Args:
        config: has `n_embd` (C), `n_head` (a divisor of C), `block_size`
            (the longest T), `dropout` (the share that is dropped in
            training, of the weights of attention and of what comes out), and
            `bias` (whether the linear maps have one).

    Attributes:
        c_attn: nn.Linear(C, 3 * C, bias=config.bias), queries first, then
            keys, then values.
        c_proj: nn.Linear(C, C, bias=config.bias). There are no other
            parameters. If a mask is kept, it is a buffer.

    Example:
        >>> from types import SimpleNamespace
        >>> config = SimpleNamespace(
        ...     n_embd=8, n_head=2, block_size=16, dropout=0.0, bias=True
        ... )
        >>> attention = CausalSelfAttention(config)
        >>> attention(torch.randn(2, 5, 8)).shape
        torch.Size([2, 5, 8])
    """

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.n_head = config.n_head
        self.dropout = config.dropout
        self.c_attn = nn.Linear(config.n_embd, 3 * config.n_embd, bias=config.bias)
        self.c_proj = nn.Linear(config.n_embd, config.n_embd, bias=config.bias)
        self.resid_dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return what each position gathers from itself and the past.

        Args:
            x: vectors, float.

        Shape:
            - x: (B, T, C), T at most config.block_size, of the dtype and on
              the device of the parameters
            - returns: (B, T, C)
        """
        q, k, v = (split_heads(part, self.n_head) for part in self.c_attn(x).chunk(3, dim=-1))
        found = F.scaled_dot_product_attention(
            q, k, v, is_causal=True, dropout_p=self.dropout if self.training else 0.0
        )  # (B, nh, T, hs)
        mixed: Tensor = self.resid_dropout(self.c_proj(merge_heads(found)))
        return mixed
