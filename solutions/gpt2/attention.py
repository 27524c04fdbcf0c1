"""Attention: from the mean of the past to a head that chooses what to read."""

import math

import torch
from torch import Tensor, nn

__all__ = ["Head", "causal_average", "causal_mask", "scaled_dot_product_attention"]


def causal_average(x: Tensor) -> Tensor:
    """Replace each position by the mean of itself and all before it.

    `out[b, t] = (x[b, 0] + ... + x[b, t]) / (t + 1)`: nothing that comes
    after t has any influence on it.

    Args:
        x: vectors, float, of any precision and on any device. The result
            keeps both.

    Shape:
        - x: (B, T, C), left unchanged
        - returns: (B, T, C)

    Example:
        >>> causal_average(torch.tensor([[[4.0], [0.0], [2.0]]]))
        tensor([[[4.],
                 [2.],
                 [2.]]])
    """
    T = x.size(1)
    weights = torch.ones(T, T, dtype=x.dtype, device=x.device).tril()
    weights = weights / weights.sum(dim=1, keepdim=True)  # row t: 1 / (t + 1), t + 1 times
    return weights @ x  # (T, T) @ (B, T, C) -> (B, T, C)


def causal_mask(
    T: int,
    S: int | None = None,
    device: str | torch.device | None = None,
) -> Tensor:
    """Say which positions each position may read: itself and those before.

    The T queries are the *last* T of the S positions. When a model writes
    token after token, S - T of them have been dealt with, and the queries
    are the new ones.

    Args:
        T: how many positions ask (queries), at least 1.
        S: how many can be read (keys), at least T; None means T.
        device: where the mask is to be; None is torch's default.

    Shape:
        - returns: (T, S), bool; True where a query may read a key

    Example:
        >>> causal_mask(3)
        tensor([[ True, False, False],
                [ True,  True, False],
                [ True,  True,  True]])
        >>> causal_mask(2, 4)
        tensor([[ True,  True,  True, False],
                [ True,  True,  True,  True]])
    """
    S = T if S is None else S
    return torch.ones(T, S, dtype=torch.bool, device=device).tril(S - T)


def scaled_dot_product_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    mask: Tensor | None = None,
) -> Tensor:
    """Let each query take a weighted mean of values (Vaswani 2017, 3.2.1).

    `softmax(q @ k.T / sqrt(d)) @ v`, where the softmax runs over the keys: a
    query compares itself with every key, and where the two agree it takes
    more of the value.

    Args:
        q: queries, float, in any layout in memory, like k and v.
        k: keys, one for each value.
        v: values.
        mask: bool, True where a query may read a key; the weight of the
            others is 0, however low the scores are. Every query may read
            one key at least. None is no mask.

    Shape:
        - q: (..., T, d), the dimensions in front are any, or none
        - k: (..., S, d)
        - v: (..., S, dv)
        - mask: (..., T, S), or any shape that broadcasts to it
        - returns: (..., T, dv). No input is changed, and gradients reach
          q, k and v.

    Example:
        >>> q = torch.tensor([[0.0, 0.0], [0.0, 20.0]])
        >>> k = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
        >>> v = torch.tensor([[2.0], [4.0]])
        >>> scaled_dot_product_attention(q, k, v)
        tensor([[3.0000],
                [4.0000]])
        >>> scaled_dot_product_attention(q, k, v, mask=causal_mask(2))
        tensor([[2.0000],
                [4.0000]])
    """
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.size(-1))  # (..., T, S)
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-1) @ v  # (..., T, dv)


class Head(nn.Module):
    """Attend once: each position reads itself and the positions before it.

    Three linear maps without bias make queries, keys and values from the
    same vectors. The weights of attention go through dropout in training.
    Dropout has no influence in evaluation.

    Args:
        n_embd: C, channels of the vectors that come in.
        head_size: hs, channels of queries, keys and values.
        block_size: the longest T.
        dropout: the share of weights that are dropped in training, each by
            itself.

    Attributes:
        query, key, value: nn.Linear(n_embd, head_size, bias=False). There
            are no other parameters. If a mask is kept, it is a buffer.

    Example:
        >>> head = Head(n_embd=8, head_size=4, block_size=16)
        >>> head(torch.randn(2, 5, 8)).shape
        torch.Size([2, 5, 4])
        >>> sorted(name for name, _ in head.named_parameters())
        ['key.weight', 'query.weight', 'value.weight']
    """

    mask: Tensor

    def __init__(
        self,
        n_embd: int,
        head_size: int,
        block_size: int,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.query = nn.Linear(n_embd, head_size, bias=False)
        self.key = nn.Linear(n_embd, head_size, bias=False)
        self.value = nn.Linear(n_embd, head_size, bias=False)
        self.dropout = nn.Dropout(dropout)
        # A buffer moves with the model to another device, and no optimizer touches it.
        self.register_buffer("mask", causal_mask(block_size), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return what each position gathers from itself and the past.

        Args:
            x: vectors, float.

        Shape:
            - x: (B, T, C), T at most block_size
            - returns: (B, T, hs)

        Raises:
            RuntimeError: T is greater than block_size. Another exception
                will do as well.
        """
        T = x.size(1)
        q, k, v = self.query(x), self.key(x), self.value(x)  # each (B, T, hs)
        scores = q @ k.transpose(-2, -1) / math.sqrt(k.size(-1))  # (B, T, T)
        allowed = self.mask[:T, :T].view(T, T)  # raises if the mask is too small
        scores = scores.masked_fill(~allowed, -torch.inf)
        out: Tensor = self.dropout(scores.softmax(dim=-1)) @ v  # (B, T, T) @ (B, T, hs)
        return out
