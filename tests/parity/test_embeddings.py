"""Chapter 4 against torch's own modules, a product with one-hot rows, and the paper's formula."""

import math
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gpt2.embeddings import (
    Embedding,
    PositionalEmbedding,
    embed_tokens,
    nearest_tokens,
    sinusoidal_positions,
    tie_weights,
)

SHAPES = [(), (5,), (2, 3), (2, 3, 4), (1, 1), (0,)]


def drawn(*shape: int, seed: int = 0) -> Tensor:
    """Return normal numbers in double precision, the same for the same shape and seed."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def ids(V: int, *shape: int) -> Tensor:
    return torch.randint(V, shape, generator=torch.Generator().manual_seed(1))


def gradient(vectors: Tensor, table: Tensor) -> Tensor:
    """Return the gradient of the table for a gradient of the vectors that is drawn."""
    upstream = drawn(*vectors.shape, seed=2).to(vectors.dtype)
    (found,) = torch.autograd.grad(vectors, table, upstream)
    return found


@pytest.mark.parametrize("shape", SHAPES)
def test_embedding_is_torchs(shape: tuple[int, ...]) -> None:
    ours, theirs = Embedding(11, 6), nn.Embedding(11, 6)
    theirs.load_state_dict(ours.state_dict())
    idx = ids(11, *shape)
    assert torch.equal(ours(idx), theirs(idx))
    assert torch.equal(ours(idx), F.embedding(idx, ours.weight))
    # A row that is used twice gets a sum, and torch may add in another order.
    torch.testing.assert_close(
        gradient(ours(idx), ours.weight), gradient(theirs(idx), theirs.weight)
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_a_lookup_is_a_product_with_one_hot_rows(shape: tuple[int, ...]) -> None:
    ours = Embedding(11, 6).double()
    idx = ids(11, *shape)
    one_hot = F.one_hot(idx, 11).to(ours.weight.dtype)
    product = one_hot @ ours.weight
    assert torch.equal(ours(idx), product)
    torch.testing.assert_close(gradient(ours(idx), ours.weight), gradient(product, ours.weight))


@pytest.mark.parametrize(("T", "offset"), [(1, 0), (9, 0), (4, 3), (1, 8)])
def test_positional_embedding_is_torchs(T: int, offset: int) -> None:
    ours, theirs = PositionalEmbedding(9, 4), nn.Embedding(9, 4)
    theirs.load_state_dict(ours.state_dict())
    expected = theirs(torch.arange(offset, offset + T))
    assert torch.equal(ours(T, offset), expected)
    assert torch.equal(gradient(ours(T, offset), ours.weight), gradient(expected, theirs.weight))


@pytest.mark.parametrize(("T", "offset"), [(10, 0), (1, 9), (5, 5)])
def test_positions_beyond_the_table_are_refused(T: int, offset: int) -> None:
    with pytest.raises(ValueError, match=str(T + offset)):
        PositionalEmbedding(9, 4)(T, offset)


@pytest.mark.parametrize(("B", "T"), [(1, 1), (3, 3), (2, 7)])
def test_the_sum_of_both_tables_is_that_of_torchs_modules(B: int, T: int) -> None:
    tokens, places = nn.Embedding(11, 4), nn.Embedding(7, 4)
    idx = ids(11, B, T)
    expected = tokens(idx) + places(torch.arange(T))
    ours = embed_tokens(idx, tokens.weight, places.weight)
    assert torch.equal(ours, expected)
    for table in (tokens.weight, places.weight):
        torch.testing.assert_close(
            gradient(embed_tokens(idx, tokens.weight, places.weight), table),
            gradient(tokens(idx) + places(torch.arange(T)), table),
        )


@pytest.mark.parametrize(("T", "C", "base"), [(1, 2, 10000.0), (50, 16, 10000.0), (7, 6, 30.0)])
def test_sinusoidal_positions_are_the_papers(T: int, C: int, base: float) -> None:
    """Section 3.5: PE(pos, 2i) = sin(pos / 10000^(2i/d)), PE(pos, 2i+1) = cos(the same)."""
    expected = torch.tensor(
        [
            [
                (math.sin, math.cos)[c % 2](t * math.exp(-math.log(base) * (c - c % 2) / C))
                for c in range(C)
            ]
            for t in range(T)
        ]
    )
    ours = sinusoidal_positions(T, C, base)
    torch.testing.assert_close(ours, expected, atol=1e-6, rtol=0)


def test_sinusoidal_positions_turn_by_the_same_angle_from_each_position_to_the_next() -> None:
    """The paper's reason for them: PE(pos + k) is a linear function of PE(pos)."""
    hands = torch.view_as_complex(sinusoidal_positions(40, 8).double().view(40, 4, 2))
    turns = hands[5:] / hands[:-5]
    torch.testing.assert_close(turns, turns[:1].expand_as(turns), atol=1e-5, rtol=0)


@pytest.mark.parametrize("query_id", [0, 7, 49])
def test_nearest_tokens_are_those_of_torchs_cosine_similarity(query_id: int) -> None:
    E = drawn(50, 8) * drawn(50, 1, seed=3).exp()
    order = F.cosine_similarity(E, E[query_id][None]).argsort(descending=True)
    assert order[0] == query_id
    assert torch.equal(nearest_tokens(E, query_id, 49), order[1:])


def test_a_tied_model_gets_the_gradients_of_both_ends() -> None:
    def model() -> Any:
        ends: Any = nn.Module()
        ends.transformer = nn.ModuleDict({"wte": nn.Embedding(9, 4)})
        ends.lm_head = nn.Linear(4, 9, bias=False)
        with torch.no_grad():
            for table in ends.parameters():
                table.copy_(drawn(9, 4))
        return ends

    def loss(ends: Any) -> Tensor:
        idx = ids(9, 2, 5)
        logits: Tensor = ends.lm_head(ends.transformer.wte(idx)).flatten(0, 1)
        return F.cross_entropy(logits, idx.roll(1, dims=1).flatten())

    loose, tied = model(), model()
    tie_weights(tied)
    first, last = torch.autograd.grad(loss(loose), [*loose.parameters()])
    (both,) = torch.autograd.grad(loss(tied), [*tied.parameters()])
    torch.testing.assert_close(both, first + last)
