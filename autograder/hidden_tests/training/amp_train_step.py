"""7.8 amp_train_step."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from autograder.draw import Draw
from autograder.exercise import FLOAT32, Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.training.amp_train_step_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.training.amp_train_step_rare_mistakes import RARE_MISCONCEPTIONS

TOLERANCE = Tolerance(
    4e-3,
    1e-5,
    "a first step is exact in 16 bits; in a second one float16 rounds by 2 ** -11, in an order "
    "that depends on the processor; the nearest mistake moves a weight by more than 0.05",
)
TINY_LOSS = Tolerance(
    1e-12, 1e-5, "all numbers are exact; the loss is about 1e-8, and the weights are not small"
)


def _disabled_scaler(
    model: nn.Module,
    optimizer: Optimizer,
    scaler: Any,
    x: Tensor,
    y: Tensor,
    device_type: str,
    dtype: torch.dtype,
) -> float:
    if scaler is None:
        scaler = torch.amp.GradScaler(device_type, enabled=False)
    ctx = torch.amp.autocast(device_type=device_type, dtype=dtype)
    with ctx:
        _, loss = model(x, y)
    optimizer.zero_grad(set_to_none=False)
    scaler.scale(loss).backward()
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad(set_to_none=True)
    return float(loss.item())


def _autograd(
    model: nn.Module,
    optimizer: Optimizer,
    scaler: Any,
    x: Tensor,
    y: Tensor,
    device_type: str,
    dtype: torch.dtype,
) -> float:
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    loss = torch.autocast(device_type, dtype=dtype)(model)(x, targets=y)[1]
    scaled = scaler.scale(loss) if scaler else loss
    for p, gradient in zip(parameters, torch.autograd.grad(scaled, parameters), strict=True):
        p.grad = gradient
    if not scaler:
        optimizer.step()
        return loss.tolist()  # type: ignore[no-any-return]
    scaler.step(optimizer)
    scaler.update()
    return loss.tolist()  # type: ignore[no-any-return]


def _unscaled(
    model: nn.Module,
    optimizer: Optimizer,
    scaler: Any,
    x: Tensor,
    y: Tensor,
    device_type: str,
    dtype: torch.dtype,
) -> float:
    model.train()
    for p in model.parameters():
        p.grad = None
    with torch.autocast(device_type, dtype, cache_enabled=False):
        logits, loss = model(x, y)
        value = loss.detach().float()
    del logits
    if isinstance(scaler, torch.amp.GradScaler):
        torch.autograd.backward([scaler.scale(loss)])
        scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()
    else:
        loss.backward()
        optimizer.step()
    return float(value)


def _place_of_the_batch(
    model: nn.Module,
    optimizer: Optimizer,
    scaler: Any,
    x: Tensor,
    y: Tensor,
    device_type: str,
    dtype: torch.dtype,
) -> float:
    """Ask the batch where it is: it is where device_type says."""
    optimizer.zero_grad()
    with torch.autocast(x.device.type, dtype=dtype):
        loss = model(x, y)[1]
    total = loss if scaler is None else scaler.scale(loss)
    total.backward()
    if scaler is not None:
        scaler.step(optimizer)
        scaler.update()
    else:
        optimizer.step()
    return loss.detach().numpy().item()  # type: ignore[no-any-return]


def _batch(d: Draw, dtype: str, **others: Any) -> dict[str, Any]:
    """Return halves as weights: what follows from them has few bits."""
    V = 3
    successor = d.cycle(V)
    x = d.integers(0, V, 2, 4)
    y = torch.where(d.uniform(2, 4) < 0.7, successor[x], d.integers(0, V, 2, 4))
    weights = d.integers(-3, 4, 3, V) / 2
    return {"weights": weights, "x": x, "y": y, "dtype": dtype, **others}


FEW = "the forward pass runs in few bits, and nothing else"
STEP = "takes one step, and returns its loss"
SCALER = "works with a scaler"
SEEN, OTHER = "mixed_precision.seen", "mixed_precision.other_device"

EXERCISE = Exercise(
    id="amp_train_step",
    chapter="07-training",
    title="A step in mixed precision",
    reference="gpt2.steps.amp_train_step",
    probe="mixed_precision.step",
    minutes=15,
    difficulty=3,
    groups={FEW: 2, STEP: 1, SCALER: 2},
    cases=(
        Case("bfloat16", FEW, lambda d: _batch(d, "bfloat16"), probe=SEEN),
        Case("float16", FEW, lambda d: _batch(d, "float16"), probe=SEEN),
        Case("another device", FEW, lambda d: _batch(d, "float16"), probe=OTHER),
        Case(
            "an old gradient",
            STEP,
            lambda d: _batch(d, "bfloat16", old_gradient=d.integers(1, 4, 3, 2) / 2),
            tolerance=FLOAT32,
        ),
        Case(
            "two steps with momentum",
            STEP,
            lambda d: _batch(d, "float16", optimizer="SGD with momentum", steps=2),
            tolerance=TOLERANCE,
        ),
        Case("in which order", SCALER, lambda d: _batch(d, "float16", scale=2.0**10), probe=SEEN),
        Case(
            "two steps with a scaler",
            SCALER,
            lambda d: _batch(d, "float16", scale=2.0**6, steps=2),
            tolerance=TOLERANCE,
        ),
        Case(
            "gradients that would vanish",
            SCALER,
            lambda d: _batch(d, "float16", scale=2.0**16, factor=2.0**-30, lr=2.0**28),
            tolerance=TINY_LOSS,
        ),
        Case(
            "gradients that are too large",
            SCALER,
            lambda d: _batch(d, "float16", scale=2.0**16, factor=2.0**10),
            tolerance=FLOAT32,
        ),
        Case(
            "bfloat16 with a scaler",
            SCALER,
            lambda d: _batch(d, "bfloat16", scale=2.0**10),
            tolerance=FLOAT32,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=(
        Variant("a scaler that does nothing", _disabled_scaler),
        Variant("torch.autograd.grad", _autograd),
        Variant("unscaled first", _unscaled),
        Variant("the device of the batch", _place_of_the_batch),
    ),
    hints=(
        "Which of the four things of a training step runs in few bits? The page shows what "
        "`torch.autocast` does to a product, and to a weight.",
        "Only the call of the model belongs inside `with torch.autocast(...)`. With a scaler, who "
        "calls `backward`, and on what? Who calls the optimizer's step?",
        "Clear the gradients. `with torch.autocast(device_type, dtype):` call the model, nothing "
        "more. Without a scaler: `backward`, `step`. With one: `backward` on `scaler.scale(loss)`, "
        "then `scaler.step(optimizer)`, then `scaler.update()`. Return the loss that was not "
        "scaled, as a number.",
    ),
)
