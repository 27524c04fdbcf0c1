"""Text from a GPT, token by token: reading everything again each time, or with a cache."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from gpt2.filters import apply_temperature, sample_next, top_k_filter, top_p_filter
from gpt2.kv_cache import KVCache, forward_cached

__all__ = ["generate", "generate_cached"]


def _extend(
    idx: Tensor,
    next_logits: Callable[[Tensor], Tensor],
    max_new_tokens: int,
    temperature: float,
    top_k: int | None,
    top_p: float | None,
    eos_id: int | None,
    generator: torch.Generator | None,
) -> Tensor:
    """Draw token after token. `next_logits` takes all tokens so far, (B, T) -> (B, V)."""
    ended = torch.zeros(idx.size(0), 1, dtype=torch.bool, device=idx.device)
    for _ in range(max_new_tokens):
        logits = apply_temperature(next_logits(idx), temperature)
        if top_k is not None:
            logits = top_k_filter(logits, top_k)
        if top_p is not None:
            logits = top_p_filter(logits, top_p)
        token = sample_next(logits, generator)  # (B, 1)
        if eos_id is not None:
            token = token.masked_fill(ended, eos_id)
            ended = ended | (token == eos_id)
        idx = torch.cat([idx, token], dim=1)
        if ended.all():
            break
    return idx


@contextmanager
def _evaluating(model: Any) -> Iterator[None]:
    """Run a model without dropout and without gradients, and leave it as it was."""
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.train(was_training)


def generate(
    model: Any,
    idx: Tensor,
    max_new_tokens: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    eos_id: int | None = None,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Let a GPT write on, for several texts at once.

    Each step runs the model once, on all texts so far, or their last
    `model.config.block_size` tokens, takes the logits at the last position,
    applies the temperature, then top-k, then top-p, and draws one token for
    each row. The model runs in evaluation mode and without gradients, and
    has the mode back that it had before.

    Args:
        model: `model(idx)` returns (logits, loss).
        idx: the texts so far, ids, int64. They may be longer than the
            context.
        max_new_tokens: write at most this many; with 0, idx comes back.
        temperature: as for `apply_temperature`; with 0, the most probable
            token is taken.
        top_k: as for `top_k_filter`; None: all tokens.
        top_p: as for `top_p_filter`; None: all tokens.
        eos_id: the id that ends a text. A row that has produced it is filled
            up with it; when all have, the loop stops at once. In the prompt
            it ends nothing. None: no text ends early.
        generator: the source of randomness; None is torch's own.

    Shape:
        - idx: (B, T), T at least 1, left unchanged
        - returns: (B, T + n), n <= max_new_tokens, the prompt and what was
          written

    Example:
        >>> from types import SimpleNamespace
        >>> class CountUp(torch.nn.Module):
        ...     config = SimpleNamespace(block_size=3)
        ...
        ...     def forward(self, idx):  # i + 1 comes after i, and 0 after 4
        ...         after = torch.nn.functional.one_hot((idx + 1) % 5, 5)
        ...         return 50.0 * after, None
        >>> idx = torch.tensor([[1, 2], [4, 0]])
        >>> generate(CountUp(), idx, max_new_tokens=4)
        tensor([[1, 2, 3, 4, 0, 1],
                [4, 0, 1, 2, 3, 4]])
    """
    N = model.config.block_size
    with _evaluating(model):
        return _extend(
            idx,
            lambda idx: model(idx[:, -N:])[0][:, -1],
            max_new_tokens,
            temperature,
            top_k,
            top_p,
            eos_id,
            generator,
        )


def generate_cached(
    model: Any,
    idx: Tensor,
    max_new_tokens: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    eos_id: int | None = None,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Write what `generate` writes, and send each token through once.

    The prompt goes through at once, and then each new token alone, with a
    `KVCache`; all but the last, behind which nothing is written. GPT-2's
    positions are learned, for `block_size` places. When they are used up,
    each token moves to another place with every step, and nothing in the
    cache is right any more: from there on the last `block_size` tokens are
    read again for each new one.

    Args:
        model: a GPT, as for `forward_cached`, in any mode.
        idx: the texts so far, ids, int64; this and all that follows is as
            for `generate`.
        max_new_tokens: write at most this many.
        temperature: as for `apply_temperature`.
        top_k: as for `top_k_filter`; None: all tokens.
        top_p: as for `top_p_filter`; None: all tokens.
        eos_id: the id that ends a text, or None.
        generator: the source of randomness; None is torch's own.

    Shape:
        - idx: (B, T), T at least 1, left unchanged
        - returns: (B, T + n), n <= max_new_tokens

    Example:
        >>> from gpt2.model import GPT, GPTConfig
        >>> sizes = {"n_layer": 1, "n_head": 2, "n_embd": 8}
        >>> model = GPT(GPTConfig(block_size=8, vocab_size=9, **sizes))
        >>> idx = torch.tensor([[3, 1, 4]])
        >>> text = generate_cached(model, idx, 12, temperature=0.0)
        >>> torch.equal(text, generate(model, idx, 12, temperature=0.0))
        True
    """
    config, weight = model.config, model.transformer.wte.weight
    cache = KVCache(
        n_layer=config.n_layer,
        B=idx.size(0),
        n_head=config.n_head,
        max_T=config.block_size,
        hs=config.n_embd // config.n_head,
        dtype=weight.dtype,
        device=weight.device,
    )

    def next_logits(idx: Tensor) -> Tensor:
        if idx.size(1) > config.block_size:
            cache.pos, idx = 0, idx[:, -config.block_size :]
        return forward_cached(model, idx[:, cache.pos :], cache)[:, -1]

    with _evaluating(model):
        return _extend(
            idx, next_logits, max_new_tokens, temperature, top_k, top_p, eos_id, generator
        )
