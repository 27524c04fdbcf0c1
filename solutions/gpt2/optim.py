"""Optimization: AdamW by hand, what it decays, the learning rate, and the norm of a gradient."""

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["AdamW", "clip_grad_norm", "configure_optimizers", "get_lr"]


class AdamW(torch.optim.Optimizer):
    """Step against a running mean of gradients, over their running size.

    With g the gradient and t the number of the step, from 1 (Loshchilov
    2019, algorithm 2)::

        p = p - lr * weight_decay * p
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        p = p - lr * (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + eps)

    m and v are like p and begin at 0. Each parameter has its own m, v and t,
    in `self.state[p]`, which `state_dict()` saves. One without a gradient is
    left alone, and its t stays. Whether p decays before it moves or behind
    is free: they differ by lr * lr * weight_decay.

    The base class keeps the books: `super().__init__(params, values)`, with
    a dict of the four values by their names, makes `self.param_groups`, a
    list of dicts as below, and puts into each what it does not say.
    The optimizers in `torch.optim` are what you are building: what they
    compute is not to be used.

    Args:
        params: parameters, or groups of them: dicts with "params" and any of
            the values below, which then hold for this group.
        lr: the learning rate; a group's `lr` may be changed between steps.
        betas: how much of m and of v is kept.
        eps: added behind the root.
        weight_decay: how fast a parameter shrinks by itself.

    Example:
        >>> p = torch.nn.Parameter(torch.tensor([1.0, -2.0]))
        >>> optimizer = AdamW([p], lr=0.1, weight_decay=0.0)
        >>> p.grad = torch.tensor([0.003, -50.0])
        >>> optimizer.step()
        >>> p.data  # the size of the first gradient does not count
        tensor([ 0.9000, -1.9000])
    """

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.95),
        eps: float = 1e-8,
        weight_decay: float = 0.1,
    ) -> None:
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        """Move every parameter that has a gradient. The gradients stay."""
        for group in self.param_groups:
            lr, (beta1, beta2) = group["lr"], group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["t"] = 0
                    state["m"], state["v"] = torch.zeros_like(p), torch.zeros_like(p)
                state["t"] += 1
                t, m, v = state["t"], state["m"], state["v"]
                m.mul_(beta1).add_(p.grad, alpha=1 - beta1)
                v.mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                size = (v / (1 - beta2**t)).sqrt_().add_(group["eps"])
                p.mul_(1 - lr * group["weight_decay"])
                p.addcdiv_(m, size, value=-lr / (1 - beta1**t))


def configure_optimizers(
    model: nn.Module,
    weight_decay: float,
    lr: float,
    betas: tuple[float, float],
) -> torch.optim.AdamW:
    """Make torch's AdamW for a model: matrices decay, and nothing else does.

    Parameters of two dimensions or more (the weights of linear layers, the
    tables) are in a group with `weight_decay`. Those of one dimension or
    none (biases, the weights of layer norms) are in a group with 0, whatever
    they are called. Parameters that need no gradient are in no group.

    Args:
        model: any module. A parameter that it uses twice counts once.
        weight_decay: for the first group.
        lr: the learning rate of both.
        betas: of both.

    Returns:
        A torch.optim.AdamW; fused or not is free.

    Example:
        >>> model = nn.Sequential(nn.Linear(3, 2), nn.LayerNorm(2))
        >>> optimizer = configure_optimizers(model, 0.1, 3e-4, (0.9, 0.95))
        >>> for group in optimizer.param_groups:
        ...     shapes = [tuple(p.shape) for p in group["params"]]
        ...     print(group["weight_decay"], shapes)
        0.1 [(2, 3)]
        0.0 [(2,), (2,), (2,)]
    """
    trained = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trained if p.dim() >= 2], "weight_decay": weight_decay},
        {"params": [p for p in trained if p.dim() < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=lr, betas=betas, fused=True)


def get_lr(
    it: int,
    max_lr: float,
    min_lr: float,
    warmup_steps: int,
    max_steps: int,
) -> float:
    """Return the learning rate of a step: up in a line, down along a cosine.

    For the first `warmup_steps` steps it is
    `max_lr * (it + 1) / warmup_steps`. From `it = warmup_steps` to
    `it = max_steps` it goes from `max_lr` to `min_lr` along half a cosine.
    From then on it stays at `min_lr`.

    Args:
        it: the number of the step, from 0.
        max_lr: the top.
        min_lr: the end.
        warmup_steps: 0 for none.
        max_steps: where `min_lr` is reached, at least `warmup_steps`. If they
            are the same, there is no fall: that step has `min_lr`.

    Returns:
        A Python float.

    Example:
        >>> [round(get_lr(it, 1.0, 0.1, 2, 6), 3) for it in range(9)]
        [0.5, 1.0, 1.0, 0.868, 0.55, 0.232, 0.1, 0.1, 0.1]
    """
    if it < warmup_steps:
        return max_lr * (it + 1) / warmup_steps
    if it >= max_steps:
        return min_lr
    share = (it - warmup_steps) / (max_steps - warmup_steps)  # 0 to 1
    return min_lr + 0.5 * (1 + math.cos(math.pi * share)) * (max_lr - min_lr)


def clip_grad_norm(params: Iterable[Tensor], max_norm: float) -> float:
    """Shorten the gradient of a whole model if it is longer than allowed.

    The norm is that of all gradients laid end to end: the root of the sum of
    all squares. If it is over `max_norm`, every gradient is multiplied, in
    place, by the one factor that makes it `max_norm`. Build it from tensors;
    `torch.nn.utils` has it ready, and is not to be used.

    Args:
        params: parameters, a list or a generator that can be read once. Those
            without a gradient do not count.
        max_norm: the longest allowed.

    Returns:
        The norm before, a Python float; 0.0 if no parameter has a gradient.

    Example:
        >>> p, q = nn.Parameter(torch.ones(1)), nn.Parameter(torch.ones(1))
        >>> p.grad, q.grad = torch.tensor([3.0]), torch.tensor([4.0])
        >>> clip_grad_norm([p, q], max_norm=1.0)
        5.0
        >>> p.grad, q.grad
        (tensor([0.6000]), tensor([0.8000]))
    """
    grads = [p.grad for p in params if p.grad is not None]
    if not grads:
        return 0.0
    norm: float = torch.stack([grad.norm() for grad in grads]).norm().item()
    if norm > max_norm:
        for grad in grads:
            grad.mul_(max_norm / norm)
    return norm
