"""Tokens in batches, one after the other, and a place to which one can come back."""

import torch
from torch import Tensor

__all__ = ["TokenLoader"]


class TokenLoader:
    """Deal a long row of tokens out in batches, in order, over and over.

    A batch takes the next B * T tokens, row by row, and its targets are the
    same tokens one place later. With several processes, the first
    `world_size` batches go one to each rank, then the next, and so on. When
    what is left is not enough for a batch to every rank, with a target for
    each token, it is left out, and all ranks begin anew.

    Args:
        tokens: ids, (N,), int64, or any integers: batches are int64.
        B: rows of a batch.
        T: tokens of a row.
        rank: which process this is, from 0.
        world_size: how many there are.

    Raises:
        ValueError: N is less than `world_size * B * T + 1`. Another exception
            will do as well.

    Example:
        >>> loader = TokenLoader(torch.arange(9), B=2, T=2)
        >>> loader.next_batch()
        (tensor([[0, 1],
                [2, 3]]), tensor([[1, 2],
                [3, 4]]))
        >>> state = loader.state_dict()
        >>> _, y = loader.next_batch()
        >>> y[-1, -1].item(), loader.next_batch()[0][0, 0].item()
        (8, 0)
        >>> loader.load_state_dict(state)
        >>> loader.next_batch()[0][0, 0].item()
        4
    """

    def __init__(
        self,
        tokens: Tensor,
        B: int,
        T: int,
        rank: int = 0,
        world_size: int = 1,
    ) -> None:
        super().__init__()
        if len(tokens) < world_size * B * T + 1:
            raise ValueError(f"{len(tokens)} tokens; a batch each takes {world_size * B * T + 1}")
        self.tokens, self.B, self.T = tokens, B, T
        self.rank, self.world_size = rank, world_size
        self.reset()

    def reset(self) -> None:
        """Go back to the first batch."""
        self.pos = 0  # the same on every rank

    def next_batch(self) -> tuple[Tensor, Tensor]:
        """Return x and y, each (B, T), int64, and move on."""
        size = self.B * self.T
        if self.pos + self.world_size * size + 1 > len(self.tokens):
            self.reset()
        start = self.pos + self.rank * size
        taken = self.tokens[start : start + size + 1].to(torch.int64)  # one for the last target
        self.pos += self.world_size * size
        return taken[:-1].view(self.B, self.T), taken[1:].view(self.B, self.T)

    def state_dict(self) -> dict[str, int]:
        """Return the place at which it is, to be kept in a checkpoint.

        A dict of ints under names of your own. It stays as it is when the
        loader goes on.
        """
        return {"pos": self.pos}

    def load_state_dict(self, state: dict[str, int]) -> None:
        """Go to the place that `state_dict` returned."""
        self.pos = state["pos"]
