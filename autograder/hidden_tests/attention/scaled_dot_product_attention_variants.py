"""Right answers to 5.3 scaled_dot_product_attention, written in other ways."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.exercise import Variant


def _loops(q: Tensor, k: Tensor, v: Tensor, mask: Any = None) -> Tensor:
    """Go through queries and keys one by one, and compute with numbers."""
    front, T, S = q.shape[:-2], q.shape[-2], k.shape[-2]
    allowed = torch.ones(T, S, dtype=torch.bool) if mask is None else mask
    allowed = allowed.broadcast_to(*front, T, S).reshape(-1, T, S)
    tables = zip(q.reshape(-1, T, q.shape[-1]), k.reshape(-1, S, k.shape[-1]),
                 v.reshape(-1, S, v.shape[-1]), allowed, strict=True)  # fmt: skip
    out = []
    for queries, keys, values, may in tables:
        for t in range(T):
            open_ = [s for s in range(S) if may[t, s]]
            scores = [torch.dot(queries[t], keys[s]) / math.sqrt(len(queries[t])) for s in open_]
            highest = max(float(score.detach()) for score in scores)
            parts = [torch.exp(score - highest) for score in scores]
            pairs = zip(parts, open_, strict=True)
            out.append(sum(part * values[s] for part, s in pairs) / sum(parts))
    return torch.stack(out).reshape(*front, T, -1)


def _in_place_on_scores(q: Tensor, k: Tensor, v: Tensor, mask: Any = None) -> Tensor:
    att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
    if mask is not None:
        att.masked_fill_(mask == 0, float("-inf"))
    return F.softmax(att, dim=-1) @ v


def _minus_a_billion(q: Tensor, k: Tensor, v: Tensor, mask: Any = None) -> Tensor:
    d_k = q.size(-1)
    scores = torch.matmul(q, k.swapaxes(-1, -2)) / d_k**0.5
    if mask is not None:
        scores = scores.masked_fill(mask.logical_not(), -1e9)
    p_attn = scores.softmax(-1)
    return torch.matmul(p_attn, v)


def _smallest_float(q: Tensor, k: Tensor, v: Tensor, mask: Any = None) -> Tensor:
    weights = torch.matmul(q, k.mT)
    weights = weights / torch.full([], k.size(-1) ** 0.5, dtype=weights.dtype)
    if mask is not None:
        lowest = torch.full([], torch.finfo(weights.dtype).min, dtype=weights.dtype)
        weights = torch.where(mask, weights, lowest)
    return torch.matmul(torch.softmax(weights, dim=-1, dtype=torch.float32).type(v.dtype), v)


def _einsum(q: Tensor, k: Tensor, v: Tensor, mask: Any = None) -> Tensor:
    """Add the logarithm of the mask, 0 or minus infinity."""
    scores = torch.einsum("...td,...sd->...ts", q, k) * q.shape[-1] ** -0.5
    if mask is not None:
        scores = scores + mask.to(scores.dtype).log()
    probabilities = (scores - scores.logsumexp(-1, keepdim=True)).exp()
    mean: Tensor = torch.einsum("...ts,...sv->...tv", probabilities, v)
    return mean


def _both_scaled(q: Tensor, k: Tensor, v: Tensor, mask: Any = None) -> Tensor:
    """Share the scale between queries and keys, and compute in float64."""
    scale = q.size(-1) ** -0.25
    scores = (q.double() * scale) @ (k.double() * scale).transpose(-1, -2)
    bias = torch.zeros_like(scores)
    if mask is not None:
        bias = bias.masked_fill(~mask, -10_000.0)
    mean: Tensor = (scores + bias).softmax(-1) @ v.double()
    return mean.to(v.dtype)


def _renormalised(q: Tensor, k: Tensor, v: Tensor, mask: Any = None) -> Tensor:
    """Take the blocked weights away after the exponential, and divide by what is left."""
    scores = (q.unsqueeze(-2) * k.unsqueeze(-3)).sum(-1).div(math.sqrt(q.size(-1)))
    e = (scores - scores.detach().amax(-1, keepdim=True)).exp()
    if mask is not None:
        e = e * mask
    mean: Tensor = (e @ v) / e.sum(-1, keepdim=True)
    return mean


def _batched(q: Tensor, k: Tensor, v: Tensor, mask: Any = None) -> Tensor:
    """Lay all dimensions in front into one."""
    (T, d), (S, dv) = q.shape[-2:], v.shape[-2:]
    flat_q, flat_k, flat_v = q.reshape(-1, T, d), k.reshape(-1, S, d), v.reshape(-1, S, dv)
    start = torch.zeros(len(flat_q), T, S, dtype=q.dtype)
    if mask is not None:
        closed = torch.full((*q.shape[:-1], S), -torch.inf, dtype=q.dtype)
        start = closed.masked_fill(mask, 0.0).view(-1, T, S)
    scores = torch.baddbmm(start, flat_q, flat_k.permute(0, 2, 1), alpha=1 / math.sqrt(d))
    return torch.bmm(scores.softmax(2), flat_v).view(*q.shape[:-1], dv)


VARIANTS = (
    Variant("loops", _loops),
    Variant("masked in place, on its own scores", _in_place_on_scores),
    Variant("minus a billion", _minus_a_billion),
    Variant("the smallest float, softmax in float32", _smallest_float),
    Variant("einsum, and the logarithm of the mask", _einsum),
    Variant("queries and keys scaled, float64", _both_scaled),
    Variant("masked after the exponential, then normalised", _renormalised),
    Variant("baddbmm on one dimension in front", _batched),
)
