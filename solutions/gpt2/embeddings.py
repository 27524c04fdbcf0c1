"""From token ids to vectors: the two tables at the entrance of GPT-2."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = [
    "Embedding",
    "PositionalEmbedding",
    "embed_tokens",
    "nearest_tokens",
    "sinusoidal_positions",
    "tie_weights",
]


class Embedding(nn.Module):
    """Look up a row of a table for each token id.

    The only parameter is the table. Row i is the vector of token i, and goes
    out as it is: nothing is added to it and nothing multiplied. How the
    table starts is free; GPT-2 draws normal numbers of standard deviation
    0.02.

    Args:
        vocab_size: V, how many rows.
        n_embd: C, how many channels a row has.

    Attributes:
        weight: the table, nn.Parameter, float (V, C).

    Example:
        >>> wte = Embedding(vocab_size=10, n_embd=4)
        >>> wte(torch.tensor([[7, 7, 1]])).shape
        torch.Size([1, 3, 4])
        >>> torch.equal(wte(torch.tensor(7)), wte.weight[7])
        True
    """

    def __init__(self, vocab_size: int, n_embd: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(vocab_size, n_embd))

    def forward(self, idx: Tensor) -> Tensor:
        """Return the row of each id.

        Args:
            idx: token ids, int64, each in 0..V-1.

        Shape:
            - idx: (...), any shape, () too
            - returns: (..., C), with a gradient that reaches the rows used
              and no other

        Raises:
            IndexError: an id is V or greater. Another exception will do as
                well; another token's row, or zeros, will not.
        """
        return self.weight[idx]


class PositionalEmbedding(nn.Module):
    """Look up a row of a table for each position, whatever token is there.

    The only parameter is the table, and it is learned like the other one. It
    has one row for each position, so a model with it has a longest text. How
    the table starts is free.

    Args:
        block_size: N, how many positions there are: the context length.
        n_embd: C, how many channels a row has.

    Attributes:
        weight: the table, nn.Parameter, float (N, C).

    Example:
        >>> wpe = PositionalEmbedding(block_size=8, n_embd=4)
        >>> wpe(3).shape
        torch.Size([3, 4])
        >>> torch.equal(wpe(2, offset=5), wpe.weight[5:7])
        True
    """

    def __init__(self, block_size: int, n_embd: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(block_size, n_embd))

    def forward(self, T: int, offset: int = 0) -> Tensor:
        """Return the rows of T positions in order, on the table's device.

        Args:
            T: how many, at least 1.
            offset: the first position: T rows from there. Chapter 6 needs it
                when the tokens before have been dealt with.

        Shape:
            - returns: (T, C), with a gradient

        Raises:
            ValueError: `offset + T` is more than N. Another exception will
                do as well; fewer rows, or rows used twice, will not.
        """
        if offset + T > len(self.weight):
            raise ValueError(f"{offset + T} positions; the table has {len(self.weight)}")
        return self.weight[offset : offset + T]


def sinusoidal_positions(
    T: int,
    n_embd: int,
    base: float = 10000.0,
) -> Tensor:
    """Return positions that are computed and not learned (Vaswani 2017, 3.5).

    Channels come in pairs. Pair i, channels 2i and 2i + 1, holds the sine
    and the cosine of `t / base ** (2 * i / n_embd)` at position t: a hand of
    a clock, which goes round more slowly with each pair.

    Args:
        T: how many positions, from 0.
        n_embd: C, even.
        base: how much slower the last hand is than the first, nearly.

    Shape:
        - returns: (T, C), float, without a gradient

    Example:
        >>> sinusoidal_positions(3, 4)
        tensor([[ 0.0000,  1.0000,  0.0000,  1.0000],
                [ 0.8415,  0.5403,  0.0100,  0.9999],
                [ 0.9093, -0.4161,  0.0200,  0.9998]])
    """
    t = torch.arange(T, dtype=torch.float64)[:, None]  # (T, 1)
    even = torch.arange(0, n_embd, 2, dtype=torch.float64)  # (C / 2,)
    angles = t / base ** (even / n_embd)  # (T, C / 2)
    pairs = torch.stack([angles.sin(), angles.cos()], dim=-1)  # (T, C / 2, 2)
    return pairs.flatten(1).to(torch.get_default_dtype())


def embed_tokens(idx: Tensor, wte: Tensor, wpe: Tensor) -> Tensor:
    """Add each token's row to the row of the position where it stands.

    What comes out is the stream that all of GPT-2's layers read and write.

    Args:
        idx: token ids, int64.
        wte: the table of tokens, float.
        wpe: the table of positions, float. Position 0 is the first token of
            each row of the batch.

    Shape:
        - idx: (B, T)
        - wte: (V, C)
        - wpe: (N, C), N at least T
        - returns: (B, T, C), on the device of the tables, with a gradient
          that reaches both. The tables stay as they were.

    Raises:
        IndexError: T is greater than N, whatever N is, 1 too. Another
            exception will do as well; a shorter text, or rows used twice,
            will not.

    Example:
        >>> wte = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
        >>> wpe = torch.tensor([[0.0, 0.0], [0.5, 0.5], [10.0, 10.0]])
        >>> embed_tokens(torch.tensor([[1, 1]]), wte, wpe)
        tensor([[[3.0000, 4.0000],
                 [3.5000, 4.5000]]])
    """
    positions = torch.arange(idx.size(1), device=idx.device)
    return wte[idx] + wpe[positions]  # (B, T, C) + (T, C)


def nearest_tokens(E: Tensor, query_id: int, k: int) -> Tensor:
    """Find the k tokens whose vectors point most nearly the same way.

    How near two vectors are is their cosine, `a @ b / (|a| * |b|)`: their
    lengths do not count.

    Args:
        E: the table, a row a token, float. No row is all zeros.
        query_id: the token whose neighbours are asked for. It is not one of
            them.
        k: how many, from 1 to V - 1.

    Shape:
        - E: (V, C), left unchanged
        - returns: (k,), int64, the nearest first. Tokens that are equally
          near come in any order.

    Example:
        >>> E = torch.tensor([[1.0, 0.0], [9.0, 9.0], [0.0, 1.0], [2.0, 0.1]])
        >>> nearest_tokens(E, query_id=0, k=2)
        tensor([3, 1])
    """
    directions = F.normalize(E, dim=1)
    cosines = directions @ directions[query_id]  # (V,)
    cosines[query_id] = -torch.inf
    return cosines.topk(k).indices


def tie_weights(model: Any) -> None:
    """Make a model use one table at both ends.

    GPT-2 turns ids into vectors with the (V, C) table `transformer.wte`, and
    vectors into logits with `lm_head`, a linear layer without bias whose
    weight is (V, C) too. Afterwards both are one and the same nn.Parameter,
    which gets the gradients of both ends and which the optimizer sees once.

    Args:
        model: has `transformer.wte`, an nn.Embedding(V, C), and `lm_head`,
            an nn.Linear(C, V, bias=False). It is changed. Which of the two
            tables stays is free; its values do not change.

    Example:
        >>> model = nn.Module()
        >>> model.transformer = nn.ModuleDict({"wte": nn.Embedding(10, 4)})
        >>> model.lm_head = nn.Linear(4, 10, bias=False)
        >>> tie_weights(model)
        >>> model.lm_head.weight is model.transformer.wte.weight
        True
        >>> sum(p.numel() for p in model.parameters())
        40
    """
    model.lm_head.weight = model.transformer.wte.weight
