"""orthogonalize, a stretch of chapter 7."""

from typing import Any

import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance
from autograder.hidden_tests.training.orthogonalize_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.training.orthogonalize_rare_mistakes import RARE_MISCONCEPTIONS
from autograder.hidden_tests.training.orthogonalize_variants import VARIANTS

TOLERANCE = Tolerance(
    2e-4,
    0.0,
    "the polynomial is up to 4 times as steep as its argument, and five times over float32 in any "
    "order of the products stays within 1e-5; the nearest mistake is off by more than 2e-3",
)
SMALL = Tolerance(
    1e-3,
    0.0,
    "1e-7 added to a norm of 1e-3, or no norm below 1e-7, is 2e-4 behind one step; added "
    "under the root it is off by more than 1e-2",
)


def matrix(d: Draw, n: int, k: int, norm: float = 1.0) -> Tensor:
    """Return a matrix none of whose directions is weak: there float32 would show its noise."""
    small = min(n, k)
    U = torch.linalg.qr(d.normal(n, small).double())[0]
    V = torch.linalg.qr(d.normal(k, small).double())[0]
    sizes = torch.linspace(1.0, 0.3, small).double() * d.uniform(small, low=0.85, high=1.15)
    G = (U * sizes) @ V.T
    scaled: Tensor = G * (norm / G.norm())
    return scaled.float()


def _given(n: int, k: int, **more: Any) -> Any:
    return lambda d: {"G": matrix(d, n, k, d.number(6.0, 9.0)), **more}


STEPS = "divides by the norm, and takes as many steps as asked"
ALIKE = "brings all singular values near 1"
TALL = "turns a tall matrix on its side, and back"
SIZES = "takes matrices of any size: small, 0 and large"

EXERCISE = Exercise(
    id="orthogonalize",
    chapter="07-training",
    title="All directions alike",
    reference="gpt2.muon.orthogonalize",
    probe="muon.orthogonalize",
    minutes=15,
    difficulty=3,
    groups={STEPS: 1, ALIKE: 1, TALL: 1, SIZES: 1},
    cases=(
        Case(
            "a wide matrix: none, one, two and four steps",
            STEPS,
            _given(2, 5, steps=[0, 1, 2, 4]),
            tolerance=TOLERANCE,
        ),
        Case(
            "a square matrix",
            ALIKE,
            _given(3, 3),
            probe="muon.orthogonalize_square",
            tolerance=TOLERANCE,
        ),
        Case(
            "a tall matrix that lies by columns",
            TALL,
            _given(9, 2),
            probe="muon.orthogonalize_by_columns",
            tolerance=TOLERANCE,
        ),
        Case(
            "one step with a small matrix, 0 and a large one",
            SIZES,
            lambda d: {
                "G": matrix(d, 2, 2).double(),
                "sizes": [d.number(0.9e-3, 1.1e-3), 0.0, 1e40],
                "steps": 1,
            },
            probe="muon.orthogonalize_sizes",
            tolerance=SMALL,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "Take a matrix with 0.6 and 0.8 on its diagonal, and do one step on paper: what becomes of "
        "each of the two?",
        "`X @ X.T` has the size of the rows of X. Which way round is it small? All that the loop "
        "changes is X.",
        "X is `G / (G.norm() + 1e-7)`, turned if G has more rows than columns. In each step: "
        "A is `X @ X.T`, and the new X is the formula, with `@` for every product of matrices. "
        "Ask G, not X, whether to turn back.",
    ),
    stretch=True,
)
