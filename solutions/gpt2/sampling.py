"""Text from a model: each output goes to the end of the input; one candidate, or several."""

from collections.abc import Callable

import torch
from torch import Tensor

__all__ = ["beam_search", "generate_greedy"]


def generate_greedy(
    next_logits: Callable[[Tensor], Tensor],
    prompt: Tensor,
    max_new_tokens: int,
    eos_id: int | None = None,
) -> Tensor:
    """Extend a prompt by the most probable next token, again and again.

    `next_logits` takes all tokens so far and returns logits at every
    position; those of the last position are about the token that comes
    next. It is called once for each new token.

    Args:
        next_logits: the model, (1, T) int64 -> (1, T, V) float.
        prompt: ids of the tokens to start from, int64, T0 >= 1. Stays
            unchanged.
        max_new_tokens: add at most this many; 0 returns the prompt.
        eos_id: the id that ends a text. Once it is produced it is kept, and
            the loop stops at once: no padding, no further call. Any id can be
            it, 0 too. If it stands in the prompt, it stops nothing.
            None: nothing stops early.

    Shape:
        - prompt: (1, T0)
        - returns: (1, T0 + n), with n <= max_new_tokens

    Returns:
        The prompt and the n new tokens, ids, int64.

    Example:
        >>> def next_logits(idx):  # i + 1 comes after i, 0 after 4
        ...     return torch.nn.functional.one_hot((idx + 1) % 5, 5).float()
        >>> prompt = torch.tensor([[1, 2]])
        >>> generate_greedy(next_logits, prompt, max_new_tokens=4)
        tensor([[1, 2, 3, 4, 0, 1]])
        >>> generate_greedy(next_logits, prompt, max_new_tokens=4, eos_id=4)
        tensor([[1, 2, 3, 4]])
    """
    idx = prompt
    for _ in range(max_new_tokens):
        last = next_logits(idx)[:, -1]  # (1, V)
        token = last.argmax(-1, keepdim=True)  # (1, 1)
        idx = torch.cat([idx, token], dim=1)
        if token.item() == eos_id:
            break
    return idx


def beam_search(
    logprob_fn: Callable[[Tensor], Tensor],
    prompt: Tensor,
    num_beams: int,
    max_new_tokens: int,
    eos_id: int | None = None,
    length_penalty: float = 0.0,
) -> list[tuple[float, Tensor]]:
    """Look for the most probable text, with several candidates at once.

    Each step extends every open candidate by every token and keeps the
    `num_beams` extensions of greatest log-probability in all, whichever
    candidate they come from. One that ends in `eos_id` is finished: it takes
    up one of the places in its step, and is set aside. The search stops when
    no candidate is open, or after `max_new_tokens` steps; what is open then
    counts as finished.

    Args:
        logprob_fn: the model, ids (n, T) -> log-probabilities of the next
            token (n, V).
        prompt: the text so far, ids, int64.
        num_beams: how many extensions a step keeps, at least 1.
        max_new_tokens: add at most this many, at least 1.
        eos_id: the id that ends a text; it is kept. In the prompt it ends
            nothing. None: no text ends early.
        length_penalty: a candidate's score is the sum of the
            log-probabilities of its new tokens, divided by their number to
            this power: 0 compares sums, 1 compares means.

    Shape:
        - prompt: (T0,), left unchanged

    Returns:
        The `num_beams` finished candidates of greatest score, or all if there
        are fewer, the best first: (score, ids with the prompt), a Python
        float and an int64 tensor.

    Example:
        >>> rows = [0.0, 0.6, 0.4], [0.5, 0.5, 0.0], [0.0, 0.1, 0.9]
        >>> def logprob_fn(idx):  # the best first step is not the best way
        ...     return torch.tensor(rows)[idx[:, -1]].log()
        >>> found = beam_search(logprob_fn, torch.tensor([0]), 2, 2)
        >>> score, ids = found[0]
        >>> ids, round(score, 3)
        (tensor([0, 2, 2]), -1.022)
    """
    open_ids, sums = prompt[None], torch.zeros(1)
    finished: list[tuple[float, Tensor]] = []
    for n in range(1, max_new_tokens + 1):
        logprobs = logprob_fn(open_ids)  # (beams, V)
        totals = (sums[:, None].to(logprobs) + logprobs).flatten()
        sums, best = totals.topk(min(num_beams, len(totals)))
        beams, tokens = best // logprobs.size(1), best % logprobs.size(1)
        open_ids = torch.cat([open_ids[beams], tokens[:, None]], dim=1)
        is_open = torch.full_like(tokens, n < max_new_tokens, dtype=torch.bool)
        if eos_id is not None:
            is_open &= tokens != eos_id
        scores = sums / n**length_penalty
        finished += [(scores[i].item(), open_ids[i]) for i in range(len(tokens)) if not is_open[i]]
        open_ids, sums = open_ids[is_open], sums[is_open]
        if not len(open_ids):
            break
    return sorted(finished, key=lambda candidate: candidate[0], reverse=True)[:num_beams]
