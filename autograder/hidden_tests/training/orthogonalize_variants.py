"""Right answers to orthogonalize in other styles."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.exercise import Variant


def _as_published(G: Tensor, steps: int = 5) -> Tensor:
    """The author's way: batches too, and three factors with names."""
    a, b, c = 3.4445, -4.7750, 2.0315
    X: Tensor = G.clone()
    turned = G.size(-2) > G.size(-1)
    if turned:
        X = X.mT
    X = X / (X.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        A = X @ X.mT
        B = b * A + c * A @ A
        X = a * X + B @ X
    return X.mT if turned else X


def _of_a_batch(G: Tensor, steps: int = 5) -> Tensor:
    """A batch of one, by `baddbmm` and `where`-free code."""
    wide = G.shape[0] <= G.shape[1]
    X = (G if wide else G.t()).unsqueeze(0)
    X = X.div(X.square().sum((1, 2), keepdim=True).sqrt().add(1e-7))
    for _ in range(steps):
        A = torch.bmm(X, X.transpose(1, 2))
        X = torch.baddbmm(3.4445 * X, torch.baddbmm(A, A, A, beta=-4.7750, alpha=2.0315), X)
    X = X.squeeze(0)
    return X if wide else X.t().contiguous()


def _float64(G: Tensor, steps: int = 5) -> Tensor:
    """Finer inside than the matrix, and no norm below eps."""
    X = G.double()
    X = X / torch.linalg.matrix_norm(X).clamp(min=1e-7)
    if len(X) > len(X[0]):
        return _steps_of_wide(X.T, steps).T.to(G.dtype)
    return _steps_of_wide(X, steps).to(G.dtype)


def _steps_of_wide(X: Tensor, steps: int) -> Tensor:
    if steps == 0:
        return X
    A = X @ X.T
    rest = A @ X
    return _steps_of_wide(3.4445 * X - 4.7750 * rest + 2.0315 * (A @ rest), steps - 1)


def _never_turned(G: Tensor, steps: int = 5) -> Tensor:
    """The small product stands on the right of a tall matrix."""
    n, k = G.shape
    X = G / (torch.sqrt((G * G).sum()) + 1e-7)
    one = torch.eye(min(n, k), dtype=G.dtype)
    for _ in range(steps):
        A = X.T @ X if n > k else X @ X.T
        factor = 3.4445 * one + A @ (2.0315 * A - 4.7750 * one)
        X = X @ factor if n > k else factor @ X
    return X


def _einsum(G: Tensor, steps: int = 5) -> Tensor:
    if G.size(0) > G.size(1):
        return _einsum(torch.einsum("ij->ji", G), steps).permute(1, 0)
    X = G / (torch.einsum("ij,ij->", G, G).sqrt() + 1e-7)
    for _ in range(steps):
        A = torch.einsum("ij,kj->ik", X, X)
        third = torch.einsum("ij,jk->ik", A, X)
        fifth = torch.einsum("ij,jk->ik", A, third)
        X = 3.4445 * X - 4.7750 * third + 2.0315 * fifth
    return X


def _lists(G: Tensor, steps: int = 5) -> Tensor:
    rows: list[list[float]] = G.tolist()
    tall = len(rows) > len(rows[0])
    if tall:
        rows = _turned(rows)
    norm = sum(x * x for row in rows for x in row) ** 0.5 + 1e-7
    X = [[x / norm for x in row] for row in rows]
    for _ in range(steps):
        A = _times(X, _turned(X))
        third = _times(A, X)
        fifth = _times(A, third)
        X = [
            [3.4445 * x - 4.7750 * y + 2.0315 * z for x, y, z in zip(*three, strict=True)]
            for three in zip(X, third, fifth, strict=True)
        ]
    return torch.tensor(_turned(X) if tall else X, dtype=G.dtype)


def _turned(rows: list[list[float]]) -> list[list[float]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _times(left: list[list[float]], right: list[list[float]]) -> list[list[float]]:
    columns = _turned(right)
    return [[sum(a * b for a, b in zip(row, col, strict=True)) for col in columns] for row in left]


def _numpy(G: Tensor, steps: int = 5) -> Tensor:
    X: Any = G.numpy().astype(np.float64)
    X = X / (np.linalg.norm(X) + 1e-7)
    X = X.T if X.shape[0] > X.shape[1] else X
    for _ in range(steps):
        A = np.matmul(X, X.T)
        X = np.dot(3.4445 * np.eye(len(A)) - 4.7750 * A + 2.0315 * np.dot(A, A), X)
    X = X.T if X.shape != tuple(G.shape) else X
    return torch.from_numpy(np.ascontiguousarray(X)).to(G.dtype)


def _of_singular_values(G: Tensor, steps: int = 5) -> Tensor:
    """What the docstring says of it: a polynomial of the singular values."""
    U, s, Vh = torch.linalg.svd(G / (G.norm() + 1e-7), full_matrices=False)
    for _ in range(steps):
        s = 3.4445 * s - 4.7750 * s**3 + 2.0315 * s**5
    X: Tensor = (U * s) @ Vh
    return X


VARIANTS = (
    Variant("the author's way", _as_published),
    Variant("a batch of one", _of_a_batch),
    Variant("float64, recursive, clamped norm", _float64),
    Variant("the small product on the right", _never_turned),
    Variant("einsum", _einsum),
    Variant("lists", _lists),
    Variant("numpy", _numpy),
    Variant("the polynomial of the singular values", _of_singular_values),
    Variant(
        "addmm, and in-place on what is its own",
        edits=(
            (
                "X: Tensor = G / (G.norm() + 1e-7)",
                "X: Tensor = G.clone().div_(G.flatten().norm().add_(1e-7))",
            ),
            (
                "X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X",
                "B = torch.addmm(A, A, A, beta=-4.7750, alpha=2.0315)\n"
                "        X = torch.addmm(X, B, X, beta=3.4445)",
            ),
        ),
    ),
)
