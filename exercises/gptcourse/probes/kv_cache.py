"""Probes of chapter 6: a cache of keys and values, and attention that reads from one.

An answer of an odd shape or type is handed back as it came, so that the learner reads what it is
and not where a probe stumbled over it.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from .observing import attempt
from .pretend_device import StrictPretendDevice

Outputs = dict[str, Any]
Maker = Callable[..., Any]
Attention = Callable[..., Any]


class GrowingCache:
    """A cache of the probe's own, so that attention is looked at by itself.

    It grows as it is filled. What lies behind `pos` is given up at the next update; room that was
    left out holds zeros, as in a `KVCache`.
    """

    def __init__(self) -> None:
        self.pos = 0
        self.kept: dict[Any, tuple[Tensor, Tensor]] = {}

    def update(self, layer: Any, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Keep the keys and values of the next positions, and return all so far."""
        old = self.kept.get(layer, (k[:, :, :0], v[:, :, :0]))
        keys, values = (
            torch.cat([self._up_to_here(before), new.detach()], dim=2)
            for before, new in zip(old, (k, v), strict=True)
        )
        self.kept[layer] = keys, values
        return keys, values

    def _up_to_here(self, kept: Tensor) -> Tensor:
        before = kept[:, :, : self.pos]
        gap = self.pos - before.size(2)
        if gap <= 0:
            return before
        B, nh, _, hs = before.shape
        return torch.cat([before, before.new_zeros(B, nh, gap, hs)], dim=2)


def keep(
    KVCache: Maker, k: Tensor, v: Tensor, max_T: int, steps: list[int], order: list[int]
) -> Outputs:
    """Fill a cache step by step, every layer in each. k and v are (n_layer, B, nh, T, hs)."""
    n_layer, B, nh, _, hs = k.shape
    cache = KVCache(n_layer, B, nh, max_T, hs)
    return _fill(cache, k, v, steps, order)


def keep_two_texts(KVCache: Maker, k: Tensor, v: Tensor, max_T: int) -> Outputs:
    """Fill two caches in turn, with two different texts. k and v are (2, n_layer, B, nh, T, hs)."""
    _, n_layer, B, nh, T, hs = k.shape
    sizes = {"hs": hs, "max_T": max_T, "n_head": nh, "B": B, "n_layer": n_layer}
    caches = [KVCache(**sizes), KVCache(**sizes)]
    for text, cache in enumerate(caches):
        _fill(cache, k[text, ..., : T - 1, :], v[text, ..., : T - 1, :], [T - 1], [0])
    last = [
        _fill(cache, k[text, ..., T - 1 :, :], v[text, ..., T - 1 :, :], [1], [0])
        for text, cache in enumerate(caches)
    ]
    return {
        f"{name}, text {text + 1}": value
        for text, outputs in enumerate(last)
        for name, value in outputs.items()
    }


def start_anew(KVCache: Maker, k: Tensor, v: Tensor, steps: list[int], back_to: int) -> Outputs:
    """Fill a cache, put `pos` back, and write on with the keys behind those."""
    n_layer, B, nh, T, hs = k.shape
    cache = KVCache(n_layer=n_layer, B=B, n_head=nh, max_T=T, hs=hs)
    first = sum(steps[:-1])
    _fill(cache, k, v, steps[:-1], list(range(n_layer)))
    cache.pos = back_to
    return _fill(cache, k[..., first:, :], v[..., first:, :], steps[-1:], list(range(n_layer)))


def where_it_is(KVCache: Maker, k: Tensor, v: Tensor) -> Outputs:
    """Read `pos` at first, and after each layer's update of one step."""
    n_layer, B, nh, t, hs = k.shape
    cache = KVCache(n_layer, B, nh, 9 * t, hs)
    found = [cache.pos]
    for layer in range(n_layer):
        cache.update(layer, k[layer], v[layer])
        found.append(cache.pos)
    cache.pos += t
    return {"pos at first, and after each update": found, "pos after it was moved": cache.pos}


def room(KVCache: Maker, k: Tensor, v: Tensor, max_T: int, steps: list[int]) -> Outputs:
    """Fill a cache to its last position, and then ask for one more."""
    n_layer, B, nh, _, hs = k.shape
    cache = KVCache(n_layer, B, nh, max_T, hs)
    outputs = _fill(cache, k, v, steps, list(range(n_layer)))
    more = k[0, :, :, :1], v[0, :, :, :1]
    tried = attempt("one more than max_T", lambda: _shapes(cache.update(0, *more)))
    return outputs | tried | {"pos": cache.pos}


def dtype_and_device(KVCache: Maker, k: Tensor, v: Tensor) -> Outputs:
    """Keep numbers in dtypes that are not the default, and on a device that is not the CPU."""
    _, B, nh, t, hs = k.shape
    outputs: Outputs = {}
    for dtype, given in ((torch.float64, torch.float64), (torch.bfloat16, torch.float32)):
        cache = KVCache(1, B, nh, t, hs, dtype)
        came = cache.update(0, k[0].to(given), v[0].to(given))
        two = _is_pair(came)
        outputs[f"kept, of {dtype}"] = [str(x.dtype) for x in came] if two else came
    with StrictPretendDevice("cuda") as cuda:
        cache = KVCache(1, B, nh, t + 1, hs, device="cuda")
        came = cache.update(v=v[0].to("cuda"), k=k[0].to("cuda"), layer=0)
        there = _is_pair(came) and all(cuda.holds(x) for x in came)
    return outputs | {"kept on the device": there}


def _fill(cache: Any, k: Tensor, v: Tensor, steps: list[int], order: list[int]) -> Outputs:
    """Update every layer once in each step, and name what the last updates returned."""
    start, lengths, results = 0, [], []
    for t in steps:
        came = {}
        for layer in order:
            # Split heads lie in memory position by position.
            new = (
                x[layer, :, :, start : start + t].transpose(1, 2).contiguous().transpose(1, 2)
                for x in (k, v)
            )
            came[layer] = _copies(cache.update(layer, *new))
        cache.pos += t
        start += t
        results = [came[layer] for layer in sorted(came)]
        odd = next((one for one in results if not _is_pair(one)), None)
        if odd is not None or not all(map(_is_pair, results)):
            return {"returned": odd}
        lengths.append([x.size(2) if x.dim() > 2 else None for x in results[0]])
    named = {
        name: _stacked([pair[i] for pair in results]) for i, name in enumerate(("keys", "values"))
    }
    return named | {"positions in each step": lengths}


def _is_pair(came: Any) -> bool:
    pair = isinstance(came, tuple | list) and len(came) == 2
    return pair and all(isinstance(x, Tensor) for x in came)


def _copies(came: Any) -> Any:
    """Return what an update returned as it is now: a later one may write into it."""
    return tuple(x.detach().clone() for x in came) if _is_pair(came) else came


def _stacked(tensors: list[Tensor]) -> Any:
    """Return one tensor for all layers, or a list where their shapes differ."""
    return torch.stack(tensors) if len({x.shape for x in tensors}) == 1 else tensors


def _shapes(came: Any) -> Any:
    return [list(x.shape) for x in came] if _is_pair(came) else came


def attend_in_pieces(
    attention_cached: Attention, q: Tensor, k: Tensor, v: Tensor, pieces: list[int], layer: int
) -> Outputs:
    """Let a text attend piece by piece, with a cache of the probe's own."""
    cache = GrowingCache()
    results = []
    for t, start in zip(pieces, _starts(pieces), strict=True):
        new = (x[:, :, start : start + t] for x in (q, k, v))
        results.append(attention_cached(*new, cache, layer))
        cache.pos = start + t
    return {"result": _joined(results, q, pieces)}


def attend_in_layers(
    attention_cached: Attention, q: Tensor, k: Tensor, v: Tensor, pieces: list[int]
) -> Outputs:
    """Let two layers attend in turn with one cache. q, k and v are (2, B, nh, T, hs)."""
    cache = GrowingCache()
    results: dict[int, list[Any]] = {0: [], 1: []}
    moved = False
    for t, start in zip(pieces, _starts(pieces), strict=True):
        for layer in (1, 0):
            parts = (x[layer, :, :, start : start + t] for x in (q, k, v))
            new = dict(zip("qkv", parts, strict=True))
            results[layer].append(attention_cached(layer=layer, cache=cache, **new))
        moved |= cache.pos != start
        cache.pos = start + t
    joined = [_joined(results[layer], q[layer], pieces) for layer in (0, 1)]
    odd = [came for came in joined if not isinstance(came, Tensor)]
    return {"result of both layers": odd[0] if odd else _stacked(joined), "pos moved": moved}


def what_the_cache_gets(
    attention_cached: Attention, q: Tensor, k: Tensor, v: Tensor, pos: int, layer: int
) -> Outputs:
    """Look into the cache behind a call, the first `pos` positions being there already."""
    cache = GrowingCache()
    cache.update(layer, k[:, :, :pos], v[:, :, :pos])
    cache.pos = pos
    attention_cached(*(x[:, :, pos:] for x in (q, k, v)), cache, layer)
    keys, values = cache.kept.get(layer, (None, None))
    return {
        "layers in the cache": ", ".join(str(name) for name in cache.kept),
        "keys in the cache": keys,
        "values in the cache": values,
        "pos": cache.pos,
    }


def attend_elsewhere(
    attention_cached: Attention, q: Tensor, k: Tensor, v: Tensor, pieces: list[int]
) -> Outputs:
    """Attend in float64, and on a device that is not the CPU."""
    outputs = attend_in_pieces(
        attention_cached, q.double(), k.double(), v.double(), pieces, layer=0
    )
    came = outputs["result"]
    outputs["dtype of the result"] = str(came.dtype) if isinstance(came, Tensor) else None
    with StrictPretendDevice("cuda") as cuda:
        q, k, v = (x.to("cuda") for x in (q, k, v))
        try:
            came = attend_in_pieces(attention_cached, q, k, v, pieces, layer=0)["result"]
        except RuntimeError as error:
            if isinstance(error, NotImplementedError):
                raise
            came = None
        outputs["runs where q, k and v are, and the result is there"] = cuda.holds(came)
    return outputs


def _starts(pieces: list[int]) -> list[int]:
    return [sum(pieces[:i]) for i in range(len(pieces))]


def _joined(results: list[Any], q: Tensor, pieces: list[int]) -> Any:
    """Return the results of all pieces behind each other; the first odd one if there is one."""
    for came, t in zip(results, pieces, strict=True):
        if not isinstance(came, Tensor) or came.shape != (*q.shape[:2], t, q.shape[3]):
            return came
    return torch.cat(results, dim=2)
