"""4.1 Embedding."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Variant
from autograder.hidden_tests.embeddings.embedding_mistakes import MISCONCEPTIONS


class _OneHot(nn.Module):
    """A one-hot row times the table."""

    def __init__(self, vocab_size: int, n_embd: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(vocab_size, n_embd))
        nn.init.xavier_normal_(self.weight)

    def forward(self, idx: Tensor) -> Tensor:
        return F.one_hot(idx, self.weight.shape[0]).to(self.weight) @ self.weight


class _Functional(nn.Module):
    """F.embedding, with a gradient that is sparse."""

    def __init__(self, vocab_size: int, n_embd: int) -> None:
        super().__init__()
        self.register_parameter("weight", nn.Parameter(torch.zeros(vocab_size, n_embd)))

    def forward(self, idx: Tensor) -> Tensor:
        return F.embedding(idx, self.get_parameter("weight"), sparse=True)


class _Subclass(nn.Embedding):
    """torch's own module by another name."""

    def __init__(self, vocab_size: int, n_embd: int) -> None:
        super().__init__(vocab_size, n_embd)
        nn.init.normal_(self.weight, mean=0.0, std=0.02)


class _Wrapped(nn.Module):
    """torch's own module inside."""

    def __init__(self, vocab_size: int, n_embd: int) -> None:
        super().__init__()
        self.inner = nn.Embedding(vocab_size, n_embd)
        self.inner.weight.data.uniform_(-1, 1)

    @property
    def weight(self) -> Tensor:
        return self.inner.weight

    def forward(self, idx: Tensor) -> Tensor:
        vectors: Tensor = self.inner(idx)
        return vectors


class _Truncated(nn.Module):
    """In float64, with torch.index_select and a reshape."""

    def __init__(self, vocab_size: int, n_embd: int) -> None:
        super().__init__()
        start = nn.init.trunc_normal_(torch.empty(vocab_size, n_embd, dtype=torch.float64))
        self.weight = nn.Parameter(start)

    def forward(self, idx: Tensor) -> Tensor:
        rows = self.weight.index_select(0, idx.reshape(-1))
        return rows.view(*idx.shape, rows.size(-1))


class _Loop(nn.Module):
    """A row at a time, as a recursion over the dimensions."""

    def __init__(self, vocab_size: int, n_embd: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.rand(vocab_size, n_embd) - 0.5)

    def forward(self, idx: Tensor) -> Tensor:
        if idx.dim() == 0:
            return self.weight[int(idx)]
        return torch.stack([self.forward(part) for part in idx])


ROWS = "gives each id its row of the table"
SHAPES = "takes ids of any shape"
LEARNS = "sends a gradient to the rows that were used"
BEYOND = "refuses an id that has no row"


def _lookup(d: Draw, V: int, C: int, *shape: int, by_name: bool = False) -> dict[str, Any]:
    """Return a table and ids; the table's last row is not used, and its rows are long."""
    return {
        "table": d.normal(V, C, std=2.0),
        "idx": d.integers(0, V - 1, *shape),
        "by_name": by_name,
    }


def _one_id(d: Draw, *shape: int) -> dict[str, Any]:
    """Return a table and one id, neither the first nor the last."""
    return _lookup(d, 5, 3) | {"idx": d.integers(1, 4, *shape), "by_name": True}


def _gradient(d: Draw) -> dict[str, Tensor]:
    """Return ids in which 0 and another occur several times, and half of the table never."""
    a, b = (d.permutation(5)[:2] + 1).tolist()
    idx = torch.tensor([0, a, 0, b, a, a])[d.permutation(6)].reshape(2, 3)
    return {"table": d.normal(6, 4, std=2.0), "idx": idx, "upstream": d.normal(2, 3, 4)}


def _beyond(d: Draw) -> dict[str, Tensor]:
    V = d.integer(4, 8)
    idx = d.integers(0, V, 5)
    beyond = idx.clone()
    beyond[d.integer(0, 5)] = V
    return {"table": d.normal(V, 3, std=2.0), "idx": idx, "beyond": beyond}


EXERCISE = Exercise(
    id="Embedding",
    chapter="04-embeddings",
    title="A row for each token",
    reference="gpt2.embeddings.Embedding",
    probe="embedding_tables.embedding",
    minutes=10,
    difficulty=2,
    groups={ROWS: 1, SHAPES: 1, LEARNS: 1, BEYOND: 1},
    cases=(
        Case("a batch", ROWS, lambda d: _lookup(d, 7, 3, 2, 3)),
        Case("as many rows as channels", ROWS, lambda d: _lookup(d, 4, 4, 4, 4, by_name=True)),
        Case("a single id, of shape ()", SHAPES, _one_id),
        Case("a row of ids", SHAPES, lambda d: _lookup(d, 6, 4, 5)),
        Case("three dimensions", SHAPES, lambda d: _lookup(d, 6, 2, 2, 3, 2)),
        Case("a batch of one token", SHAPES, lambda d: _one_id(d, 1, 1)),
        Case(
            "some tokens twice, some never",
            LEARNS,
            _gradient,
            probe="embedding_tables.embedding_gradient",
        ),
        Case("one id too large", BEYOND, _beyond, probe="embedding_tables.embedding_beyond"),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("one-hot times the table", _OneHot),
        Variant("F.embedding, sparse gradient", _Functional),
        Variant("a subclass of nn.Embedding", _Subclass),
        Variant("nn.Embedding inside", _Wrapped),
        Variant("index_select in float64", _Truncated),
        Variant("a loop", _Loop),
    ),
    hints=(
        "What does the module have to remember? One row of C numbers for each of V tokens: which "
        "shape has the table, and what makes the optimizer see it?",
        "A tensor may be indexed by a tensor of ids: `table[idx]` with ids of shape (B, T) has "
        "the shape (B, T, C).",
        "In `__init__`, `self.weight` is an `nn.Parameter` around random numbers of shape "
        "(vocab_size, n_embd). In `forward`, index it with the ids and return what comes.",
    ),
)
