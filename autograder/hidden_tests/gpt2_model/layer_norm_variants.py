"""Right answers to 6.3 LayerNorm, written in other ways."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.exercise import Variant


class _Functional(nn.Module):
    """torch's function, with the shape of the weight."""

    def __init__(self, n_embd: int, eps: float = 1e-5, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(n_embd))
        self.bias = nn.Parameter(torch.zeros(n_embd)) if bias else None
        self.variance_epsilon = eps

    def forward(self, input: Tensor) -> Tensor:
        return F.layer_norm(input, self.weight.shape, self.weight, self.bias, self.variance_epsilon)


class _Subclass(nn.LayerNorm):
    """torch's own module by another name."""

    def __init__(self, n_embd: int, eps: float = 1e-5, bias: bool = True) -> None:
        super().__init__(n_embd, eps=eps, bias=bias)


class _Registered(nn.Module):
    """Parameters registered by name, the variance as a difference of squares."""

    def __init__(self, n_embd: int, eps: float = 1e-5, bias: bool = True) -> None:
        super().__init__()
        self.register_parameter("weight", nn.Parameter(torch.full((n_embd,), 1.0)))
        none_or_zeros = nn.Parameter(torch.full((n_embd,), 0.0)) if bias else None
        self.register_parameter("bias", none_or_zeros)
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        centre = x - x[..., :1]  # variance does not move with its numbers
        mean = centre.sum(-1, keepdim=True) / x.shape[-1]
        var = centre.pow(2).sum(-1, keepdim=True) / x.shape[-1] - mean.pow(2)
        out: Tensor = (centre - mean) / (var + self.eps) ** 0.5 * self.get_parameter("weight")
        if isinstance(self.bias, nn.Parameter):
            out += self.bias
        return out


class _VectorByVector(nn.Module):
    """A loop over all vectors, and einsum for the squares."""

    def __init__(self, n_embd: int, eps: float = 1e-5, bias: bool = True) -> None:
        super().__init__()
        self.n_embd, self.eps = n_embd, eps
        self.weight = nn.Parameter(torch.ones(n_embd))
        self.bias: Any = None
        if bias:
            self.bias = nn.Parameter(torch.zeros(n_embd))

    def forward(self, x: Tensor) -> Tensor:
        rows = []
        for vector in x.reshape(-1, self.n_embd):
            away = vector - sum(vector) / self.n_embd
            spread = torch.sqrt(torch.einsum("c,c->", away, away) / self.n_embd + self.eps)
            scaled = away / spread * self.weight
            rows.append(scaled if self.bias is None else scaled + self.bias)
        return torch.stack(rows).reshape(x.shape)


class _ByWayOfFloat64(nn.Module):
    """Wide in between, and the dtype of x at the end."""

    eps: Tensor

    def __init__(self, n_embd: int, eps: float = 1e-5, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(n_embd) + 1)
        self.bias = nn.Parameter(torch.zeros(n_embd)) if bias else None
        self.register_buffer("eps", torch.tensor(eps, dtype=torch.float64), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        wide = x.double()
        var, mean = torch.var_mean(wide, -1, unbiased=False, keepdim=True)
        wide = torch.addcmul(-mean, wide, torch.ones_like(wide)) / (var + self.eps).sqrt()
        scaled = wide.type_as(x) * self.weight
        return scaled if self.bias is None else self.bias + scaled


class _LastFirst(nn.Module):
    """The channels brought to the front, so that nothing has to keep its dimension."""

    def __init__(self, n_embd: int, eps: float = 1e-5, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(n_embd))
        self.bias = nn.Parameter(torch.zeros(n_embd)) if bias else None
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        moved = x.movedim(-1, 0)
        moved = moved - moved.mean(0)
        moved = moved / torch.hypot(moved.square().mean(0).sqrt(), torch.tensor(self.eps).sqrt())
        shift = 0.0 if self.bias is None else self.bias
        return torch.add(moved.movedim(0, -1) * self.weight, shift)


VARIANTS = (
    Variant("F.layer_norm", _Functional),
    Variant("a subclass of nn.LayerNorm", _Subclass),
    Variant("registered by name, a difference of squares", _Registered),
    Variant("vector by vector", _VectorByVector),
    Variant("by way of float64", _ByWayOfFloat64),
    Variant("the channels in front", _LastFirst),
)
