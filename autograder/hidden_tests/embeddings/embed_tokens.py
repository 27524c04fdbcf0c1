"""4.4 embed_tokens."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Variant
from autograder.hidden_tests.embeddings.embed_tokens_mistakes import MISCONCEPTIONS


def _slices(idx: Tensor, wte: Tensor, wpe: Tensor) -> Tensor:
    _, T = idx.shape
    assert wpe.shape[0] >= T
    return wte[idx] + wpe[:T]


def _functional(idx: Tensor, wte: Tensor, wpe: Tensor) -> Tensor:
    t = idx.size(1)
    pos = torch.arange(0, t, dtype=torch.long, device=idx.device).unsqueeze(0)
    tok_emb = F.embedding(idx, wte)
    pos_emb = F.embedding(pos, wpe)
    return tok_emb + pos_emb


def _one_hot(idx: Tensor, wte: Tensor, wpe: Tensor) -> Tensor:
    B, T = idx.shape
    tokens = torch.einsum("btv,vc->btc", F.one_hot(idx, len(wte)).to(wte.dtype), wte)
    places = F.one_hot(torch.arange(T, device=idx.device), len(wpe)).to(wpe.dtype)
    return tokens + (places @ wpe).expand(B, T, -1)


def _loops(idx: Tensor, wte: Tensor, wpe: Tensor) -> Tensor:
    return torch.stack(
        [torch.stack([wte[i] + wpe[t] for t, i in enumerate(row)]) for row in idx.tolist()]
    )


def _gathered(idx: Tensor, wte: Tensor, wpe: Tensor) -> Tensor:
    rows = wte.double().index_select(0, idx.flatten()).unflatten(0, idx.shape)
    places = torch.ones_like(idx).cumsum(1) - 1
    return torch.add(rows, wpe.double()[places])


ADDS = "adds the row of the token and the row of the place"
SHAPES = "takes batches and texts of any size"
LONG = "refuses a text longer than the table of positions"
LEARNS = "sends a gradient to both tables"
DEVICE = "works on the tables' device"


def _inputs(d: Draw, B: int, T: int, V: int, N: int, C: int) -> dict[str, Any]:
    return {"idx": d.integers(0, V, B, T), "wte": d.normal(V, C), "wpe": d.normal(N, C)}


def _equal_tokens(d: Draw) -> dict[str, Any]:
    """Return a text with two equal tokens next to each other and two further apart."""
    a, b, c = d.permutation(6)[:3].tolist()
    return _inputs(d, 2, 5, 6, 7, 3) | {"idx": torch.tensor([[a, a, b, c, b], [c, b, a, a, c]])}


def _gradient(d: Draw) -> dict[str, Any]:
    """Return ids in which 0 and another occur twice, and others never."""
    a, b = (d.permutation(4)[:2] + 1).tolist()
    idx = torch.tensor([0, 0, a, a, b, b])[d.permutation(6)].reshape(2, 3)
    return _inputs(d, 2, 3, 5, 4, 2) | {"idx": idx, "upstream": d.normal(2, 3, 2)}


EXERCISE = Exercise(
    id="embed_tokens",
    chapter="04-embeddings",
    title="Token and place in one vector",
    reference="gpt2.embeddings.embed_tokens",
    probe="embeddings.embed_tokens",
    minutes=8,
    difficulty=2,
    groups={ADDS: 1, SHAPES: 1, LONG: 1, LEARNS: 1, DEVICE: 1},
    cases=(
        Case("equal tokens at different places", ADDS, _equal_tokens),
        Case("more positions than tokens", ADDS, lambda d: _inputs(d, 2, 2, 4, 6, 2)),
        Case("as many rows as tokens", SHAPES, lambda d: _inputs(d, 3, 3, 5, 4, 2)),
        Case("one text", SHAPES, lambda d: _inputs(d, 1, 4, 5, 4, 3) | {"by_name": True}),
        Case("one token each", SHAPES, lambda d: _inputs(d, 3, 1, 5, 3, 2)),
        Case(
            "one token too many",
            LONG,
            lambda d: _inputs(d, 2, 4, 5, 3, 2),
            probe="embeddings.embed_tokens_beyond",
        ),
        Case(
            "two tokens, one position",
            LONG,
            lambda d: _inputs(d, 2, 2, 4, 1, 3),
            probe="embeddings.embed_tokens_beyond",
        ),
        Case(
            "the gradient of a batch",
            LEARNS,
            _gradient,
            probe="embeddings.embed_tokens_gradient",
        ),
        Case(
            "tables that are not on the CPU",
            DEVICE,
            lambda d: _inputs(d, 2, 3, 5, 4, 2),
            probe="embeddings.embed_tokens_on_device",
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("a slice of positions", _slices),
        Variant("F.embedding twice", _functional),
        Variant("one-hot and einsum", _one_hot),
        Variant("loops", _loops),
        Variant("gathered, float64", _gathered),
    ),
    hints=(
        "Token ids pick the rows of one table. What picks the rows of the other, and how many of "
        "them does a text of T tokens need?",
        "`wte[idx]` is (B, T, C). The rows of the positions 0 to T - 1 are (T, C): what does "
        "broadcasting do with the missing dimension?",
        "Make the positions with `torch.arange`, on the device of `idx`, look them up in `wpe`, "
        "and add both.",
    ),
)
