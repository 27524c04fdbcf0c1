"""Right answers to 6.17 beam_search in other styles."""

import heapq
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from autograder.exercise import Variant

LogProbs = Callable[[Tensor], Tensor]
Found = list[tuple[float, Tensor]]


def _plain_python(
    logprob_fn: LogProbs,
    prompt: Tensor,
    num_beams: int,
    max_new_tokens: int,
    eos_id: int | None = None,
    length_penalty: float = 0.0,
) -> Found:
    """Lists and tuples, one candidate at a time."""
    beams: list[tuple[float, list[int]]] = [(0.0, [])]
    done: list[tuple[float, list[int]]] = []
    start = prompt.tolist()
    for _ in range(max_new_tokens):
        longer = [
            (total + p, [*new, token])
            for total, new in beams
            for token, p in enumerate(logprob_fn(torch.tensor([start + new]))[0].tolist())
        ]
        longer.sort(key=lambda beam: -beam[0])
        kept = longer[:num_beams]
        done += [beam for beam in kept if beam[1][-1] == eos_id]
        beams = [beam for beam in kept if beam[1][-1] != eos_id]
        if not beams:
            break
    scored = [(total / len(new) ** length_penalty, start + new) for total, new in done + beams]
    scored.sort(key=lambda pair: pair[0], reverse=True)
    return [(score, torch.tensor(ids)) for score, ids in scored[:num_beams]]


def _heap(
    logprob_fn: LogProbs,
    prompt: Tensor,
    num_beams: int,
    max_new_tokens: int,
    eos_id: int | None = None,
    length_penalty: float = 0.0,
) -> Found:
    """A heap for the best, in double precision; all rows through the model at once."""
    texts, totals, out = [prompt], [0.0], []
    while texts:
        length = len(texts[0]) + 1 - len(prompt)
        table = logprob_fn(torch.stack(texts)).double() + torch.tensor(totals)[:, None].double()
        pairs = [(float(x), i, j) for i, row in enumerate(table) for j, x in enumerate(row)]
        best = heapq.nlargest(num_beams, pairs)
        longer = [torch.hstack((texts[i], torch.tensor([j]))) for _, i, j in best]
        texts, totals, candidates = [], [], zip(best, longer, strict=True)
        for (total, _, token), text in candidates:
            if length == max_new_tokens or (eos_id is not None and token == eos_id):
                out.append((total / length**length_penalty, text))
            else:
                texts.append(text)
                totals.append(total)
    return heapq.nlargest(num_beams, out, key=lambda pair: pair[0])


def _best_of_best(
    logprob_fn: LogProbs,
    prompt: Tensor,
    num_beams: int,
    max_new_tokens: int,
    eos_id: int | None = None,
    length_penalty: float = 0.0,
) -> Found:
    """The best of each row first, which is enough, and the best of these."""
    ids, sums, done = prompt.unsqueeze(0), torch.zeros(1, 1), []
    for step in range(max_new_tokens):
        if ids.shape[0] == 0:
            break
        p, tokens = torch.sort(logprob_fn(ids), dim=1, descending=True, stable=True)
        p, tokens = p[:, :num_beams] + sums, tokens[:, :num_beams]
        order = p.reshape(-1).argsort(descending=True)[:num_beams]
        row = torch.div(order, p.shape[1], rounding_mode="floor")
        new = tokens.reshape(-1)[order]
        ids, sums = torch.cat((ids[row], new.unsqueeze(1)), 1), p.reshape(-1, 1)[order]
        ends = torch.zeros_like(new).bool() if eos_id is None else new.eq(eos_id)
        ends = ends | (step == max_new_tokens - 1)
        for text, total in zip(ids[ends], sums[ends], strict=True):
            done.append((float(total) / (step + 1) ** length_penalty, text))
        ids, sums = ids[~ends], sums[~ends]
    done.sort(key=lambda pair: -pair[0])
    return done[:num_beams]


def _numpy(
    logprob_fn: LogProbs,
    prompt: Tensor,
    num_beams: int,
    max_new_tokens: int,
    eos_id: int | None = None,
    length_penalty: float = 0.0,
) -> Found:
    """NumPy, with candidates that stay in their rows and are closed by minus infinity."""
    ids, sums = prompt.numpy()[None], np.zeros(1)
    found: list[tuple[float, Tensor]] = []
    for n in range(max_new_tokens):
        table = sums[:, None] + logprob_fn(torch.from_numpy(ids)).numpy().astype(float)
        best = np.argsort(-table, axis=None)[:num_beams]
        rows, tokens = np.unravel_index(best, table.shape)
        real = np.isfinite(table[rows, tokens])
        rows, tokens = rows[real], tokens[real]
        ids, sums = np.column_stack([ids[rows], tokens]), table[rows, tokens]
        for i in np.flatnonzero((tokens == eos_id) | (n + 1 == max_new_tokens)):
            found.append((float(sums[i] / (n + 1) ** length_penalty), torch.tensor(ids[i])))
            sums[i] = -np.inf
        if not np.isfinite(sums).any():
            break
    return sorted(found, key=lambda pair: pair[0])[::-1][:num_beams]


VARIANTS = (
    Variant("plain Python", _plain_python),
    Variant("a heap, double precision", _heap),
    Variant("the best of each row, and of these the best", _best_of_best),
    Variant("numpy, closed rows stay", _numpy),
)
