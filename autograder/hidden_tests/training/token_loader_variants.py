"""Right answers to 7.1 TokenLoader in other styles."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.exercise import Variant

Batch = tuple[Tensor, Tensor]


class _Rounds:
    """Counts rounds, not tokens, and goes back with a remainder."""

    def __init__(self, tokens: Tensor, B: int, T: int, rank: int = 0, world_size: int = 1) -> None:
        self.number = (len(tokens) - 1) // (world_size * B * T)
        assert self.number > 0, "too few tokens"
        used = self.number * world_size * B * T
        shape = (self.number, world_size, B, T)
        self.x = tokens[:used].reshape(shape)[:, rank]
        self.y = tokens[1 : used + 1].reshape(shape)[:, rank]
        self.round = 0

    def reset(self) -> None:
        self.round = 0

    def next_batch(self) -> list[Tensor]:
        i = self.round % self.number
        self.round += 1
        return [self.x[i].clone().long(), self.y[i].clone().long()]

    def state_dict(self) -> dict[str, int]:
        return {"round": self.round}

    def load_state_dict(self, state: dict[str, int]) -> None:
        self.round = state["round"]


class _OwnPlace:
    """Keeps the place of this rank, and goes back as soon as nothing is left, not when asked."""

    def __init__(self, tokens: Tensor, B: int, T: int, rank: int = 0, world_size: int = 1) -> None:
        self.tokens = tokens.clone().to(torch.long)
        self.B, self.T = B, T
        self.process_rank, self.num_processes = rank, world_size
        if B * T * world_size >= len(tokens):
            raise AssertionError
        self.reset()

    def reset(self) -> None:
        self.current_position = self.B * self.T * self.process_rank

    def next_batch(self) -> Batch:
        B, T = self.B, self.T
        buf = self.tokens[self.current_position : self.current_position + B * T + 1].clone()
        x, y = buf[:-1].view(B, T), buf[1:].view(B, T)
        self.current_position += B * T * self.num_processes
        round_begins = self.current_position - B * T * self.process_rank
        if round_begins + B * T * self.num_processes + 1 > len(self.tokens):
            self.reset()
        return x, y

    def state_dict(self) -> dict[str, int]:
        return {"current_position": self.current_position}

    def load_state_dict(self, state: dict[str, int]) -> None:
        self.current_position = state["current_position"]


class _Generator:
    """A generator over lists; to come back it deals again from the first batch."""

    def __init__(self, tokens: Tensor, B: int, T: int, rank: int = 0, world_size: int = 1) -> None:
        self.row: list[int] = tokens.tolist()
        self.size, self.every = (B, T), world_size * B * T
        self.first = rank * B * T
        if len(self.row) - 1 < self.every:
            raise IndexError("a longer text is needed")
        self.reset()

    def reset(self) -> None:
        self.dealt = 0
        self.batches = self._deal()

    def _deal(self) -> Any:
        B, T = self.size
        while True:
            for start in range(self.first, len(self.row) - self.every + self.first, self.every):
                rows = [self.row[i : i + T + 1] for i in range(start, start + B * T, T)]
                yield torch.tensor([r[:-1] for r in rows]), torch.tensor([r[1:] for r in rows])

    def next_batch(self) -> Any:
        self.dealt += 1
        return next(self.batches)

    def state_dict(self) -> dict[str, int]:
        return {"dealt": self.dealt, "version": 1}

    def load_state_dict(self, state: dict[str, int]) -> None:
        self.reset()
        for _ in range(state["dealt"]):
            self.next_batch()


class _Strided:
    """NumPy's memory, with windows of B * T + 1 tokens one batch apart."""

    def __init__(self, tokens: Tensor, B: int, T: int, rank: int = 0, world_size: int = 1) -> None:
        array = np.array(tokens.numpy(), dtype=np.int64)
        if array.size < world_size * B * T + 1:
            raise ValueError
        windows = np.lib.stride_tricks.sliding_window_view(array, B * T + 1)
        rounds = (array.size - 1) // (world_size * B * T)
        self.windows = windows[rank * B * T :: world_size * B * T][:rounds]
        self.shape, self._i = (B, T), 0

    def reset(self) -> None:
        self._i = 0

    def next_batch(self) -> Batch:
        if self._i == len(self.windows):
            self.reset()
        window = torch.from_numpy(self.windows[self._i].copy())
        self._i += 1
        return window[:-1].reshape(self.shape), window[1:].reshape(self.shape)

    def state_dict(self) -> dict[str, int]:
        return {"i": self._i}

    def load_state_dict(self, state: dict[str, int]) -> None:
        self._i = int(state["i"])


VARIANTS = (
    Variant("rounds, and tables cut in advance", _Rounds),
    Variant("each rank's own place", _OwnPlace),
    Variant("a generator over lists", _Generator),
    Variant("windows in numpy", _Strided),
)
