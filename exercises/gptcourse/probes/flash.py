"""Probes of chapter 5: attention by torch's kernel, and tile by tile.

An answer of an odd shape or type is handed back as it came, so that the learner reads what it is
and not where a probe stumbled over it.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from .pretend_device import StrictPretendDevice

Outputs = dict[str, Any]

# Operators that make scores, and operators that make weights of them.
PRODUCTS = {"mm", "bmm", "mv", "addmm", "addmv", "baddbmm", "dot", "linear", "matmul"}
EXPONENTIALS = {
    *("exp", "exp_", "exp2", "exp2_", "expm1", "logsumexp", "logaddexp", "pow"),
    *("_softmax", "_log_softmax", "_safe_softmax", "softmax", "log_softmax"),
}


def flash_attention_forward(
    flash_attention_forward: Callable[..., Any],
    q: Tensor,
    k: Tensor,
    v: Tensor,
    block: int,
    causal: bool,
) -> Outputs:
    """Attend with every argument by position."""
    return _named(flash_attention_forward(q, k, v, block, causal))


def keys_looked_at_together(
    flash_attention_forward: Callable[..., Any],
    q: Tensor,
    k: Tensor,
    v: Tensor,
    block: int,
    causal: bool,
) -> Outputs:
    """Let one query attend, and see how many of its scores or weights are made at once.

    Partial results of all tiles may be weighed together at the end: that is one number a tile.
    """
    tiles = -(-len(k) // block)
    with _Sizes() as sizes:
        came = flash_attention_forward(q, k, v, block=block, causal=causal)
    products = sizes.of_products if sizes.of_products > q.shape[1] else 0
    exponentials = sizes.of_exponentials if sizes.of_exponentials > tiles else 0
    beyond = max(products, exponentials) - block
    return _named(came) | {"keys looked at together, beyond the block": max(beyond, 0)}


class _Sizes(TorchDispatchMode):
    """Notes the size of the largest product of matrices, and of the largest exponential."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.of_products = 0
        self.of_exponentials = 0

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Keep torch from wrapping the method below: the wrapper's first call imports for 1 s."""
        return False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        name = func._schema.name.partition("::")[2]
        if name in PRODUCTS and isinstance(result, Tensor):
            self.of_products = max(self.of_products, result.numel())
        if name in EXPONENTIALS:
            largest = max((x.numel() for x in args if isinstance(x, Tensor)), default=0)
            self.of_exponentials = max(self.of_exponentials, largest)
        return result


def _named(came: Any) -> Outputs:
    """Name the two results; if there are not two, hand back what came."""
    two = isinstance(came, tuple | list) and len(came) == 2
    return {"out": came[0], "lse": came[1]} if two else {"out": came, "lse": None}


def attention_sdpa(
    attention_sdpa: Callable[..., Any],
    q: Tensor,
    k: Tensor,
    v: Tensor,
    is_causal: bool,
    dropout_p: float,
    training: bool,
) -> Outputs:
    """Attend with every argument by position."""
    return {"output": attention_sdpa(q, k, v, is_causal, dropout_p, training)}


def kernel_that_runs(
    attention_sdpa: Callable[..., Any], q: Tensor, k: Tensor, v: Tensor, is_causal: bool
) -> Outputs:
    """Attend with every argument by name, and see what is called and what can be trained."""
    inputs = {name: x.clone().requires_grad_() for name, x in zip("qkv", (q, k, v), strict=True)}
    with _Names() as called:
        came = attention_sdpa(training=True, dropout_p=0.0, is_causal=is_causal, **inputs)
    kernel = any("scaled_dot_product_attention" in name for name in called.names)
    if isinstance(came, Tensor) and came.requires_grad:
        torch.autograd.backward(came.square().sum())
    reached = [name for name, x in inputs.items() if x.grad is not None]
    return {
        "output": came,
        "torch's kernel is called": kernel,
        "a gradient comes back to": ", ".join(reached),
    }


def attention_on_device(
    attention_sdpa: Callable[..., Any], q: Tensor, k: Tensor, v: Tensor, is_causal: bool
) -> Outputs:
    """Attend on a device that is not the CPU."""
    with StrictPretendDevice("cuda") as cuda:
        there = [x.to("cuda") for x in (q, k, v)]
        try:
            came = attention_sdpa(*there, is_causal, 0.0, False)
        except RuntimeError as error:
            if isinstance(error, NotImplementedError):
                raise
            came = None
        return {"runs where q, k and v are, and the result is there": cuda.holds(came)}


def weights_in_training(
    attention_sdpa: Callable[..., Any], T: int, S: int, dropout_p: float, calls: int
) -> Outputs:
    """Count what becomes of each weight in training, if all keys are alike.

    Position s has the value (0, ..., 0, 1, ..., 1) that begins with s zeros. So what comes out
    tells the weights: they are its differences.
    """
    q, k = torch.zeros(calls, 1, T, S), torch.zeros(calls, 1, S, S)
    v = torch.ones(S, S).triu().expand(calls, 1, S, S)
    came = attention_sdpa(q, k, v, True, dropout_p, training=True)
    if not isinstance(came, Tensor) or came.shape != (calls, 1, T, S):
        return {"output": came}
    weights = came.diff(prepend=torch.zeros(calls, 1, T, 1))
    keys = torch.arange(S - T + 1, S + 1).reshape(T, 1)  # how many each query reads
    ratio = weights * keys
    kinds = [(ratio - kept).abs() < 1e-3 for kept in (0.0, 1 / (1 - dropout_p), 1.0)]
    counts = [kind.sum(dim=(0, 1)) for kind in kinds]
    rest = calls - torch.stack(counts).sum(0)
    return {"weights: 0, scaled up, as they were, other": torch.stack([*counts, rest], -1).int()}


class _Names(TorchFunctionMode):
    """Notes the names of torch's functions that are called."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.names.add(getattr(func, "__name__", ""))
        return func(*args, **(kwargs or {}))
