"""Writing on without reading all again: keys and values that stay."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from gpt2.attention import causal_mask
from gpt2.heads import merge_heads, split_heads

__all__ = ["KVCache", "attention_cached", "forward_cached"]


class KVCache:
    """Keep the keys and values of all positions that a model has dealt with.

    The room for them is made once. A step of the model calls `update` once
    for each layer, in any order, with the same t; then whoever runs the
    model moves `pos` on, once. It is for writing text and not for training:
    no gradient needs to get through.

    Args:
        n_layer: how many layers keep something.
        B: rows of the batch.
        n_head: nh.
        max_T: for how many positions there is room.
        hs: channels of a head.
        dtype: of what is kept, and so of what comes back, whatever is given;
            None is torch's default.
        device: where it is kept; None is torch's default.

    Attributes:
        pos: how many positions have been dealt with, int, 0 at first. It can
            be set: to 0 for a new text. What lies behind it counts as gone.

    Example:
        >>> cache = KVCache(n_layer=1, B=1, n_head=1, max_T=4, hs=1)
        >>> two, one = torch.ones(1, 1, 2, 1), torch.full((1, 1, 1, 1), 7.0)
        >>> k, v = cache.update(0, two, -two)
        >>> cache.pos += 2
        >>> k, v = cache.update(0, one, -one)
        >>> k.flatten(), v.flatten()
        (tensor([1., 1., 7.]), tensor([-1., -1., -7.]))
    """

    def __init__(
        self,
        n_layer: int,
        B: int,
        n_head: int,
        max_T: int,
        hs: int,
        dtype: torch.dtype | None = None,
        device: str | torch.device | None = None,
    ) -> None:
        super().__init__()
        self.pos = 0
        self.k = torch.zeros(n_layer, B, n_head, max_T, hs, dtype=dtype, device=device)
        self.v = torch.zeros_like(self.k)

    def update(
        self,
        layer: int,
        k: Tensor,
        v: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Keep the keys and values of t more positions, and return all.

        Args:
            layer: whose they are, 0 to n_layer - 1.
            k: keys of positions pos to pos + t - 1.
            v: their values.

        Shape:
            - k, v: (B, nh, t, hs), t at least 1, left unchanged
            - returns: keys and values, each (B, nh, S, hs), S = pos + t;
              `pos` stays as it is

        Raises:
            ValueError: pos + t is greater than max_T. Another exception will
                do as well.
        """
        end, room = self.pos + k.size(2), self.k.size(3)
        if end > room:
            raise ValueError(f"{end} positions; there is room for {room}")
        self.k[layer, :, :, self.pos : end] = k.detach()
        self.v[layer, :, :, self.pos : end] = v.detach()
        return self.k[layer, :, :, :end], self.v[layer, :, :, :end]


def attention_cached(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    cache: KVCache,
    layer: int,
) -> Tensor:
    """Let t new positions read themselves and all positions in the cache.

    The new keys and values go into the cache first. Then new position i may
    read everything that was there before, and the new positions 0 to i.

    Args:
        q: queries of the new positions, float.
        k: their keys.
        v: their values.
        cache: has `pos` and `update(layer, k, v)`, as a `KVCache`. `pos`
            stays as it is: other layers have the same positions.
        layer: which layer this is.

    Shape:
        - q, k, v: (B, nh, t, hs), of any dtype and on any device, left
          unchanged
        - returns: (B, nh, t, hs), of the same dtype and device

    Example:
        >>> cache = KVCache(n_layer=1, B=1, n_head=1, max_T=2, hs=1)
        >>> q, k = torch.zeros(2, 1, 1, 2, 1)
        >>> v = torch.tensor([4.0, 2.0]).view(1, 1, 2, 1)
        >>> attention_cached(q, k, v, cache, 0)
        tensor([[[[4.],
                  [3.]]]])
    """
    keys, values = cache.update(layer, k, v)  # (B, nh, S, hs)
    mask = causal_mask(q.size(2), keys.size(2), device=q.device)
    return F.scaled_dot_product_attention(q, keys, values, attn_mask=mask)


def forward_cached(model: Any, idx: Tensor, cache: KVCache) -> Tensor:
    """Run a GPT on new tokens behind those that the cache knows.

    The logits are those that `model` gives at these places when it reads the
    whole text. `cache.pos` is at first the position of the first new token,
    and has moved on by t at the end.

    Args:
        model: a GPT in evaluation mode. Its layers have the names of GPT-2:
            `transformer.wte`, `wpe`, `h` and `ln_f`, in each block `ln_1`,
            `attn.c_attn`, `attn.c_proj`, `ln_2` and `mlp`, and `lm_head`.
            `model.config.n_head` says how many heads there are.
        idx: the new tokens, int64, on the device of the model, whichever it
            is.
        cache: the cache of this text.

    Shape:
        - idx: (B, t), t at least 1
        - returns: (B, t, V)

    Example:
        >>> from gpt2.model import GPT, GPTConfig
        >>> sizes = {"n_layer": 1, "n_head": 2, "n_embd": 8}
        >>> model = GPT(GPTConfig(block_size=8, vocab_size=9, **sizes))
        >>> cache = KVCache(n_layer=1, B=1, n_head=2, max_T=8, hs=4)
        >>> idx = torch.tensor([[3, 1, 4]])
        >>> first = forward_cached(model, idx[:, :2], cache)
        >>> second = forward_cached(model, idx[:, 2:], cache)
        >>> torch.allclose(second, model(idx)[0][:, 2:], atol=1e-5)
        True
    """
    stages, n_head = model.transformer, model.config.n_head
    positions = torch.arange(cache.pos, cache.pos + idx.size(1), device=idx.device)
    x = stages.wte(idx) + stages.wpe(positions)  # (B, t, C)
    for layer, block in enumerate(stages.h):
        q, k, v = (
            split_heads(part, n_head) for part in block.attn.c_attn(block.ln_1(x)).chunk(3, dim=-1)
        )
        x = x + block.attn.c_proj(merge_heads(attention_cached(q, k, v, cache, layer)))
        x = x + block.mlp(block.ln_2(x))
    cache.pos += idx.size(1)
    logits: Tensor = model.lm_head(stages.ln_f(x))
    return logits
