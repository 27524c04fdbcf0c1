"""Right answers to train, in other ways."""

import itertools
from typing import Any

import torch
from torch import nn

from autograder.exercise import Variant
from gpt2.optim import clip_grad_norm, configure_optimizers, get_lr
from gpt2.steps import estimate_loss


def _as_in_scripts(model: nn.Module, cfg: Any, loaders: dict[str, Any]) -> list[dict[str, float]]:
    """Gradients cleared behind the step, torch's own clipping, a mode that is put back."""
    optimizer = configure_optimizers(model, cfg.weight_decay, lr=cfg.max_lr, betas=cfg.betas)
    log = []
    mode = model.training
    model.train()
    iter_num = 0
    while iter_num < cfg.max_steps:
        lr = get_lr(iter_num, cfg.max_lr, cfg.min_lr, cfg.warmup_steps, cfg.max_steps)
        for param_group in optimizer.param_groups:
            param_group["lr"] = lr
        x, y = loaders["train"].next_batch()
        _, loss = model(x, y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), cfg.max_norm)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        iter_num += 1
        if iter_num % cfg.eval_every == 0 or iter_num == cfg.max_steps:
            losses = estimate_loss(model, loaders, cfg.eval_iters)
            log.append({"step": iter_num, **losses, "lr": lr, "batch": loss.item()})
    model.train(mode)
    return log


def _scheduler(model: nn.Module, cfg: Any, loaders: dict[str, Any]) -> list[dict[str, float]]:
    """The rates by a scheduler of torch, as factors of the top."""
    optimizer = configure_optimizers(model, cfg.weight_decay, cfg.max_lr, cfg.betas)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda it: get_lr(it, cfg.max_lr, cfg.min_lr, cfg.warmup_steps, cfg.max_steps) / cfg.max_lr,
    )
    log: list[dict[str, float]] = []
    for done in range(1, cfg.max_steps + 1):
        optimizer.zero_grad(set_to_none=False)
        model(*loaders["train"].next_batch())[1].backward()
        clip_grad_norm(list(model.parameters()), cfg.max_norm)
        lr = schedule.get_last_lr()[0]
        optimizer.step()
        schedule.step()
        if not (done % cfg.eval_every and cfg.max_steps - done):
            measured = estimate_loss(model, loaders, cfg.eval_iters)
            log += [{**measured, "lr": float(lr), "step": done}]
    return log


def _in_stretches(model: nn.Module, cfg: Any, loaders: dict[str, Any]) -> list[dict[str, float]]:
    """From one evaluation to the next, with gradients by `autograd.grad`."""
    optimizer = configure_optimizers(model, cfg.weight_decay, cfg.max_lr, cfg.betas)
    parameters = [p for p in model.parameters() if p.requires_grad]

    def one(it: int) -> float:
        lr = get_lr(it, cfg.max_lr, cfg.min_lr, cfg.warmup_steps, cfg.max_steps)
        for group in optimizer.param_groups:
            group.update(lr=lr)
        x, y = loaders["train"].next_batch()
        gradients = torch.autograd.grad(model(x, y)[1], parameters)
        norm = sum(float(g.pow(2).sum()) for g in gradients) ** 0.5
        for p, gradient in zip(parameters, gradients, strict=True):
            p.grad = gradient * min(1.0, cfg.max_norm / norm)
        optimizer.step()
        return lr

    def entry(start: int, end: int) -> dict[str, float]:
        lr = [one(it) for it in range(start, end)][-1]
        return {"step": end, "lr": lr} | estimate_loss(model, loaders, cfg.eval_iters)

    stops = [*range(0, cfg.max_steps, cfg.eval_every), cfg.max_steps]
    return [entry(*pair) for pair in itertools.pairwise(stops)]


def _by_hand(model: nn.Module, cfg: Any, loaders: dict[str, Any]) -> list[dict[str, float]]:
    """Batches from a generator; losses are measured by hand."""
    optimizer: Any = configure_optimizers(model, cfg.weight_decay, cfg.max_lr, cfg.betas)
    log = []
    for it, (x, y) in enumerate(
        loaders["train"].next_batch() for _ in itertools.repeat(None, cfg.max_steps)
    ):
        optimizer.zero_grad()
        loss = model(x, y)[1]
        loss.backward()
        clip_grad_norm(model.parameters(), cfg.max_norm)
        for group in optimizer.param_groups:
            group["lr"] = get_lr(it, cfg.max_lr, cfg.min_lr, cfg.warmup_steps, cfg.max_steps)
        optimizer.step()
        if (it + 1) % cfg.eval_every == 0 or it + 1 == cfg.max_steps:
            found: dict[str, float] = {"step": it + 1, "lr": optimizer.param_groups[-1]["lr"]}
            was = model.training
            model.eval()
            with torch.inference_mode():
                for name in loaders:
                    measured = [
                        model(*loaders[name].next_batch())[1] for _ in range(cfg.eval_iters)
                    ]
                    found[name] = torch.stack(measured).float().mean().item()
            model.train(was)
            log.append(found)
    return log


VARIANTS = (
    Variant("as in scripts, cleared behind the step", _as_in_scripts),
    Variant("torch's scheduler", _scheduler),
    Variant("in stretches, autograd.grad", _in_stretches),
    Variant("a generator of batches, measured by hand", _by_hand),
)
