"""2.7 BigramLanguageModel."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Misconception, Tolerance, Variant

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


class _Thin(nn.Module):
    """An embedding of C channels, and no way from there to V logits."""

    def __init__(self, vocab_size: int) -> None:
        super().__init__()
        self.table = nn.Embedding(vocab_size, 32)

    def forward(self, idx: Tensor, targets: Any = None) -> tuple[Tensor, Tensor | None]:
        logits = self.table(idx)
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(logits.flatten(0, 1), targets.flatten())


class _PlainTensor(nn.Module):
    def __init__(self, vocab_size: int) -> None:
        super().__init__()
        self.table = torch.randn(vocab_size, vocab_size, requires_grad=True)

    def forward(self, idx: Tensor, targets: Any = None) -> tuple[Tensor, Tensor | None]:
        logits = self.table[idx]
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(logits.flatten(0, 1), targets.flatten())


class _WithBias(_Linear):
    def __init__(self, vocab_size: int) -> None:
        super().__init__(vocab_size)
        self.lm_head = nn.Linear(vocab_size, vocab_size)


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
    probe="bigrams.bigram_language_model",
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
        Case("as long as the vocabulary", LOSS, lambda d: _batch(d, 5, 2, 5), tolerance=TOLERANCE),
        Case(
            "some tokens only",
            LEARNS,
            _some_tokens,
            probe="bigrams.gradient",
            tolerance=TOLERANCE,
        ),
        Case(
            "trained on a rule",
            LEARNS,
            _rule,
            probe="bigrams.trained_bigram_language_model",
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=(
        Misconception(
            "flat-logits",
            "The logits come back as (B*T, V) when there are targets.",
            "The shape of the result depends on whether the loss is asked for. Flatten for the "
            "loss, and return the logits as they were.",
            edits=(("return logits, F.cross", "return logits.flatten(0, 1), F.cross"),),
        ),
        Misconception(
            "mis-flattened",
            "The logits are viewed as (B, V, T), which mixes positions and tokens.",
            "A `view` moves no number: it reads the same row of numbers in other portions. "
            "Exchanging two dimensions is something else.",
            edits=(
                (
                    "F.cross_entropy(logits.flatten(0, 1), targets.flatten())",
                    "F.cross_entropy(logits.view(*idx.shape[:1], -1, idx.shape[1]), targets)",
                ),
            ),
        ),
        Misconception(
            "channels-for-logits",
            "The table has C columns in place of one for each of the V tokens.",
            "The last dimension of the logits is the number of tokens to choose from. Look at the "
            "second argument of your embedding.",
            function=_Thin,
        ),
        Misconception(
            "not-a-parameter",
            "The table is a plain tensor, unknown to `model.parameters()`.",
            "The optimizer gets an empty list and nothing is learned. What makes a tensor a "
            "parameter of a module?",
            function=_PlainTensor,
        ),
        Misconception(
            "with-a-bias",
            "There are V numbers more than the table: a bias.",
            "`nn.Linear` adds one unless told not to. It says which tokens are frequent, and each "
            "row of the table can say that by itself.",
            function=_WithBias,
        ),
        Misconception(
            "head-besides-the-table",
            "There is a second V x V matrix behind the table.",
            "Twice the numbers, and the product of the two can say no more than one table can.",
            edits=(
                (
                    "self.table = nn.Embedding(vocab_size, vocab_size)",
                    "self.table = nn.Sequential(\n"
                    "            nn.Embedding(vocab_size, vocab_size),\n"
                    "            nn.Linear(vocab_size, vocab_size, bias=False),\n        )",
                ),
            ),
        ),
        Misconception(
            "sum-of-losses",
            "The loss is the sum over the positions, not the mean.",
            "It grows with the size of the batch, and so does the step.",
            edits=(("targets.flatten())", 'targets.flatten(), reduction="sum")'),),
        ),
        Misconception(
            "loss-per-position",
            "The loss is a tensor with one number a position.",
            "`backward` needs one number. Average over all positions.",
            edits=(("targets.flatten())", 'targets.flatten(), reduction="none")'),),
        ),
        Misconception(
            "softmax-before-the-loss",
            "The logits go through a softmax before the cross-entropy, which has one of its own.",
            "The loss cannot come near 0, and training crawls. `F.cross_entropy` takes logits.",
            edits=(("F.cross_entropy(logits.", "F.cross_entropy(logits.softmax(-1)."),),
        ),
        Misconception(
            "probabilities-returned",
            "Probabilities are returned in place of logits.",
            "The last dimension sums to 1. A later softmax would flatten them.",
            edits=(("self.table(idx)", "self.table(idx).softmax(-1)"),),
        ),
        Misconception(
            "log-probabilities-returned",
            "Logarithms of probabilities are returned in place of logits.",
            "The loss and the later softmax come out the same, but the table is no longer what is "
            "returned. Leave the scores as they are.",
            edits=(("self.table(idx)", "self.table(idx).log_softmax(-1)"),),
        ),
        Misconception(
            "features-as-targets",
            "The loss compares with the features, not with the targets.",
            "The model learns to repeat its input. Look at what goes into the loss.",
            edits=(("targets.flatten())", "idx.flatten())"),),
        ),
        Misconception(
            "shifted-again",
            "The targets are shifted once more inside the model.",
            "The batch has them shifted already: `targets[:, t]` is what comes after `idx[:, t]`.",
            edits=(
                (
                    "logits.flatten(0, 1), targets.flatten()",
                    "logits[:, :-1].flatten(0, 1), targets[:, 1:].flatten()",
                ),
            ),
        ),
        Misconception(
            "last-position-only",
            "The loss looks at the last position alone.",
            "The other T - 1 examples of each window are thrown away.",
            edits=(
                (
                    "logits.flatten(0, 1), targets.flatten()",
                    "logits[:, -1], targets[:, -1]",
                ),
            ),
        ),
        Misconception(
            "last-logits-only",
            "The logits of the last position alone are returned.",
            "The shape is (B, V) and not (B, T, V). Every position predicts.",
            edits=(
                ("return logits, None", "return logits[:, -1], None"),
                ("return logits, F.cross", "return logits[:, -1], F.cross"),
            ),
        ),
        Misconception(
            "loss-is-a-float",
            "The loss is a Python float, cut off from the graph.",
            "`backward` is a method of tensors. `.item()` belongs where the loss is printed.",
            edits=(("targets.flatten())", "targets.flatten()).item()"),),
        ),
        Misconception(
            "detached",
            "The loss carries no gradient back to the table.",
            "`detach`, `.data` or `no_grad` cuts the graph, so nothing is learned.",
            edits=(("self.table(idx)", "self.table(idx).detach()"),),
        ),
        Misconception(
            "logits-alone",
            "Without targets the logits come alone, not as a pair.",
            "Callers write `logits, loss = model(idx)`; with one tensor that unpacks its rows.",
            edits=(("return logits, None", "return logits"),),
        ),
        Misconception(
            "zero-loss",
            "Without targets the loss is 0 in place of None.",
            "A loss of 0 says “perfect”. There is no loss here.",
            edits=(("return logits, None", "return logits, torch.tensor(0.0)"),),
        ),
        Misconception(
            "squeezed",
            "Dimensions of size 1 are squeezed away.",
            "A batch of one row, or rows of one token, come out with fewer dimensions.",
            edits=(("self.table(idx)", "self.table(idx).squeeze()"),),
        ),
    ),
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
