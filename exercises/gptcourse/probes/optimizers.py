"""Probes of chapter 7: AdamW on gradients that are given, and the norm of a model's gradient."""

import copy
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

Outputs = dict[str, Any]
MakeOptimizer = Callable[..., Any]
NOTHING = "nothing"


class _Workers(TorchFunctionMode):
    """Notes which modules of Python compute with tensors: torch's own optimizers are modules."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.names.add(sys._getframe(1).f_globals.get("__name__", ""))
        return func(*args, **(kwargs or {}))

    def include(self, package: str) -> bool:
        """Say whether one of a package was at work. What all optimizers inherit does not count."""
        inherited = "torch.optim.optimizer"
        return any(name.startswith(package) and name != inherited for name in self.names)


def adamw(
    AdamW: MakeOptimizer,
    weights: Tensor,
    gradients: Tensor,
    left_out: Iterable[list[int]] = (),
    frozen: int | None = None,
    **values: Any,
) -> Outputs:
    """Take steps with parameters that are the rows of `weights`.

    The outputs are the parameters after each step, and what else a step did.

    Args:
        AdamW: makes an optimizer.
        weights: the start, a row for each parameter.
        gradients: for each step, a row for each parameter.
        left_out: pairs [step, parameter] at which a parameter has no gradient.
        frozen: a parameter that needs no gradient, and has none.
        values: what the optimizer is given by name.
    """
    parameters = _parameters(weights)
    if frozen is not None:
        parameters[frozen].requires_grad_(False)
        left_out = [*left_out, *([step, frozen] for step in range(len(gradients)))]
    optimizer = AdamW(parameters, **_values(values))
    return _take_steps(optimizer, parameters, gradients, left_out)


def adamw_by_position(
    AdamW: MakeOptimizer,
    weights: Tensor,
    gradients: Tensor,
    lr: float,
    betas: list[float],
    eps: float,
    weight_decay: float,
) -> Outputs:
    """Give the parameters as a generator, as `model.parameters()` is one, and values by place."""
    parameters = _parameters(weights)
    optimizer = AdamW((p for p in parameters), lr, tuple(betas), eps, weight_decay)
    return _take_steps(optimizer, parameters, gradients)


def adamw_with_groups(
    AdamW: MakeOptimizer,
    weights: Tensor,
    gradients: Tensor,
    groups: list[dict[str, Any]],
    rates: list[list[float]] | None = None,
    **values: Any,
) -> Outputs:
    """Put each parameter into a group of its own; `rates` are written into these, step by step."""
    parameters = _parameters(weights)
    own = [{"params": [p], **_values(g)} for p, g in zip(parameters, groups, strict=True)]
    optimizer = AdamW(own, **_values(values))
    return _take_steps(optimizer, parameters, gradients, (), rates)


def adamw_resumed(
    AdamW: MakeOptimizer, weights: Tensor, gradients: Tensor, stop: int, **values: Any
) -> Outputs:
    """Let two optimizers step in turn, a parameter each; behind step `stop` go on with new ones.

    Two models that are trained at once, saved, and loaded again.
    """
    parameters = _parameters(weights)
    optimizers = [AdamW([p], **_values(values)) for p in parameters]
    after: list[Tensor] = []
    besides: set[str] = set()
    for i, step in enumerate(gradients):
        if i == stop:
            saved = [copy.deepcopy(optimizer.state_dict()) for optimizer in optimizers]
            parameters = _parameters(torch.stack([p.detach() for p in parameters]))
            optimizers = [AdamW([p], **_values(values)) for p in parameters]
            for optimizer, state in zip(optimizers, saved, strict=True):
                optimizer.load_state_dict(state)
        for j, optimizer in enumerate(optimizers):
            came = _take_steps(optimizer, parameters[j : j + 1], step[None, j : j + 1])
            besides.add(came["besides"])
        after.append(torch.stack([p.detach().clone() for p in parameters]))
    return {"parameters": torch.stack(after), "besides": _in_words(besides - {NOTHING})}


def _values(values: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(v) if name == "betas" else v for name, v in values.items()}


def _parameters(weights: Tensor) -> list[nn.Parameter]:
    return [nn.Parameter(row.clone()) for row in weights]


def _take_steps(
    optimizer: Any,
    parameters: list[nn.Parameter],
    gradients: Tensor,
    left_out: Iterable[list[int]] = (),
    rates: list[list[float]] | None = None,
) -> Outputs:
    without = {tuple(pair) for pair in left_out}
    after, besides, workers = [], set(), _Workers()
    trained = [p.requires_grad for p in parameters]
    for i, step in enumerate(gradients):
        for j, (p, gradient) in enumerate(zip(parameters, step, strict=True)):
            p.grad = None if (i, j) in without else gradient.to(p.dtype, copy=True)
        if rates is not None and rates[i]:
            for group, lr in zip(optimizer.param_groups, rates[i], strict=True):
                group["lr"] = lr
        with workers:
            optimizer.step()
        for j, (p, gradient) in enumerate(zip(parameters, step, strict=True)):
            if p.grad is None and (i, j) not in without:
                besides.add("a gradient is gone")
            elif p.grad is not None and ((i, j) in without or not _equal(p.grad, gradient)):
                besides.add("a gradient is another one")
        after.append(torch.stack([p.detach().clone() for p in parameters]))
    if workers.include("torch.optim."):
        besides.add("torch.optim computes the step")
    if [p.requires_grad for p in parameters] != trained:
        besides.add("a parameter needs no gradient any more")
    return {"parameters": torch.stack(after), "besides": _in_words(besides)}


def _in_words(besides: set[str]) -> str:
    return ", ".join(sorted(besides)) or NOTHING


def _equal(a: Tensor, b: Tensor) -> bool:
    return a.shape == b.shape and torch.equal(a, b.to(a.dtype))


def clip_grad_norm(
    clip_grad_norm: Callable[..., float],
    numbers: Tensor,
    shapes: list[list[int]],
    max_norm: float,
    left_out: Iterable[int] = (),
    turned: bool = False,
) -> Outputs:
    """Clip gradients that are cut from a row of numbers, one for each shape; give a list.

    Args:
        clip_grad_norm: what is asked about.
        numbers: the gradients of those that have one, end to end.
        shapes: of all parameters.
        max_norm: the longest allowed.
        left_out: the places of parameters that have no gradient.
        turned: whether gradients of two dimensions lie in memory by columns.
    """
    parameters = _with_gradients(numbers, shapes, set(left_out), turned)
    return _clip(parameters, lambda: clip_grad_norm(parameters, max_norm))


def clip_grad_norm_of_generator(
    clip_grad_norm: Callable[..., float],
    numbers: Tensor,
    shapes: list[list[int]],
    max_norm: float,
    left_out: Iterable[int] = (),
) -> Outputs:
    """Give a generator, which can be read once, and the limit by name."""
    parameters = _with_gradients(numbers, shapes, set(left_out), turned=False)
    return _clip(parameters, lambda: clip_grad_norm(_each(parameters), max_norm=max_norm))


def _each(parameters: list[nn.Parameter]) -> Iterator[nn.Parameter]:
    yield from parameters


def _with_gradients(
    numbers: Tensor, shapes: list[list[int]], left_out: set[int], turned: bool
) -> list[nn.Parameter]:
    parameters, start = [], 0
    for i, shape in enumerate(shapes):
        p = nn.Parameter(torch.full(shape, 0.5 + i, dtype=numbers.dtype))
        if i not in left_out:
            gradient = numbers[start : start + p.numel()].reshape(shape).clone()
            by_columns = turned and gradient.dim() == 2
            p.grad = gradient.t().contiguous().t() if by_columns else gradient
            start += p.numel()
        parameters.append(p)
    return parameters


def _clip(parameters: list[nn.Parameter], call: Callable[[], Any]) -> Outputs:
    before = [p.detach().clone() for p in parameters]
    kept = [p.grad for p in parameters]
    with _Workers() as workers:
        came = call()
    gradients = [gradient.detach().flatten() for gradient in kept if gradient is not None]
    pairs = zip(parameters, before, strict=True)
    same = all(p.grad is g for p, g in zip(parameters, kept, strict=True))
    return {
        "returned": came,
        "gradients, end to end": torch.cat(gradients) if gradients else None,
        "each parameter has the gradient tensor it had": same,
        "the parameters are as they were": all(torch.equal(p, b) for p, b in pairs),
        "the norm is computed by torch.nn.utils": workers.include("torch.nn.utils"),
    }
