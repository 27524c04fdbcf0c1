"""Wrong answers to 2.7 BigramLanguageModel, the commonest first."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.exercise import Misconception


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


class _WithBias(nn.Module):
    def __init__(self, vocab_size: int) -> None:
        super().__init__()
        self.vocab_size = vocab_size
        self.head = nn.Linear(vocab_size, vocab_size)

    def forward(self, idx: Tensor, targets: Any = None) -> tuple[Tensor, Tensor | None]:
        logits = self.head(F.one_hot(idx, self.vocab_size).float())
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(logits.transpose(1, 2), targets)


MISCONCEPTIONS = (
    Misconception(
        "flat-logits",
        "The logits come back as (B·T, V) when there are targets.",
        "The shape of the result depends on whether the loss is asked for. Flatten for the "
        "loss, and return the logits as they were.",
        edits=(("return logits, F.cross", "return logits.flatten(0, 1), F.cross"),),
    ),
    Misconception(
        "logits-alone",
        "Without targets the logits come alone, not as a pair.",
        "Callers write `logits, loss = model(idx)`; with one tensor that unpacks its rows.",
        edits=(("return logits, None", "return logits"),),
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
        "softmax-before-the-loss",
        "The logits go through a softmax before the cross-entropy, which has one of its own.",
        "The loss cannot come near 0, and training crawls. `F.cross_entropy` takes logits.",
        edits=(("F.cross_entropy(logits.", "F.cross_entropy(logits.softmax(-1)."),),
    ),
    Misconception(
        "not-a-parameter",
        "The table is a plain tensor, unknown to `model.parameters()`.",
        "The optimizer gets an empty list and nothing is learned. What makes a tensor a "
        "parameter of a module?",
        function=_PlainTensor,
    ),
    Misconception(
        "truth-of-targets",
        "The code asks whether `targets` is true, not whether it is None.",
        "torch refuses: a tensor of several numbers is neither true nor false. And a single "
        "target, token 0, would count as none.",
        edits=(("if targets is None:", "if not targets:"),),
    ),
    Misconception(
        "probabilities-returned",
        "Probabilities are returned in place of logits.",
        "The last dimension sums to 1. A later softmax would flatten them.",
        edits=(("self.table(idx)", "self.table(idx).softmax(-1)"),),
    ),
    Misconception(
        "targets-required",
        "The model cannot be called without targets.",
        "When text is generated there are none. Look at the default in the contract's signature.",
        edits=(("targets: Tensor | None = None", "targets: Tensor | None"),),
    ),
    Misconception(
        "loss-is-a-float",
        "The loss is a Python float, cut off from the graph.",
        "`backward` is a method of tensors. `.item()` belongs where the loss is printed.",
        edits=(("targets.flatten())", "targets.flatten()).item()"),),
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
        "with-a-bias",
        "There are V numbers more than the table: a bias.",
        "`nn.Linear` adds one unless told not to. It says which tokens are frequent, and each "
        "row of the table can say that by itself.",
        function=_WithBias,
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
        "features-as-targets",
        "The loss compares with the features, not with the targets.",
        "The model learns to repeat its input. Look at what goes into the loss.",
        edits=(("targets.flatten())", "idx.flatten())"),),
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
        "detached",
        "The loss carries no gradient back to the table.",
        "`detach`, `.data` or `no_grad` cuts the graph, so nothing is learned.",
        edits=(("self.table(idx)", "self.table(idx).detach()"),),
    ),
    Misconception(
        "zero-loss",
        "Without targets the loss is 0 in place of None.",
        "A loss of 0 says “perfect”. There is no loss here.",
        edits=(("return logits, None", "return logits, torch.tensor(0.0)"),),
    ),
    Misconception(
        "log-probabilities-returned",
        "Logarithms of probabilities are returned in place of logits.",
        "The loss and the later softmax come out the same, but the table is no longer what is "
        "returned. Leave the scores as they are.",
        edits=(("self.table(idx)", "self.table(idx).log_softmax(-1)"),),
    ),
    Misconception(
        "squeezed",
        "Dimensions of size 1 are squeezed away.",
        "A batch of one row, or rows of one token, come out with fewer dimensions.",
        edits=(("self.table(idx)", "self.table(idx).squeeze()"),),
    ),
)
