"""Checkpoints: everything that a run needs to go on as if nothing had happened."""

import os
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

__all__ = ["Checkpoint"]


class Checkpoint:
    """The whole state of a run, in a file.

    That is the model, the optimizer with its moments, the number of steps
    done, the place of the loader, and every source of randomness: torch's on
    the CPU, those of the GPUs, and a generator of the run's own. A run that
    goes on from a checkpoint takes the same next step, to the bit, as it
    would have taken.

    What is in the file, and how, is free. Saving leaves the run as it is, and
    one file, with the older one replaced. A run that is killed while it saves
    should leave the checkpoint that was there before.

    Args:
        path: of the file.

    Example:
        >>> import tempfile
        >>> from types import SimpleNamespace
        >>> def start():
        ...     model = torch.nn.Linear(2, 1)
        ...     return model, torch.optim.AdamW(model.parameters())
        >>> (model, optimizer), (other, its_optimizer) = start(), start()
        >>> loader = SimpleNamespace(
        ...     state_dict=lambda: {}, load_state_dict=lambda state: None
        ... )
        >>> checkpoint = Checkpoint(tempfile.mkdtemp() + "/run.pt")
        >>> checkpoint.save(model, optimizer, 3, loader)
        >>> checkpoint.load(other, its_optimizer, loader)
        3
        >>> torch.equal(model.weight, other.weight)
        True
    """

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self.path = path

    def save(
        self,
        model: nn.Module,
        optimizer: Optimizer,
        step: int,
        loader: Any,
        rng: torch.Generator | None = None,
    ) -> None:
        """Write it down.

        Args:
            model: any module.
            optimizer: its optimizer.
            step: how many steps are done.
            loader: has `state_dict()`.
            rng: a generator that the run draws from, or None.
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
        unfinished = f"{self.path}.new"
        torch.save(state, unfinished)
        os.replace(unfinished, self.path)

    def load(
        self,
        model: nn.Module,
        optimizer: Optimizer,
        loader: Any,
        rng: torch.Generator | None = None,
    ) -> int:
        """Bring a run to where it was saved; return how many steps are done.

        The file may have been written on another device.

        Args:
            model: of the shape of the saved one. Changed in place: it keeps
                its Parameters, which the optimizer holds.
            optimizer: of the kind of the saved one. Changed in place.
            loader: has `load_state_dict(state)`.
            rng: the generator that the run draws from, or None.

        Raises:
            RuntimeError: the model has other parameters. Another exception
                will do as well.
        """
        state = torch.load(self.path, map_location="cpu", weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        loader.load_state_dict(state["loader"])
        torch.set_rng_state(state["torch"])
        if len(state["cuda"]) == torch.cuda.device_count():
            torch.cuda.set_rng_state_all(state["cuda"])
        if rng is not None and state["rng"] is not None:
            rng.set_state(state["rng"])
        return int(state["step"])
