"""The processes of a run: one, or as many as `torchrun` has started."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

__all__ = ["Processes", "join"]


@dataclass(frozen=True)
class Processes:
    """Who this process is among how many, and where it computes."""

    rank: int
    world_size: int
    device: torch.device

    @property
    def is_first(self) -> bool:
        """Whether this one writes files and speaks."""
        return self.rank == 0

    def wrap(self, model: nn.Module) -> nn.Module:
        """Return a model that averages its gradients over all processes."""
        return model if self.world_size == 1 else DistributedDataParallel(model)

    def mean(self, value: float) -> float:
        """Return the mean over all processes."""
        if self.world_size == 1:
            return value
        total = torch.tensor(value, device=self.device)
        dist.all_reduce(total)
        return total.item() / self.world_size

    def agree(self, value: float) -> float:
        """Return what the first process says, so that all end at the same step."""
        if self.world_size == 1:
            return value
        said = torch.tensor(value, dtype=torch.float64, device=self.device)
        dist.broadcast(said, src=0)
        return said.item()

    def wait(self) -> None:
        """Wait until all are here."""
        if self.world_size > 1:
            dist.barrier()

    def holding(self, model: nn.Module, last: bool) -> AbstractContextManager[Any]:
        """Let gradients add up here; they are averaged with those of the last batch of a step."""
        return nullcontext() if self.world_size == 1 or last else model.no_sync()  # type: ignore[operator]


@contextmanager
def join(device: str | None) -> Iterator[Processes]:
    """Take a place among the processes, and leave it at the end.

    Args:
        device: "cpu", "cuda", "mps"; None: a GPU where there is one.
    """
    kind = device or ("cuda" if torch.cuda.is_available() else "cpu")
    world_size = int(os.environ.get("WORLD_SIZE", "1"))
    if world_size == 1:
        yield Processes(0, 1, torch.device(kind))
        return
    where = torch.device(kind)
    if where.type == "cuda":
        where = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(where)
    dist.init_process_group("nccl" if where.type == "cuda" else "gloo")
    try:
        yield Processes(dist.get_rank(), world_size, where)
    finally:
        dist.destroy_process_group()
