"""2.8 train_step."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.bigrams.train_step_mistakes import MISCONCEPTIONS

TOLERANCE = Tolerance(
    1e-5,
    1e-5,
    "three steps in float32 in any order of the sums stay within 1e-6; the nearest mistake moves "
    "the weights or the loss by more than 1e-2",
)
SMALL_LOSS = Tolerance(
    1e-6, 1e-5, "the sum of five squares of 0.002 is off by 1e-8; rounding to four places, by 2e-5"
)


def _closure(model: nn.Module, optimizer: Optimizer, x: Tensor, y: Tensor) -> float:
    def closure() -> Any:
        optimizer.zero_grad(set_to_none=False)
        _, loss = model(x, y)
        loss.backward()
        return loss

    step: Callable[..., Any] = optimizer.step
    return float(step(closure).item())


def _model_zero_grad(model: nn.Module, optimizer: Optimizer, x: Tensor, y: Tensor) -> float:
    model.train()
    model.zero_grad()
    result = model(x, targets=y)
    loss = result[1].double()
    loss.backward()
    optimizer.step()
    return loss.detach().tolist()  # type: ignore[no-any-return]


def _autograd(model: nn.Module, optimizer: Optimizer, x: Tensor, y: Tensor) -> float:
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    loss = model(x, y)[-1]
    for p, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        p.grad = gradient
    optimizer.step()
    return loss.detach().numpy().item()  # type: ignore[no-any-return]


def _no_zero_grad(model: nn.Module, optimizer: Optimizer, x: Tensor, y: Tensor) -> float:
    *_, loss = model(x, y)
    for group in optimizer.param_groups:
        for p in group["params"]:
            p.grad = None
    torch.autograd.backward([loss])
    optimizer.step()
    optimizer.zero_grad()
    return float(loss.item())


def _steps(d: Draw, optimizer: str, steps: int = 3, scale: float = 1.0) -> dict[str, Any]:
    """Return batches with a rule in them, so that x and y are never the same."""
    V = 5
    successor = d.cycle(V)
    x = d.integers(0, V, steps, 3, 4)
    y = torch.where(d.uniform(steps, 3, 4) < 0.8, successor[x], d.integers(0, V, steps, 3, 4))
    return {
        "weights": d.normal(2, V),
        "scale": scale,
        "optimizer": optimizer,
        "x": x,
        "y": y,
    }


def _nearly_learned(d: Draw) -> dict[str, Any]:
    """Return a batch whose loss is about 0.00003."""
    batch = _steps(d, "SGD", 1)
    answer = d.integer(0, 5)
    weights = d.uniform(2, 5, low=0.002, high=0.0028)
    weights[1] = 0.0
    weights[0, answer] += 1.0
    return batch | {"weights": weights, "y": torch.full_like(batch["y"], answer)}


STEP = "takes one step down the gradient"
RETURN = "returns the loss before the step, as a number"
OLD = "forgets the gradients of the past"
ANY = "works with any optimizer"

EXERCISE = Exercise(
    id="train_step",
    chapter="02-bigrams",
    title="One training step",
    reference="gpt2.training.train_step",
    probe="bigram_training.train_step",
    minutes=10,
    difficulty=2,
    groups={STEP: 1, RETURN: 1, OLD: 1, ANY: 1},
    cases=(
        Case(
            "one step",
            STEP,
            lambda d: _steps(d, "SGD", 1),
            probe="bigram_training.weights_after",
            tolerance=TOLERANCE,
        ),
        Case(
            "one large step",
            STEP,
            lambda d: _steps(d, "SGD", 1, scale=6.0),
            probe="bigram_training.weights_after",
            tolerance=TOLERANCE,
        ),
        Case(
            "the loss",
            RETURN,
            lambda d: _steps(d, "SGD", 1, scale=2.0),
            tolerance=TOLERANCE,
        ),
        Case(
            "the loss of another batch",
            RETURN,
            lambda d: _steps(d, "AdamW", 1),
            tolerance=TOLERANCE,
        ),
        Case(
            "the loss of a batch that is nearly learned",
            RETURN,
            _nearly_learned,
            tolerance=SMALL_LOSS,
        ),
        Case(
            "three steps",
            OLD,
            lambda d: _steps(d, "SGD"),
            probe="bigram_training.weights_after",
            tolerance=TOLERANCE,
        ),
        Case(
            "a gradient left over",
            OLD,
            lambda d: _steps(d, "SGD", 1) | {"old_gradient": d.normal(2, 5)},
            probe="bigram_training.weights_after",
            tolerance=TOLERANCE,
        ),
        Case(
            "momentum",
            ANY,
            lambda d: _steps(d, "SGD with momentum", 4),
            probe="bigram_training.weights_after",
            tolerance=TOLERANCE,
        ),
        Case(
            "AdamW",
            ANY,
            lambda d: _steps(d, "AdamW", 4),
            probe="bigram_training.weights_after",
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("a closure", _closure),
        Variant("model.zero_grad", _model_zero_grad),
        Variant("torch.autograd.grad", _autograd),
        Variant("gradients set to None by hand", _no_zero_grad),
    ),
    hints=(
        "What has to happen before the optimizer can take a step? Who computes the gradients?",
        "Four things: run the model, clear old gradients, `backward`, `step`. Which two must not "
        "be exchanged?",
        "`_, loss = model(x, y)`, then `zero_grad` on the optimizer, `backward` on the loss, "
        "`step` on the optimizer. Return the loss as a number with `.item()`.",
    ),
)
