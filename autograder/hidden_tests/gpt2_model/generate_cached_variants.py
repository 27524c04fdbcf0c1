"""Right answers to generate_cached, in other ways."""

from typing import Any

import torch
from torch import Tensor

from autograder.exercise import Variant
from gpt2.filters import apply_temperature, sample_next, top_k_filter, top_p_filter
from gpt2.kv_cache import KVCache, forward_cached


@torch.no_grad()
def _prefill_then_decode(
    model: Any,
    idx: Tensor,
    max_new_tokens: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    eos_id: int | None = None,
    generator: Any = None,
) -> Tensor:
    """With the logits of the next token in hand, and the model itself once the context is full."""
    if max_new_tokens == 0:
        return idx
    training = model.training
    model.eval()
    c = model.config
    p = next(model.parameters())
    cache = KVCache(
        c.n_layer, len(idx), c.n_head, c.block_size, c.n_embd // c.n_head, p.dtype, p.device
    )
    if idx.shape[1] <= c.block_size:
        logits = forward_cached(model, idx, cache)[:, -1, :]
    else:
        logits = model(idx[:, -c.block_size :])[0][:, -1, :]
    done = [False] * len(idx)
    for step in range(max_new_tokens):
        scores = apply_temperature(logits, temperature)
        if top_k:
            scores = top_k_filter(scores, top_k)
        if top_p:
            scores = top_p_filter(scores, top_p)
        token = sample_next(scores, generator)
        for row in range(len(idx)):
            if eos_id is not None and done[row]:
                token[row, 0] = eos_id
            elif int(token[row, 0]) == eos_id:
                done[row] = True
        idx = torch.cat((idx, token), dim=1)
        if all(done) or step == max_new_tokens - 1:
            break
        if idx.shape[1] <= c.block_size:
            logits = forward_cached(model, token, cache)[:, -1, :]
        else:
            logits = model(idx[:, -c.block_size :])[0][:, -1, :]
    model.train(training)
    return idx


def _new_cache_when_full(
    model: Any,
    idx: Tensor,
    max_new_tokens: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    eos_id: int | None = None,
    generator: Any = None,
) -> Tensor:
    """With a new cache for each text that is read as a whole, in a room of its own length."""
    mode, out = model.training, [idx]
    C, nh, N = model.config.n_embd, model.config.n_head, model.config.block_size
    table = model.lm_head.weight
    alive = torch.ones_like(idx[:, :1], dtype=torch.bool)
    model.eval()
    cache: Any = None
    with torch.inference_mode():
        for _ in range(max_new_tokens):
            new = out[-1]
            if cache is None or cache.pos == N:
                new = torch.cat(out, 1)[:, -N:]
                sizes = (len(model.transformer.h), idx.shape[0], nh, N, C // nh)
                cache = KVCache(*sizes, dtype=table.dtype, device=table.device)
            logits = apply_temperature(forward_cached(model, new, cache)[:, -1], temperature)
            logits = logits if top_k is None else top_k_filter(logits, top_k)
            logits = logits if top_p is None else top_p_filter(logits, top_p)
            token = sample_next(logits, generator)
            if eos_id is not None:
                token = torch.where(alive, token, eos_id)
                alive = alive & (token != eos_id)
            out.append(token)
            if not alive.any():
                break
    model.train(mode)
    return torch.cat(out, 1)


def _filled(
    model: Any,
    idx: Tensor,
    max_new_tokens: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    eos_id: int | None = None,
    generator: Any = None,
) -> Tensor:
    """With the tokens written into room that was made before, and the draw by a function."""
    config, T = model.config, idx.size(1)
    end = T + max_new_tokens
    text = idx.new_zeros(idx.size(0), end)
    text[:, :T] = idx
    cache = KVCache(
        config.n_layer,
        idx.size(0),
        config.n_head,
        min(end, config.block_size),
        config.n_embd // config.n_head,
        dtype=model.transformer.wpe.weight.dtype,
        device=idx.device,
    )

    def draw(logits: Tensor) -> Tensor:
        logits = apply_temperature(logits, temperature)
        logits = top_k_filter(logits, logits.size(-1) if top_k is None else top_k)
        logits = top_p_filter(logits, 1.0 if top_p is None else top_p)
        return sample_next(logits, generator)[:, 0]

    was = model.training
    model.train(False)
    try:
        with torch.set_grad_enabled(False):
            for t in range(T, end):
                if t > config.block_size:
                    cache.pos = 0
                    start = t - config.block_size
                else:
                    start = cache.pos
                text[:, t] = draw(forward_cached(model, text[:, start:t], cache)[:, -1])
                if eos_id is None:
                    continue
                over = (text[:, T:t] == eos_id).any(dim=1)
                text[over, t] = eos_id
                if bool((text[:, T : t + 1] == eos_id).any(dim=1).all()):
                    return text[:, : t + 1]
    finally:
        model.train(was)
    return text


VARIANTS = (
    Variant("prompt first, then a loop; the model itself when full", _prefill_then_decode),
    Variant("a new cache when full", _new_cache_when_full),
    Variant("filled into prepared room", _filled),
    Variant(
        "a cache of 1,024 places, the context looked at apart",
        edits=(("max_T=config.block_size", "max_T=1024"),),
    ),
)
