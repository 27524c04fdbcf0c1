"""Training examples from a long row of token ids."""

import torch
from torch import Tensor

__all__ = ["get_batch"]


def get_batch(
    data: Tensor,
    batch_size: int,
    block_size: int,
    generator: torch.Generator | None = None,
    device: str | torch.device = "cpu",
) -> tuple[Tensor, Tensor]:
    """Cut random windows out of a text, and their targets, one token later.

    One window of T tokens is T training examples: at every position t,
    `y[:, t]` is the token that comes right after `x[:, t]` in the text.

    Args:
        data: token ids of the whole text in order, int64, on the CPU, left
            unchanged.
        batch_size: B, how many windows. Each starts where it likes,
            independently of the others: every start from 0 to N - T - 1 is
            as likely as any other, and two windows may share one.
        block_size: T, the context length.
        generator: the source of randomness, on the CPU; None is torch's
            own. The same state gives the same batch, and the call moves it
            on.
        device: where the batch is to be, "cpu" or "cuda", say.

    Shape:
        - data: (N,), N at least T + 1
        - returns: x and y, both (B, T), int64, on `device`

    Example:
        >>> x, y = get_batch(torch.arange(6), batch_size=2, block_size=5)
        >>> x
        tensor([[0, 1, 2, 3, 4],
                [0, 1, 2, 3, 4]])
        >>> y
        tensor([[1, 2, 3, 4, 5],
                [1, 2, 3, 4, 5]])
    """
    starts = torch.randint(len(data) - block_size, (batch_size, 1), generator=generator)
    at = starts + torch.arange(block_size)  # (B, T)
    return data[at].to(device), data[at + 1].to(device)
