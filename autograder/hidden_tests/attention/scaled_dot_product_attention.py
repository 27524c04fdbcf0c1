"""5.3 scaled_dot_product_attention."""

from typing import Any

import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Shortcut
from autograder.hidden_tests.attention.scaled_dot_product_attention_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.attention.scaled_dot_product_attention_variants import VARIANTS
from gptcourse.runner import OWN_CODE

MEAN = "takes the mean of the values, weighted by the scaled scores"
SIZES = "works for any dimensions in front, any T, S, d and dv"
MASK = "gives no weight to keys that may not be read"
FINITE = "stays finite, and lets gradients through"


def _inputs(d: Draw, *front: int, T: int, S: int, size: int, dv: int) -> dict[str, Tensor]:
    """Draw queries and keys whose scores lie about 1 apart: a missing scale is seen clearly."""
    return {
        "q": d.normal(*front, T, size),
        "k": d.normal(*front, S, size),
        "v": d.normal(*front, S, dv),
    }


def _mask(d: Draw, *shape: int) -> Tensor:
    """Draw a mask that lets each query read one key at least, and not all."""
    order = d.uniform(*shape).argsort(-1)
    return (d.uniform(*shape) < 0.5) & (order > 0) | (order == shape[-1] - 1)


def _whole_numbers(d: Draw, T: int, S: int) -> dict[str, Tensor]:
    """Draw scores far below 0 that float32 holds exactly, as d is 16: a sum of integers over 4."""
    return {
        "q": -d.integers(4, 10, T, 16).float(),
        "k": d.integers(4, 10, S, 16).float(),
        "v": d.normal(S, 2),
        "mask": _mask(d, T, S),
    }


def _large(d: Draw) -> dict[str, Tensor]:
    """Draw exact scores: of one query far above 300, of another far below those."""
    k = d.integers(-9, 10, 5, 16).float()
    return {"q": torch.tensor([[12.0], [1.0], [-4.0]]) * k[:3], "k": k, "v": d.normal(5, 2)}


def _gradient(d: Draw) -> dict[str, Any]:
    inputs = _inputs(d, T=4, S=5, size=16, dv=3)
    return inputs | {"mask": _mask(d, 4, 5), "direction": d.normal(4, 3)}


EXERCISE = Exercise(
    id="scaled_dot_product_attention",
    chapter="05-attention",
    title="Scaled dot-product attention",
    reference="gpt2.attention.scaled_dot_product_attention",
    probe="attention.attention",
    minutes=20,
    difficulty=3,
    groups={MEAN: 2, SIZES: 1, MASK: 2, FINITE: 1},
    cases=(
        Case("matrices", MEAN, lambda d: _inputs(d, T=4, S=6, size=16, dv=3)),
        Case("everything of one size", SIZES, lambda d: _inputs(d, 2, 2, T=2, S=2, size=2, dv=2)),
        Case(
            "float64, by name",
            SIZES,
            lambda d: (
                {name: x.double() for name, x in _inputs(d, T=2, S=5, size=24, dv=2).items()}
                | {"mask": None}
            ),
            probe="attention.attention_by_name",
        ),
        Case(
            "a mask",
            MASK,
            lambda d: _inputs(d, 2, T=3, S=3, size=16, dv=2) | {"mask": _mask(d, 3, 3)},
        ),
        Case(
            "padding in each text, and heads",
            MASK,
            lambda d: _inputs(d, 2, 2, T=2, S=5, size=16, dv=2) | {"mask": _mask(d, 2, 1, 1, 5)},
            probe="attention.attention_of_heads",
        ),
        Case("scores far below zero", MASK, lambda d: _whole_numbers(d, 4, 5)),
        Case("scores far above zero", FINITE, _large),
        Case("gradients", FINITE, _gradient, probe="attention.attention_gradient"),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "Write the shapes down. (T, d) times which matrix gives a score for each of T queries and "
        "S keys? Which two dimensions of k change places, if there may be others in front?",
        "The weights of one query sum to 1 over the keys: which dimension of (..., T, S) is that? "
        "And what must a score be for its weight to be 0 after the softmax?",
        "Four steps: `q @ k.transpose(-2, -1)`, divided by the root of `q.size(-1)`; with a mask, "
        "`masked_fill` with minus infinity where it is False; `softmax` over the last dimension; "
        "`@ v`.",
    ),
    forbids=(
        Shortcut(
            "torch.nn.functional.scaled_dot_product_attention",
            (
                # The CPU's way for four dimensions; other shapes compute by parts, and of these
                # parts only the softmax tells that it was this function.
                "aten::_scaled_dot_product_flash_attention_for_cpu",
                "aten::_safe_softmax",
                # In inference mode, on other devices, and in other versions of torch.
                "aten::scaled_dot_product_attention",
                "aten::_scaled_dot_product_attention_math",
                "aten::_scaled_dot_product_flash_attention",
                "aten::_scaled_dot_product_efficient_attention",
                "aten::_scaled_dot_product_cudnn_attention",
                "aten::_scaled_dot_product_fused_attention_overrideable",
                "aten::_scaled_dot_product_attention_math_for_mps",
            ),
        ),
        Shortcut(
            "torch.nn.MultiheadAttention",
            ("aten::_native_multi_head_attention", "aten::_transformer_encoder_layer_fwd"),
        ),
        # Inside of one the shortcut would not be seen.
        Shortcut("operators and tensor classes of your own", (OWN_CODE,)),
    ),
)
