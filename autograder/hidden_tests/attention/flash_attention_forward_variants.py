"""Right answers to 5.10 flash_attention_forward, in other ways."""

import math

import numpy as np
import torch
from torch import Tensor

from autograder.exercise import Variant


def _combined_at_the_end(
    q: Tensor, k: Tensor, v: Tensor, block: int, causal: bool
) -> tuple[Tensor, Tensor]:
    """Keep one result and one lse a tile, and weigh them by softmax in the end."""
    outs, lses = [], []
    S, T = k.size(0), q.size(0)
    position = torch.arange(T) + S - T
    for j, (kj, vj) in enumerate(zip(k.split(block), v.split(block), strict=True)):
        s = torch.einsum("td,sd->ts", q, kj) * q.size(1) ** -0.5
        if causal:
            where = torch.arange(len(kj)) + j * block
            s = torch.where(where[None] <= position[:, None], s, -math.inf)
        lse = torch.logsumexp(s, dim=1)
        outs.append(torch.exp(s - lse.masked_fill(lse.isinf(), 0)[:, None]) @ vj)
        lses.append(lse)
    parts = torch.stack(lses)  # (tiles, T)
    weights = torch.softmax(parts, dim=0)
    return torch.einsum("jt,jtd->td", weights, torch.stack(outs)), torch.logsumexp(parts, 0)


def _tiles_backwards_over_queries(
    q: Tensor, k: Tensor, v: Tensor, block: int, causal: bool
) -> list[Tensor]:
    """Go through queries in tiles too, and through keys from the last to the first."""
    T, d = q.shape
    S = k.shape[0]
    out, lse = torch.empty(T, d, dtype=q.dtype), torch.empty(T, dtype=q.dtype)
    for i in range(0, T, block):
        qi = q[i : i + block] / d**0.5
        n = qi.shape[0]
        m = torch.full((n,), torch.finfo(q.dtype).min, dtype=q.dtype)
        total, acc = torch.zeros(n, dtype=q.dtype), torch.zeros(n, d, dtype=q.dtype)
        for j in reversed(range(0, S, block)):
            kj, vj = k[j : j + block], v[j : j + block]
            s = qi @ kj.transpose(0, 1)
            if causal:
                rows = torch.arange(i, i + n).unsqueeze(1) + (S - T)
                seen = torch.arange(j, j + kj.shape[0]).unsqueeze(0) <= rows
                s = s.masked_fill(~seen, float("-inf"))
            m_new = torch.max(m, s.max(dim=1).values)
            p = torch.exp(s - m_new.unsqueeze(1))
            alpha = torch.exp(m - m_new)
            total = alpha * total + p.sum(1)
            acc = alpha.unsqueeze(1) * acc + p @ vj
            m = m_new
        out[i : i + n] = acc / total.unsqueeze(1)
        lse[i : i + n] = m + torch.log(total)
    return [out, lse]


def _one_query_after_the_other(
    q: Tensor, k: Tensor, v: Tensor, block: int, causal: bool
) -> tuple[Tensor, Tensor]:
    """Numbers of Python alone."""
    T, S, d = len(q), len(k), q.shape[1]
    out, lse = [], []
    for t, query in enumerate(q.tolist()):
        last = S - T + t if causal else S - 1
        m, total, row = -math.inf, 0.0, [0.0] * d
        for start in range(0, last + 1, block):
            stop = min(start + block, last + 1)
            keys, values = k[start:stop].tolist(), v[start:stop].tolist()
            s = [sum(a * b for a, b in zip(query, key, strict=True)) / d**0.5 for key in keys]
            new = max(m, *s)
            old, m = math.exp(m - new), new
            w = [math.exp(score - m) for score in s]
            total = total * old + sum(w)
            row = [
                r * old + sum(a * value[c] for a, value in zip(w, values, strict=True))
                for c, r in enumerate(row)
            ]
        out.append([r / total for r in row])
        lse.append(m + math.log(total))
    return torch.tensor(out), torch.tensor(lse)


def _normalised_on_the_way(
    q: Tensor, k: Tensor, v: Tensor, block: int, causal: bool
) -> tuple[Tensor, Tensor]:
    """The first paper's way: the result is a mean after every tile."""
    T, d = q.shape
    S = len(k)
    mean, m, total = torch.zeros(T, d), torch.full((T,), -torch.inf), torch.zeros(T)
    for start in range(0, S, block):
        s = (k[start : start + block] @ q.T).T / math.sqrt(d)
        if causal:
            s = s + torch.full_like(s, -1e9).triu(S - T - start + 1)
        tile = s.amax(1)
        p = (s - tile[:, None]).exp()
        new = torch.maximum(m, tile)
        a, b = (m - new).exp(), (tile - new).exp()
        new_total = a * total + b * p.sum(1)
        before, here = a * total / new_total, b / new_total
        mean = before[:, None] * mean + here[:, None] * (p @ v[start : start + block])
        m, total = new, new_total
    return mean, m + total.log()


def _numpy(q: Tensor, k: Tensor, v: Tensor, block: int, causal: bool) -> tuple[Tensor, Tensor]:
    """Powers of two, in float64."""
    a, b, c = (x.numpy().astype(np.float64) for x in (q, k, v))
    T, S = len(a), len(b)
    m = np.full((T, 1), -1e30)
    both = np.zeros((T, a.shape[1] + 1))  # the sum of values, and the sum of weights beside it
    ones = np.concatenate([c, np.ones((S, 1))], axis=1)
    for j in range(math.ceil(S / block)):
        here = np.arange(j * block, min((j + 1) * block, S))
        s = a @ b[here].T * (math.log2(math.e) / np.sqrt(a.shape[1]))
        if causal:
            s[here[None, :] > np.arange(S - T, S)[:, None]] = -np.inf
        new = np.maximum(m, s.max(1, keepdims=True))
        both = both * np.exp2(m - new) + np.exp2(s - new) @ ones[here]
        m = new
    out, total = both[:, :-1] / both[:, -1:], both[:, -1]
    lse = (m[:, 0] + np.log2(total)) * math.log(2)
    return torch.from_numpy(out).float(), torch.from_numpy(lse).float()


VARIANTS = (
    Variant("combined at the end", _combined_at_the_end),
    Variant("tiles of queries too, backwards", _tiles_backwards_over_queries),
    Variant("numbers of Python alone", _one_query_after_the_other),
    Variant("normalised on the way", _normalised_on_the_way),
    Variant("numpy, powers of two", _numpy),
    Variant(
        "a large negative number for the mask",
        edits=(("columns > rows, -torch.inf", "columns > rows, -1e30"),),
    ),
)
