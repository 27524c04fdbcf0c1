"""Models and prompts for generate_cached, chosen so that the text says something."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from autograder.draw import Draw
from gptcourse.probes.cached_model import STEPS, SmallGPT, numbers_for

Inputs = dict[str, Any]

N = 7
V = 11


def _sizes(n_layer: int) -> dict[str, int]:
    """Return sizes of a small model; with two layers it has more heads than channels in one."""
    n_head, n_embd = (3, 6) if n_layer == 2 else (2, 4)
    sizes = {"n_layer": n_layer, "n_head": n_head, "n_embd": n_embd, "bias": 1}
    return sizes | {"vocab_size": V, "block_size": N}


def _weights(d: Draw, sizes: dict[str, int]) -> Tensor:
    return (d.normal(numbers_for(sizes)) * STEPS).round().clamp(-127, 127).to(torch.int8)


def _continue(model: SmallGPT, idx: Tensor, n: int) -> Tensor | None:
    """Return the n most probable tokens (B, n); None if one of them wins by too little."""
    T = idx.size(1)
    with torch.no_grad():
        for _ in range(n):
            best = model(idx[:, -N:])[0][:, -1].topk(2)
            if float(best.values.diff().abs().min()) < 0.005:
                return None
            idx = torch.cat([idx, best.indices[:, :1]], dim=1)
    return idx[:, T:]


def _walks(
    d: Draw, rows: int, T: int, n: int, n_layer: int, least: int
) -> Iterator[tuple[Inputs, Tensor]]:
    """Draw models and prompts whose continuations have so many different tokens at least.

    Each token wins clearly: which one is the most probable must not depend on rounding.
    """
    sizes = _sizes(n_layer)
    for _ in range(5_000):
        weights, idx = _weights(d, sizes), d.integers(0, V, rows, T)
        new = _continue(SmallGPT(weights, sizes).eval(), idx, n)
        if new is not None and all(len(set(row)) >= least for row in new.tolist()):
            yield {"weights": weights, "sizes": sizes, "idx": idx, "max_new_tokens": n}, new


def lively(d: Draw, rows: int, T: int, n: int, n_layer: int = 1, least: int = 4) -> Inputs:
    """Draw a model and a prompt with a lively continuation."""
    return next(_walks(d, rows, T, n, n_layer, min(least, 1 + n // 2)))[0]


def nothing(d: Draw, T: int) -> Inputs:
    """Draw a model and a prompt, and ask for no new token."""
    return lively(d, 1, T, 2) | {"max_new_tokens": 0}


def two_texts(d: Draw) -> Inputs:
    """Draw a model that writes two texts of different lengths."""
    return lively(d, 1, 3, 4) | {"other": d.integers(0, V, 1, 2)}


def ending_at_once(d: Draw) -> Inputs:
    """Draw one text that ends in the middle, with a prompt that has the end token."""
    for inputs, new in _walks(d, 1, 4, 6, 1, 3):
        row, end = new[0].tolist(), int(new[0, 2])
        if end not in row[:2] and end in inputs["idx"][0].tolist():
            return inputs | {"eos_id": end}
    raise AssertionError("no such text")


def ending_with_0(d: Draw) -> Inputs:
    """Draw one text that ends at id 0, and would go on with something else."""
    for inputs, new in _walks(d, 1, 2, 4, 1, 3):
        if new[0, 1] == 0 and not bool((new[0, 2:] == 0).any()) and new[0, 0] != 0:
            return inputs | {"eos_id": 0}
    raise AssertionError("no such text")


def ending_apart(d: Draw) -> Inputs:
    """Draw two texts that end at different steps, the first of them earlier."""
    for inputs, new in _walks(d, 2, 2, 6, 1, 3):
        first, second = new.tolist()
        for end in set(first) & set(second):
            a, b = first.index(end), second.index(end)
            if a + 1 <= b < 5 and not bool((new[0, a + 1 :] == end).any()):
                return inputs | {"eos_id": end}
    raise AssertionError("no such texts")


def uncertain(d: Draw, n: int) -> Inputs:
    """Draw a model and a prompt behind which no token is nearly certain."""
    for inputs, _ in _walks(d, 1, 2, n, 1, 2):
        with torch.no_grad():
            model = SmallGPT(inputs["weights"], inputs["sizes"]).eval()
            probs = model(inputs["idx"])[0][0, -1].softmax(-1)
        if 0.4 < probs.max() < 0.7:
            return inputs
    raise AssertionError("no such model")


def draws(d: Draw, rows: int, **settings: Any) -> Inputs:
    """Draw a model whose tokens can be counted, and settings with which it writes."""
    inputs = uncertain(d, 2)
    del inputs["max_new_tokens"]
    return inputs | {"rows": rows, "settings": settings}
