"""Probes of chapter 6: a GPT whose position table is cut."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .observing import shape
from .setup_model import OwnNorm, Sizes, SmallGPT, fill

Outputs = dict[str, Any]
Crop = Callable[..., Any]


def cut(crop_block_size: Crop, lengths: list[int], shift: float, **sizes: Any) -> Outputs:
    """Cut a model to one length after the other, and compare it with what it was.

    Logits are looked at for one token, and for the longest text that fits.
    """
    model = _model(sizes, shift)
    return _compared(model, crop_block_size, lengths)


def cut_to_the_same(crop_block_size: Crop, shift: float, **sizes: Any) -> Outputs:
    """Ask for the length that the model has."""
    model = _model(sizes, shift)
    try:
        came = _compared(model, crop_block_size, [model.config.block_size])
    except NotImplementedError:
        raise
    except Exception:
        return {"the old length is refused": True}
    return {"the old length is refused": False} | came


def cut_elsewhere(crop_block_size: Crop, length: int, shift: float, **sizes: Any) -> Outputs:
    """Cut a model in float64, whose norms are not torch's."""
    model = _model(sizes, shift, norm=OwnNorm).double()
    came = _compared(model, crop_block_size, [length])
    told = ("the position table holds", "the table has its old dtype", "the longest text as before")
    return {name: came[name] for name in told}


def cut_after_training(crop_block_size: Crop, length: int, shift: float, **sizes: Any) -> Outputs:
    """Cut a model that has gradients, and train on: does the new table learn?"""
    model = _model(sizes, shift)
    idx = _text(model, length)
    model(idx, idx)[1].backward()
    crop_block_size(model, length)
    table = getattr(model.transformer["wpe"], "weight", None)
    listed = any(p is table for p in model.parameters())
    model.zero_grad()
    logits = _logits(model, idx)
    if isinstance(logits, Tensor) and logits.requires_grad:
        logits.square().sum().backward()
    reached = getattr(table, "grad", None) if listed else None
    return {
        "the new table is a Parameter of the model": isinstance(table, nn.Parameter) and listed,
        "a gradient reaches the new table": isinstance(reached, Tensor) and bool(reached.any()),
        "shape of the gradient": shape(reached),
    }


def too_long(crop_block_size: Crop, length: int, shift: float, **sizes: Any) -> Outputs:
    """Ask for more positions than there are."""
    model = _model(sizes, shift)
    idx = _text(model, model.config.block_size)
    before, table = _logits(model, idx), model.transformer["wpe"].weight
    refused = False
    try:
        crop_block_size(model, length)
    except NotImplementedError:
        raise
    except Exception:
        refused = True
    now = getattr(model.transformer["wpe"], "weight", None)
    return {
        "a length greater than the old one is refused": refused,
        "config.block_size": getattr(model.config, "block_size", None),
        "shape of transformer.wpe.weight": shape(now),
        "the table has the numbers of before": isinstance(now, Tensor) and torch.equal(now, table),
        "the model computes what it computed": _same(_logits(model, idx), before),
    }


def _model(sizes: dict[str, Any], shift: float, norm: Any = nn.LayerNorm) -> Any:
    model = SmallGPT(Sizes(**sizes), norm=norm, mask="bias")
    fill(model, shift)
    return model


def _compared(model: Any, crop_block_size: Crop, lengths: list[int]) -> Outputs:
    last = lengths[-1]
    sizes = vars(model.config).copy()
    table = model.transformer["wpe"].weight.detach().clone()
    others = _others(model)
    values = {name: p.detach().clone() for name, p in others.items()}
    texts = [_text(model, T) for T in (1, last, last + 1)]
    before = [_logits(model, text) for text in texts[:2]]
    for length in lengths:
        crop_block_size(model, block_size=length)
    now = getattr(model.transformer["wpe"], "weight", None)
    parts = _others(model)
    return {
        "config.block_size": getattr(model.config, "block_size", None),
        "the other sizes are kept": all(
            getattr(model.config, name, None) == size
            for name, size in sizes.items()
            if name != "block_size"
        ),
        "shape of transformer.wpe.weight": shape(now),
        "the position table holds": _rows(now, table),
        "the table has its old dtype": getattr(now, "dtype", None) == table.dtype,
        "the other Parameters are kept": parts.keys() == others.keys()
        and all(parts[name] is p for name, p in others.items()),
        "head and token table are one": parts.get("lm_head.weight")
        is parts.get("transformer.wte.weight"),
        "their numbers are kept": all(torch.equal(p, values[k]) for k, p in others.items()),
        "they learn": all(p.requires_grad for p in parts.values()),
        "one token as before": _same(_logits(model, texts[0]), before[0]),
        "the longest text as before": _same(_logits(model, texts[1]), before[1]),
        "a longer text is refused": _logits(model, texts[2]) is None,
    }


def _others(model: nn.Module) -> dict[str, nn.Parameter]:
    """Return all Parameters but the position table, a shared one under both of its names."""
    named = model.named_parameters(remove_duplicate=False)
    return {name: p for name, p in named if not name.startswith("transformer.wpe")}


def _rows(now: Any, table: Tensor) -> str:
    if not isinstance(now, Tensor) or now.dim() != 2 or now.shape[1] != table.shape[1]:
        return "something of another shape"
    n = len(now)
    fits = n <= len(table)
    close = {
        "zeros": not now.any(),
        "all rows": n == len(table) and torch.allclose(now.double(), table.double()),
        "the first rows": fits and torch.allclose(now.double(), table[:n].double()),
        "the last rows": fits and torch.allclose(now.double(), table[-n:].double()),
    }
    return next((words for words, holds in close.items() if holds), "other numbers")


def _text(model: Any, T: int) -> Tensor:
    """Return two rows of ids that differ from position to position, int64 (2, T)."""
    at, V = torch.arange(T), int(model.config.vocab_size)
    return torch.stack([at * 3 + 1, at * 2]) % V


def _logits(model: Any, idx: Tensor) -> Any:
    """Return the logits, or None if the model refuses or cannot run."""
    try:
        return model(idx)[0]
    except Exception:
        return None


def _same(a: Any, b: Any) -> bool:
    if not isinstance(a, Tensor) or not isinstance(b, Tensor) or a.shape != b.shape:
        return False
    return torch.allclose(a.double(), b.double(), rtol=1e-4, atol=1e-4)
