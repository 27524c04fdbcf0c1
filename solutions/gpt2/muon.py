"""Muon: steps for matrices whose directions all count alike."""

from typing import Any

import torch
from torch import Tensor

__all__ = ["Muon", "orthogonalize"]


def orthogonalize(G: Tensor, steps: int = 5) -> Tensor:
    """Bring all singular values of a matrix near 1 and leave its directions.

    With G = U S V^T the result is close to U V^T. No decomposition is needed:
    divide G by its norm (the root of the sum of squares, plus 1e-7), and then
    repeat, with A = X X^T (Jordan 2024)::

        X = 3.4445 * X + (-4.7750 * A + 2.0315 * A A) X

    This is a polynomial of the singular values that drives each of them to
    between 0.7 and 1.2. A matrix with more rows than columns is turned on
    its side first and turned back at the end, so that A is small.

    Args:
        G: a matrix, (n, m), float. Left unchanged.
        steps: how often the polynomial is applied.

    Returns:
        A matrix of the shape and dtype of G, computed in no coarser dtype.

    Example:
        >>> G = torch.tensor([[3.0, 0.0], [0.0, 0.05]])
        >>> orthogonalize(G).diag().round(decimals=2)
        tensor([0.7000, 0.8300])
    """
    X: Tensor = G / (G.norm() + 1e-7)
    if G.size(0) > G.size(1):
        X = X.T
    for _ in range(steps):
        A = X @ X.T
        X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
    return X.T if G.size(0) > G.size(1) else X


class Muon(torch.optim.Optimizer):
    """Step along a running mean of gradients, with all its directions alike.

    For each matrix p with gradient g (Jordan 2024)::

        m = momentum * m + g
        u = orthogonalize(g + momentum * m)
        p = p - lr * weight_decay * p
        p = p - lr * sqrt(max(1, n / k)) * u

    p has n rows and k columns. Each has its own m, which begins at 0, in
    `self.state[p]`, which `state_dict()` saves. One without a gradient is
    left alone, and so is its m. `torch.optim.Muon` is what you are building:
    what it computes is not to be used.

    Args:
        params: matrices, or groups of them: dicts with "params" and any of
            the values below, which then hold for this group.
        lr: the learning rate; a group's `lr` may be changed between steps.
        momentum: how much of m is kept.
        weight_decay: how fast a matrix shrinks by itself.

    Example:
        >>> p = torch.nn.Parameter(torch.zeros(2, 2))
        >>> optimizer = Muon([p], lr=0.1)
        >>> p.grad = torch.tensor([[30.0, 0.0], [0.0, 2.0]])
        >>> optimizer.step()
        >>> p.data.diag().round(decimals=2)  # of nearly the same size
        tensor([-0.0700, -0.1100])
    """

    def __init__(
        self,
        params: Any,
        lr: float = 0.02,
        momentum: float = 0.95,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        """Move every matrix that has a gradient. The gradients stay."""
        for group in self.param_groups:
            lr, momentum = group["lr"], group["momentum"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["m"] = torch.zeros_like(p)
                m = state["m"]
                m.mul_(momentum).add_(p.grad)
                update = orthogonalize(p.grad.add(m, alpha=momentum))
                p.mul_(1 - lr * group["weight_decay"])
                p.add_(update, alpha=-lr * max(1, p.size(0) / p.size(1)) ** 0.5)
