"""A step of training in other ways: in several small batches, in few bits; and a measure."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

__all__ = ["amp_train_step", "estimate_loss", "grad_accum_step"]


def grad_accum_step(
    model: nn.Module,
    optimizer: Optimizer,
    micro_batches: Sequence[tuple[Tensor, Tensor]],
) -> float:
    """Take one step for several small batches, as if they were one large one.

    A large batch may not fit into memory. Its gradient is the sum of the
    gradients of its parts, each weighted by its share of the targets that
    count, so one part after the other will do: nothing of a part's graph is
    in memory when the next part runs.

    Args:
        model: `model(x, y)` returns (logits, loss), the mean loss over the
            targets that are not -100. It runs once for each part that has
            such a target, in the mode it is in.
        optimizer: holds the model's parameters. Gradients that are there from
            before do not count.
        micro_batches: (x, y) each, of any sizes. A part may have no target
            that counts; not all of them.

    Shape:
        - x, y: (b, t), int64, left unchanged

    Returns:
        The mean loss over all targets that count, before the step, as a
        Python float.

    Example:
        >>> class OneNumber(torch.nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.w = torch.nn.Parameter(torch.tensor(3.0))
        ...
        ...     def forward(self, x, y):
        ...         return None, (self.w - y[y != -100]).square().mean()
        >>> model = OneNumber()
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
        >>> a = torch.tensor([[1, 1, 1]])
        >>> b = torch.tensor([[5, -100, -100]])
        >>> grad_accum_step(model, optimizer, [(a, a), (b, b)])
        4.0
        >>> model.w.item()
        2.5
    """
    counts = [int((y != -100).sum()) for _, y in micro_batches]
    optimizer.zero_grad()
    mean = 0.0
    for (x, y), count in zip(micro_batches, counts, strict=True):
        if count == 0:
            continue  # a mean over nothing
        _, loss = model(x, y)
        part = loss * (count / sum(counts))
        part.backward()
        mean += part.item()
    optimizer.step()
    return mean


def amp_train_step(
    model: nn.Module,
    optimizer: Optimizer,
    scaler: Any,
    x: Tensor,
    y: Tensor,
    device_type: str,
    dtype: torch.dtype,
) -> float:
    """Take a step in mixed precision: forward in few bits, the weights in 32.

    Only the forward pass runs under `torch.autocast`, and the loss with it.
    Small gradients would vanish in float16, so there a scaler makes the loss
    larger before the backward pass and undoes it before the step. bfloat16
    has the range of float32 and needs none.

    Args:
        model: `model(x, y)` returns (logits, loss). It runs once, in the mode
            it is in. Its parameters are float32 and stay so.
        optimizer: holds the model's parameters. Gradients that are there from
            before do not count.
        scaler: a torch.amp.GradScaler, or None. If there is one, with either
            dtype, it gets `scale(loss)`, `step(optimizer)` and `update()`, in
            this order.
        x: token ids, int64.
        y: the target of each position, int64.
        device_type: "cpu" or "cuda", without a number.
        dtype: torch.bfloat16 or torch.float16.

    Shape:
        - x, y: (B, T), left unchanged

    Returns:
        The loss before the step, as a Python float.

    Example:
        >>> class OneNumber(torch.nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.w = torch.nn.Parameter(torch.tensor([[3.0]]))
        ...
        ...     def forward(self, x, y):
        ...         out = x.float() @ self.w
        ...         return out, (out - y).square().mean()
        >>> model, one = OneNumber(), torch.tensor([[1]])
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
        >>> half = torch.bfloat16
        >>> amp_train_step(model, optimizer, None, one, one, "cpu", half)
        4.0
        >>> model.w.item(), model.w.dtype
        (2.0, torch.float32)
    """
    optimizer.zero_grad()
    with torch.autocast(device_type, dtype):
        _, loss = model(x, y)
    if scaler is None:
        loss.backward()
        optimizer.step()
    else:
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
    return float(loss.item())


@torch.no_grad()
def estimate_loss(
    model: nn.Module,
    loaders: dict[str, Any],
    eval_iters: int,
) -> dict[str, float]:
    """Measure a model on several texts, as it is when it is used.

    Args:
        model: `model(x, y)` returns (logits, loss). It runs in evaluation
            mode and without gradients. At the end all is as it was before:
            its mode, weights and gradients, and torch's settings.
        loaders: name -> what has `next_batch()`, which returns (x, y).
        eval_iters: how many batches of each, at least 1.

    Returns:
        name -> the mean of the batches' losses, a Python float.

    Example:
        >>> class Coin(torch.nn.Module):
        ...     def forward(self, x, y):
        ...         return None, (x - y).float().abs().mean()
        >>> class Ones:
        ...     def next_batch(self):
        ...         return torch.ones(2, 3), torch.zeros(2, 3)
        >>> estimate_loss(Coin(), {"val": Ones()}, eval_iters=4)
        {'val': 1.0}
    """
    was_training = model.training
    model.eval()
    losses = {}
    for name, loader in loaders.items():
        batches = [loader.next_batch() for _ in range(eval_iters)]
        losses[name] = sum(model(x, y)[1].item() for x, y in batches) / eval_iters
    model.train(was_training)
    return losses
