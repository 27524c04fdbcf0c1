"""Probes of chapter 7: the loop of training, from the first step to the last."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

Outputs = dict[str, Any]
Train = Callable[..., Any]


@dataclass
class TrainConfig:
    """What a run needs to know, under the names of the contract."""

    max_steps: int
    max_lr: float
    min_lr: float
    warmup_steps: int
    weight_decay: float = 0.1
    betas: tuple[float, float] = (0.9, 0.95)
    max_norm: float = 1.0
    eval_every: int = 250
    eval_iters: int = 20


class _Table(nn.Module):
    """Scores of the next token from a table, a bias for each: one matrix, one vector."""

    def __init__(self, table: Tensor, scale: float = 1.0) -> None:
        super().__init__()
        self.table = nn.Parameter(table.double())
        self.bias = nn.Parameter(torch.zeros(len(table), dtype=torch.float64))
        self.scale = scale
        self.train()

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Return scores and loss."""
        scores = self.table[x] + self.bias
        loss = functional.cross_entropy(scores.flatten(0, 1), y.flatten())
        return scores, self.scale * loss


class _Texts:
    """Deals out one row of tokens after the other, and counts them."""

    def __init__(self, tokens: Tensor) -> None:
        self.tokens = tokens
        self.taken = 0

    def next_batch(self) -> tuple[Tensor, Tensor]:
        """Return the next row, one that is not like the one before."""
        row = self.tokens[self.taken % len(self.tokens)][None]
        self.taken += 1
        return row[:, :-1], row[:, 1:]


class _Chance:
    """Draws its batches from torch's own generator, as `get_batch` did; notes what it drew."""

    def __init__(self, V: int) -> None:
        self.V = V
        self.taken: list[int] = []

    def next_batch(self) -> tuple[Tensor, Tensor]:
        """Return a row of chance."""
        drawn = int(torch.randint(0, 2**40, ()))
        self.taken.append(drawn)
        row = torch.tensor([[drawn >> 3 * i & 7 for i in range(5)]]) % self.V
        return row[:, :-1], row[:, 1:]


class _Steps:
    """Notes what every optimizer holds at its step; a closure makes the gradients inside it."""

    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self.lr: list[list[float]] = []
        self.norms: list[float] = []
        self.settings: list[Any] = []

    def __enter__(self) -> "_Steps":
        self.hooks = [
            register_optimizer_step_pre_hook(self._note),
            register_optimizer_step_post_hook(self._note_gradients),
        ]
        return self

    def __exit__(self, *error: Any) -> None:
        for hook in self.hooks:
            hook.remove()

    def _note(self, optimizer: Any, *call: Any) -> None:
        groups = [group for group in optimizer.param_groups if group["params"]]
        self.lr.append(sorted({float(group["lr"]) for group in groups}))
        self.settings = [
            [float(group["weight_decay"]), *map(float, group.get("betas", ()))]
            for group in groups
            for p in group["params"]
            if p.dim() > 1 or group["weight_decay"]
        ]

    def _note_gradients(self, *call: Any) -> None:
        gradients = [p.grad for p in self.model.parameters() if p.grad is not None]
        self.norms.append(sum(float(g.square().sum()) for g in gradients) ** 0.5)


def trained(
    train: Train,
    table: Tensor,
    names: list[str],
    texts: Tensor,
    settings: dict[str, Any],
    scale: float = 1.0,
    in_training: bool = True,
) -> Outputs:
    """Train a small model; return the log, and what the run has left behind."""
    model = _Table(table, scale).train(in_training)
    loaders = {name: _Texts(tokens) for name, tokens in zip(names, texts, strict=True)}
    cfg = TrainConfig(**_with_betas(settings))
    before = copy.deepcopy(cfg)
    with _Steps(model):
        log = train(model, cfg, loaders)
    return {
        "log": _asked(log, names),
        "batches taken": {name: loader.taken for name, loader in loaders.items()},
        "mode": "training" if model.training else "evaluation",
        "cfg as before": cfg == before and list(loaders) == names,
        "weight norm": _size(model),
    }


def steps_of(
    train: Train,
    table: Tensor,
    names: list[str],
    texts: Tensor,
    settings: dict[str, Any],
    scale: float = 1.0,
) -> Outputs:
    """Train a small model by keywords; return what the optimizer had at each of its steps."""
    model = _Table(table, scale)
    loaders = {name: _Texts(tokens) for name, tokens in zip(names, texts, strict=True)}
    with _Steps(model) as steps:
        train(model=model, cfg=TrainConfig(**_with_betas(settings)), loaders=loaders)
    outputs: Outputs = {
        "rates": [[_short(lr) for lr in rates] for rates in steps.lr],
        "gradient norms": [_short(norm) for norm in steps.norms],
        "weight norm": _size(model),
    }
    if "betas" in settings:
        rows = sorted(steps.settings)
        outputs["decay and betas"] = [[_short(value) for value in row] for row in rows]
    return outputs


def batches_of_chance(train: Train, table: Tensor, settings: dict[str, Any]) -> Outputs:
    """Train on batches that are drawn from torch's generator; count how many are different."""
    model = _Table(table)
    loaders = {"train": _Chance(len(table))}
    train(model, TrainConfig(**_with_betas(settings)), loaders)
    taken = loaders["train"].taken
    return {"batches taken": len(taken), "different ones": len(set(taken))}


def _with_betas(settings: dict[str, Any]) -> dict[str, Any]:
    """Give the pair of betas its type: an answer key has lists only."""
    if "betas" not in settings:
        return settings
    return {**settings, "betas": tuple(settings["betas"])}


def _asked(log: Any, names: list[str]) -> Any:
    """Leave out what else an entry says: that is free."""
    if not isinstance(log, list | tuple):
        return log
    keys = ("step", "lr", *names)
    return [
        {key: _short(entry[key]) for key in keys if key in entry}
        if isinstance(entry, dict)
        else entry
        for entry in log
    ]


def _size(model: nn.Module) -> float:
    """Return the norm of all weights."""
    return float(_short(sum(float(p.detach().square().sum()) for p in model.parameters()) ** 0.5))


def _short(value: Any) -> Any:
    """Round a float to seven digits: more of them would make long answer keys."""
    return float(f"{value:.7g}") if type(value) is float else value
