"""Text from a model: the loop that puts each output at the end of the input."""

from collections.abc import Callable

import torch
from torch import Tensor

__all__ = ["generate_greedy"]


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
