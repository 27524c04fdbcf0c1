"""Right answers to 7.2 AdamW in other styles."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.exercise import Variant


class _DecayBehind(torch.optim.Optimizer):
    """The order of the paper: alpha_t, then the step, then the decay; data in place."""

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.95),
        eps: float = 1e-8,
        weight_decay: float = 0.1,
    ) -> None:
        super().__init__(
            params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        )

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        loss = None if closure is None else closure()
        for group in self.param_groups:
            beta_1, beta_2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                g, state = p.grad.data, self.state[p]
                t = state.get("t", 1)
                m = beta_1 * state.get("m", 0) + (1 - beta_1) * g
                v = beta_2 * state.get("v", 0) + (1 - beta_2) * g**2
                root = math.sqrt(1 - beta_2**t)
                rate = group["lr"] * root / (1 - beta_1**t)
                p.data -= rate * m / (torch.sqrt(v) + group["eps"] * root)
                p.data -= group["lr"] * group["weight_decay"] * p.data
                state["t"], state["m"], state["v"] = t + 1, m, v
        return loss


class _AsInTorch(torch.optim.Optimizer):
    """Torch's names and order: `lerp_`, a tensor that counts, and a corrected denominator."""

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.95),
        eps: float = 1e-8,
        weight_decay: float = 0.1,
    ) -> None:
        if lr < 0:
            raise ValueError("the learning rate is not to be negative")
        super().__init__(
            params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        )

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            trained = [p for p in group["params"] if p.grad is not None]
            for p in trained:
                state = self.state[p]
                if len(state) == 0:
                    state["step"] = torch.tensor(0.0)
                    state["exp_avg"] = torch.zeros_like(p, memory_format=torch.preserve_format)
                    state["exp_avg_sq"] = torch.zeros_like(p, memory_format=torch.preserve_format)
                state["step"] += 1
            for p in trained:
                (beta1, beta2), state = group["betas"], self.state[p]
                state["exp_avg"].lerp_(p.grad, 1 - beta1)
                state["exp_avg_sq"].mul_(beta2).addcmul_(p.grad, p.grad.conj(), value=1 - beta2)
                left = [1 - beta ** state["step"] for beta in (beta1, beta2)]
                size = (state["exp_avg_sq"].sqrt() / left[1].sqrt()).add_(group["eps"])
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.addcdiv_(state["exp_avg"], size, value=-(group["lr"] / left[0]).item())


class _NumPy(torch.optim.Optimizer):
    """The formulas in NumPy; the parameter gets new data."""

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.95),
        eps: float = 1e-8,
        weight_decay: float = 0.1,
    ) -> None:
        super().__init__(
            params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        )

    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            a, b = group["betas"]
            for p in (p for p in group["params"] if p.grad is not None):
                x, g = p.detach().numpy().astype(float), p.grad.numpy().astype(float)
                old = self.state[p]
                t = int(old.get("t", 0)) + 1
                m, v = (self._kept(old, name, x) for name in "mv")
                m, v = a * m + (1 - a) * g, b * v + (1 - b) * g * g
                x = x - group["lr"] * group["weight_decay"] * x
                x -= group["lr"] * (m / (1 - a**t)) / (np.sqrt(v / (1 - b**t)) + group["eps"])
                p.data = torch.from_numpy(x).to(p.dtype)
                self.state[p] = {"t": t, "m": torch.from_numpy(m), "v": torch.from_numpy(v)}

    def _kept(self, state: dict[str, Any], name: str, x: Any) -> Any:
        return state[name].double().numpy() if name in state else np.zeros_like(x)


class _Functional(torch.optim.Optimizer):
    """The change is computed by a function, and all states are there from the beginning."""

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
        for p in (p for group in self.param_groups for p in group["params"]):
            self.state[p]["seen"] = 0
            self.state[p]["means"] = torch.zeros(2, *p.shape, dtype=p.dtype)

    def step(self) -> None:  # type: ignore[override]
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        self.state[p]["seen"] += 1
                        p.copy_(p + self._change(p, group, **self.state[p]))

    def _change(self, p: Tensor, group: dict[str, Any], seen: int, means: Tensor) -> Tensor:
        assert p.grad is not None
        keep = torch.tensor(group["betas"], dtype=torch.float64)
        shape = (2, *[1] * p.dim())
        new = torch.stack([p.grad, p.grad.square()])
        means += (1 - keep).reshape(shape) * (new - means)
        m, v = means / (1 - keep**seen).reshape(shape)
        ratio: Tensor = m / (v**0.5 + group["eps"]) + group["weight_decay"] * p
        change: Tensor = -group["lr"] * ratio
        return change


VARIANTS = (
    Variant("the paper's order, decay behind the step", _DecayBehind),
    Variant("torch's names and order", _AsInTorch),
    Variant("NumPy", _NumPy),
    Variant("both means in one tensor", _Functional),
    Variant(
        "the formulas, line by line",
        edits=(
            (
                "m.mul_(beta1).add_(p.grad, alpha=1 - beta1)",
                "m.copy_(beta1 * m + (1 - beta1) * p.grad)",
            ),
            (
                "v.mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)",
                "v.copy_(beta2 * v + (1 - beta2) * p.grad * p.grad)",
            ),
            ('p.mul_(1 - lr * group["weight_decay"])', 'p.sub_(lr * group["weight_decay"] * p)'),
            (
                "p.addcdiv_(m, size, value=-lr / (1 - beta1**t))",
                "p.sub_(lr * (m / (1 - beta1**t)) / size)",
            ),
        ),
    ),
)
