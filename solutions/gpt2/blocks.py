"""A block of GPT-2: attention, a small network for each position, and what keeps both in bounds."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gpt2.config import GPTConfig
from gpt2.heads import CausalSelfAttention

__all__ = ["MLP", "Block", "LayerNorm", "gelu"]


def gelu(x: Tensor) -> Tensor:
    """Bend a line smoothly at 0, in the way in which GPT-2 does it.

    `x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3)))`, the
    approximation of the Gaussian error linear unit (Hendrycks 2016) with
    which OpenAI trained GPT-2. The exact one, by erf, differs by up to
    0.0005.

    Args:
        x: any numbers, float, large ones too. It stays as it was.

    Shape:
        - x: (...)
        - returns: (...), of the dtype of x and on its device, with a
          gradient

    Example:
        >>> gelu(torch.tensor([-1.0, 0.0, 1.0, 10.0]))
        tensor([-0.1588,  0.0000,  0.8412, 10.0000])
    """
    inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    return 0.5 * x * (1 + torch.tanh(inner))


class LayerNorm(nn.Module):
    """Give each vector mean 0 and variance 1, then scale and shift it.

    `(x - mean) / sqrt(var + eps) * weight + bias`. Mean and variance are
    those of the C channels of one vector, and of nothing else: neither other
    positions nor other rows of the batch have an influence. The variance is
    the mean of the squared distances, divided by C and not by C - 1.

    Args:
        n_embd: C.
        eps: added to the variance before the root is taken.
        bias: whether there is a bias. If not, the attribute is None.

    Attributes:
        weight: nn.Parameter, float (C,), ones at the start.
        bias: nn.Parameter, float (C,), zeros at the start; or None.

    Example:
        >>> norm = LayerNorm(4)
        >>> x = torch.tensor([[1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 0.0, 8.0]])
        >>> norm(x).detach().round(decimals=3)
        tensor([[-1.3420, -0.4470,  0.4470,  1.3420],
                [-0.5770, -0.5770, -0.5770,  1.7320]])
    """

    def __init__(
        self,
        n_embd: int,
        eps: float = 1e-5,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(n_embd))
        self.bias = nn.Parameter(torch.zeros(n_embd)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Return the normalised vectors.

        Args:
            x: vectors, float; of any scale, very small ones too.

        Shape:
            - x: (..., C), left unchanged
            - returns: (..., C), of the dtype of x and weight
        """
        mean = x.mean(dim=-1, keepdim=True)
        var = x.var(dim=-1, keepdim=True, correction=0)  # (..., 1), divided by C
        out = (x - mean) * torch.rsqrt(var + self.eps) * self.weight
        return out if self.bias is None else out + self.bias


class MLP(nn.Module):
    """Work on each position by itself: widen, bend, and narrow again.

    A linear layer to 4 * C channels, `gelu` in its tanh form, a linear layer
    back to C, and dropout at the end.

    Args:
        config: has `n_embd` (C), `dropout` and `bias` (whether the linear
            layers have one).

    Attributes:
        c_fc: nn.Linear(C, 4 * C, bias=config.bias).
        c_proj: nn.Linear(4 * C, C, bias=config.bias). There are no other
            parameters.

    Example:
        >>> mlp = MLP(GPTConfig(n_embd=8))
        >>> mlp(torch.randn(2, 5, 8)).shape
        torch.Size([2, 5, 8])
        >>> sum(p.numel() for p in mlp.parameters())
        552
    """

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.c_fc = nn.Linear(config.n_embd, 4 * config.n_embd, bias=config.bias)
        self.c_proj = nn.Linear(4 * config.n_embd, config.n_embd, bias=config.bias)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return what each position makes of its own vector.

        Args:
            x: vectors, float.

        Shape:
            - x: (..., C), left unchanged
            - returns: (..., C)
        """
        hidden = F.gelu(self.c_fc(x), approximate="tanh")  # `gelu` above, in one kernel
        out: Tensor = self.dropout(self.c_proj(hidden))
        return out


class Block(nn.Module):
    """Add to each vector what attention gathers, then what the MLP makes.

    `x + attn(ln_1(x))`, and of this, called x again, `x + mlp(ln_2(x))`. The
    norms stand in front of the layers, in branches of their own. What runs
    straight through, from the first block to the last, is only ever added to.

    Args:
        config: a `GPTConfig`.

    Attributes:
        ln_1, ln_2: `LayerNorm` or nn.LayerNorm of C channels, eps 1e-5, with
            a bias if `config.bias`.
        attn: `CausalSelfAttention(config)`.
        mlp: `MLP(config)`. There are no other parameters than theirs.

    Example:
        >>> block = Block(GPTConfig(n_embd=8, n_head=2, block_size=16))
        >>> block(torch.randn(2, 5, 8)).shape
        torch.Size([2, 5, 8])
        >>> sorted(name for name, _ in block.named_children())
        ['attn', 'ln_1', 'ln_2', 'mlp']
    """

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        # nn.LayerNorm computes what the LayerNorm above does, in one kernel.
        self.ln_1 = nn.LayerNorm(config.n_embd, bias=config.bias)
        self.attn = CausalSelfAttention(config)
        self.ln_2 = nn.LayerNorm(config.n_embd, bias=config.bias)
        self.mlp = MLP(config)

    def forward(self, x: Tensor) -> Tensor:
        """Return the vectors after this block.

        Args:
            x: vectors, float.

        Shape:
            - x: (B, T, C), T at most config.block_size, left unchanged
            - returns: (B, T, C)
        """
        x = x + self.attn(self.ln_1(x))
        out: Tensor = x + self.mlp(self.ln_2(x))
        return out
