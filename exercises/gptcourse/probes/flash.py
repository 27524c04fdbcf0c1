"""Probes of chapter 5: attention by torch's kernel, and tile by tile.

An answer of an odd shape or type is handed back as it came, so that the learner reads what it is
and not where a probe stumbled over it.
"""

from collections.abc import Callable
from typing import Any

from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

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
