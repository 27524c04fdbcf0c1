"""Samples of the pictures that draw matrices: attention and rows of a table."""

import torch

from gptcourse.widgets import (
    AttentionHeads,
    AttentionSaturation,
    AttentionScores,
    AttentionWeights,
    RowLookup,
)

TOKENS = ["the", " cat", " sat", "\n", "it"]


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1))


def attend(q, k, v, mask=None):
    scores = q @ k.mT / q.size(-1) ** 0.5
    return (scores if mask is None else scores.masked_fill(~mask, -1e9)).softmax(-1) @ v


def scores() -> AttentionScores:
    return AttentionScores(*drawn(3, 5, 4), TOKENS, mask=True, attention=attend)


def wide_scores() -> AttentionScores:
    """Three queries after five others, more channels than are written out, a wrong function."""
    q, k, v = drawn(3, 16), drawn(8, 16), drawn(8, 3)
    return AttentionScores(q, k, v, mask=True, attention=lambda q, k, v, mask=None: v[:3])


def saturation() -> AttentionSaturation:
    return AttentionSaturation(*drawn(2, 5, 64), TOKENS)


def weights() -> AttentionWeights:
    """One head that is right, one that reads along the columns."""
    right = drawn(5, 5).masked_fill(torch.ones(5, 5).triu(1).bool(), -torch.inf).softmax(-1)
    return AttentionWeights(torch.stack([right, drawn(5, 5).softmax(0)]), TOKENS)


def lookup() -> RowLookup:
    return RowLookup(drawn(6, 4), [3, 1, 3], "\nabcde", embedding=torch.nn.Embedding)


MATRICES = {
    "attention_heads": lambda: AttentionHeads("Ahab", layer=0, head=2),
    "attention_scores": scores,
    "wide_scores": wide_scores,
    "attention_saturation": saturation,
    "attention_weights": weights,
    "row_lookup": lookup,
}
