"""Right answers to forward_cached, in other ways."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.exercise import Variant


def _on_its_own(model: Any, idx: Tensor, cache: Any) -> Tensor:
    """With attention written here, and a mask from where the cache stands."""
    B, t = idx.shape
    past = cache.pos
    pos = torch.arange(past, past + t, dtype=torch.long, device=idx.device).unsqueeze(0)
    x = model.transformer.wte(idx) + model.transformer.wpe(pos)
    C = x.size(2)
    for i, block in enumerate(model.transformer.h):
        q, k, v = block.attn.c_attn(block.ln_1(x)).split(C, dim=2)
        q, k, v = (y.view(B, t, model.config.n_head, -1).transpose(1, 2) for y in (q, k, v))
        k, v = cache.update(i, k, v)
        mask = torch.ones(t, past + t, device=idx.device).tril(diagonal=past).bool()
        att = (q @ k.mT * q.size(-1) ** -0.5).masked_fill(~mask, float("-inf")).softmax(-1)
        y = (att @ v).transpose(1, 2).contiguous().view(B, t, C)
        x = x + block.attn.c_proj(y)
        x = x + block.mlp(block.ln_2(x))
    x = model.transformer.ln_f(x)
    cache.pos = past + t
    return model.lm_head(x)  # type: ignore[no-any-return]


def _token_by_token(model: Any, idx: Tensor, cache: Any) -> Tensor:
    """With one new token at a time, which needs no mask."""
    logits = []
    for token in idx.split(1, dim=1):
        x = model.transformer["wte"](token) + model.transformer["wpe"].weight[cache.pos]
        for layer in range(len(model.transformer["h"])):
            block = model.transformer["h"][layer]
            qkv = block.attn.c_attn(block.ln_1(x)).unflatten(-1, (3, model.config.n_head, -1))
            q, k, v = (part.transpose(1, 2) for part in qkv.unbind(2))
            keys, values = cache.update(layer, k, v)
            found = F.scaled_dot_product_attention(q, keys, values)
            x = x + block.attn.c_proj(found.transpose(1, 2).flatten(2))
            x = x + block.mlp(block.ln_2(x))
        cache.pos += 1
        logits.append(F.linear(model.transformer["ln_f"](x), model.lm_head.weight))
    return torch.cat(logits, dim=1)


def _by_weights(model: Any, idx: Tensor, cache: Any) -> Tensor:
    """With the weights themselves, einsum, and all rows of the tables by index."""
    start, t = cache.pos, idx.size(1)
    parts, nh = model.transformer, model.config.n_head
    x = parts.wte.weight[idx] + parts.wpe.weight[start : start + t]
    at = torch.arange(start + t, device=idx.device)
    for layer, block in enumerate(parts.h):
        attn = block.attn
        qkv = F.linear(block.ln_1(x), attn.c_attn.weight, attn.c_attn.bias)
        q, k, v = qkv.view(*idx.shape, 3, nh, -1).permute(2, 0, 3, 1, 4)
        keys, values = cache.update(layer, k, v)
        scores = torch.einsum("bhtd,bhsd->bhts", q, keys) / k.size(-1) ** 0.5
        scores = scores + torch.where(at > at[start:, None], -torch.inf, 0.0)
        read = torch.einsum("bhts,bhsd->bthd", scores.softmax(-1).to(values), values)
        x = x + F.linear(read.flatten(2), attn.c_proj.weight, attn.c_proj.bias)
        x = x + block.mlp(block.ln_2(x))
    cache.pos = start + t
    return torch.einsum("btc,vc->btv", parts.ln_f(x), parts.wte.weight)


def _stacked(model: Any, idx: Tensor, cache: Any) -> Tensor:
    """With heads cut out and stacked, and a mask from the positions."""
    t, nh = idx.size(1), model.config.n_head
    places = torch.arange(t, device=idx.device) + cache.pos
    x = model.transformer.wte(idx) + model.transformer.wpe(places)
    for layer, block in enumerate(model.transformer.h):
        q, k, v = block.attn.c_attn(block.ln_1(x)).tensor_split(3, dim=-1)
        q, k, v = (torch.stack(part.tensor_split(nh, -1), 1) for part in (q, k, v))
        k, v = cache.update(k=k, v=v, layer=layer)
        mask = torch.arange(k.size(2), device=idx.device) <= places[:, None]
        found = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = x + block.attn.c_proj(torch.cat(found.unbind(1), dim=-1))
        x = x + block.mlp(block.ln_2(x))
    cache.pos += t
    return model.lm_head(model.transformer.ln_f(x))  # type: ignore[no-any-return]


VARIANTS = (
    Variant("attention of its own", _on_its_own),
    Variant("token by token", _token_by_token),
    Variant("by the weights, with einsum", _by_weights),
    Variant("heads stacked, a mask from positions", _stacked),
)
