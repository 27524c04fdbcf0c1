"""Checkpoints: everything that a run needs to go on as if nothing had happened."""

import os
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

__all__ = ["load_checkpoint", "save_checkpoint"]


def save_checkpoint(
    path: str | Path,
    model: nn.Module,
    optimizer: Optimizer,
    step: int,
    loader: Any,
    rng: torch.Generator | None = None,
) -> None:
    """Write down the whole state of a run.

    That is the model, the optimizer with its moments, the number of steps
    done, the place of the loader, and every source of randomness: torch's on
    the CPU, those of the GPUs, and `rng`. A run that is killed while it
    writes leaves the checkpoint that was there before.

    Args:
        path: of the file.
        model: any module.
        optimizer: its optimizer.
        step: how many steps are done.
        loader: has `state_dict()`.
        rng: a generator that the run draws from, or None.

    Example:
        >>> import tempfile
        >>> from types import SimpleNamespace
        >>> model = torch.nn.Linear(2, 1)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        >>> loader = SimpleNamespace(state_dict=lambda: {"pos": 7})
        >>> path = tempfile.mkdtemp() + "/run.pt"
        >>> save_checkpoint(path, model, optimizer, 3, loader)
        >>> sorted(torch.load(path, weights_only=True))[:3]
        ['cuda', 'loader', 'model']
    """
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "step": step,
        "loader": loader.state_dict(),
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all(),
        "rng": None if rng is None else rng.get_state(),
    }
    unfinished = Path(f"{path}.new")
    torch.save(state, unfinished)
    os.replace(unfinished, path)


def load_checkpoint(
    path: str | Path,
    model: nn.Module,
    optimizer: Optimizer,
    loader: Any,
    rng: torch.Generator | None = None,
) -> int:
    """Bring a run back to where `save_checkpoint` wrote it down.

    The next step is then the same, to the bit, as it would have been.

    Args:
        path: of the file. It may have been written on another device.
        model: of the same shape as the one that was written. Changed in
            place.
        optimizer: of the same kind. Changed in place.
        loader: has `load_state_dict(state)`.
        rng: the generator that the run draws from, or None.

    Returns:
        How many steps are done.

    Raises:
        RuntimeError: the model has other parameters. Another exception will
            do as well.

    Example:
        >>> import tempfile
        >>> from types import SimpleNamespace
        >>> loader = SimpleNamespace(state_dict=lambda: {}, load_state_dict=lambda state: None)
        >>> path = tempfile.mkdtemp() + "/run.pt"
        >>> model, other = torch.nn.Linear(2, 1), torch.nn.Linear(2, 1)
        >>> def sgd(model):
        ...     return torch.optim.SGD(model.parameters(), lr=0.1)
        >>> save_checkpoint(path, model, sgd(model), 3, loader)
        >>> load_checkpoint(path, other, sgd(other), loader)
        3
        >>> torch.equal(model.weight, other.weight)
        True
    """
    state = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    loader.load_state_dict(state["loader"])
    torch.set_rng_state(state["torch"])
    if state["cuda"] and len(state["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(state["cuda"])
    if rng is not None and state["rng"] is not None:
        rng.set_state(state["rng"])
    return int(state["step"])
