"""Probes of chapter 5: one head of attention.

An answer of an odd shape or type is handed back as it came, so that the learner reads what it is
and not where a probe stumbled over it.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .loading import load

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
    return outputs | {"output": model(x)}


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
    if isinstance(one, Tensor) and not torch.equal(one, other):
        return outputs | {"two calls in evaluation agree": False}
    return outputs | {"two calls in evaluation agree": True, "output": one}


def head_on_device(Head: Function, shape: list[int], head_size: int, block_size: int) -> Outputs:
    """Move a head to another device, torch's "meta", which has shapes and no numbers, and run it.

    A tensor that the head keeps for itself is left behind, and torch refuses to mix the two.
    """
    model = Head(shape[-1], head_size, block_size)
    if not isinstance(model, nn.Module):
        return {"is an nn.Module": False}
    came = model.to("meta")(torch.empty(shape, device="meta"))
    device = came.device.type if isinstance(came, Tensor) else type(came).__name__
    return {"is an nn.Module": True, "the result is on": device}


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
    came = model(x)
    if not isinstance(came, Tensor) or came.shape[:2] != x.shape[:2] or not came.requires_grad:
        return outputs | {"shape of the result": _shape(came)}
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
    if not isinstance(came, Tensor) or not isinstance(whole, Tensor) or came.shape[1:] != (T, T):
        return outputs | {"shape of the result": _shape(came)}
    first = torch.zeros(calls, T, 1, dtype=came.dtype)
    after, before = came.diff(prepend=first), whole.diff(prepend=first[:1])
    kept = torch.ones(T, T).tril().bool()  # what comes later has no weight to drop
    ratio = (after / before)[:, kept]
    kinds = [_near(ratio, 0.0), _near(ratio, 1 / (1 - dropout)), _near(ratio, 1.0)]
    fates = [int(kind.sum()) for kind in kinds]
    sums = came[..., -1]
    ends = [int(_near(sums, 0.0).sum()), int(_near(sums, 1.0).sum())]
    return outputs | {
        "weights: 0, scaled up, as they were, other": _table(fates, ratio.numel()),
        "rows of weights: sum 0, sum 1, other": _table(ends, sums.numel()),
    }


def _shape(came: Any) -> Any:
    """Return the shape of a tensor, and of anything else the type."""
    return list(came.shape) if isinstance(came, Tensor) else type(came).__name__


def _named(query: Tensor, key: Tensor, value: Tensor) -> dict[str, Tensor]:
    return {"query.weight": query, "key.weight": key, "value.weight": value}


def _near(x: Tensor, number: float) -> Tensor:
    return (x - number).abs() < 1e-2


def _table(counts: list[int], total: int) -> Tensor:
    """Return the counts, and behind them what is left of the total."""
    return torch.tensor([*counts, total - sum(counts)])
