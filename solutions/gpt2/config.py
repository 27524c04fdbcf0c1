"""The sizes of a GPT."""

from dataclasses import dataclass

__all__ = ["GPTConfig"]


@dataclass
class GPTConfig:
    """The sizes of a GPT; those of GPT-2 small, unless others are given.

    Attributes:
        block_size: N, the context length: the longest T.
        vocab_size: V, how many tokens there are.
        n_layer: how many blocks stand on each other.
        n_head: heads in each block, a divisor of n_embd.
        n_embd: C, channels of each vector.
        dropout: the share that is dropped in training.
        bias: whether linear layers and layer norms have a bias.
    """

    block_size: int = 1024
    vocab_size: int = 50257
    n_layer: int = 12
    n_head: int = 12
    n_embd: int = 768
    dropout: float = 0.0
    bias: bool = True
