"""6.15 attention_cached."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.gpt2_model.attention_cached_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.attention_cached_rare_mistakes import RARE_MISCONCEPTIONS

TOLERANCE = Tolerance(
    1e-5,
    1e-5,
    "float32 against float64, and the kernel against attention by hand, differ by less than "
    "1e-6; the nearest mistake is off by more than 1e-2",
)


def _by_hand(q: Tensor, k: Tensor, v: Tensor, cache: Any, layer: int) -> Tensor:
    """With scores, and a mask from where the cache stands."""
    k, v = cache.update(layer, k, v)
    at = torch.arange(k.size(2), device=q.device)
    may_read = at <= at[cache.pos :, None]
    scores = torch.einsum("bhtd,bhsd->bhts", q, k) / q.size(3) ** 0.5
    weights = torch.where(may_read, scores, -torch.inf).softmax(dim=3)
    return torch.einsum("bhts,bhsd->bhtd", weights, v)


def _one_token_at_a_time(q: Tensor, k: Tensor, v: Tensor, cache: Any, layer: int) -> Tensor:
    """With the kernel for each new token alone: one query needs no mask."""
    all_keys, all_values = cache.update(layer=layer, v=v, k=k)
    results = []
    for i in range(q.shape[2]):
        end = cache.pos + i + 1
        results.append(
            F.scaled_dot_product_attention(
                q[:, :, i : i + 1], all_keys[:, :, :end], all_values[:, :, :end]
            )
        )
    return torch.cat(results, 2)


def _rows_of_the_whole_mask(q: Tensor, k: Tensor, v: Tensor, cache: Any, layer: int) -> Tensor:
    """With the last rows of a mask for the whole text, as models that keep one do it."""
    T = k.size(-2)
    k, v = cache.update(layer, k, v)
    S = k.size(-2)
    bias = torch.tril(torch.ones(S, S, device=q.device)).view(1, 1, S, S)
    att = (q @ k.transpose(-2, -1)) * (1.0 / k.size(-1) ** 0.5)
    att = att.masked_fill(bias[:, :, S - T : S, :S] == 0, float("-inf"))
    return F.softmax(att, dim=-1) @ v


def _padded(q: Tensor, k: Tensor, v: Tensor, cache: Any, layer: int) -> Tensor:
    """With queries of zeros for what has been dealt with, two updates and `is_causal`."""
    keys, values = cache.update(layer, k, v)[0], cache.update(layer, k, v)[1]
    past = keys.size(2) - q.size(2)
    q = torch.cat([torch.zeros_like(keys[:, :, :past]), q], dim=2)
    return F.scaled_dot_product_attention(q, keys, values, is_causal=True)[:, :, past:]


def _in_double(q: Tensor, k: Tensor, v: Tensor, cache: Any, layer: int) -> Tensor:
    """With an additive mask, only where there is more than one new token."""
    keys, values = (x.double() for x in cache.update(layer, k, v))
    scores = q.double() @ keys.mT * q.size(-1) ** -0.5
    t, S = scores.shape[-2:]
    if t > 1:
        scores = scores + torch.full((t, S), -1e9, device=q.device).triu(S - t + 1)
    weights = (scores - scores.amax(-1, keepdim=True)).exp()
    found: Tensor = weights / weights.sum(-1, keepdim=True) @ values
    return found.to(q.dtype)


def _qkv(d: Draw, *shape: int) -> dict[str, Any]:
    return {"q": d.normal(*shape, std=1.5), "k": d.normal(*shape), "v": d.normal(*shape)}


PROMPT = "reads a text that comes at once"
ONE = "lets one new token read everything before it"
SEVERAL = "lets several new tokens read what they may"
CACHE = "leaves its keys and values in the cache, for this layer"
MOVES = "goes along to another dtype or device"

EXERCISE = Exercise(
    id="attention_cached",
    chapter="06-gpt2",
    title="Attention with a cache",
    reference="gpt2.kv_cache.attention_cached",
    probe="kv_cache.attend_in_pieces",
    minutes=15,
    difficulty=3,
    groups={PROMPT: 1, ONE: 1, SEVERAL: 2, CACHE: 1, MOVES: 1},
    cases=(
        Case(
            "four tokens",
            PROMPT,
            lambda d: _qkv(d, 1, 1, 4, 3) | {"pieces": [4], "layer": 0},
            tolerance=TOLERANCE,
        ),
        Case(
            "two texts of two tokens",
            PROMPT,
            lambda d: _qkv(d, 2, 2, 2, 2) | {"pieces": [2], "layer": 1},
            tolerance=TOLERANCE,
        ),
        Case(
            "a prompt, then single tokens",
            ONE,
            lambda d: _qkv(d, 1, 2, 4, 2) | {"pieces": [2, 1, 1], "layer": 0},
            tolerance=TOLERANCE,
        ),
        Case(
            "one, then one, in two rows",
            ONE,
            lambda d: _qkv(d, 2, 1, 2, 3) | {"pieces": [1, 1], "layer": 0},
            tolerance=TOLERANCE,
        ),
        Case(
            "one, two, three",
            SEVERAL,
            lambda d: _qkv(d, 1, 2, 6, 2) | {"pieces": [1, 2, 3], "layer": 2},
            tolerance=TOLERANCE,
        ),
        Case(
            "two layers in turn",
            SEVERAL,
            lambda d: _qkv(d, 2, 1, 1, 4, 2) | {"pieces": [2, 2]},
            probe="kv_cache.attend_in_layers",
            tolerance=TOLERANCE,
        ),
        Case(
            "what the cache gets",
            CACHE,
            lambda d: _qkv(d, 1, 2, 4, 1) | {"pos": 2, "layer": 1},
            probe="kv_cache.what_the_cache_gets",
            tolerance=TOLERANCE,
        ),
        Case(
            "float64, and another device",
            MOVES,
            lambda d: _qkv(d, 1, 1, 3, 2) | {"pieces": [1, 2]},
            probe="kv_cache.attend_elsewhere",
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=(
        Variant("scores by einsum, a mask from pos", _by_hand),
        Variant("one token at a time", _one_token_at_a_time),
        Variant("rows of the whole mask", _rows_of_the_whole_mask),
        Variant("queries padded in front, two updates", _padded),
        Variant("in float64, with an additive mask", _in_double),
    ),
    hints=(
        "Three steps: the cache gets the new keys and values and gives back all of them; a mask; "
        "attention of t queries with S keys.",
        "The new queries are the last t of S positions. You have written a function that makes "
        "the mask for that, in chapter 5.",
        "`causal_mask(t, S, device=q.device)` is (t, S). `F.scaled_dot_product_attention` takes "
        "it as `attn_mask`; `is_causal` stays away.",
    ),
)
