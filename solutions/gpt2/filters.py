"""From logits to a token: sharpen, cut off the tail, and draw."""

import torch
from torch import Tensor

__all__ = ["apply_temperature", "sample_next", "top_k_filter", "top_p_filter"]


def apply_temperature(logits: Tensor, temperature: float) -> Tensor:
    """Sharpen or flatten what a softmax will make of logits.

    Divides by the temperature. Below 1 the probable gets more probable,
    above 1 all get more alike. At 0 stands the limit: 0 at the greatest
    logit of each row and -inf at all others, so that a softmax gives the
    greatest all of the probability. Where several are the greatest, each of
    them gets 0.

    Args:
        logits: float; -inf may be among them, but not a whole row of it.
            They stay as they were.
        temperature: 0 or more.

    Shape:
        - logits: (B, V)
        - returns: (B, V)

    Example:
        >>> logits = torch.tensor([[1.0, 3.0, 2.0]])
        >>> apply_temperature(logits, 0.5)
        tensor([[2., 6., 4.]])
        >>> apply_temperature(logits, 0.0)
        tensor([[-inf, 0., -inf]])
    """
    if temperature == 0:
        greatest = logits == logits.amax(dim=-1, keepdim=True)
        return torch.zeros_like(logits).masked_fill(~greatest, -torch.inf)
    return logits / temperature


def top_k_filter(logits: Tensor, k: int) -> Tensor:
    """Leave the k greatest logits of each row; the others become -inf.

    Args:
        logits: float. They stay as they were.
        k: how many to leave, at least 1. With V or more, all stay. Of those
            that equal the k-th greatest all may stay, or only so many that
            there are k.

    Shape:
        - logits: (B, V)
        - returns: (B, V)

    Example:
        >>> top_k_filter(torch.tensor([[1.0, -2.0, 3.0, 0.0]]), k=2)
        tensor([[1., -inf, 3., -inf]])
    """
    smallest = logits.topk(min(k, logits.size(-1)), dim=-1).values[:, -1:]  # (B, 1)
    return logits.masked_fill(logits < smallest, -torch.inf)


def top_p_filter(logits: Tensor, p: float) -> Tensor:
    """Leave the fewest tokens that have probability p together.

    The most probable come first. A token stays if those before it have less
    than p together, so the one that reaches p is in, and there is always
    one. The logits of the others become -inf. (Holtzman et al., 2019)

    Args:
        logits: float, of any size, in the hundreds too; -inf may be among
            them. They stay as they were.
        p: over 0, and at most 1. With 1 all stay that have a probability. Of
            equal logits at the border any may stay, so long as p is reached.

    Shape:
        - logits: (B, V)
        - returns: (B, V), those that stay at their places with their values

    Example:
        >>> logits = torch.tensor([[0.1, 0.5, 0.15, 0.25]]).log()
        >>> top_p_filter(logits, p=0.7).exp()
        tensor([[0.0000, 0.5000, 0.0000, 0.2500]])
    """
    if p == 1:  # rounding brings the sum to 1 long before a long tail ends
        return logits.clone()
    probs, order = logits.softmax(dim=-1).sort(dim=-1, descending=True)
    before = probs.cumsum(dim=-1) - probs  # what the more probable ones have together
    cut = torch.zeros_like(probs, dtype=torch.bool).scatter(-1, order, before >= p)
    return logits.masked_fill(cut, -torch.inf)


def sample_next(
    logits: Tensor,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Draw one token for each row, with the probabilities of its softmax.

    Args:
        logits: float, of any size, in the hundreds too. A token with -inf is
            never drawn.
        generator: the source of randomness; None is torch's own. The same
            state gives the same tokens, and the call moves it on.

    Shape:
        - logits: (B, V), left unchanged
        - returns: (B, 1), ids, int64; rows are drawn independently

    Example:
        >>> sample_next(torch.tensor([[-torch.inf, 0.0], [0.0, -torch.inf]]))
        tensor([[1],
                [0]])
    """
    return torch.multinomial(logits.softmax(dim=-1), num_samples=1, generator=generator)
