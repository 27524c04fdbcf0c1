"""Probes of chapter 7: the learning rate, what a step costs, and which ending is likely."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

Outputs = dict[str, Any]
Function = Callable[..., Any]


@dataclass
class Sizes:
    """The sizes of a GPT, as in `GPTConfig`."""

    block_size: int = 1024
    vocab_size: int = 50257
    n_layer: int = 12
    n_head: int = 12
    n_embd: int = 768
    dropout: float = 0.0
    bias: bool = True


def learning_rates(
    get_lr: Function,
    its: list[int],
    max_lr: float,
    min_lr: float,
    warmup_steps: int,
    max_steps: int,
) -> Outputs:
    """Ask for the learning rates of some steps, in their order, in two styles."""
    return {
        f"it = {it}": get_lr(it, max_lr, min_lr, warmup_steps, max_steps)
        if i % 2
        else get_lr(
            it=it,
            max_steps=max_steps,
            warmup_steps=warmup_steps,
            min_lr=min_lr,
            max_lr=max_lr,
        )
        for i, it in enumerate(its)
    }


def flops_per_token(flops_per_token: Function, sizes: list[dict[str, Any]]) -> Outputs:
    """Count the operations of a token for models of some sizes."""
    return {
        _words(size): flops_per_token(config=Sizes(**size)) if i else flops_per_token(Sizes(**size))
        for i, size in enumerate(sizes)
    }


def mfu(mfu: Function, size: dict[str, Any], speeds: list[list[float]]) -> Outputs:
    """Ask for the share of the machine for pairs of tokens a second and peak."""
    outputs = {}
    for i, (tokens_per_s, peak_flops) in enumerate(speeds):
        name = f"{tokens_per_s:g} tokens a second, {peak_flops:g} operations at most"
        if i % 2:
            outputs[name] = mfu(tokens_per_s, Sizes(**size), peak_flops)
        else:
            outputs[name] = mfu(
                peak_flops=peak_flops, config=Sizes(**size), tokens_per_s=tokens_per_s
            )
    return outputs


def endings(most_likely_ending: Function, logits: Tensor, tokens: Tensor, mask: Tensor) -> Outputs:
    """Choose an ending for each of n questions. logits are (n, 4, T, V)."""
    chosen = [
        most_likely_ending(logits=logits[i], mask=mask[i], tokens=tokens[i])
        if i % 2
        else most_likely_ending(logits[i], tokens[i], mask[i])
        for i in range(len(logits))
    ]
    return {"chosen rows": chosen}


def _words(size: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in size.items()) or "GPT-2 small"
