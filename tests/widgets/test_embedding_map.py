"""What the map of embeddings holds: the plane, the neighbours, and a learner's wrong answer."""

import re

import numpy as np
import pytest
import torch

from gpt2.embeddings import nearest_tokens
from gptcourse.widgets import EmbeddingMap


def rows(V=40, C=6, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(V, C, generator=generator) * torch.linspace(0.1, 3, C)


def symbols(V=40):
    return [f" w{i}" for i in range(V)]


def test_plane_is_that_of_the_principal_components():
    E = rows()
    picture = EmbeddingMap(E, symbols())
    unit = (E / E.norm(dim=1, keepdim=True)).double()
    covariance = np.cov(unit.numpy().T)
    values, vectors = np.linalg.eigh(covariance)
    assert picture.shares == pytest.approx((values[::-1] / values.sum())[:2].tolist(), abs=1e-4)
    flat = (unit - unit.mean(0)).numpy() @ vectors[:, ::-1][:, :2]
    points = np.array(picture.pca)
    assert np.abs(points).max() == 1000
    for axis in (0, 1):
        assert abs(np.corrcoef(points[:, axis], flat[:, axis])[0, 1]) > 0.9999
    assert points.std(0)[0] > points.std(0)[1]


def test_neighbours_are_those_of_the_function_and_cosines_of_the_table():
    E = rows()
    picture = EmbeddingMap(E, symbols(), nearest_tokens, k=5)
    for i in range(40):
        assert picture.neighbours[i] == nearest_tokens(E, i, 5).tolist()
        cosines = torch.cosine_similarity(E[i][None], E[picture.neighbours[i]])
        assert picture.cosines[i] == pytest.approx((100 * cosines).tolist(), abs=0.51)
    assert picture.neighbours == EmbeddingMap(E, symbols(), k=5).neighbours
    assert picture.wrong == 0


@pytest.mark.parametrize(
    "nearest",
    [
        lambda E, i, k: (E @ E[i]).topk(k).indices,  # lengths count, and so does the token itself
        lambda E, i, k: nearest_tokens(E, i, k).flip(0),
        lambda E, i, k: [(i + 1 + n) % len(E) for n in range(k)],
    ],
    ids=["dot", "reversed", "any"],
)
def test_wrong_neighbours_are_shown_and_counted(nearest):
    picture = EmbeddingMap(rows(), symbols(), nearest, k=4)
    assert picture.neighbours[7] == [int(i) for i in nearest(rows(), 7, 4)]
    assert picture.wrong > 20


def test_equally_near_neighbours_may_come_in_any_order():
    E = torch.eye(6)
    assert EmbeddingMap(E, symbols(6), lambda E, i, k: [(i + 3) % 6, (i + 1) % 6], k=2).wrong == 0


@pytest.mark.parametrize(
    ("E", "nearest", "message"),
    [
        (torch.zeros(4), None, "E has shape"),
        (torch.zeros(4, 2).fill_(torch.nan), None, "finite"),
        (torch.ones(2, 2), None, "2 rows"),
        (torch.ones(5, 2), None, "5 token ids"),
        (torch.ones(4, 2), lambda E, i, k: [0], "expected 3 rows of 4"),
        (torch.ones(4, 2), lambda E, i, k: [1, 2, 4], "expected 3 rows of 4"),
        (torch.ones(4, 2), lambda E, i, k: torch.rand(4, 4), "whole numbers"),
        (torch.ones(4, 2), lambda E, i, k: None, "nearest(E, 0, 3)"),
    ],
)
def test_says_what_is_wrong(E, nearest, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        EmbeddingMap(E, symbols(4), nearest)


def test_takes_lists_and_rows_that_do_not_differ():
    picture = EmbeddingMap([[1.0], [2.0], [-1.0]], ["a", "b", "c"], at="c")
    assert (picture.at, picture.shares) == (2, [1.0, 0.0])
    assert {y for _, y in picture.pca} == {0}
    assert EmbeddingMap(torch.ones(5, 3), symbols(5)).pca == [[0, 0]] * 5
    with pytest.raises(ValueError, match="not one of the symbols"):
        EmbeddingMap(torch.ones(5, 3), symbols(5), at="d")


def test_places_of_tsne_make_a_second_map():
    places = torch.randn(40, 2)
    picture = EmbeddingMap(rows(), symbols(), tsne=places)
    assert picture.view == "tsne"
    assert np.corrcoef(np.array(picture.tsne).T[0], places[:, 0])[0, 1] > 0.999
    assert picture.pca == EmbeddingMap(rows(), symbols()).pca
    alone = EmbeddingMap(rows(), symbols())
    alone.view = "tsne"
    assert alone.view == "pca"
    with pytest.raises(ValueError, match="tsne has shape"):
        EmbeddingMap(rows(), symbols(), tsne=places[:39])


def test_the_table_stays_as_it_was():
    E = rows().requires_grad_()
    before = E.detach().clone()
    EmbeddingMap(E, symbols(), nearest_tokens)
    assert torch.equal(E, before)
