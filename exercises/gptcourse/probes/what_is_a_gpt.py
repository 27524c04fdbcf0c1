"""Probes of chapter 1."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

Outputs = dict[str, Any]


def softmax(softmax: Callable[..., Tensor], x: Tensor, dim: int | None = None) -> Outputs:
    """Call softmax with `dim` given by position, or left at its default."""
    return {"output": softmax(x) if dim is None else softmax(x, dim)}


def softmax_by_name(softmax: Callable[..., Tensor], x: Tensor, dim: int) -> Outputs:
    """Call softmax with `dim` given by name."""
    return {"output": softmax(x, dim=dim)}


def cross_entropy(
    cross_entropy: Callable[..., Tensor],
    logits: Tensor,
    targets: Tensor,
    ignore_index: int | None = None,
) -> Outputs:
    """Call cross_entropy with `ignore_index` given by name, or left at its default."""
    if ignore_index is None:
        return {"output": cross_entropy(logits, targets)}
    return {"output": cross_entropy(logits, targets, ignore_index=ignore_index)}


def perplexity(
    perplexity: Callable[..., float], nll_sums: list[float], n_tokens: list[int]
) -> Outputs:
    """Call perplexity once."""
    return {"output": perplexity(nll_sums, n_tokens)}


class ContextModel:
    """A stand-in for a language model whose answer depends on every token and on its place.

    At position t it adds up (i + 1) * id_i for all i <= t, and gives its V scores in a circle
    that begins at the cube of that. Like a real model it refuses what is not (1, T) ids.

    Attributes:
        contexts: what it was given, call by call.
    """

    def __init__(self, scores: Tensor) -> None:
        self.scores = scores  # (V,)
        self.contexts: list[list[int]] = []

    def __call__(self, idx: Tensor) -> Tensor:
        """Return logits (1, T, V) for ids (1, T)."""
        if idx.dim() != 2 or idx.size(0) != 1 or idx.size(1) == 0:
            raise ValueError(f"next_logits takes ids of shape (1, T), not {tuple(idx.shape)}")
        ids = idx.long()
        size = len(self.scores)
        if ids.min() < 0 or ids.max() >= size:
            raise IndexError(f"next_logits knows the ids 0 to {size - 1}, not {ids.tolist()}")
        self.contexts.append(ids[0].tolist())
        place = torch.arange(1, ids.size(1) + 1)
        total = ((ids * place).cumsum(1) % size).unsqueeze(-1)  # (1, T, 1)
        # A constant for each position changes no favourite, and keeps positions apart.
        return self.scores[(total**3 + torch.arange(size)) % size] + total / size


def generate_greedy(
    generate_greedy: Callable[..., Tensor],
    scores: Tensor,
    prompt: Tensor,
    max_new_tokens: int,
    eos_id: int | None = None,
) -> Outputs:
    """Generate from a ContextModel; `eos_id` is given by name, or left at its default."""
    model = ContextModel(scores)
    if eos_id is None:
        return {"output": generate_greedy(model, prompt, max_new_tokens)}
    return {"output": generate_greedy(model, prompt, max_new_tokens, eos_id=eos_id)}


def generate_greedy_recorded(
    generate_greedy: Callable[..., Tensor],
    scores: Tensor,
    prompt: Tensor,
    max_new_tokens: int,
    eos_id: int | None = None,
) -> Outputs:
    """Generate, and return what the model was given at each call."""
    model = ContextModel(scores)
    generate_greedy(model, prompt, max_new_tokens, eos_id)
    return {"calls of next_logits": len(model.contexts), "what it was given": model.contexts}


def generate_greedy_twice(
    generate_greedy: Callable[..., Tensor],
    scores: Tensor,
    prompt: Tensor,
    other_prompt: Tensor,
    max_new_tokens: int,
) -> Outputs:
    """Generate from one prompt, then from another: nothing may be left over from the first."""
    model = ContextModel(scores)
    return {
        "first text": generate_greedy(model, prompt, max_new_tokens),
        "second text": generate_greedy(model, other_prompt, max_new_tokens),
    }
