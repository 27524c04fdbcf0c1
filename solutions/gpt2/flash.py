"""The same attention at another cost: the fused kernel, and what goes on inside it."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from gpt2.attention import causal_mask

__all__ = ["attention_sdpa", "flash_attention_forward"]


def attention_sdpa(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    is_causal: bool,
    dropout_p: float,
    training: bool,
) -> Tensor:
    """Attend by torch's fused kernel, `F.scaled_dot_product_attention`.

    The kernel never writes the (T, S) scores to memory as a whole. Mind how
    its `is_causal` reads a T smaller than S: it takes the queries for the
    *first* T positions. Here they are the last T, as in `causal_mask`.

    Args:
        q: queries, float, on any device.
        k: keys.
        v: values.
        is_causal: whether a query reads only itself and the keys before it.
        dropout_p: the share of weights that is dropped in training.
        training: whether it is training; if not, nothing is dropped.

    Shape:
        - q: (B, nh, T, hs)
        - k, v: (B, nh, S, hs), S at least T if causal
        - returns: (B, nh, T, hs). No input is changed.

    Example:
        >>> q = torch.zeros(1, 1, 1, 2)  # one new token asks
        >>> k = torch.zeros(1, 1, 3, 2)
        >>> v = torch.tensor([[[[3.0, 0.0], [6.0, 0.0], [0.0, 0.0]]]])
        >>> attention_sdpa(q, k, v, True, dropout_p=0.1, training=False)
        tensor([[[[3., 0.]]]])
    """
    T, S = q.size(-2), k.size(-2)
    mask = causal_mask(T, S, q.device) if is_causal and T != S else None
    return F.scaled_dot_product_attention(
        q,
        k,
        v,
        attn_mask=mask,
        is_causal=is_causal and mask is None,
        dropout_p=dropout_p if training else 0.0,
    )


def flash_attention_forward(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    block: int,
    causal: bool,
) -> tuple[Tensor, Tensor]:
    """Attend tile by tile, with a softmax that is corrected on the way.

    Only `block` keys are looked at together. For every query three things
    are kept: the greatest score so far, the sum of `exp(score - greatest)`,
    and the sum of values weighted by these. When a greater score turns up,
    both sums shrink to the new scale (Dao et al. 2022, algorithm 1; Milakov
    and Gimelshein 2018).

    Args:
        q: queries, float.
        k: keys.
        v: values.
        block: how many keys a tile has, at least 1; the last may have fewer.
        causal: whether a query reads only itself and the keys before it. The
            queries are then the last T positions, as in `causal_mask`.

    Shape:
        - q: (T, d)
        - k, v: (S, d), S at least T if causal
        - returns: out (T, d), and lse (T,): for each query the natural
          logarithm of the sum of `exp(q @ k / sqrt(d))` over the keys that
          it reads. No input is changed.

    Example:
        >>> q = torch.zeros(1, 2)
        >>> k = torch.randn(3, 2)
        >>> v = torch.tensor([[3.0, 0.0], [6.0, 3.0], [0.0, 0.0]])
        >>> flash_attention_forward(q, k, v, block=2, causal=False)
        (tensor([[3., 1.]]), tensor([1.0986]))
    """
    (T, d), S = q.shape, len(k)
    greatest = q.new_full((T, 1), -torch.inf)
    total = q.new_zeros(T, 1)
    out = torch.zeros_like(q)
    rows = torch.arange(S - T, S, device=q.device)[:, None]
    for start in range(0, S, block):
        tile = slice(start, start + block)
        scores = q @ k[tile].T / math.sqrt(d)  # (T, block)
        if causal:
            columns = torch.arange(start, start + scores.size(1), device=q.device)
            scores = scores.masked_fill(columns > rows, -torch.inf)
        new_greatest = torch.maximum(greatest, scores.amax(dim=1, keepdim=True))
        shrink = (greatest - new_greatest).exp()  # 1 where the old maximum stands
        weights = (scores - new_greatest).exp()
        total = total * shrink + weights.sum(dim=1, keepdim=True)
        out = out * shrink + weights @ v[tile]
        greatest = new_greatest
    return out / total, (greatest + total.log()).squeeze(1)
