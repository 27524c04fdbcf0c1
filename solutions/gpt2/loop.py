"""The loop of training, around all steps."""

from dataclasses import dataclass
from typing import Any

from torch import nn

from gpt2.optim import clip_grad_norm, configure_optimizers, get_lr
from gpt2.steps import estimate_loss

__all__ = ["TrainConfig", "train"]


@dataclass
class TrainConfig:
    """What a run needs to know beside its model and its data.

    Attributes:
        max_steps: how many steps.
        max_lr: the top of the learning rate.
        min_lr: its end.
        warmup_steps: how long it rises.
        weight_decay: of matrices.
        betas: of AdamW.
        max_norm: the longest gradient that is not shortened.
        eval_every: steps between two evaluations.
        eval_iters: batches of an evaluation.
    """

    max_steps: int
    max_lr: float
    min_lr: float
    warmup_steps: int
    weight_decay: float = 0.1
    betas: tuple[float, float] = (0.9, 0.95)
    max_norm: float = 1.0
    eval_every: int = 250
    eval_iters: int = 20


def train(
    model: nn.Module,
    cfg: TrainConfig,
    loaders: dict[str, Any],
) -> list[dict[str, float]]:
    """Train a model from its start to its end, and say how it went.

    Each step sets the learning rate of `get_lr`, takes the next training
    batch, and moves against its gradient, shortened to `cfg.max_norm`, with
    the AdamW of `configure_optimizers`. The mode of the model stays.

    Args:
        model: `model(x, y)` returns (logits, loss). Changed in place.
        cfg: a `TrainConfig`.
        loaders: name -> what has `next_batch()`. "train" is trained on; all
            are evaluated, by `estimate_loss`, on the next `cfg.eval_iters`
            batches of each.

    Returns:
        A dict for each evaluation, after every `cfg.eval_every` steps and
        after the last: "step", how many steps are done; "lr", of the last
        one; and the loss of each loader by its name. More in it is free.

    Example:
        >>> class OneNumber(torch.nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.w = torch.nn.Parameter(torch.tensor(3.0))
        ...
        ...     def forward(self, x, y):
        ...         return None, (self.w - y).square().mean()
        >>> class Ones:
        ...     def next_batch(self):
        ...         return torch.ones(1, 1), torch.ones(1, 1)
        >>> cfg = TrainConfig(100, 0.1, 0.0, 10, eval_every=60, eval_iters=1)
        >>> log = train(OneNumber(), cfg, {"train": Ones(), "val": Ones()})
        >>> [entry["step"] for entry in log], round(log[-1]["val"], 2)
        ([60, 100], 0.0)
    """
    optimizer = configure_optimizers(model, cfg.weight_decay, cfg.max_lr, cfg.betas)
    log = []
    for step in range(cfg.max_steps):
        lr = get_lr(step, cfg.max_lr, cfg.min_lr, cfg.warmup_steps, cfg.max_steps)
        for group in optimizer.param_groups:
            group["lr"] = lr
        _, loss = model(*loaders["train"].next_batch())
        optimizer.zero_grad()
        loss.backward()
        clip_grad_norm(model.parameters(), cfg.max_norm)
        optimizer.step()
        done = step + 1
        if done % cfg.eval_every == 0 or done == cfg.max_steps:
            log.append({"step": done, "lr": lr} | estimate_loss(model, loaders, cfg.eval_iters))
    return log
