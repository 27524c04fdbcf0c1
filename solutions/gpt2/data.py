"""Training examples from a long row of token ids."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

__all__ = ["encode_corpus", "get_batch"]


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


def encode_corpus(
    docs: Iterable[str],
    tok: Any,
    eot_id: int,
    shard_size: int,
) -> list[npt.NDArray[np.uint16]]:
    """Write documents one after the other, as shards of token ids.

    In the stream each document stands behind an `eot_id`, which so marks
    where one ends and the next begins. The stream is cut where a shard is
    full, in the middle of a document if it must be: no token is lost and
    none is added.

    Args:
        docs: texts, in order; a list, or a generator that can be read once.
            A document may be empty: then its `eot_id` stands alone.
        tok: has `encode(text)`, which returns a list of ids.
        eot_id: the id of "<|endoftext|>", from 0 to 65,535.
        shard_size: how many ids a shard holds, at least 1.

    Returns:
        The shards in order, numpy arrays of dtype uint16 with one dimension.
        All hold `shard_size` ids but the last, which holds the rest, at
        least 1. Without documents there is no shard.

    Raises:
        OverflowError: an id is larger than 65,535 and does not fit. Another
            exception will do as well, but a wrong id will not.

    Example:
        >>> class Letters:
        ...     def encode(self, text):
        ...         return [ord(letter) - ord("a") for letter in text]
        >>> for shard in encode_corpus(["bad", "cab"], Letters(), 99, 5):
        ...     print(shard, shard.dtype)
        [99  1  0  3 99] uint16
        [2 0 1] uint16
    """
    shards: list[npt.NDArray[np.uint16]] = []
    shard: list[int] = []
    for token in _stream(docs, tok, eot_id):
        shard.append(token)
        if len(shard) == shard_size:
            shards.append(np.array(shard, dtype=np.uint16))
            shard = []
    return [*shards, np.array(shard, dtype=np.uint16)] if shard else shards


def _stream(docs: Iterable[str], tok: Any, eot_id: int) -> Iterator[int]:
    for doc in docs:
        yield eot_id
        yield from tok.encode(doc)
