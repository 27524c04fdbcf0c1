"""Probes of chapter 5: heads laid side by side, and the layers that hold several of them.

An answer of an odd shape or type is handed back as it came, so that the learner reads what it is
and not where a probe stumbled over it.
"""

from collections.abc import Callable
from typing import Any

from torch import Tensor

Outputs = dict[str, Any]


def merge_heads(merge_heads: Callable[[Tensor], Any], x: Tensor) -> Outputs:
    """Call the function on a tensor that lies in memory as it is numbered."""
    return {"output": merge_heads(x)}


def merge_heads_in_another_layout(merge_heads: Callable[..., Any], x: Tensor) -> Outputs:
    """Call it on a tensor that lies in memory position by position, as `split_heads` leaves it."""
    by_position = x.transpose(1, 2).contiguous()  # (B, T, nh, hs)
    before = by_position.clone()
    output = merge_heads(x=by_position.transpose(1, 2))
    return {"output": output, "the input is unchanged": bool((by_position == before).all())}
