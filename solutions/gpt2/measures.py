"""What a run costs and what a model is worth: operations, use of the machine, HellaSwag."""

import torch.nn.functional as F
from torch import Tensor

from gpt2.config import GPTConfig

__all__ = ["flops_per_token", "mfu", "most_likely_ending"]


def flops_per_token(config: GPTConfig) -> int:
    """Count the floating-point operations of a token in a training step.

    `6 * N + 12 * n_layer * C * T` (Chowdhery 2022, appendix B), with T the
    context length. N counts the weights that are multiplied with something:
    the matrices of the blocks and the head, which is the token table. Biases,
    norms and the position table are left out. A weight costs two operations
    forward, one to multiply and one to add, and four backward. The other term
    is the products of queries with keys and of weights with values, over all
    T positions, masked or not.

    Args:
        config: a `GPTConfig`.

    Returns:
        An int.

    Example:
        >>> config = GPTConfig(block_size=8, vocab_size=10)
        >>> config.n_layer, config.n_head, config.n_embd = 1, 1, 4
        >>> flops_per_token(config)  # 6 * (192 + 40) + 12 * 1 * 4 * 8
        1776
    """
    C = config.n_embd
    N = config.n_layer * 12 * C * C + config.vocab_size * C
    return 6 * N + 12 * config.n_layer * C * config.block_size


def mfu(tokens_per_s: float, config: GPTConfig, peak_flops: float) -> float:
    """Return the share of a machine's operations that go into the model.

    Model FLOPs utilization: what the tokens need, by `flops_per_token`,
    divided by what the machine could do.

    Args:
        tokens_per_s: of all devices together.
        config: a `GPTConfig`.
        peak_flops: operations a second of all devices together.

    Returns:
        A Python float, 0 to 1 unless a figure is wrong.

    Example:
        >>> round(mfu(400_000, GPTConfig(), peak_flops=989e12), 3)
        0.346
    """
    return tokens_per_s * flops_per_token(config) / peak_flops


def most_likely_ending(logits: Tensor, tokens: Tensor, mask: Tensor) -> int:
    """Choose the ending of a text that a model finds most likely.

    HellaSwag shows a beginning and four endings (Zellers 2019). The rows are
    the beginning with each ending. The score of a row is the mean
    log-probability of the ending's tokens, each predicted at the position
    before it; a sum would prefer short endings.

    Args:
        logits: of the model at each position, float; they may be far apart.
        tokens: ids, int64; rows are filled up at the end with any ids.
        mask: 1 (or True) at the ending's tokens, 0 at the beginning and at
            what was filled up. Each row has at least one, and none at
            position 0.

    Shape:
        - logits: (4, T, V)
        - tokens, mask: (4, T)

    Returns:
        The row, 0 to 3, a Python int.

    Example:
        >>> logits = torch.zeros(4, 3, 5)
        >>> logits[2, 1, 3] = 9.0  # row 2 expects token 3 behind position 1
        >>> tokens = torch.tensor([[0, 1, 3]]).repeat(4, 1)
        >>> mask = torch.tensor([[0, 0, 1]]).repeat(4, 1)
        >>> most_likely_ending(logits, tokens, mask)
        2
    """
    losses = F.cross_entropy(
        logits[:, :-1].transpose(1, 2), tokens[:, 1:], reduction="none"
    )  # (4, T - 1)
    counted = mask[:, 1:].to(losses.dtype)
    means = (losses * counted).sum(dim=1) / counted.sum(dim=1)
    return int(means.argmin())
