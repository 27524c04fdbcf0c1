"""From logits to probabilities, and from probabilities to a loss."""

import math
from collections.abc import Sequence

from torch import Tensor

__all__ = ["cross_entropy", "perplexity", "softmax"]


def softmax(x: Tensor, dim: int = -1) -> Tensor:
    """Turn logits into probabilities along one dimension.

    `softmax(x)_i = exp(x_i) / sum_j exp(x_j)`, the sum running along `dim`
    alone. Adding a constant to all logits changes nothing, so subtract the
    largest one along `dim`: `exp` then never overflows. Build it from `exp`
    and `sum`; `torch.softmax` and its relatives are what you are building,
    and are not allowed.

    Args:
        x: logits, any finite size, float. Stays unchanged.
        dim: the dimension along which the result sums to 1; a negative one
            counts from the end.

    Shape:
        - x: any shape
        - returns: the shape of `x`

    Returns:
        A new float tensor of probabilities.

    Raises:
        IndexError: `x` has no dimension `dim`.

    Example:
        >>> softmax(torch.tensor([1000.0, 1000.0]))
        tensor([0.5000, 0.5000])
        >>> softmax(torch.zeros(2, 4), dim=0)
        tensor([[0.5000, 0.5000, 0.5000, 0.5000],
                [0.5000, 0.5000, 0.5000, 0.5000]])
    """
    # The maximum along `dim`, not of all of x: each row needs its own shift.
    e = (x - x.amax(dim, keepdim=True)).exp()
    return e / e.sum(dim, keepdim=True)


def cross_entropy(
    logits: Tensor,
    targets: Tensor,
    ignore_index: int = -100,
) -> Tensor:
    """Average the price of the right tokens: `-ln softmax(logits)[target]`.

    Position `[b, t]` of `logits` is the guess about `targets[b, t]`: the
    targets are shifted already. Prices are in nats; a model that gives all V
    tokens the same probability pays ln V. The result is finite and right for
    logits of any finite size: `ln softmax(x)_i = x_i - logsumexp(x)` needs no
    probability that could round to 0 on the way. You may use all of torch.

    Args:
        logits: float. Stays unchanged.
        targets: the ids of the tokens that came, int64, in 0..V-1, or
            `ignore_index`. Stays unchanged.
        ignore_index: targets of this value count for nothing, neither in the
            sum nor in the number that it is divided by. It may be negative or
            the id of a token. At least one target is not ignored.

    Shape:
        - logits: (B, T, V)
        - targets: (B, T)
        - returns: (), a tensor with one number

    Returns:
        The mean over all counted positions of all sequences, each with the
        same weight, float.

    Example:
        >>> logits = torch.tensor([[[0.0, 0.0], [0.0, 1000.0]]])  # (1, 2, 2)
        >>> cross_entropy(logits, torch.tensor([[0, 1]]))  # (ln 2 + 0) / 2
        tensor(0.3466)
        >>> cross_entropy(logits, torch.tensor([[0, -100]]))  # ln 2
        tensor(0.6931)
    """
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]  # (N, V), (N,)
    at_target = logits.gather(-1, targets[:, None]).squeeze(-1)  # (N,)
    return (logits.logsumexp(-1) - at_target).mean()


def perplexity(
    nll_sums: Sequence[float],
    n_tokens: Sequence[int],
) -> float:
    """Turn the losses of a text's batches into exp of its mean nats a token.

    Every token of the text has the same weight, whatever batch it is in. A
    perplexity of V is that of a guess spread evenly over V tokens; 1 is
    perfect. A text may be long: the sums of a million tokens are far above
    709, where `exp` overflows.

    Args:
        nll_sums: for each of one or more batches, the sum (not the mean) of
            its tokens' losses, in nats. Stays unchanged.
        n_tokens: for each batch, how many tokens were summed; at least 1.
            Stays unchanged.

    Returns:
        The perplexity, a Python float.

    Example:
        >>> round(perplexity([20.0, 4.0], [10, 2]), 4)  # exp(2)
        7.3891
        >>> round(perplexity([0.0, 99.0], [1, 99]), 4)  # exp(99 / 100)
        2.6912
    """
    return math.exp(sum(nll_sums) / sum(n_tokens))
