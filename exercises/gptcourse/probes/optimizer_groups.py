"""Probe of chapter 7: which parameters of a model an optimizer holds, and which of them decay."""

import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

Outputs = dict[str, Any]


class _Block(nn.Module):
    def __init__(self, C: int) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(C)
        self.c_fc = nn.Linear(C, 2 * C)
        self.c_proj = nn.Linear(2 * C, C, bias=False)


class _Small(nn.Module):
    """The parameters of a small GPT, with one table at both ends or with two."""

    def __init__(self, tied: bool) -> None:
        super().__init__()
        self.wte = nn.Embedding(5, 2)
        self.wpe = nn.Embedding(3, 2)
        self.h = nn.ModuleList([_Block(2)])
        self.norm = nn.LayerNorm(2, bias=False)
        self.lm_head = nn.Linear(2, 5, bias=False)
        if tied:
            table = self.wte.weight
            self.lm_head.weight = table


class _Odd(nn.Module):
    """Parameters whose names say nothing about their shapes."""

    def __init__(self) -> None:
        super().__init__()
        self.temperature = nn.Parameter(torch.ones(()))
        self.weight = nn.Parameter(torch.ones(3))
        self.bias = nn.Parameter(torch.ones(2, 3))
        self.ln_table = nn.Parameter(torch.ones(4, 2))
        self.column = nn.Linear(1, 3)
        self.row = nn.Linear(3, 1)
        self.convolution = nn.Conv1d(2, 2, 2)


MODELS: dict[str, Callable[[], nn.Module]] = {
    "tied": lambda: _Small(tied=True),
    "untied": lambda: _Small(tied=False),
    "odd": _Odd,
    "matrices": lambda: nn.Sequential(nn.Linear(2, 3, bias=False), nn.Linear(3, 2, bias=False)),
}


def configure_optimizers(
    configure_optimizers: Callable[..., Any],
    model: str,
    weight_decay: float,
    lr: float,
    betas: list[float],
    frozen: list[str] | None = None,
    by_position: bool = False,
) -> Outputs:
    """Make the optimizer of a model, look at its groups, and take a step without a slope.

    Args:
        configure_optimizers: what is asked about.
        model: which one.
        weight_decay: what is given.
        lr: what is given.
        betas: what is given.
        frozen: names of parameters that need no gradient.
        by_position: whether the values are given by place or by name.
    """
    net = MODELS[model]()
    named = dict(net.named_parameters())
    for name, p in named.items():
        nn.init.ones_(p)
        p.requires_grad_(name not in (frozen or []))
    values = {"weight_decay": weight_decay, "lr": lr, "betas": tuple(betas)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a parameter that is in one group twice
        if by_position:
            came = configure_optimizers(net, *values.values())
        else:
            came = configure_optimizers(model=net, **values)
    outputs: Outputs = {"is a torch.optim.AdamW": isinstance(came, torch.optim.AdamW)}
    if not isinstance(came, torch.optim.Optimizer):
        return outputs
    outputs |= _groups(came, named)
    return outputs | {"the least that a step leaves of 1": _step(came, named)}


def _groups(optimizer: Any, named: dict[str, nn.Parameter]) -> Outputs:
    """Say where each parameter is. How many groups there are, and in which order, is free."""
    groups = [group for group in optimizer.param_groups if group["params"]]
    decays = {name: _values_for(p, groups, "weight_decay") for name, p in named.items()}
    held = [p for group in groups for p in group["params"]]
    return {
        "with a weight decay": [name for name, values in decays.items() if any(values)],
        "with a weight decay of 0": [
            n for n, values in decays.items() if values and not any(values)
        ],
        "more than once": [name for name, values in decays.items() if len(values) > 1],
        "not of the model": sum(all(p is not q for q in named.values()) for p in held),
        "weight decays": _distinct(_number(v) for values in decays.values() for v in values),
        "learning rates": _distinct(_number(group["lr"]) for group in groups),
        "betas": _distinct(list(group.get("betas", ())) for group in groups),
    }


def _values_for(p: Tensor, groups: list[dict[str, Any]], name: str) -> list[Any]:
    return [group.get(name) for group in groups for q in group["params"] if q is p]


def _number(value: Any) -> Any:
    """Return a number as a float: 0 and 0.0 are the same decay, and torch takes a tensor as lr."""
    one = isinstance(value, Tensor) and value.numel() == 1
    return float(value) if isinstance(value, int) or one else value


def _distinct(values: Any) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return sorted(found)


def _step(optimizer: Any, named: dict[str, nn.Parameter]) -> float:
    """Take a step with gradients of 0 from parameters of 1: what decays is less behind it."""
    for p in named.values():
        if p.requires_grad:
            p.grad = torch.zeros_like(p)
    optimizer.step()
    return min(float(p.detach().min()) for p in named.values())
