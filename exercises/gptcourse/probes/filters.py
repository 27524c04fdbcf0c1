"""Probes of chapter 6: from logits to a token."""

import random
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

Outputs = dict[str, Any]
Filter = Callable[..., Tensor]
Sample = Callable[..., Tensor]


def apply_temperature(apply_temperature: Filter, logits: Tensor, temperature: float) -> Outputs:
    """Call apply_temperature by position."""
    return {"output": apply_temperature(logits, temperature)}


def apply_temperature_by_name(
    apply_temperature: Filter, logits: Tensor, temperature: float
) -> Outputs:
    """Call apply_temperature with both arguments given by name."""
    came = apply_temperature(logits=logits, temperature=temperature)
    return {"output, up to 1000": _bounded(came)}


def apply_temperature_at_the_end(
    apply_temperature: Filter, logits_of_a_text: Tensor, temperature: float
) -> Outputs:
    """Call apply_temperature as a model's user does: (B, T, V), and the last position of it."""
    came = apply_temperature(logits_of_a_text[:, -1], temperature)
    return {"output, up to 1000": _bounded(came)}


def apply_temperature_at_zero(
    apply_temperature: Filter, logits: Tensor, temperature: float
) -> Outputs:
    """Call apply_temperature where only 0 and infinities are asked for."""
    return {"output, up to 1000": _bounded(apply_temperature(logits, temperature))}


def top_k_filter(top_k_filter: Filter, logits: Tensor, k: int) -> Outputs:
    """Call top_k_filter by position."""
    return {"output, up to 1000": _bounded(top_k_filter(logits, k))}


def top_k_filter_by_name(top_k_filter: Filter, logits: Tensor, k: int) -> Outputs:
    """Call top_k_filter with both arguments given by name."""
    return {"output, up to 1000": _bounded(top_k_filter(logits=logits, k=k))}


def top_k_filter_at_the_end(top_k_filter: Filter, logits_of_a_text: Tensor, k: int) -> Outputs:
    """Call top_k_filter on the last position of (B, T, V)."""
    return {"output, up to 1000": _bounded(top_k_filter(logits_of_a_text[:, -1], k))}


def top_p_filter(top_p_filter: Filter, logits: Tensor, p: float) -> Outputs:
    """Call top_p_filter by position."""
    return {"output, up to 1000": _bounded(top_p_filter(logits, p))}


def top_p_filter_by_name(top_p_filter: Filter, logits: Tensor, p: float) -> Outputs:
    """Call top_p_filter with both arguments given by name."""
    return {"output, up to 1000": _bounded(top_p_filter(logits=logits, p=p))}


def top_p_filter_at_the_end(top_p_filter: Filter, logits_of_a_text: Tensor, p: float) -> Outputs:
    """Call top_p_filter on the last position of (B, T, V)."""
    return {"output, up to 1000": _bounded(top_p_filter(logits_of_a_text[:, -1], p))}


def top_p_filter_with_one(top_p_filter: Filter, logits: Tensor) -> Outputs:
    """Call top_p_filter with a p of 1, and say how much stays.

    Sums are rounded, so one that is compared with 1 may lose the last tokens of an honest answer.
    """
    came = top_p_filter(logits, 1.0)
    if not isinstance(came, Tensor) or came.shape != logits.shape:
        return {"most of each row stays": came}
    left = logits.softmax(dim=-1).where(came == logits, 0.0)
    return {"most of each row stays": bool((left.sum(dim=-1) > 0.7).all())}


def _bounded(value: Any) -> Any:
    """Return a result with large finite numbers cut at 1000.

    How large a number somebody takes in place of infinity says nothing of the mistake.
    """
    if not isinstance(value, Tensor) or not value.is_floating_point():
        return value
    return torch.where(value.isinf(), value, value.clamp(-1000, 1000))


def sample_next(sample_next: Sample, logits: Tensor, seed: int) -> Outputs:
    """Draw once for each row: for rows that leave nothing to chance."""
    return {"output": sample_next(logits, torch.Generator().manual_seed(seed))}


def sample_next_by_name(sample_next: Sample, logits: Tensor, seed: int) -> Outputs:
    """Draw with both arguments given by name."""
    generator = torch.Generator().manual_seed(seed)
    return {"output": sample_next(logits=logits, generator=generator)}


def sample_next_default(sample_next: Sample, logits_of_a_text: Tensor) -> Outputs:
    """Draw from the last position of (B, T, V), without a generator."""
    return {"output": sample_next(logits_of_a_text[:, -1])}


def counts(sample_next: Sample, logits: Tensor, draws: int, seed: int) -> Outputs:
    """Draw in one call, `draws` times for each row, and count the tokens of each."""
    kinds, V = logits.shape
    tokens = sample_next(logits.repeat(draws, 1), torch.Generator().manual_seed(seed))
    if isinstance(tokens, list):  # another case says that it should be a tensor
        tokens = torch.tensor(tokens)
    whole = isinstance(tokens, Tensor) and not tokens.is_floating_point()
    if not whole or tokens.numel() != draws * kinds or tokens.min() < 0 or tokens.max() >= V:
        # The first rows say as much as all of them.
        return {"how often": tokens[:kinds] if isinstance(tokens, Tensor) else tokens}
    drawn = tokens.reshape(draws, kinds).to(torch.int64)
    return {"how often": torch.stack([column.bincount(minlength=V) for column in drawn.t()])}


def sample_next_again(sample_next: Sample, logits: Tensor, seed: int) -> Outputs:
    """Draw with equal generators, with different ones, twice with the same one, and without one.

    Calls that nobody looks at come between, as many as the seed says: an answer that counts its
    calls does not know which one this is.
    """
    between = random.Random(seed)

    def sample(generator: torch.Generator) -> Any:
        for other_seed in range(between.randrange(3)):
            sample_next(logits, torch.Generator().manual_seed(other_seed))
        return _plain(sample_next(logits, generator))

    first = torch.Generator().manual_seed(seed)
    one, next_one = sample(first), sample(first)
    torch.manual_seed(seed + 1)  # torch's own random numbers must play no part
    same = sample(torch.Generator().manual_seed(seed))
    other = sample(torch.Generator().manual_seed(seed + 1))
    torch.manual_seed(seed)
    free, next_free = _plain(sample_next(logits)), _plain(sample_next(logits))
    left = torch.rand(4).tolist()
    torch.manual_seed(seed)
    again = _plain(sample_next(logits))
    torch.manual_seed(seed + 1)
    sample_next(logits)
    return {
        "the same seed gives the same tokens": one == same,
        "another seed gives the same tokens": one == other,
        "a second call gives the same tokens": one == next_one,
        "without a generator, the same torch.manual_seed gives the same": free == again,
        "without a generator, a second call gives the same": free == next_free,
        "torch's own randomness then starts again": torch.rand(4).tolist() == left,
    }


def _plain(tokens: Any) -> Any:
    """Return tokens as plain numbers, which can be compared."""
    return tokens.flatten().tolist() if isinstance(tokens, Tensor) else tokens
