"""Probes of chapter 7: the loader that deals tokens out in order.

An answer of an odd shape or type is handed back as it came, so that the learner reads what it is
and not where a probe stumbled over it. Each batch is copied as it comes.
"""

import copy
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from .observing import attempt

Outputs = dict[str, Any]
Maker = Callable[..., Any]


def batches(TokenLoader: Maker, tokens: Tensor, B: int, T: int, number: int) -> Outputs:
    """Take the first batches, one process, every argument by place."""
    loader = TokenLoader(tokens, B, T)
    x, y = zip(*(_batch(loader) for _ in range(number)), strict=True)
    return {"x": _stacked(x), "y": _stacked(y), "dtypes": [_dtype(x[0]), _dtype(y[0])]}


def lengths(TokenLoader: Maker, tokens: Tensor, B: int, T: int, of: list[int]) -> Outputs:
    """Take batches of texts of several lengths for two epochs: the first of x, the last of y."""
    outputs: Outputs = {}
    for N in of:
        loader = TokenLoader(tokens[:N], B=B, T=T)
        dealt = [_ends(_batch(loader)) for _ in range(2 * ((N - 1) // (B * T)) + 1)]
        outputs[f"N = {N}"] = _as_one(dealt)
    return outputs


def ranks(
    TokenLoader: Maker, tokens: Tensor, B: int, T: int, world_size: int, of: list[int], number: int
) -> Outputs:
    """Let all ranks take batches in turn, of texts of several lengths.

    Each row of the result is a round: the first token of every rank's x.
    """
    outputs: Outputs = {}
    for N in of:
        loaders = [
            TokenLoader(tokens[:N], B, T, rank, world_size)
            if rank % 2
            else TokenLoader(world_size=world_size, rank=rank, T=T, B=B, tokens=tokens[:N])
            for rank in range(world_size)
        ]
        dealt = [[_ends(_batch(loader)) for loader in loaders] for _ in range(number)]
        rounds = [_firsts(in_turn) for in_turn in dealt]
        whole = all(isinstance(one, _Ends) for in_turn in dealt for one in in_turn)
        outputs[f"N = {N}"] = rounds if whole else _as_one([one for row in dealt for one in row])
    return outputs


def one_rank(
    TokenLoader: Maker, tokens: Tensor, B: int, T: int, rank: int, world_size: int, number: int
) -> Outputs:
    """Take whole batches as one rank of several."""
    loader = TokenLoader(tokens, B, T, world_size=world_size, rank=rank)
    x, y = zip(*(_batch(loader) for _ in range(number)), strict=True)
    return {"x": _stacked(x), "y": _stacked(y)}


def too_few(TokenLoader: Maker, tokens: Tensor, B: int, T: int, world_size: int) -> Outputs:
    """Make loaders of one token too few, for one rank and for several, and of enough."""
    size = B * T
    with_one = attempt(
        f"N = {size}",
        lambda: _nothing(TokenLoader(tokens[:size], B, T)),
    )
    much = attempt("N = 1", lambda: _nothing(TokenLoader(tokens[:1], B, T, 0, world_size)))
    with_more = attempt(
        f"{world_size} ranks and N = {world_size * size}",
        lambda: _nothing(TokenLoader(tokens[: world_size * size], B, T, 0, world_size)),
    )
    TokenLoader(tokens[: size + 1], B, T)  # is enough
    TokenLoader(tokens[: world_size * size + 1], B, T, world_size - 1, world_size)
    return {
        name: value
        for name, value in (much | with_one | with_more).items()
        if name != "shape of what came"
    }


def come_back(
    TokenLoader: Maker,
    tokens: Tensor,
    B: int,
    T: int,
    rank: int,
    world_size: int,
    before: int,
    after: int,
) -> Outputs:
    """Keep the state after some batches, go on, and come back to it in three ways.

    Of each batch the first token of x is looked at.
    """

    def deal(loader: Any, number: int) -> Any:
        return _firsts([_ends(_batch(loader)) for _ in range(number)])

    loader = TokenLoader(tokens, B, T, rank, world_size)
    deal(loader, before)
    state = loader.state_dict()
    kept = copy.deepcopy(state)
    went_on = deal(loader, after)
    same_state = _alike(state, kept)
    fresh = TokenLoader(tokens, B, T, rank, world_size)
    used = TokenLoader(tokens, B, T, rank, world_size)
    deal(used, 1)
    fresh.load_state_dict(kept)
    used.load_state_dict(state)
    outputs = {
        "state_dict() returns": _kind(state),
        "is left alone": same_state,
        "went on with": went_on,
        "a new loader": deal(fresh, after),
        "a used loader": deal(used, after),
    }
    loader.load_state_dict(state)
    outputs["the same loader"] = deal(loader, 1)
    outputs["is left alone by loading"] = _alike(state, kept)
    loader.reset()
    outputs["after reset()"] = deal(loader, 2)
    outputs["the new loader after that"] = deal(fresh, 1)
    return outputs


def _batch(loader: Any) -> tuple[Any, Any]:
    """Return x and y of the next batch; what is no pair comes twice, as it came."""
    came = loader.next_batch()
    pair = isinstance(came, tuple | list | Tensor) and len(came) == 2
    x, y = came if pair else (came, came)
    return tuple(part.clone() if isinstance(part, Tensor) else part for part in (x, y))  # type: ignore[return-value]


def _ends(batch: tuple[Any, Any]) -> Any:
    """Return the first token of x and the last of y, where these are tables."""
    x, y = batch
    if all(isinstance(part, Tensor) and part.dim() == 2 and part.numel() for part in batch):
        return _Ends(x[0, 0].item(), y[-1, -1].item())
    return x if not isinstance(x, Tensor) or x.dim() != 2 or not x.numel() else y


class _Ends(NamedTuple):
    """The first token of x and the last of y."""

    x: Any
    y: Any


def _as_one(ends: list[Any]) -> Any:
    """Return the ends of several batches, or the first that has none."""
    odd = [one for one in ends if not isinstance(one, _Ends)]
    return odd[0] if odd else [list(one) for one in ends]


def _firsts(ends: list[Any]) -> Any:
    """Return the first token of several batches, or the first that has none."""
    whole = all(isinstance(one, _Ends) for one in ends)
    return [one.x for one in ends] if whole else _as_one(ends)


def _stacked(values: Any) -> Any:
    """Return one tensor of several of one shape, else the first that is different."""
    odd = next((v for v in values if not isinstance(v, Tensor)), None)
    if odd is not None or not all(isinstance(v, Tensor) for v in values):
        return odd
    odd = next((v for v in values if v.shape != values[0].shape), None)
    return torch.stack(list(values)) if odd is None else odd


def _dtype(value: Any) -> str:
    return str(value.dtype) if isinstance(value, Tensor) else type(value).__name__


def _kind(state: Any) -> str:
    if not isinstance(state, dict):
        return f"a {type(state).__name__}"
    if all(isinstance(value, int) for value in state.values()):
        return "a dict of ints"
    large = any(isinstance(value, Tensor) and value.dim() > 0 for value in state.values())
    return "a dict with the tokens in it" if large else "a dict, not of ints alone"


def _alike(a: Any, b: Any) -> bool:
    """Say whether two states are equal; those with tensors in them as well."""
    if isinstance(a, Tensor) or isinstance(b, Tensor):
        return isinstance(a, Tensor) and isinstance(b, Tensor) and torch.equal(a, b)
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_alike(a[key], b[key]) for key in a)
    return bool(a == b)


def _nothing(_: Any) -> None:
    """Keep a loader out of what a report says."""
