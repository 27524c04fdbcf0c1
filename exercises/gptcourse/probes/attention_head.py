"""Probes of chapter 5: one head of attention.

An answer of an odd shape or type is handed back as it came, so that the learner reads what it is
and not where a probe stumbled over it.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .loading import load
from .pretend_device import StrictPretendDevice

Outputs = dict[str, Any]
Function = Callable[..., Any]


def head(
    Head: Function, x: Tensor, query: Tensor, key: Tensor, value: Tensor, block_size: int
) -> Outputs:
    """Give a head its weights and run it, with every argument in its place and no dropout."""
    model = Head(query.shape[1], query.shape[0], block_size)
    outputs, fits = load(model, _named(query, key, value))
    if not fits:
        return outputs
    Head(3, 2, block_size + 1)(torch.ones(1, 2, 3))  # another head must not disturb this one
    # Nine calls: what is dropped now and then differs in one of them.
    calls = [model(x) for _ in range(9)]
    if isinstance(calls[0], Tensor) and not all(_equal(calls[0], call) for call in calls):
        return outputs | {"all calls agree, as dropout is 0": False}
    return outputs | {"all calls agree, as dropout is 0": True, "output": calls[0]}


def head_in_evaluation(
    Head: Function,
    x: Tensor,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    block_size: int,
    dropout: float,
) -> Outputs:
    """Run a head with dropout in evaluation, after a step in training."""
    model = Head(query.shape[1], query.shape[0], block_size, dropout)
    outputs, fits = load(model, _named(query, key, value))
    if not fits:
        return outputs
    model.train()(x)
    model.eval()
    one, other = model(x), model(x)
    if isinstance(one, Tensor) and not _equal(one, other):
        return outputs | {"two calls in evaluation agree": False}
    return outputs | {"two calls in evaluation agree": True, "output": one}


def head_on_device(Head: Function, shape: list[int], head_size: int, block_size: int) -> Outputs:
    """Move a head to another device, and run it there.

    A tensor that the head keeps for itself is left behind, and the device refuses to mix the two.
    """
    model = Head(shape[-1], head_size, block_size)
    if not isinstance(model, nn.Module):
        return {"is an nn.Module": False}
    with StrictPretendDevice("cuda") as cuda, torch.no_grad():
        # As `model.to` would, which exchanges the numbers where this device cannot see it.
        known = [*model.named_parameters(), *model.named_buffers()]
        there = {name: tensor.detach().to("cuda") for name, tensor in known}
        came = torch.func.functional_call(model, there, (torch.ones(shape).to("cuda"),))
    if not isinstance(came, Tensor):
        return {"is an nn.Module": True, "the result is on": type(came).__name__}
    return {"is an nn.Module": True, "the result is on the device": cuda.holds(came)}


def head_too_long(Head: Function, x: Tensor, head_size: int, block_size: int) -> Outputs:
    """Run a head on one vector, on as many as it takes, and on all of x, which are more."""
    model = Head(x.shape[2], head_size, block_size)
    one, most = model(x[:, :1]), model(x[:, :block_size])
    outputs = {"shape for one vector": _shape(one), "shape for block_size vectors": _shape(most)}
    try:
        model(x)
    except NotImplementedError:
        raise
    except Exception:
        return outputs | {"more vectors than block_size": "raised an exception"}
    return outputs | {"more vectors than block_size": "went through"}


def head_reads(
    Head: Function, x: Tensor, query: Tensor, key: Tensor, value: Tensor, block_size: int
) -> Outputs:
    """Tell by the gradient which vectors of x each position of the result depends on, (T, T)."""
    model = Head(query.shape[1], query.shape[0], block_size)
    outputs, fits = load(model, _named(query, key, value))
    if not fits:
        return outputs
    x = x.clone().requires_grad_()
    came = model.eval()(x)  # a dropout that nobody asked for would hide what is read
    if not isinstance(came, Tensor) or came.shape[:2] != x.shape[:2]:
        return outputs | {"shape of the result": _shape(came)}
    if not came.requires_grad:
        return outputs | {"layers that a gradient reaches": []}
    parameters = dict(model.named_parameters())
    reached = torch.autograd.grad(
        came.square().sum(), [*parameters.values()], retain_graph=True, allow_unused=True
    )
    pairs = zip(parameters, reached, strict=True)
    outputs["layers that a gradient reaches"] = sorted(n for n, g in pairs if g is not None)
    rows = []
    for t in range(x.shape[1]):
        at_t = came[:, t].square().sum()
        (gradient,) = torch.autograd.grad(at_t, x, retain_graph=True, materialize_grads=True)
        rows.append(gradient.abs().sum(dim=(0, 2)) > 0)
    return outputs | {"position t depends on vector s": torch.stack(rows)}


def head_in_training(
    Head: Function, query: Tensor, key: Tensor, block_size: int, dropout: float, calls: int
) -> Outputs:
    """Count what becomes of the weights of attention in training.

    The vectors are the rows of the identity, and position s has the value (0, ..., 0, 1, ..., 1)
    that begins with s zeros. So what comes out tells the weights: they are its differences.
    """
    T = query.shape[1]
    model = Head(n_embd=T, head_size=T, block_size=block_size, dropout=dropout)
    value = torch.ones(T, T, dtype=query.dtype).tril()
    outputs, fits = load(model, _named(query, key, value))
    if not fits:
        return outputs
    x = torch.eye(T, dtype=query.dtype)[None]
    with torch.no_grad():
        whole = model.eval()(x)
        came = model.train()(x.expand(calls, T, T))
    if _shape(came) != [calls, T, T] or _shape(whole) != [1, T, T]:
        return outputs | {"shape of the result": _shape(came)}
    first = torch.zeros(calls, T, 1, dtype=came.dtype)
    after, before = came.diff(prepend=first), whole.diff(prepend=first[:1])
    kept = torch.ones(T, T).tril().bool()  # what comes later has no weight to drop
    sound = _near(before.sum(-1), 1.0).all() and (before >= 0).all() and not before[:, ~kept].any()
    if not sound:
        return outputs | {"in evaluation the weights are those of attention": False}
    ratio = (after / before)[:, kept]
    weights = [_near(ratio, 0.0), _near(ratio, 1 / (1 - dropout)), _near(ratio, 1.0)]
    rows = [_near(came[..., -1], 0.0), _near(came[..., -1], 1.0)]
    # Of the first three keys, which four queries read at least, each is 0 for all by chance alone.
    columns = [_near(after.masked_fill(~kept, 0.0)[..., :3], 0.0).all(-2)]
    return outputs | {
        "in evaluation the weights are those of attention": True,
        "each text of the batch has its own draw": not _equal(after, after[:1].expand_as(after)),
        "weights that are 0, scaled up, as they were; rows and columns that are 0": torch.tensor(
            [_counts(weights), _counts(rows), _counts(columns)]
        ),
    }


def _shape(came: Any) -> Any:
    """Return the shape of a tensor, and of anything else the type."""
    return list(came.shape) if isinstance(came, Tensor) else type(came).__name__


def _equal(a: Tensor, b: Tensor) -> bool:
    """Say whether two results are the same, number for number; a nan is the same as a nan."""
    return torch.equal(a.isnan(), b.isnan()) and torch.equal(a.nan_to_num(), b.nan_to_num())


def _named(query: Tensor, key: Tensor, value: Tensor) -> dict[str, Tensor]:
    return {"query.weight": query, "key.weight": key, "value.weight": value}


def _near(x: Tensor, number: float) -> Tensor:
    return (x - number).abs() < 1e-2


def _counts(kinds: list[Tensor]) -> list[int]:
    """Return how many are of each kind, how many of none, and zeros up to four numbers."""
    counts = [int(kind.sum()) for kind in kinds]
    return [*counts, kinds[0].numel() - sum(counts), 0, 0][:4]
