"""Probes of chapter 4: the two modules that hold a table.

An answer of an odd shape or type is handed back as it came, so that the learner reads what it is
and not where a probe stumbled over it.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .observing import OneDevice, attempt, gradients, shape

Outputs = dict[str, Any]
Table = Callable[..., Any]


def embedding(Embedding: Table, table: Tensor, idx: Tensor, by_name: bool = False) -> Outputs:
    """Give the module a table and look ids up, twice."""
    V, C = table.shape
    module = Embedding(vocab_size=V, n_embd=C) if by_name else Embedding(V, C)
    outputs = _load(module, table)
    _load(Embedding(V, C), table + 1)  # a second module must not disturb the first
    return outputs | _twice(lambda: module(idx), module)


def embedding_gradient(Embedding: Table, table: Tensor, idx: Tensor, upstream: Tensor) -> Outputs:
    """Send a gradient back through the vectors of some ids."""
    module = Embedding(*table.shape)
    outputs = _load(module, table)
    return outputs | _gradient(module(idx), upstream, module)


def embedding_beyond(Embedding: Table, table: Tensor, idx: Tensor, beyond: Tensor) -> Outputs:
    """Look up ids that are in the table, then ids of which one is not."""
    module = Embedding(*table.shape)
    outputs = _load(module, table) | {"vectors": module(idx)}
    return outputs | attempt("an id that has no row", lambda: module(beyond))


def positional_embedding(
    PositionalEmbedding: Table,
    table: Tensor,
    T: int,
    offset: int | None = None,
    by_name: bool = False,
) -> Outputs:
    """Give the module a table and look positions up, twice; `offset` may be left at its default."""
    N, C = table.shape
    module = PositionalEmbedding(block_size=N, n_embd=C) if by_name else PositionalEmbedding(N, C)
    outputs = _load(module, table)
    _load(PositionalEmbedding(N, C), table + 1)
    if offset is None:
        return outputs | _twice(lambda: module(T), module)
    if by_name:
        return outputs | _twice(lambda: module(T=T, offset=offset), module)
    return outputs | _twice(lambda: module(T, offset), module)


def positional_gradient(
    PositionalEmbedding: Table, table: Tensor, T: int, offset: int, upstream: Tensor
) -> Outputs:
    """Send a gradient back through the vectors of some positions."""
    module = PositionalEmbedding(*table.shape)
    outputs = _load(module, table)
    return outputs | _gradient(module(T, offset=offset), upstream, module)


def positions_beyond(
    PositionalEmbedding: Table, table: Tensor, T: int, offset: int, beyond: list[int]
) -> Outputs:
    """Look up the last positions that there are, then [how many, from where] beyond the table."""
    module = PositionalEmbedding(*table.shape)
    outputs = _load(module, table) | {"vectors": module(T, offset=offset)}
    T, offset = beyond
    return outputs | attempt(
        "asking for more positions than there are", lambda: module(T, offset=offset)
    )


def positional_on_device(PositionalEmbedding: Table, table: Tensor, T: int, offset: int) -> Outputs:
    """Look positions up in a table that is on a device other than the CPU."""
    module = PositionalEmbedding(*table.shape)
    outputs = _load(module, table)
    if not isinstance(module, nn.Module):
        return outputs
    with OneDevice("cuda") as cuda:
        for tensor in (*module.parameters(), *module.buffers()):
            cuda.put(tensor)
        vectors = module(T, offset=offset)
        return outputs | {"the vectors are on the device of weight": cuda.holds(vectors)}


def _load(module: Any, table: Tensor) -> Outputs:
    """Copy the numbers of a table into a module's `weight`, if they fit, and say what shape it has.

    A table that is stored the other way round gets them that way; what else there is to learn
    becomes 1, so that it is seen in the vectors.
    """
    with torch.no_grad():
        for parameter in module.parameters() if isinstance(module, nn.Module) else ():
            parameter.fill_(1.0)
    weight = getattr(module, "weight", None)
    if not isinstance(weight, Tensor):
        return {"shape of weight": weight}
    for numbers in (table, table.t()):
        if weight.shape == numbers.shape:
            with torch.no_grad():
                weight.copy_(numbers)
            break
    return {"shape of weight": list(weight.shape)}


def _twice(call: Callable[[], Any], module: Any) -> Outputs:
    """Return the vectors of two calls that should be the same, and leave the table as it was."""
    weight = getattr(module, "weight", None)
    before = _copy(weight)
    first = _copy(call())
    # Numbers that change from call to call say nothing.
    outputs = {"a second call agrees": True, "vectors": first}
    if not _equal(first, call()):
        outputs = {"a second call agrees": False, "vectors": None}
    stays = _equal(before, weight)
    if isinstance(first, Tensor) and isinstance(weight, Tensor):
        with torch.no_grad():
            weight.add_(1.0)
        outputs["another table is used"] = not _equal(first, call())
    return {"weight stays": stays} | outputs


def _copy(value: Any) -> Any:
    return value.detach().clone() if isinstance(value, Tensor) else value


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return a.shape == b.shape and torch.equal(a, b)
    return type(a) is type(b)


def _learned(module: Any) -> Outputs:
    """Say what an optimizer would see of a module."""
    own = list(module.parameters()) if isinstance(module, nn.Module) else []
    weight = getattr(module, "weight", None)
    return {
        "is an nn.Module": isinstance(module, nn.Module),
        "weight is a parameter": any(parameter is weight for parameter in own),
        "weight asks for a gradient": getattr(weight, "requires_grad", False),
        "number of parameters": sum(parameter.numel() for parameter in own),
    }


def _gradient(vectors: Any, upstream: Tensor, module: Any) -> Outputs:
    outputs = _learned(module)
    found = gradients(vectors, upstream, [getattr(module, "weight", None)])
    if found is None:
        return outputs | {"shape of the vectors": shape(vectors), "gradient of weight": None}
    return outputs | {"gradient of weight": found[0]}
