"""1.2 cross_entropy."""

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.what_is_a_gpt.cross_entropy_mistakes import MISCONCEPTIONS, torchs_own
from autograder.hidden_tests.what_is_a_gpt.cross_entropy_rare_mistakes import RARE_MISCONCEPTIONS

MEAN = "averages the nats of the right tokens"
SHAPES = "keeps batch, positions and vocabulary apart"
LARGE = "stays finite on large logits"
IGNORED = "leaves ignored targets out of sum and count"

# float32 rounds by 6e-5 at 1000; mistakes there are infinite, nan, or off by more than 0.1.
AT_1000 = Tolerance(1e-3, 1e-5, "logits near 1000 in float32 are 6e-5 apart")


def _guesses(d: Draw, *shape: int, std: float = 2.0) -> dict[str, Any]:
    """Draw logits (B, T, V) and targets (B, T)."""
    return {"logits": d.normal(*shape, std=std), "targets": d.integers(0, shape[-1], *shape[:2])}


def _unlikely(d: Draw) -> dict[str, Any]:
    """Draw logits near 1000 or -1000 for which the targets are unlikely, not impossible."""
    logits = d.permutation(30).reshape(2, 3, 5) / 5 + d.uniform(2, 3, 5, high=0.1)
    shift = torch.tensor([[1000.0, -1000.0, 0.0], [-500.0, 500.0, 1000.0]])
    return {"logits": logits + shift[..., None], "targets": logits.argmin(-1)}


def _times_1000(d: Draw) -> dict[str, Any]:
    """Draw logits so far apart that softmax rounds all but the largest to 0."""
    logits = 1000 * (d.permutation(24).reshape(2, 3, 4) / 6 + d.uniform(2, 3, 4, high=0.1))
    return {"logits": logits, "targets": logits.argsort(-1)[..., 1]}


def _padded(d: Draw, ignored: int) -> dict[str, Any]:
    """Draw two sequences of which half is ignored, unevenly: 2 of 8 and 6 of 8 are kept."""
    guesses = _guesses(d, 2, 8, 6)
    if 0 <= ignored < 6:
        guesses["targets"] = (ignored + 1 + d.integers(0, 5, 2, 8)) % 6
    # Losses of the long sequence lie well above those of the short one.
    guesses["logits"][1] = guesses["logits"][1] * 3
    for row, kept in enumerate((2, 6)):
        guesses["targets"][row, d.permutation(8)[kept:]] = ignored
    return guesses


# Right answers in other styles.


def _channels_second(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return F.cross_entropy(logits.transpose(1, 2), targets, ignore_index=ignore_index)


def _loops(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    losses = []
    for b in range(targets.shape[0]):
        for t in range(targets.shape[1]):
            target = int(targets[b, t])
            if target == ignore_index:
                continue
            row = logits[b, t] - logits[b, t].max()
            losses.append(row.exp().sum().log() - row[target])
    return torch.stack(losses).mean()


def _numpy(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    x, ids = logits.numpy().astype(np.float64), targets.numpy()
    x = x - x.max(axis=-1, keepdims=True)
    log_p = x - np.log(np.exp(x).sum(axis=-1, keepdims=True))
    b, t = np.nonzero(ids != ignore_index)
    return torch.tensor(-log_p[b, t, ids[b, t]].mean())


def _einsum(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    counted = (targets != ignore_index).double()
    one_hot = (targets.unsqueeze(-1) == torch.arange(logits.size(-1))).double()
    log_p = logits.double().log_softmax(-1)
    return -torch.einsum("btv,btv,bt->", log_p, one_hot, counted) / counted.sum()


EXERCISE = Exercise(
    id="cross_entropy",
    chapter="01-what-is-a-gpt",
    title="Cross entropy",
    reference="gpt2.probability.cross_entropy",
    probe="what_is_a_gpt.cross_entropy",
    minutes=20,
    difficulty=2,
    groups={MEAN: 1, SHAPES: 2, LARGE: 1, IGNORED: 2},
    cases=(
        Case("one guess", MEAN, lambda d: _guesses(d, 1, 1, 5)),
        Case("one sequence", MEAN, lambda d: _guesses(d, 1, 6, 5)),
        Case(
            "a model that knows nothing pays ln V",
            MEAN,
            lambda d: {
                "logits": torch.full((2, 3, 9), d.number(-2, 2)),
                "targets": d.integers(0, 9, 2, 3),
            },
        ),
        Case("all sizes different", SHAPES, lambda d: _guesses(d, 3, 4, 5)),
        Case("as many positions as tokens", SHAPES, lambda d: _guesses(d, 2, 4, 4)),
        Case("all sizes equal", SHAPES, lambda d: _guesses(d, 3, 3, 3)),
        Case("one position", SHAPES, lambda d: _guesses(d, 4, 1, 3)),
        Case("more positions than tokens", SHAPES, lambda d: _guesses(d, 2, 12, 3)),
        Case("logits near 1000 and -1000", LARGE, _unlikely, tolerance=AT_1000),
        Case("logits times 1000", LARGE, _times_1000, tolerance=AT_1000),
        Case("half ignored", IGNORED, lambda d: _padded(d, -100)),
        Case(
            "another ignored number",
            IGNORED,
            lambda d: _padded(d, -1) | {"ignore_index": -1},
        ),
        Case(
            "a token's id ignored",
            IGNORED,
            lambda d: _padded(d, 2) | {"ignore_index": 2},
        ),
        Case(
            "id 0 ignored",
            IGNORED,
            lambda d: _padded(d, 0) | {"ignore_index": 0},
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=(
        Variant("torch's own, flattened", torchs_own),
        Variant("torch's own, vocabulary moved to dimension 1", _channels_second),
        Variant("loops with a shift by the maximum", _loops),
        Variant("numpy in float64", _numpy),
        Variant("einsum with one-hot rows in float64", _einsum),
    ),
    hints=(
        "Work out one position by hand: which of the V log probabilities is paid?",
        "`x - x.logsumexp(-1, keepdim=True)` are all log probabilities at once; `gather` picks one "
        "for each position. Which places must be gone before you take the mean?",
        "Keep the positions where `targets != ignore_index` by indexing both tensors with that "
        "mask; then it is logsumexp minus the target's logit, and a mean.",
    ),
)
