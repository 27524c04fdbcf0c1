"""Right answers to 7.12 most_likely_ending in other styles."""

import math
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.exercise import Variant


def _loops(logits: Tensor, tokens: Tensor, mask: Tensor) -> int:
    """One token after the other, in Python's numbers."""
    best, best_score = 0, -math.inf
    for row in range(4):
        logps = []
        for t in range(1, tokens.size(1)):
            if mask[row, t]:
                before = logits[row, t - 1].tolist()
                top = max(before)
                total = math.log(sum(math.exp(z - top) for z in before))
                logps.append(before[int(tokens[row, t])] - top - total)
        score = sum(logps) / len(logps)
        if score > best_score:
            best, best_score = row, score
    return best


def _flattened(logits: Tensor, tokens: Tensor, mask: Tensor) -> int:
    """Flatten rows and positions, as for the loss of a model."""
    shift_logits = (logits[..., :-1, :]).contiguous()
    shift_tokens = (tokens[..., 1:]).contiguous()
    flat = F.cross_entropy(
        shift_logits.view(-1, shift_logits.size(-1)), shift_tokens.view(-1), reduction="none"
    )
    losses = flat.view(tokens.size(0), -1)
    shift_mask = mask[..., 1:].contiguous()
    return int((losses * shift_mask).sum(dim=1).div(shift_mask.sum(dim=1)).argmin().item())


def _gathered(logits: Tensor, tokens: Tensor, mask: Tensor) -> int:
    logp = torch.log_softmax(logits.double(), dim=-1)[:, :-1]
    of_tokens = logp.gather(2, tokens[:, 1:, None]).squeeze(2)
    counted = mask[:, 1:].bool()
    means = [of_tokens[i, counted[i]].mean().item() for i in range(len(tokens))]
    return max(range(4), key=means.__getitem__)


def _ignored(logits: Tensor, tokens: Tensor, mask: Tensor) -> int:
    """A loss a row, with what does not count set to -100 in a copy."""
    targets = tokens.masked_fill(mask == 0, -100)
    losses = [F.cross_entropy(z[:-1], y[1:]) for z, y in zip(logits, targets, strict=True)]
    return int(torch.stack(losses).argmin())


def _perplexities(logits: Tensor, tokens: Tensor, mask: Tensor) -> int:
    """The smallest perplexity, in float64, with one-hot tokens."""
    V = logits.size(-1)
    wanted = F.one_hot(tokens[:, 1:], V).double() * mask[:, 1:, None]
    nll = -torch.einsum("btv,btv->b", wanted, logits[:, :-1].double().log_softmax(2))
    bits = nll / wanted.sum((1, 2)) / math.log(2)
    return int(torch.sort(bits).indices[0])


def _numpy(logits: Tensor, tokens: Tensor, mask: Tensor) -> Any:
    z, y, m = logits.numpy()[:, :-1], tokens.numpy()[:, 1:], mask.numpy()[:, 1:].astype(bool)
    logp = z - np.logaddexp.reduce(z, axis=-1, keepdims=True)
    of_tokens = np.take_along_axis(logp, y[..., None], axis=-1)[..., 0]
    return np.argmax([row[keep].mean() for row, keep in zip(of_tokens, m, strict=True)])


def _lowest_perplexity(logits: Tensor, tokens: Tensor, mask: Tensor) -> int:
    """The row at which the model is the least perplexed, targets left out as in training."""
    targets = tokens.masked_fill(mask == 0, -100)
    perplexities = [
        torch.exp(F.cross_entropy(row[:-1], wanted[1:], ignore_index=-100)).item()
        for row, wanted in zip(logits, targets, strict=True)
    ]
    return perplexities.index(min(perplexities))


VARIANTS = (
    Variant("loops over Python's numbers", _loops),
    Variant("flattened", _flattened),
    Variant("gathered, float64", _gathered),
    Variant("a loss a row, with -100", _ignored),
    Variant("bits, with one-hot tokens", _perplexities),
    Variant("numpy", _numpy),
    Variant("the lowest perplexity", _lowest_perplexity),
)
