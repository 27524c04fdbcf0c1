"""What a training run is made of, in numbers."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from gpt2.config import GPTConfig

__all__ = ["Recipe"]


@dataclass(frozen=True)
class Recipe:
    """All that decides on a run but its text.

    Attributes:
        n_layer, n_head, n_embd, block_size, dropout: of the model.
        batch: rows that a process takes at once.
        accumulate: how many such batches make a step.
        steps: how many steps; None: as many as fit into `minutes`.
        minutes: wall time of training; the schedule follows the clock.
        lr: the top of the learning rate.
        end: its end, as a share of the top.
        warmup: share of the run in which it rises.
        decay: share of the run, at its end, in which it falls.
        schedule: along what it falls.
        weight_decay, beta2, clip: of AdamW, and the longest gradient.
        optimizer: what moves the matrices of the blocks; AdamW moves the rest.
        muon_lr: the top of Muon's learning rate.
        seed: of weights and batches.
    """

    n_layer: int = 4
    n_head: int = 4
    n_embd: int = 128
    block_size: int = 64
    dropout: float = 0.0
    batch: int = 12
    accumulate: int = 1
    steps: int | None = None
    minutes: float | None = None
    lr: float = 4e-3
    end: float = 0.0
    warmup: float = 0.05
    decay: float = 0.95
    schedule: Literal["cosine", "linear"] = "linear"
    weight_decay: float = 0.1
    beta2: float = 0.95
    clip: float = 1.0
    optimizer: Literal["adamw", "muon"] = "adamw"
    muon_lr: float = 0.02
    seed: int = 0

    def __post_init__(self) -> None:
        if (self.steps is None) == (self.minutes is None):
            raise ValueError("give either steps or minutes")
        if self.n_embd % self.n_head:
            raise ValueError(f"{self.n_head} heads do not divide {self.n_embd} channels")

    def config(self, vocab_size: int) -> GPTConfig:
        """Return the sizes of the model."""
        return GPTConfig(
            self.block_size, vocab_size, self.n_layer, self.n_head, self.n_embd, self.dropout
        )

    def rate_at(self, share: float) -> float:
        """Return the learning rate when this share of the run is done, as a share of its top.

        >>> recipe = Recipe(steps=100, warmup=0.1, decay=0.5, end=0.2)
        >>> [round(recipe.rate_at(share), 2) for share in (0.05, 0.3, 0.5, 0.75, 1.0)]
        [0.5, 1.0, 1.0, 0.6, 0.2]
        """
        if share < self.warmup:
            return share / self.warmup
        left = min(1.0, (1 - min(share, 1.0)) / self.decay) if self.decay else 1.0
        if self.schedule == "cosine":
            left = 0.5 * (1 - math.cos(math.pi * left))
        return self.end + (1 - self.end) * left

    def to_dict(self) -> dict[str, Any]:
        """Return it as what JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, tree: dict[str, Any]) -> Recipe:
        """Read it again. Raises ValueError if a field is unknown."""
        unknown = sorted(tree.keys() - {field.name for field in fields(cls)})
        if unknown:
            raise ValueError(f"a recipe has no {', '.join(unknown)}")
        return cls(**tree)
