"""Probes of chapter 2: the bigram model that is trained, and the training step.

An answer of an odd shape or type is handed back as it came, so that the learner reads what it is
and not where a probe stumbled over it.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

Outputs = dict[str, Any]


def bigram_language_model(
    BigramLanguageModel: Callable[[int], nn.Module],
    table: Tensor,
    idx: Tensor,
    targets: Tensor | None = None,
) -> Outputs:
    """Give the model a table, whatever it calls it, and run it."""
    V = len(table)
    model = BigramLanguageModel(V)
    outputs = _look_at(model)
    if outputs != _fitting(V):
        return outputs
    _load(model, table)
    BigramLanguageModel(V)  # a second model must not disturb the first
    came = model(idx) if targets is None else model(idx, targets)
    if not _is_pair(came):
        return outputs | {"number of results": _number_of_results(came)}
    return outputs | {"number of results": 2, "logits": came[0], "loss": came[1]}


def gradient(
    BigramLanguageModel: Callable[[int], nn.Module], table: Tensor, idx: Tensor, targets: Tensor
) -> Outputs:
    """Return the gradient of the loss, a row for the logits that follow each token."""
    V = len(table)
    model = BigramLanguageModel(V)
    outputs = _look_at(model)
    if outputs != _fitting(V):
        return outputs
    transposed = _load(model, table)
    loss = _loss(model(idx, targets))
    outputs["loss"] = loss
    if not isinstance(loss, Tensor) or loss.numel() != 1 or not loss.requires_grad:
        return outputs | {"gradient of the table": None}
    torch.autograd.backward(loss)
    parts = [
        torch.zeros_like(p) if p.grad is None else p.grad.to_dense() for p in model.parameters()
    ]
    whole = torch.cat([part.flatten() for part in parts]).reshape(V, V)
    return outputs | {"gradient of the table": whole.t() if transposed else whole}


def trained_bigram_language_model(
    BigramLanguageModel: Callable[[int], nn.Module],
    table: Tensor,
    idx: Tensor,
    targets: Tensor,
    steps: int,
) -> Outputs:
    """Train the model by gradient descent and return the loss on the way."""
    V = len(table)
    model = BigramLanguageModel(V)
    outputs = _look_at(model)
    if outputs != _fitting(V):
        return outputs
    _load(model, table)
    losses = []
    for _ in range(steps):
        loss = _loss(model(idx, targets=targets))
        if isinstance(loss, Tensor) and loss.numel() == 1 and loss.requires_grad:
            parameters = list(model.parameters())
            gradients = torch.autograd.grad(loss, parameters, allow_unused=True)
            with torch.no_grad():
                for parameter, direction in zip(parameters, gradients, strict=True):
                    if direction is not None:
                        parameter.sub_(10.0 * direction)
            loss = float(loss.detach())
        losses.append(loss)
    return outputs | {"losses": losses}


def _look_at(model: nn.Module) -> Outputs:
    if not isinstance(model, nn.Module):
        return {"is an nn.Module": False}
    numbers = [parameter.numel() for parameter in model.parameters()]
    return {"is an nn.Module": True, "number of parameters": sum(numbers)}


def _fitting(V: int) -> Outputs:
    return {"is an nn.Module": True, "number of parameters": V * V}


def _is_pair(came: Any) -> bool:
    return isinstance(came, tuple | list) and len(came) == 2


def _number_of_results(came: Any) -> int:
    return len(came) if isinstance(came, tuple | list) else int(came is not None)


def _loss(came: Any) -> Any:
    return came[1] if _is_pair(came) else None


def _load(model: nn.Module, table: Tensor) -> bool:
    """Fill the model's parameters; say whether it keeps the logits that follow a token in columns.

    nn.Embedding and a one-hot row times a matrix keep them in rows, nn.Linear in columns: all
    three are the same model.
    """
    V = len(table)
    _fill(model, table)
    with torch.no_grad():
        came = model(torch.arange(V)[None])
    rows = came[0] if isinstance(came, tuple | list | Tensor) and len(came) else None
    if not isinstance(rows, Tensor) or rows.numel() != V * V:
        return False
    if not torch.allclose(rows.reshape(V, V).to(table.dtype), table.t()):
        return False
    _fill(model, table.t())
    return True


def _fill(model: nn.Module, table: Tensor) -> None:
    """Copy V * V numbers into the parameters, however many they are spread over."""
    numbers, start = table.flatten(), 0
    with torch.no_grad():
        for parameter in model.parameters():
            part = numbers[start : start + parameter.numel()]
            parameter.copy_(part.reshape(parameter.shape))
            start += parameter.numel()


class _Straight(nn.Module):
    """Scores that lie on straight lines over the ids, and a loss of squares: no language model.

    It notes how often it runs, and in which mode.
    """

    def __init__(self, weights: Tensor, scale: float) -> None:
        super().__init__()
        self.weights = nn.Parameter(weights.clone())  # (2, V): heights and slopes
        self.scale = scale
        self.runs = 0
        self.runs_in_training = 0

    def forward(self, idx: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        self.runs += 1
        self.runs_in_training += self.training
        heights, slopes = self.scale * self.weights
        scores = heights + slopes * idx[..., None] / 4
        wanted = torch.eye(self.weights.shape[1])[targets]
        return scores, (scores - wanted).square().sum(-1).mean()


TrainStep = Callable[[nn.Module, torch.optim.Optimizer, Tensor, Tensor], float]
OPTIMIZERS: dict[str, Callable[[Any], torch.optim.Optimizer]] = {
    "SGD": lambda parameters: torch.optim.SGD(parameters, lr=0.5),
    "SGD with momentum": lambda parameters: torch.optim.SGD(parameters, lr=0.2, momentum=0.9),
    "AdamW": lambda parameters: torch.optim.AdamW(parameters, lr=0.1, weight_decay=0.1),
}


def train_step(
    train_step: TrainStep, weights: Tensor, scale: float, optimizer: str, x: Tensor, y: Tensor
) -> Outputs:
    """Take one step for each batch in x and y, of shape (steps, B, T); return the losses."""
    model = _Straight(weights, scale)
    chosen = OPTIMIZERS[optimizer](model.parameters())
    losses = [train_step(model, chosen, *batch) for batch in zip(x, y, strict=True)]
    return {
        "losses": losses,
        "runs of the model": model.runs,
        "runs in training mode": model.runs_in_training,
    }


def weights_after(
    train_step: TrainStep,
    weights: Tensor,
    scale: float,
    optimizer: str,
    x: Tensor,
    y: Tensor,
    old_gradient: Tensor | None = None,
) -> Outputs:
    """Take one step for each batch in x and y, of shape (steps, B, T); return the weights."""
    model = _Straight(weights, scale)
    if old_gradient is not None:
        model.weights.grad = old_gradient.clone()
    chosen = OPTIMIZERS[optimizer](model.parameters())
    steps: list[str] = []
    chosen.register_step_post_hook(
        lambda *_: steps.append("with a gradient" if _has_gradient(model) else "without a gradient")
    )
    for batch in zip(x, y, strict=True):
        before = len(steps)
        train_step(model, chosen, *batch)
        if steps[before:] == ["without a gradient"] and _has_gradient(model):
            steps[before] = "before the gradient"
    return {"weights": model.weights, "steps of the optimizer": steps}


def _has_gradient(model: _Straight) -> bool:
    return model.weights.grad is not None and bool(model.weights.grad.any())
