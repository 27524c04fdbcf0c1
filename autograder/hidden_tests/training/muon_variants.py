"""Right answers to Muon in other styles; all use the learner's own `orthogonalize`."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.exercise import Variant
from gpt2.muon import orthogonalize


class _AsPublished(torch.optim.Optimizer):
    """The author's way: m is a mean, and so is what looks ahead. Orthogonalized, that is alike."""

    def __init__(
        self,
        params: Any,
        lr: float = 0.02,
        momentum: float = 0.95,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["momentum_buffer"] = torch.zeros_like(p)
                update = self._update(p.grad, state["momentum_buffer"], group["momentum"])
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.add_(update.reshape(p.shape), alpha=-group["lr"])
        return loss

    def _update(self, g: Tensor, m: Tensor, beta: float) -> Tensor:
        m.lerp_(g, 1 - beta)
        ahead = g.lerp(m, beta)
        root: float = max(1, g.size(-2) / g.size(-1)) ** 0.5
        return orthogonalize(ahead) * root


class _LineByLine(torch.optim.Optimizer):
    """The formula, the decay behind the step, and data in place."""

    def __init__(
        self,
        params: Any,
        lr: float = 0.02,
        momentum: float = 0.95,
        weight_decay: float = 0.0,
    ) -> None:
        if lr < 0:
            raise ValueError("the learning rate is not to be negative")
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    g, (n, k) = p.grad.data, p.shape
                    m = group["momentum"] * self.state[p].get("m", 0) + g
                    u = orthogonalize(g + group["momentum"] * m, steps=5)
                    p.data -= group["lr"] * (n / k if n > k else 1.0) ** 0.5 * u
                    p.data -= group["lr"] * group["weight_decay"] * p.data
                    self.state[p]["m"] = m


class _ByShape(torch.optim.Optimizer):
    """All states from the beginning; first all momenta, then all steps, shape by shape."""

    def __init__(
        self,
        params: Any,
        lr: float = 0.02,
        momentum: float = 0.95,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})
        for p in (p for group in self.param_groups for p in group["params"]):
            self.state[p]["m"] = p.new_zeros(p.shape)

    def step(self) -> None:  # type: ignore[override]
        with torch.no_grad():
            for group in self.param_groups:
                with_gradient = [p for p in group["params"] if p.grad is not None]
                for shape in {p.shape for p in with_gradient}:
                    self._step(group, [p for p in with_gradient if p.shape == shape])

    def _step(self, group: dict[str, Any], params: list[Tensor]) -> None:
        g = torch.stack([p.grad for p in params if p.grad is not None])
        m = torch.stack([self.state[p]["m"] for p in params]) * group["momentum"] + g
        ahead = g + group["momentum"] * m
        n, k = params[0].shape
        for p, new, a in zip(params, m, ahead, strict=True):
            self.state[p]["m"] = new.clone()
            change = (max(n, k) / k) ** 0.5 * orthogonalize(a) + group["weight_decay"] * p
            p.copy_(p - group["lr"] * change)


class _NumPy(torch.optim.Optimizer):
    """NumPy in float64; the matrix gets new data."""

    def __init__(
        self,
        params: Any,
        lr: float = 0.02,
        momentum: float = 0.95,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            mu = group["momentum"]
            for p in (p for p in group["params"] if p.grad is not None):
                x, g = p.detach().numpy().astype(float), p.grad.numpy().astype(float)
                old = self.state[p].get("m")
                m = g if old is None else mu * old.double().numpy() + g
                u = orthogonalize(torch.from_numpy(g + mu * m)).numpy()
                x = x - group["lr"] * group["weight_decay"] * x
                x -= group["lr"] * np.sqrt(max(1.0, x.shape[0] / x.shape[1])) * u
                p.data = torch.from_numpy(x).to(p.dtype)
                self.state[p]["m"] = torch.from_numpy(m.copy())


class _Negative(torch.optim.Optimizer):
    """The velocity points downhill; first all of these, then all steps."""

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
        for group in self.param_groups:
            params = [p for p in group["params"] if p.grad is not None]
            if not params:
                continue
            down = [-p.grad for p in params]
            v = [self.state[p].setdefault("v", torch.zeros_like(p)) for p in params]
            for old, d in zip(v, down, strict=True):
                old.mul_(group["momentum"]).add_(d)
            ahead = [d.add_(new, alpha=group["momentum"]) for d, new in zip(down, v, strict=True)]
            for p, a in zip(params, ahead, strict=True):
                p *= 1 - group["lr"] * group["weight_decay"]
                tall = p.shape[0] > p.shape[1]
                root = (p.shape[0] / p.shape[1]) ** 0.5 if tall else 1
                p += group["lr"] * root * orthogonalize(a)


VARIANTS = (
    Variant("the author's way, with means", _AsPublished),
    Variant("the formula, decay behind the step", _LineByLine),
    Variant("shape by shape", _ByShape),
    Variant("NumPy", _NumPy),
    Variant("a velocity downhill, in lists", _Negative),
    Variant(
        "copies",
        edits=(
            ("m.mul_(momentum).add_(p.grad)", "m.copy_(momentum * m + p.grad)"),
            ("p.grad.add(m, alpha=momentum)", "m * momentum + p.grad"),
            (
                "p.add_(update, alpha=-lr * max(1, p.size(0) / p.size(1)) ** 0.5)",
                "p.sub_(lr * max(p.size(0) / p.size(1), 1.0) ** 0.5 * update)",
            ),
        ),
    ),
)
