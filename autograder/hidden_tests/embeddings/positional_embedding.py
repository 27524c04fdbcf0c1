"""4.2 PositionalEmbedding."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Variant
from autograder.hidden_tests.embeddings.positional_embedding_mistakes import ROW_MISTAKES
from autograder.hidden_tests.embeddings.positional_embedding_table_mistakes import TABLE_MISTAKES


class _Arange(nn.Module):
    """F.embedding of an arange on the table's device, which raises for itself."""

    def __init__(self, block_size: int, n_embd: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(nn.init.normal_(torch.empty(block_size, n_embd), std=0.02))

    def forward(self, T: int, offset: int = 0) -> Tensor:
        positions = torch.arange(offset, offset + T, device=self.weight.device)
        return F.embedding(positions, self.weight)


class _Buffer(nn.Module):
    """The positions kept as a buffer, with an assertion."""

    positions: Tensor

    def __init__(self, block_size: int, n_embd: int) -> None:
        super().__init__()
        self.block_size = block_size
        self.weight = nn.Parameter(torch.zeros(block_size, n_embd, dtype=torch.float64))
        self.register_buffer("positions", torch.arange(block_size), persistent=False)

    def forward(self, T: int, offset: int = 0) -> Tensor:
        end = offset + T
        assert end <= self.block_size, f"cannot go to position {end}: there are {self.block_size}"
        return self.weight.index_select(0, self.positions[offset:end])


class _Subclass(nn.Embedding):
    """torch's own module, called with positions."""

    def __init__(self, block_size: int, n_embd: int) -> None:
        super().__init__(block_size, n_embd)

    def forward(self, T: int, offset: int = 0) -> Tensor:  # type: ignore[override]
        return super().forward((torch.arange(T) + offset).to(self.weight.device))


class _OneHot(nn.Module):
    """A band of the identity times the table."""

    def __init__(self, block_size: int, n_embd: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.rand(block_size, n_embd))

    def forward(self, T: int, offset: int = 0) -> Tensor:
        N = self.weight.shape[0]
        if N - offset < T:
            raise IndexError("beyond the context length")
        band = torch.eye(N, device=self.weight.device, dtype=self.weight.dtype)
        return band.narrow(0, offset, T) @ self.weight


class _Loop(nn.Module):
    """A row at a time."""

    def __init__(self, block_size: int, n_embd: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(block_size, n_embd))

    def forward(self, T: int, offset: int = 0) -> Tensor:
        return torch.stack([self.weight[offset + t] for t in range(T)])


ROWS = "gives T rows in order"
OFFSET = "starts at the offset"
BEYOND = "refuses positions beyond the table"
LEARNS = "sends a gradient to the rows that were used"
DEVICE = "works on the table's device"


def _call(d: Draw, N: int, C: int, T: int, offset: int | None = None) -> dict[str, Any]:
    return {"table": d.normal(N, C), "T": T} | ({} if offset is None else {"offset": offset})


def _beyond(d: Draw, T: int, offset: int, beyond: list[int]) -> dict[str, Any]:
    return _call(d, 6, 2, T, offset) | {"beyond": beyond}


EXERCISE = Exercise(
    id="PositionalEmbedding",
    chapter="04-embeddings",
    title="A row for each position",
    reference="gpt2.embeddings.PositionalEmbedding",
    probe="embedding_tables.positional_embedding",
    minutes=10,
    difficulty=2,
    groups={ROWS: 1, OFFSET: 1, BEYOND: 1, LEARNS: 1, DEVICE: 1},
    cases=(
        Case("the first four of nine", ROWS, lambda d: _call(d, 9, 3, 4)),
        Case("as many as there are", ROWS, lambda d: _call(d, 4, 4, 4)),
        Case("four, from position 5", OFFSET, lambda d: _call(d, 10, 3, 4, 5) | {"by_name": True}),
        Case("one, from position 3", OFFSET, lambda d: _call(d, 6, 2, 1, 3)),
        Case(
            "one position too many",
            BEYOND,
            lambda d: _beyond(d, 6, 0, [7, 0]),
            probe="embedding_tables.positions_beyond",
        ),
        Case(
            "too many because of the offset",
            BEYOND,
            lambda d: _beyond(d, 3, 3, [4, 4]),
            probe="embedding_tables.positions_beyond",
        ),
        Case(
            "the gradient of three rows",
            LEARNS,
            lambda d: _call(d, 7, 3, 3, 2) | {"upstream": d.normal(3, 3)},
            probe="embedding_tables.positional_gradient",
        ),
        Case(
            "a table that is not on the CPU",
            DEVICE,
            lambda d: _call(d, 6, 2, 2, 1),
            probe="embedding_tables.positional_on_device",
        ),
    ),
    misconceptions=ROW_MISTAKES + TABLE_MISTAKES,
    variants=(
        Variant("F.embedding of an arange", _Arange),
        Variant("a buffer of positions, float64", _Buffer),
        Variant("a subclass of nn.Embedding", _Subclass),
        Variant("a band of the identity", _OneHot),
        Variant("a loop", _Loop),
    ),
    hints=(
        "The tokens play no part here. Which rows of the table belong to T tokens, the first of "
        "which stands at position `offset`?",
        "They lie one after the other, so a slice of the table holds them. What does Python do "
        "with a slice that reaches beyond the end?",
        "If `offset + T` is more than the table has rows, raise a ValueError. Otherwise return "
        "the rows from `offset` up to, and without, `offset + T`.",
    ),
)
