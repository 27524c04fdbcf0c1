"""The bigram language model, twice: counted, and trained by gradient."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["BigramLanguageModel", "bigram_nll", "bigram_probs", "count_bigrams", "sample_bigram"]


def count_bigrams(ids: Tensor, vocab_size: int) -> Tensor:
    """Count how often each token comes right after each other token.

    Args:
        ids: token ids of a text in order, int64, each in 0..V-1.
        vocab_size: V, which may be larger than the largest id in this text.

    Shape:
        - ids: (N,), N may be 0 or 1: then there is no pair to count
        - returns: (V, V) integers; row a, column b says how often b came
          right after a. All N - 1 pairs of neighbours count, repeated ones
          each time. `ids` stays as it was.

    Example:
        >>> count_bigrams(torch.tensor([0, 1, 1, 1, 2]), 3)
        tensor([[0, 1, 0],
                [0, 2, 1],
                [0, 0, 0]])
    """
    # The pair (a, b) is the number a * V + b, so that one histogram counts all pairs.
    pairs = ids[:-1] * vocab_size + ids[1:]
    return torch.bincount(pairs, minlength=vocab_size**2).view(vocab_size, vocab_size)


def bigram_probs(counts: Tensor, smoothing: float = 0.0) -> Tensor:
    """Turn bigram counts into the probabilities of the next token.

    `P[a, b] = (counts[a, b] + k) / sum_c (counts[a, c] + k)`, where k is
    `smoothing`: each row is a distribution over what follows token a.
    Adding k to every count before the division is add-k smoothing: with k
    above 0 no pair is impossible any more.

    Args:
        counts: `counts[a, b]` says how often b came after a, int64.
        smoothing: k, at least 0, added to every count.

    Shape:
        - counts: (V, V), left unchanged
        - returns: (V, V), float, every row sums to 1. Without smoothing a
          pair that was never seen has probability 0, exactly. The exception
          is a row of zeros (a token that nothing followed): that row is
          uniform, 1 / V everywhere.

    Example:
        >>> bigram_probs(torch.tensor([[1, 3], [0, 0]]))
        tensor([[0.2500, 0.7500],
                [0.5000, 0.5000]])
        >>> bigram_probs(torch.tensor([[1, 3], [0, 0]]), smoothing=1.0)
        tensor([[0.3333, 0.6667],
                [0.5000, 0.5000]])
    """
    weights = counts + float(smoothing)
    totals = weights.sum(dim=1, keepdim=True)  # (V, 1): divides row by row
    return torch.where(totals > 0, weights / totals, 1 / len(counts))


def bigram_nll(P: Tensor, ids: Tensor) -> float:
    """Return the mean negative log-likelihood of a text, in nats per token.

    `-1/(N-1) * sum_i ln P[ids[i], ids[i+1]]`: the first token is given, the
    N - 1 others are predicted, each from the one before it.

    Args:
        P: `P[a, b]` is the probability that b follows a, float.
        ids: the text, int64.

    Shape:
        - P: (V, V), left unchanged
        - ids: (N,), N at least 2; a text of 100,000 tokens must work too

    Returns:
        A Python float. It is infinite (`inf`) if the text has a pair whose
        probability is 0; zeros in P that the text does not need do no harm.

    Example:
        >>> P = torch.tensor([[0.5, 0.5], [1.0, 0.0]])
        >>> ids = torch.tensor([0, 0, 1, 0])  # prices ln 2, ln 2 and 0
        >>> round(bigram_nll(P, ids), 4)
        0.4621
        >>> bigram_nll(P, torch.tensor([0, 1, 1]))
        inf
    """
    return -P[ids[:-1], ids[1:]].log().mean().item()


def sample_bigram(
    P: Tensor,
    start_id: int,
    n: int,
    generator: torch.Generator,
) -> Tensor:
    """Draw a random text from a bigram model, token by token.

    Each token is drawn from the distribution that follows the one before.

    Args:
        P: `P[a, b]` is the probability that b follows a, float.
        start_id: the first token.
        n: how many tokens to draw, at least 0. No token ends the text
            before that.
        generator: the only source of randomness, on the CPU. The same state
            gives the same text; a second call goes on where the first one
            left it, and so gives another.

    Shape:
        - P: (V, V), rows sum to 1, left unchanged
        - returns: (n + 1,), int64, `start_id` first

    Example:
        >>> always_the_other = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
        >>> generator = torch.Generator().manual_seed(1)
        >>> sample_bigram(always_the_other, 0, 3, generator)
        tensor([0, 1, 0, 1])
    """
    ids = [start_id]
    for _ in range(n):
        row = P[ids[-1]]
        ids.append(int(torch.multinomial(row, 1, generator=generator)))
    return torch.tensor(ids)


class BigramLanguageModel(nn.Module):
    """Predict the next token from the present one, by a trained table.

    The only parameters are V x V logits, one row a token: what
    `bigram_probs` gets by counting, this model gets by gradient. How they
    start is free.

    Args:
        vocab_size: V.

    Example:
        >>> model = BigramLanguageModel(vocab_size=5)
        >>> idx = torch.tensor([[0, 3, 3]])
        >>> logits, loss = model(idx)
        >>> logits.shape, loss
        (torch.Size([1, 3, 5]), None)
        >>> _, loss = model(idx, targets=torch.tensor([[3, 3, 1]]))
        >>> loss.shape
        torch.Size([])
    """

    def __init__(self, vocab_size: int) -> None:
        super().__init__()
        self.table = nn.Embedding(vocab_size, vocab_size)

    def forward(
        self,
        idx: Tensor,
        targets: Tensor | None = None,
    ) -> tuple[Tensor, Tensor | None]:
        """Return the next token's logits and, given targets, the loss.

        Args:
            idx: token ids, int64.
            targets: the token that really came after each position, int64.

        Shape:
            - idx, targets: (B, T)
            - logits: (B, T, V), float, with targets and without
            - loss: (), float: the cross entropy in nats, averaged over all
              B * T positions, with a gradient; None if there are no targets
        """
        logits = self.table(idx)  # (B, T, V)
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(logits.flatten(0, 1), targets.flatten())
