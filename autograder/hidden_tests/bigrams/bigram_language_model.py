"""2.7 BigramLanguageModel."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.bigrams.bigram_language_model_mistakes import MISCONCEPTIONS

TOLERANCE = Tolerance(
    1e-5,
    1e-4,
    "logits, loss and gradient agree within 1e-6 between ways of writing them; 60 steps of "
    "gradient descent spread that to 1e-5; the nearest mistake is off by more than 1e-2",
)


class _OneHot(nn.Module):
    """A one-hot row times a matrix."""

    def __init__(self, vocab_size: int) -> None:
        super().__init__()
        self.W = nn.Parameter(torch.randn(vocab_size, vocab_size) * 0.02)

    def forward(self, idx: Tensor, targets: Any = None) -> tuple[Tensor, Tensor | None]:
        logits = F.one_hot(idx, self.W.shape[0]).to(self.W.dtype) @ self.W
        if targets is None:
            return logits, None
        B, T, C = logits.shape
        return logits, F.cross_entropy(logits.view(B * T, C), targets.view(B * T))


class _Linear(nn.Module):
    """nn.Linear keeps its weight as (out, in): the logits of a token are a column."""

    def __init__(self, vocab_size: int) -> None:
        super().__init__()
        self.lm_head = nn.Linear(vocab_size, vocab_size, bias=False)
        self.vocab_size = vocab_size

    def forward(self, idx: Tensor, targets: Any = None) -> tuple[Tensor, Tensor | None]:
        logits = self.lm_head(F.one_hot(idx, self.vocab_size).float())
        loss = None
        if targets is not None:
            loss = F.cross_entropy(logits.transpose(1, 2), targets)
        return logits, loss


class _ByHand(nn.Module):
    """In float64, with the loss from logsumexp and gather."""

    def __init__(self, vocab_size: int) -> None:
        super().__init__()
        zeros = torch.zeros(vocab_size, vocab_size, dtype=torch.float64)
        self.register_parameter("log_counts", nn.Parameter(zeros))

    def forward(self, idx: Tensor, targets: Any = None) -> tuple[Tensor, Tensor | None]:
        logits = self.get_parameter("log_counts")[idx]
        if targets is None:
            return logits, None
        right = logits.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
        return logits, (logits.logsumexp(-1) - right).mean()


class _Rows(nn.Module):
    """A parameter for each row."""

    def __init__(self, vocab_size: int) -> None:
        super().__init__()
        self.rows = nn.ParameterList([torch.randn(vocab_size) for _ in range(vocab_size)])

    def forward(self, idx: Tensor, targets: Any = None) -> list[Any]:
        table = torch.stack(list(self.rows))
        logits = torch.einsum("btv,vw->btw", torch.eye(len(table))[idx], table)
        if targets is None:
            return [logits, None]
        losses = [
            -row.log_softmax(-1)[target]
            for row, target in zip(logits.flatten(0, 1), targets.flatten(), strict=True)
        ]
        return [logits, torch.stack(losses).mean()]


def _batch(d: Draw, V: int, B: int, T: int) -> dict[str, Tensor]:
    return {
        "table": d.normal(V, V, std=1.5),
        "idx": d.integers(0, V, B, T),
        "targets": d.integers(0, V, B, T),
    }


def _some_tokens(d: Draw) -> dict[str, Tensor]:
    """Return a batch in which half of the tokens do not occur, and some occur often."""
    few = d.permutation(8)[:4]
    return _batch(d, 8, 3, 5) | {"idx": few[d.integers(0, 4, 3, 5)]}


def _rule(d: Draw) -> dict[str, Any]:
    """Return data with a strong rule, and a table of zeros to learn it."""
    successor = d.cycle(5)
    idx = d.integers(0, 5, 4, 12)
    targets = torch.where(d.uniform(4, 12) < 0.8, successor[idx], d.integers(0, 5, 4, 12))
    return {"table": torch.zeros(5, 5), "idx": idx, "targets": targets, "steps": 60}


LOGITS = "looks up V logits for every position"
LOSS = "gives the mean cross-entropy of the targets"
LEARNS = "learns: the gradient reaches the rows that were used"

EXERCISE = Exercise(
    id="BigramLanguageModel",
    chapter="02-bigrams",
    title="The same model, trained",
    reference="gpt2.bigrams.BigramLanguageModel",
    probe="bigram_training.bigram_language_model",
    minutes=20,
    difficulty=3,
    groups={LOGITS: 2, LOSS: 2, LEARNS: 1},
    cases=(
        Case(
            "without targets",
            LOGITS,
            lambda d: {"table": d.normal(6, 6), "idx": d.integers(0, 6, 2, 4)},
            tolerance=TOLERANCE,
        ),
        Case(
            "one token",
            LOGITS,
            lambda d: {"table": d.normal(5, 5), "idx": d.integers(0, 5, 1, 1)},
            tolerance=TOLERANCE,
        ),
        Case("with targets", LOSS, lambda d: _batch(d, 6, 4, 3), tolerance=TOLERANCE),
        Case("one long row", LOSS, lambda d: _batch(d, 4, 1, 9), tolerance=TOLERANCE),
        Case(
            "one token, before token 0",
            LOSS,
            lambda d: _batch(d, 5, 1, 1) | {"targets": torch.zeros(1, 1, dtype=torch.int64)},
            tolerance=TOLERANCE,
        ),
        Case("as long as the vocabulary", LOSS, lambda d: _batch(d, 5, 2, 5), tolerance=TOLERANCE),
        Case(
            "some tokens only",
            LEARNS,
            _some_tokens,
            probe="bigram_training.gradient",
            tolerance=TOLERANCE,
        ),
        Case(
            "trained on a rule",
            LEARNS,
            _rule,
            probe="bigram_training.trained_bigram_language_model",
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("one-hot times a matrix", _OneHot),
        Variant("nn.Linear without a bias", _Linear),
        Variant("by hand, float64", _ByHand),
        Variant("a parameter for each row", _Rows),
    ),
    hints=(
        "What does the model need to know about a token? The V logits of what comes next. So "
        "which shape has the whole table, and what is looking a row up called in torch?",
        "`nn.Embedding(vocab_size, vocab_size)` applied to (B, T) gives (B, T, V).",
        "`F.cross_entropy` wants one row per example: flatten the logits to (B*T, V) and the "
        "targets to (B*T,) for the loss only. Return a pair in both cases.",
    ),
)
