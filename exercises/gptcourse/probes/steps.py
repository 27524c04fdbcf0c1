"""Probes of chapter 7: a step made of small batches, and a model that is measured.

The models here are no language models: their scores lie on straight lines over the ids.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

Outputs = dict[str, Any]
Answer = Callable[..., Any]

OPTIMIZERS: dict[str, Callable[[Any], torch.optim.Optimizer]] = {
    "SGD": lambda parameters: torch.optim.SGD(parameters, lr=0.25),
    "AdamW": lambda parameters: torch.optim.AdamW(parameters, lr=0.1, weight_decay=0.1),
}


class _Held:
    """What a graph keeps for its backward pass; it knows how many others are kept."""

    def __init__(self, tensor: Tensor, graph: int, kept: list[int]) -> None:
        self.tensor, self.graph, self.kept = tensor, graph, kept
        kept.append(graph)

    def __del__(self) -> None:
        self.kept.remove(self.graph)


class _Straight(nn.Module):
    """A loss of squares over the targets that are not -100, and notes of how it was run.

    A run on a part without a target is noted nowhere: whether there is one is left to the answer.
    """

    def __init__(self, weights: Tensor) -> None:
        super().__init__()
        self.weights = nn.Parameter(weights.clone())  # (2, V): heights and slopes
        self.divisor = nn.Parameter(torch.full_like(weights[0, :1], 4.0), requires_grad=False)
        self.runs = self.runs_in_training = self.waiting = 0
        self.kept: list[int] = []

    def forward(self, idx: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        counted = targets.ne(-100)
        if not counted.any():
            return self._scores_and_loss(idx, targets, counted)
        self.waiting = max(self.waiting, len(set(self.kept)))
        self.runs += 1
        self.runs_in_training += self.training
        hooks = torch.autograd.graph.saved_tensors_hooks
        with hooks(lambda t: _Held(t, self.runs, self.kept), lambda held: held.tensor):
            return self._scores_and_loss(idx, targets, counted)

    def _scores_and_loss(
        self, idx: Tensor, targets: Tensor, counted: Tensor
    ) -> tuple[Tensor, Tensor]:
        heights, slopes = self.weights
        scores = heights + slopes * idx[..., None] / self.divisor
        wanted = torch.eye(self.weights.shape[1])[targets[counted]]
        return scores, (scores[counted] - wanted).square().sum(-1).mean()


def _parts(x: Tensor, y: Tensor, rows: list[int], columns: list[int]) -> list[tuple[Tensor, ...]]:
    """Cut one batch into parts, of so many rows and columns each."""
    batches = zip(x.split(rows), y.split(rows), columns, strict=True)
    return [(a[:, :t], b[:, :t]) for a, b, t in batches]


def weights_after(
    grad_accum_step: Answer,
    weights: Tensor,
    optimizer: str,
    x: Tensor,
    y: Tensor,
    rows: list[int],
    columns: list[int],
    steps: int = 1,
    old_gradient: Tensor | None = None,
) -> Outputs:
    """Take steps, each with the same parts, and return the weights."""
    model = _Straight(weights)
    if old_gradient is not None:
        model.weights.grad = old_gradient.clone()
    chosen = OPTIMIZERS[optimizer](model.parameters())
    for _ in range(steps):
        grad_accum_step(model, chosen, _parts(x, y, rows, columns))
    return {"weights": model.weights}


def loss_returned(
    grad_accum_step: Answer,
    weights: Tensor,
    x: Tensor,
    y: Tensor,
    rows: list[int],
    columns: list[int],
) -> Outputs:
    """Take one step and return what the call returned."""
    model = _Straight(weights)
    chosen = OPTIMIZERS["SGD"](model.parameters())
    parts = tuple(_parts(x, y, rows, columns))
    return {"loss": grad_accum_step(model=model, optimizer=chosen, micro_batches=parts)}


def runs(
    grad_accum_step: Answer,
    weights: Tensor,
    x: Tensor,
    y: Tensor,
    rows: list[int],
    columns: list[int],
) -> Outputs:
    """Take one step, and count what it asked of the model and of the optimizer."""
    model = _Straight(weights)
    chosen = OPTIMIZERS["SGD"](model.parameters())
    steps: list[None] = []
    chosen.register_step_post_hook(lambda *_: steps.append(None))
    grad_accum_step(model, chosen, _parts(x, y, rows, columns))
    return {
        "runs of the model": model.runs,
        "runs in training mode": model.runs_in_training,
        "steps of the optimizer": len(steps),
        "graphs of earlier parts that a run found in memory": model.waiting,
    }


class _Notes(dict[str, Any]):
    """Notes that a copy of the model shares: some measure a copy."""

    def __deepcopy__(self, memo: Any) -> "_Notes":
        return self


class _Moody(nn.Module):
    """A model whose parts behave in another way in training: some numbers drop, a mean moves."""

    def __init__(self, weights: Tensor) -> None:
        super().__init__()
        self.weights = nn.Parameter(weights.clone())  # (2, V)
        self.still = nn.Parameter(torch.zeros_like(weights[0, :1]), requires_grad=False)
        self.norm = nn.BatchNorm1d(weights.shape[1], affine=False).to(weights.dtype)
        self.drop = nn.Dropout(0.5)
        self.notes = _Notes(graph=False, training=0)

    def forward(self, idx: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        self.notes["training"] += self.training
        heights, slopes = self.weights
        scores = self.drop(self.norm((heights + slopes * idx[..., None] / 4).flatten(0, 1)))
        self.notes["graph"] |= scores.requires_grad
        wanted = torch.eye(self.weights.shape[1])[targets.flatten()]
        return scores, (scores - wanted).square().sum(-1).mean()


class _Loader:
    """Batches of one text, in their order; it can do nothing else."""

    def __init__(self, x: Tensor, y: Tensor, sizes: list[int]) -> None:
        self.batches = list(zip(x.split(sizes), y.split(sizes), strict=True))
        self.drawn = 0

    def next_batch(self) -> tuple[Tensor, Tensor]:
        self.drawn += 1
        return self.batches[(self.drawn - 1) % len(self.batches)]


def _loaders(x: Tensor, y: Tensor, names: list[str], sizes: list[int]) -> dict[str, _Loader]:
    """Deal out the rows to as many loaders as there are names."""
    rows = sum(sizes)
    return {n: _Loader(a, b, sizes) for n, a, b in zip(names, x.split(rows), y.split(rows))}  # noqa: B905


def measured(
    estimate_loss: Answer,
    weights: Tensor,
    x: Tensor,
    y: Tensor,
    names: list[str],
    sizes: list[int],
    eval_iters: int,
    training: bool = True,
) -> Outputs:
    """Measure a model and return the losses, and how often each loader was asked."""
    model = _Moody(weights).train(training)
    loaders = _loaders(x, y, names, sizes)
    came = estimate_loss(model, loaders, eval_iters=eval_iters)
    return {
        "losses": came,
        "batches drawn": [loader.drawn for loader in loaders.values()],
        "runs of the model in training mode": model.notes["training"],
    }


def left_behind(
    estimate_loss: Answer,
    weights: Tensor,
    old_gradient: Tensor,
    x: Tensor,
    y: Tensor,
    names: list[str],
    sizes: list[int],
    training: bool,
    gradients: bool,
) -> Outputs:
    """Measure a model, and see what is as it was before."""
    model = _Moody(weights).train(training)
    model.weights.grad = old_gradient.clone()
    torch.rand(1)  # so that the random state is not one that a seed gives
    state = torch.get_rng_state()
    loaders = _loaders(x, y, names, sizes)
    with torch.set_grad_enabled(gradients):
        estimate_loss(model, loaders, len(sizes))
        enabled = torch.is_grad_enabled()
    return {
        "a graph was built for gradients": model.notes["graph"],
        "in training mode afterwards": [module.training for module in model.modules()],
        "gradients are computed afterwards": enabled,
        "the weights learn afterwards": model.weights.requires_grad,
        "what was frozen is frozen afterwards": not model.still.requires_grad,
        "weights": model.weights,
        "gradient": model.weights.grad,
        "mean of the norm": model.norm.running_mean,
        "the random state is the same": torch.equal(torch.get_rng_state(), state),
    }
