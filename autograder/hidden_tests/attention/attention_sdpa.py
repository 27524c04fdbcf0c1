"""5.9 attention_sdpa."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.attention.bias import causal_lower_right

from autograder.draw import Draw
from autograder.exercise import EXACT, FLOAT32, Case, Exercise, Variant
from autograder.hidden_tests.attention.attention_sdpa_mistakes import MISCONCEPTIONS


def _always_a_mask(
    q: Tensor, k: Tensor, v: Tensor, is_causal: bool, dropout_p: float, training: bool
) -> Tensor:
    T, S = q.shape[2], k.shape[2]
    mask = torch.ones(T, S, dtype=torch.bool, device=q.device)
    if is_causal:
        mask = mask.tril(diagonal=S - T)
    return F.scaled_dot_product_attention(q, k, v, mask, dropout_p * training)


def _added(
    q: Tensor, k: Tensor, v: Tensor, is_causal: bool, dropout_p: float, training: bool
) -> Tensor:
    mask = None
    if is_causal:
        S, T = k.size(-2), q.size(-2)
        columns = torch.arange(S, device=q.device)
        later = columns[None, :] > columns[S - T :, None]
        mask = torch.zeros(T, S, dtype=q.dtype, device=q.device).masked_fill(later, -torch.inf)
    p = 0.0
    if training:
        p = dropout_p
    with sdpa_kernel(SDPBackend.MATH):
        return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=p)


def _padded(
    q: Tensor, k: Tensor, v: Tensor, is_causal: bool, dropout_p: float, training: bool
) -> Tensor:
    T, S = q.size(2), k.size(2)
    if is_causal:
        q = F.pad(q, (0, 0, S - T, 0))  # queries of zeros in front
    out = F.scaled_dot_product_attention(
        q, k, v, is_causal=is_causal, dropout_p=dropout_p if training else 0
    )
    return out[:, :, -T:]


def _one_query_at_a_time(
    q: Tensor, k: Tensor, v: Tensor, is_causal: bool, dropout_p: float, training: bool
) -> Tensor:
    T, S = q.size(2), k.size(2)
    rows = []
    for t in range(T):
        end = S - T + t + 1 if is_causal else S
        rows.append(
            F.scaled_dot_product_attention(
                q[:, :, t : t + 1],
                k[:, :, :end],
                v[:, :, :end],
                dropout_p=(0.0, dropout_p)[training],
            )
        )
    return torch.cat(rows, dim=2)


def _cases_of_its_own(
    q: Tensor, k: Tensor, v: Tensor, is_causal: bool, dropout_p: float, training: bool
) -> Tensor:
    """As a model with a cache does it: the whole text, one new token, or several."""
    T, S = q.shape[-2], k.shape[-2]
    p = dropout_p if training else 0.0
    if not is_causal or T == 1:
        return F.scaled_dot_product_attention(q, k, v, dropout_p=p)
    if T == S:
        return F.scaled_dot_product_attention(q, k, v, dropout_p=p, is_causal=True)
    old = torch.ones((T, S - T), device=q.device)
    new = torch.tril(torch.ones((T, T), device=q.device))
    mask = torch.cat((old, new), dim=1).bool()
    return F.scaled_dot_product_attention(q, k, v, mask, p, False)


def _aligned_at_the_end(
    q: Tensor, k: Tensor, v: Tensor, is_causal: bool, dropout_p: float, training: bool
) -> Tensor:
    """With torch's own bias, which holds no numbers until the kernel asks for them."""
    bias = causal_lower_right(q.size(2), k.size(2)) if is_causal else None
    p = dropout_p if training else 0.0
    return F.scaled_dot_product_attention(q, k, v, attn_mask=bias, dropout_p=p)


def _qkv(d: Draw, B: int, nh: int, T: int, S: int, hs: int, is_causal: bool) -> dict[str, Any]:
    return {
        "q": d.normal(B, nh, T, hs, std=1.5),
        "k": d.normal(B, nh, S, hs),
        "v": d.normal(B, nh, S, hs),
        "is_causal": is_causal,
    }


def _full(d: Draw, B: int, nh: int, T: int, S: int, hs: int, is_causal: bool) -> dict[str, Any]:
    """Return all arguments, for evaluation, with a dropout that must have no effect."""
    return _qkv(d, B, nh, T, S, hs, is_causal) | {"dropout_p": 0.5, "training": False}


def _training(d: Draw, T: int, S: int) -> dict[str, Any]:
    return {"T": T, "S": S, "dropout_p": d.number(0.2, 0.3), "calls": 300}


WHOLE = "attends as the formula says, with nothing dropped in evaluation"
CAUSAL = "takes the queries for the last T positions"
DROPOUT = "drops weights in training"
KERNEL = "calls torch's kernel, on any device, and can be trained"
FATES = ("weights: 0, scaled up, as they were, other",)

EXERCISE = Exercise(
    id="attention_sdpa",
    chapter="05-attention",
    title="Attention by torch's kernel",
    reference="gpt2.flash.attention_sdpa",
    probe="flash.attention_sdpa",
    minutes=15,
    difficulty=3,
    groups={WHOLE: 1, CAUSAL: 2, DROPOUT: 1, KERNEL: 1},
    cases=(
        Case("more keys than queries", WHOLE, lambda d: _full(d, 1, 2, 2, 4, 3, False)),
        Case("as many, not causal", WHOLE, lambda d: _full(d, 1, 1, 3, 3, 2, False)),
        Case("the whole text", CAUSAL, lambda d: _full(d, 1, 2, 4, 4, 3, True)),
        Case("one new token", CAUSAL, lambda d: _full(d, 2, 1, 1, 8, 2, True)),
        Case("three new tokens", CAUSAL, lambda d: _full(d, 1, 2, 3, 5, 2, True)),
        Case(
            "two new tokens, in training",
            DROPOUT,
            lambda d: _training(d, 2, 4),
            probe="flash.weights_in_training",
            frequencies=FATES,
        ),
        Case(
            "a whole text, in training",
            DROPOUT,
            lambda d: _training(d, 3, 3),
            probe="flash.weights_in_training",
            frequencies=FATES,
        ),
        Case(
            "what is called",
            KERNEL,
            lambda d: _qkv(d, 1, 1, 2, 3, 2, True),
            probe="flash.kernel_that_runs",
            tolerance=FLOAT32,
        ),
        Case(
            "another device",
            KERNEL,
            lambda d: _qkv(d, 1, 1, 2, 3, 2, True),
            probe="flash.attention_on_device",
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("always a mask", _always_a_mask),
        Variant("a mask that is added, math backend", _added),
        Variant("queries padded in front", _padded),
        Variant("one query at a time", _one_query_at_a_time),
        Variant("a case for each use", _cases_of_its_own),
        Variant("torch's bias that is aligned at the end", _aligned_at_the_end),
    ),
    hints=(
        "Ask for one query and eight keys with the kernel's `is_causal=True`, and look at which "
        "values come out.",
        "If T is S, `is_causal` is right. If T is smaller, the kernel needs a mask: you have "
        "written a function that makes it.",
        "`attn_mask` and `is_causal` exclude each other: hand over `causal_mask(T, S, q.device)` "
        "where T and S differ and `is_causal` otherwise. Dropout is 0 unless `training`.",
    ),
    stretch=True,
)
