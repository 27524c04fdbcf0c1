"""2.8 train_step."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Optimizer

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Misconception, Tolerance, Variant

TOLERANCE = Tolerance(
    1e-5,
    1e-5,
    "three steps in float32 in any order of the sums stay within 1e-6; the nearest mistake moves "
    "the weights or the loss by more than 1e-2",
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


def _own_loss(model: nn.Module, optimizer: Optimizer, x: Tensor, y: Tensor) -> float:
    logits, _ = model(x)
    loss = F.cross_entropy(logits.movedim(-1, 1), y)
    for group in optimizer.param_groups:
        for p in group["params"]:
            p.grad = None
    torch.autograd.backward([loss])
    optimizer.step()
    optimizer.zero_grad()
    return round(loss.item(), 7)


def _steps(d: Draw, optimizer: str, steps: int = 3, scale: float = 1.0) -> dict[str, Any]:
    """Return batches of a text with a rule in it: y is never x, and rarely at random."""
    V = 5
    successor = d.cycle(V)
    x = d.integers(0, V, steps, 3, 4)
    y = torch.where(d.uniform(steps, 3, 4) < 0.8, successor[x], d.integers(0, V, steps, 3, 4))
    return {
        "table": d.normal(V, V),
        "scale": scale,
        "optimizer": optimizer,
        "x": x,
        "y": y,
    }


STEP = "takes one step down the gradient"
RETURN = "returns the loss before the step, as a number"
OLD = "forgets the gradients of the past"
ANY = "works with any optimizer"

EXERCISE = Exercise(
    id="train_step",
    chapter="02-bigrams",
    title="One training step",
    reference="gpt2.training.train_step",
    probe="bigrams.train_step",
    minutes=10,
    difficulty=2,
    groups={STEP: 1, RETURN: 1, OLD: 1, ANY: 1},
    cases=(
        Case(
            "one step",
            STEP,
            lambda d: _steps(d, "SGD", 1),
            probe="bigrams.weights_after",
            tolerance=TOLERANCE,
        ),
        Case(
            "one large step",
            STEP,
            lambda d: _steps(d, "SGD", 1, scale=6.0),
            probe="bigrams.weights_after",
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
            "three steps",
            OLD,
            lambda d: _steps(d, "SGD"),
            probe="bigrams.weights_after",
            tolerance=TOLERANCE,
        ),
        Case(
            "a gradient left over",
            OLD,
            lambda d: _steps(d, "SGD", 1) | {"old_gradient": d.normal(5, 5)},
            probe="bigrams.weights_after",
            tolerance=TOLERANCE,
        ),
        Case(
            "momentum",
            ANY,
            lambda d: _steps(d, "SGD with momentum", 4),
            probe="bigrams.weights_after",
            tolerance=TOLERANCE,
        ),
        Case(
            "AdamW",
            ANY,
            lambda d: _steps(d, "AdamW", 4),
            probe="bigrams.weights_after",
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=(
        Misconception(
            "zero-grad-forgotten",
            "The gradients are never set to zero.",
            "`backward` adds to what is there, so each step also follows the gradients of all "
            "steps before it.",
            edits=(("    optimizer.zero_grad()\n", ""),),
        ),
        Misconception(
            "zero-grad-before-the-step",
            "The gradients are set to zero between `backward` and `step`.",
            "The optimizer finds no gradient, and nothing is learned. Look at the order of the "
            "lines.",
            edits=(
                ("    optimizer.zero_grad()\n", ""),
                ("loss.backward()", "loss.backward()\n    optimizer.zero_grad()"),
            ),
        ),
        Misconception(
            "zero-grad-only-at-the-end",
            "The gradients are set to zero after the step only.",
            "A gradient that somebody left there before the first call goes into the first step.",
            edits=(
                ("    optimizer.zero_grad()\n", ""),
                ("optimizer.step()", "optimizer.step()\n    optimizer.zero_grad()"),
            ),
        ),
        Misconception(
            "tensor-returned",
            "The loss is returned as a tensor.",
            "The contract asks for a Python float. A tensor that comes from the model keeps the "
            "whole graph alive: a list of 10,000 of them fills the memory.",
            edits=(("float(loss.item())", "loss"),),
        ),
        Misconception(
            "nothing-returned",
            "The function returns nothing.",
            "The loop that calls it has no loss to print.",
            edits=(("    return float(loss.item())", "    loss.item()"),),
        ),
        Misconception(
            "loss-after-the-step",
            "The loss is computed again after the step.",
            "It costs a second run of the model, and is not the loss that the step came from.",
            edits=(
                (
                    "    return float",
                    "    _, loss = model(x, y)\n    return float",
                ),
            ),
        ),
        Misconception(
            "runs-twice",
            "The model runs twice on the batch.",
            "The numbers are right, at twice the cost. One run gives logits and loss.",
            edits=(("    _, loss", "    model(x)\n    _, loss"),),
        ),
        Misconception(
            "no-step",
            "The optimizer takes no step.",
            "The gradients are there, and the weights stay as they are.",
            edits=(("    optimizer.step()\n", ""),),
        ),
        Misconception(
            "step-before-backward",
            "The optimizer steps before the gradients are there.",
            "The first step does nothing. Look at the order of the lines.",
            edits=(
                ("    optimizer.step()\n", ""),
                ("    loss.backward()", "    optimizer.step()\n    loss.backward()"),
            ),
        ),
        Misconception(
            "two-steps",
            "The optimizer takes two steps with one gradient.",
            "The weights move about twice as far as the learning rate says.",
            edits=(("optimizer.step()", "optimizer.step()\n    optimizer.step()"),),
        ),
        Misconception(
            "wrong-targets",
            "The features are given to the model as targets too.",
            "The model learns to repeat its input. Look at what goes into the call.",
            edits=(("loss = model(x, y)", "loss = model(x, x)"),),
        ),
        Misconception(
            "exchanged",
            "Features and targets are exchanged.",
            "The model learns to write backwards. Look at the order of the arguments.",
            edits=(("loss = model(x, y)", "loss = model(y, x)"),),
        ),
        Misconception(
            "row-by-row",
            "The optimizer takes a step for each row of the batch.",
            "One batch gives one gradient, the mean over all its positions, and one step.",
            edits=(
                (
                    "    _, loss = model(x, y)\n    optimizer.zero_grad()\n"
                    "    loss.backward()\n    optimizer.step()\n    return float(loss.item())",
                    "    losses = []\n    for i in range(len(x)):\n"
                    "        _, loss = model(x[i : i + 1], y[i : i + 1])\n"
                    "        optimizer.zero_grad()\n        loss.backward()\n"
                    "        optimizer.step()\n        losses.append(loss.item())\n"
                    "    return sum(losses) / len(losses)",
                ),
            ),
        ),
        Misconception(
            "own-update",
            "The weights move past the optimizer that was given: by hand, or by another one.",
            "Momentum, AdamW's averages and weight decay have no effect. The optimizer knows how "
            "to step, and remembers its earlier steps.",
            edits=(
                (
                    "    optimizer.step()",
                    "    for p in model.parameters():\n"
                    '        p.data -= optimizer.param_groups[0]["lr"] * p.grad',
                ),
            ),
        ),
        Misconception(
            "gradient-clipped",
            "The gradient is clipped before the step.",
            "A large gradient is made shorter. That is a good idea later in the course; here it "
            "changes the step that the optimizer was asked for.",
            edits=(
                (
                    "    optimizer.step()",
                    "    nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n    optimizer.step()",
                ),
            ),
        ),
    ),
    variants=(
        Variant("a closure", _closure),
        Variant("model.zero_grad", _model_zero_grad),
        Variant("torch.autograd.grad", _autograd),
        Variant("its own cross-entropy", _own_loss),
    ),
    hints=(
        "What has to happen before the optimizer can take a step? Who computes the gradients?",
        "Four things: run the model, clear old gradients, `backward`, `step`. Which two must not "
        "be exchanged?",
        "`_, loss = model(x, y)`, then `zero_grad` on the optimizer, `backward` on the loss, "
        "`step` on the optimizer. Return the loss as a number with `.item()`.",
    ),
)
