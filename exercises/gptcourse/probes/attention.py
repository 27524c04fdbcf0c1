"""Probes of chapter 5: the mean of the past, the mask, attention, and channels dealt to heads.

An answer of an odd shape or type is handed back as it came, so that the learner reads what it is
and not where a probe stumbled over it.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from .pretend_device import StrictPretendDevice

Outputs = dict[str, Any]
Function = Callable[..., Any]


def causal_average(causal_average: Function, x: Tensor) -> Outputs:
    """Average."""
    return {"output": causal_average(x)}


def causal_average_again(causal_average: Function, x: Tensor) -> Outputs:
    """Average after another call, on shorter vectors of another batch."""
    causal_average(torch.ones(1, x.shape[1] - 1, 2, dtype=x.dtype))
    return {"output": causal_average(x)}


def causal_average_in_double(causal_average: Function, x: Tensor) -> Outputs:
    """Average float64 vectors, and say so if what comes back has fewer digits."""
    came = causal_average(x)
    if isinstance(came, Tensor) and came.dtype is not torch.float64:
        return {"the result is float64, as x is": False}
    return {"the result is float64, as x is": True, "output": came}


def causal_average_on_device(causal_average: Function, x: Tensor) -> Outputs:
    """Average vectors that are not on the CPU."""
    with StrictPretendDevice("cuda") as cuda:
        try:
            there = cuda.holds(causal_average(x.to("cuda")))
        except RuntimeError as error:
            if isinstance(error, NotImplementedError):
                raise
            there = False
    return {"runs where x is, and the result is there": there}


def causal_mask(causal_mask: Function, T: int, S: int | None = None) -> Outputs:
    """Make a mask, with S left out or in its place."""
    return {"output": causal_mask(T) if S is None else causal_mask(T, S)}


def causal_mask_by_name(causal_mask: Function, T: int, S: int | None) -> Outputs:
    """Make a mask with every argument by name, after one of another size."""
    causal_mask(T + 1)
    return {"output": causal_mask(S=S, T=T, device=None)}


def causal_mask_counted(causal_mask: Function, T: int, S: int) -> Outputs:
    """Make a large mask, and tell its shape and how many keys each query may read."""
    came = causal_mask(T, S)
    if not isinstance(came, Tensor) or came.shape != (T, S):
        return {"shape": list(came.shape) if isinstance(came, Tensor) else type(came).__name__}
    return {"shape": [T, S], "keys that each query may read": (came == 1).sum(dim=1)}


def causal_mask_on_device(causal_mask: Function, T: int, S: int) -> Outputs:
    """Ask for masks on a device that is not the CPU."""
    with StrictPretendDevice("cuda") as cuda:
        masks = (causal_mask(T, device="cuda"), causal_mask(T, S, torch.device("cuda")))
        there = all(cuda.holds(mask) for mask in masks)
    return {"the mask is on the device": there}


def attention(
    attention: Function, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None
) -> Outputs:
    """Attend, with the mask left out or in its place."""
    return {"output": attention(q, k, v) if mask is None else attention(q, k, v, mask)}


def attention_by_name(
    attention: Function, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None
) -> Outputs:
    """Attend with every argument by name, and another call before."""
    attention(v, v, v)
    return {"output": attention(mask=mask, v=v, k=k, q=q)}


def attention_of_heads(
    attention: Function, q: Tensor, k: Tensor, v: Tensor, mask: Tensor
) -> Outputs:
    """Attend with inputs that lie in memory as (B, T, nh, d), as heads do that were split."""
    split = (x.transpose(-2, -3).contiguous().transpose(-2, -3) for x in (q, k, v))
    return {"output": attention(*split, mask=mask)}


def attention_gradient(
    attention: Function, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, direction: Tensor
) -> Outputs:
    """Return how long the gradients of `(output * direction).sum()` are."""
    inputs = [x.clone().requires_grad_() for x in (q, k, v)]
    came = attention(*inputs, mask)
    if not isinstance(came, Tensor) or came.shape != direction.shape:
        return {"output": came}
    if came.requires_grad:
        torch.autograd.backward((came * direction).sum())
    lengths = [None if x.grad is None else float(x.grad.norm()) for x in inputs]
    return {"lengths of the gradients of q, k and v": lengths}


def split_heads(split_heads: Function, x: Tensor, n_head: int) -> Outputs:
    """Split."""
    return {"output": split_heads(x, n_head)}


def split_heads_by_name(split_heads: Function, x: Tensor, n_head: int) -> Outputs:
    """Split by name, after another call, with x in another layout in memory."""
    split_heads(torch.zeros(1, 1, 2), 2)
    return {"output": split_heads(n_head=n_head, x=x.mT.contiguous().mT)}
