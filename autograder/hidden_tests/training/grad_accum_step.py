"""7.6 grad_accum_step."""

from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.training.grad_accum_step_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.training.grad_accum_step_rare_mistakes import RARE_MISCONCEPTIONS

TOLERANCE = Tolerance(
    1e-5,
    1e-5,
    "two steps in float32, their sums in any order, stay within 1e-6; the nearest mistake moves "
    "the weights or the loss by more than 1e-3",
)
SMALL_LOSS = Tolerance(
    1e-6, 1e-5, "the sum of squares of 0.002 is off by 1e-8; rounding to four places, by 2e-5"
)
Parts = list[tuple[Any, Any]]


def _gradients_divided(model: nn.Module, optimizer: Optimizer, micro_batches: Parts) -> float:
    for p in model.parameters():
        p.grad = None
    total, seen = 0.0, 0
    for x, y in micro_batches:
        n = (y != -100).sum().item()
        if n:
            _, loss = model(x, y)
            (loss * n).backward()
            total += loss.item() * n
            seen += n
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= seen
    optimizer.step()
    return total / seen


def _tokens_in_batch(model: nn.Module, optimizer: Optimizer, micro_batches: Parts) -> float:
    model.train()
    num_items = torch.cat([y.reshape(-1) for _, y in micro_batches]).ne(-100).sum()
    lossf = torch.zeros(())
    optimizer.zero_grad(set_to_none=False)
    for x, y in micro_batches:
        items = y.ne(-100).sum()
        if items == 0:
            continue
        _, loss = model(x, y)
        loss = loss * items / num_items
        lossf = lossf + loss.detach()
        loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return float(lossf.item())


def _autograd(model: nn.Module, optimizer: Optimizer, micro_batches: Parts) -> float:
    wanted = [p for p in model.parameters() if p.requires_grad]
    sums = [torch.zeros_like(p, dtype=torch.float64) for p in wanted]
    losses = []
    for x, y in micro_batches:
        loss = model(x, y)[-1]
        n = len(y[y != -100])
        if n == 0:
            continue
        for total, g in zip(sums, torch.autograd.grad(loss, wanted), strict=True):
            total += n * g.double()
        losses.append((loss.item(), n))
    n = sum(n for _, n in losses)
    for p, total in zip(wanted, sums, strict=True):
        p.grad = (total / n).to(p.dtype)
    optimizer.step()
    return float(sum(loss * m for loss, m in losses) / n)


def _closure(model: nn.Module, optimizer: Optimizer, micro_batches: Parts) -> float:
    kept = [(x, y, n) for x, y in micro_batches if (n := int(torch.sum(~(y == -100)))) > 0]
    share = torch.tensor([n for _, _, n in kept]).double()
    share /= share.sum()

    def closure() -> float:
        optimizer.zero_grad()
        losses = torch.zeros(len(kept), dtype=torch.float64)
        for i, (x, y, _) in enumerate(kept):
            loss = model(x, y)[1] * share[i]
            torch.autograd.backward([loss])
            losses[i] = loss.detach()
        return float(losses.sum())

    return float(optimizer.step(closure))


def _last_part_in_full(model: nn.Module, optimizer: Optimizer, micro_batches: Parts) -> float:
    """Keep a running mean: what was there before shrinks by as much as the new part counts."""
    optimizer.zero_grad()
    mean, seen = 0.0, 0
    for x, y in micro_batches:
        n = int(torch.count_nonzero(y + 100))
        if n == 0:
            continue
        seen += n
        for p in model.parameters():
            if p.grad is not None:
                p.grad.mul_((seen - n) / seen)
        loss = model(x, y)[1]
        (n / seen * loss).backward()
        mean += (loss.item() - mean) * n / seen
    optimizer.step()
    return mean


def _batch(
    d: Draw, rows: list[int], columns: list[int], without: list[int] | None = None
) -> dict[str, Any]:
    """Return parts, with so many of the targets of each left out; targets that count may be 0."""
    V, T = 3, max(columns)
    successor = d.cycle(V)
    x = d.integers(0, V, sum(rows), T)
    y = torch.where(d.uniform(sum(rows), T) < 0.7, successor[x], d.integers(0, V, sum(rows), T))
    start = 0
    for n, t, out in zip(rows, columns, without or [0] * len(rows), strict=True):
        order = d.permutation(n * t)
        places = torch.stack([start + order // t, order % t])
        if out < n * t:  # one id that might be taken for padding, and one that is not
            y[tuple(places[:, -1])] = 0
            y[tuple(places[:, -2])] = d.integer(1, V)
        y[tuple(places[:, :out])] = -100
        start += n
    return {"weights": d.normal(2, V), "x": x, "y": y, "rows": rows, "columns": columns}


def _equal(d: Draw) -> dict[str, Any]:
    return _batch(d, [2, 2, 2], [4, 4, 4])


def _gaps(d: Draw) -> dict[str, Any]:
    """Return parts of one shape, in which 8, 2 and 3 targets count."""
    return _batch(d, [2, 2, 2], [4, 4, 4], [0, 6, 5])


def _sizes(d: Draw) -> dict[str, Any]:
    """Return parts of many shapes, in which 2, 12 and 3 targets count."""
    return _batch(d, [1, 4, 1], [2, 3, 4], [0, 0, 1])


def _without_target(d: Draw) -> dict[str, Any]:
    return _batch(d, [1, 1, 1, 2, 1], [4, 4, 4, 4, 4], [1, 2, 4, 3, 4])


def _nearly_learned(d: Draw) -> dict[str, Any]:
    """Return parts whose loss is about 0.00003."""
    batch = _gaps(d)
    answer = d.integer(1, 3)
    weights = d.uniform(2, 3, low=0.002, high=0.0028)
    weights[1] = 0.0
    weights[0, answer] += 1.0
    counted = batch["y"] != -100
    return batch | {"weights": weights, "y": torch.where(counted, answer, -100)}


EQUAL = "parts of one size make the large batch"
SHARE = "a part counts by its targets"
ANY = "one step, with any optimizer, after old gradients"
MEMORY = "one part after the other"
RETURN = "returns the mean loss, as a number"
WEIGHTS, LOSS, RUNS = "steps.weights_after", "steps.loss_returned", "steps.runs"

EXERCISE = Exercise(
    id="grad_accum_step",
    chapter="07-training",
    title="One step from several batches",
    reference="gpt2.steps.grad_accum_step",
    probe=WEIGHTS,
    minutes=15,
    difficulty=3,
    groups={EQUAL: 1, SHARE: 2, ANY: 1, MEMORY: 1, RETURN: 1},
    cases=(
        Case("three parts", EQUAL, lambda d: _equal(d) | {"optimizer": "SGD"}, tolerance=TOLERANCE),
        Case(
            "targets left out",
            SHARE,
            lambda d: _gaps(d) | {"optimizer": "SGD"},
            tolerance=TOLERANCE,
        ),
        Case(
            "parts of many shapes",
            SHARE,
            lambda d: _sizes(d) | {"optimizer": "SGD"},
            tolerance=TOLERANCE,
        ),
        Case(
            "a part without a target",
            SHARE,
            lambda d: _without_target(d) | {"optimizer": "SGD"},
            tolerance=TOLERANCE,
        ),
        Case(
            "a gradient left over",
            ANY,
            lambda d: _gaps(d) | {"optimizer": "SGD", "old_gradient": d.normal(2, 3)},
            tolerance=TOLERANCE,
        ),
        Case(
            "AdamW",
            ANY,
            lambda d: _sizes(d) | {"optimizer": "AdamW", "steps": 2},
            tolerance=TOLERANCE,
        ),
        Case("what runs", MEMORY, _gaps, probe=RUNS),
        Case("the loss with targets left out", RETURN, _gaps, probe=LOSS, tolerance=TOLERANCE),
        Case(
            "the loss with a part without a target",
            RETURN,
            _without_target,
            probe=LOSS,
            tolerance=TOLERANCE,
        ),
        Case(
            "the loss of what is nearly learned",
            RETURN,
            _nearly_learned,
            probe=LOSS,
            tolerance=SMALL_LOSS,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=(
        Variant("the gradients divided at the end", _gradients_divided),
        Variant("the number of items in the batch", _tokens_in_batch),
        Variant("torch.autograd.grad and float64", _autograd),
        Variant("a closure", _closure),
        Variant("a running mean", _last_part_in_full),
    ),
    hints=(
        "`backward` adds to the gradients that are there. How often should they be cleared in one "
        "step, and how often should the optimizer step?",
        "The loss of a part is a mean over its targets. To add up parts to the mean over all, how "
        "many of all targets are its own? Which targets count, and what if none does?",
        "First count, for each part, the targets that are not -100. Clear the gradients once. For "
        "each part with a target: run the model, multiply its loss by its count over the sum of "
        "the counts, `backward`, and add the number to the mean. Then one `step`.",
    ),
)
