"""Probes of chapter 4: functions that make, add and compare vectors.

An answer of an odd shape or type is handed back as it came, so that the learner reads what it is
and not where a probe stumbled over it.
"""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn

from .observing import OneDevice, attempt, gradients, shape

Outputs = dict[str, Any]


def sinusoidal_positions(
    sinusoidal_positions: Callable[..., Any],
    T: int,
    n_embd: int,
    base: float | None = None,
    by_name: bool = False,
) -> Outputs:
    """Call sinusoidal_positions; `base` may be left at its default."""
    if base is None:
        return {"output": sinusoidal_positions(T, n_embd)}
    sinusoidal_positions(T, n_embd)  # nothing may be left over from another call
    if by_name:
        return {"output": sinusoidal_positions(T=T, n_embd=n_embd, base=base)}
    return {"output": sinusoidal_positions(T, n_embd, base)}


def sinusoidal_positions_are_fixed(
    sinusoidal_positions: Callable[..., Any], T: int, n_embd: int
) -> Outputs:
    """Call sinusoidal_positions, and ask whether an optimizer could move what comes."""
    came = sinusoidal_positions(T, n_embd)
    return {"output": came, "asks for a gradient": getattr(came, "requires_grad", False)}


def embed_tokens(
    embed_tokens: Callable[..., Any], idx: Tensor, wte: Tensor, wpe: Tensor, by_name: bool = False
) -> Outputs:
    """Call embed_tokens."""
    if by_name:
        return {"output": embed_tokens(wpe=wpe, wte=wte, idx=idx)}
    return {"output": embed_tokens(idx, wte, wpe)}


def embed_tokens_gradient(
    embed_tokens: Callable[..., Any], idx: Tensor, wte: Tensor, wpe: Tensor, upstream: Tensor
) -> Outputs:
    """Send a gradient back to both tables."""
    tables = [nn.Parameter(wte), nn.Parameter(wpe)]
    stream = embed_tokens(idx, *tables)
    found = gradients(stream, upstream, tables)
    if found is None or all(g is None for g in found):
        return {"output": stream, "gradient of wte": None, "gradient of wpe": None}
    return {"gradient of wte": found[0], "gradient of wpe": found[1]}


def embed_tokens_beyond(
    embed_tokens: Callable[..., Any], idx: Tensor, wte: Tensor, wpe: Tensor
) -> Outputs:
    """Embed as many tokens as there are positions, then one more."""
    outputs = {"output": embed_tokens(idx[:, : len(wpe)], wte, wpe)}
    return outputs | attempt("a text longer than wpe", lambda: embed_tokens(idx, wte, wpe))


def embed_tokens_on_device(
    embed_tokens: Callable[..., Any], idx: Tensor, wte: Tensor, wpe: Tensor
) -> Outputs:
    """Call embed_tokens with everything on a device other than the CPU."""
    with OneDevice("cuda") as cuda:
        stream = embed_tokens(*(tensor.to("cuda") for tensor in (idx, wte, wpe)))
        return {"the result is on the device of the tables": cuda.holds(stream)}


def nearest_tokens(
    nearest_tokens: Callable[..., Any], E: Tensor, query_id: int, k: int, by_name: bool = False
) -> Outputs:
    """Call nearest_tokens."""
    if by_name:
        return {"output": nearest_tokens(E=E, query_id=query_id, k=k)}
    return {"output": nearest_tokens(E, query_id, k)}


def nearest_tokens_equally_near(
    nearest_tokens: Callable[..., Any], E: Tensor, query_ids: list[int], k: int
) -> Outputs:
    """Ask for each of k + 1 tokens that point the same way: in which order they come is free.

    Asked for fewer, the query may be none of the first that a sort finds.
    """
    found = []
    for query_id in query_ids:
        ids = nearest_tokens(E, query_id, k)
        if not isinstance(ids, Tensor) or ids.dim() != 1 or ids.is_floating_point():
            return {"ids": ids}
        found.append(ids.sort().values)
    itself = any(q in ids for q, ids in zip(query_ids, found, strict=True))
    outputs: Outputs = {"a token is its own neighbour": itself, "ids": None if itself else found}
    if k > 1:
        fewer = [shape(nearest_tokens(E, query_id, k - 1)) for query_id in query_ids]
        outputs["shapes when one fewer is asked for"] = fewer
    return outputs
