"""Probes of chapter 7: matrices whose directions are made alike, and the optimizer that does so."""

import copy
import sys
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

Outputs = dict[str, Any]
Shapes = list[list[int]]
Change = Callable[..., Any]
MakeOptimizer = Callable[..., Any]
NOTHING = "nothing"


class _Watch(TorchFunctionMode):
    """Notes how large the tensors are that come about, and which modules of Python make them."""

    def __init__(self) -> None:
        super().__init__()
        self.largest = 0
        self.modules: set[str] = set()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.modules.add(sys._getframe(1).f_globals.get("__name__", ""))
        came = func(*args, **(kwargs or {}))
        if isinstance(came, Tensor):
            self.largest = max(self.largest, came.numel())
        return came


def orthogonalize(orthogonalize: Change, G: Tensor, steps: list[int]) -> Outputs:
    """Give a matrix, and `steps` by name: once for each that is listed. Watch sizes."""
    with _Watch() as watch:
        came = [orthogonalize(G, steps=n) for n in steps]
    return {
        "result": _in_one(came),
        "dtype of G": all(isinstance(X, Tensor) and X.dtype == G.dtype for X in came),
        "A is large": watch.largest >= max(G.shape) ** 2,
    }


def orthogonalize_sizes(
    orthogonalize: Change, G: Tensor, sizes: list[float], steps: int
) -> Outputs:
    """Give a matrix in several sizes, and `steps` by place."""
    return {"result": _in_one([orthogonalize(size * G, steps) for size in sizes])}


def orthogonalize_by_columns(orthogonalize: Change, G: Tensor) -> Outputs:
    """Give a matrix that lies in memory by columns, and three steps by place. Watch sizes."""
    given = G.t().contiguous().t()
    with _Watch() as watch:
        came = orthogonalize(given, 3)
    return {"result": came, "A is large": watch.largest >= max(G.shape) ** 2}


def orthogonalize_square(orthogonalize: Change, G: Tensor) -> Outputs:
    """Give a matrix alone, and then for one step."""
    return {"result": _in_one([orthogonalize(G), orthogonalize(G, 1)])}


def _in_one(came: list[Any]) -> Any:
    """Lay matrices of one shape on each other; what is none of these comes back as it is."""
    for X in came:
        if not isinstance(X, Tensor):
            return X
    return torch.stack(came) if len({X.shape for X in came}) == 1 else came


def muon(
    Muon: MakeOptimizer,
    weights: Tensor,
    gradients: Tensor,
    shapes: Shapes,
    left_out: Iterable[list[int]] = (),
    frozen: int | None = None,
    **values: Any,
) -> Outputs:
    """Take steps with matrices that are cut from a row of numbers, one for each shape.

    The outputs are the matrices after each step, end to end, and what else a step did.

    Args:
        Muon: makes an optimizer.
        weights: the matrices at the start, end to end.
        gradients: for each step a row of numbers, from which one is cut for each matrix.
        shapes: of all matrices.
        left_out: pairs [step, matrix] at which a matrix has no gradient.
        frozen: a matrix that needs no gradient, and has none.
        values: what the optimizer is given by name.
    """
    parameters = _parameters(weights, shapes)
    if frozen is not None:
        parameters[frozen].requires_grad_(False)
        left_out = [*left_out, *([step, frozen] for step in range(len(gradients)))]
    optimizer = Muon(parameters, **values)
    return _take_steps(optimizer, parameters, gradients, left_out)


def muon_by_position(
    Muon: MakeOptimizer, weights: Tensor, gradients: Tensor, shapes: Shapes, values: list[float]
) -> Outputs:
    """Give a generator, as `model.parameters()` is one, and lr, momentum, weight_decay by place."""
    parameters = _parameters(weights, shapes)
    optimizer = Muon((p for p in parameters), *values)
    return _take_steps(optimizer, parameters, gradients)


def muon_with_groups(
    Muon: MakeOptimizer,
    weights: Tensor,
    gradients: Tensor,
    shapes: Shapes,
    groups: list[dict[str, float]],
    rates: list[list[float]],
    **values: Any,
) -> Outputs:
    """Put each matrix into a group of its own; `rates` are written into these, step by step."""
    parameters = _parameters(weights, shapes)
    own = [{"params": [p], **group} for p, group in zip(parameters, groups, strict=True)]
    optimizer = Muon(own, **values)
    return _take_steps(optimizer, parameters, gradients, (), rates)


def muon_resumed(
    Muon: MakeOptimizer,
    weights: Tensor,
    gradients: Tensor,
    shapes: Shapes,
    stop: int,
    **values: Any,
) -> Outputs:
    """Let two optimizers step in turn, a matrix each; behind step `stop` go on with new ones.

    Two models that are trained at once, saved, and loaded again.
    """
    parameters = _parameters(weights, shapes)
    optimizers = [Muon([p], **values) for p in parameters]
    after: list[Tensor] = []
    besides: set[str] = set()
    for i, step in enumerate(gradients):
        if i == stop:
            saved = [copy.deepcopy(optimizer.state_dict()) for optimizer in optimizers]
            parameters = _parameters(_now(parameters), shapes)
            optimizers = [Muon([p], **values) for p in parameters]
            for optimizer, state in zip(optimizers, saved, strict=True):
                optimizer.load_state_dict(state)
        for optimizer, p, gradient in zip(optimizers, parameters, _cut(step, shapes), strict=True):
            came = _take_steps(optimizer, [p], gradient.reshape(1, -1))
            besides.add(came["besides"])
        after.append(_now(parameters))
    return _outputs(after, besides - {NOTHING})


def _cut(numbers: Tensor, shapes: Shapes) -> list[Tensor]:
    parts = numbers.split([n * k for n, k in shapes])
    return [part.reshape(n, k) for part, (n, k) in zip(parts, shapes, strict=True)]


def _parameters(weights: Tensor, shapes: Shapes) -> list[nn.Parameter]:
    return [nn.Parameter(matrix.clone()) for matrix in _cut(weights, shapes)]


def _now(parameters: list[nn.Parameter]) -> Tensor:
    return torch.cat([p.detach().flatten() for p in parameters])


def _take_steps(
    optimizer: Any,
    parameters: list[nn.Parameter],
    gradients: Tensor,
    left_out: Iterable[list[int]] = (),
    rates: list[list[float]] | None = None,
) -> Outputs:
    without = {tuple(pair) for pair in left_out}
    shapes = [[*p.shape] for p in parameters]
    trained = [p.requires_grad for p in parameters]
    after: list[Tensor] = []
    besides: set[str] = set()
    watch = _Watch()
    for i, step in enumerate(gradients):
        given = _cut(step, shapes)
        for j, (p, gradient) in enumerate(zip(parameters, given, strict=True)):
            p.grad = None if (i, j) in without else gradient.to(p.dtype, copy=True)
        if rates is not None and rates[i]:
            for group, lr in zip(optimizer.param_groups, rates[i], strict=True):
                group["lr"] = lr
        with watch:
            optimizer.step()
        for j, (p, gradient) in enumerate(zip(parameters, given, strict=True)):
            if (i, j) in without:
                changed = p.grad is not None
            else:
                changed = p.grad is None or not torch.equal(p.grad, gradient)
            if changed:
                gone = p.grad is None or not p.grad.any()
                besides.add("a gradient is gone" if gone else "a gradient is another one")
        after.append(_now(parameters))
    # What all optimizers inherit from torch does not count.
    if any(m.startswith("torch.optim.") and m != "torch.optim.optimizer" for m in watch.modules):
        besides.add("torch.optim computes the step")
    if [p.requires_grad for p in parameters] != trained:
        besides.add("a matrix needs no gradient any more")
    return _outputs(after, besides)


def _outputs(after: list[Tensor], besides: set[str]) -> Outputs:
    words = ", ".join(sorted(besides)) or NOTHING
    return {"after each step": torch.stack(after).float(), "besides": words}
