"""5.10 flash_attention_forward."""

import math
from typing import Any

import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import FLOAT32, Case, Exercise, Shortcut, Tolerance
from autograder.hidden_tests.attention.flash_attention_forward_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.attention.flash_attention_forward_rare_mistakes import (
    RARE_MISCONCEPTIONS,
)
from autograder.hidden_tests.attention.flash_attention_forward_variants import VARIANTS
from gptcourse.runner import OWN_CODE

# Near 300 two float32 numbers lie 3e-5 apart, and a weight is off by as much as its score. The
# nearest mistake is infinite or not a number.
AT_300 = Tolerance(2e-3, 1e-4, "a score of 300 rounds by 3e-5, and products of such a size by more")


def _qkv(d: Draw, T: int, S: int, channels: int, block: int, causal: bool) -> dict[str, Any]:
    return {
        "q": d.normal(T, channels, std=1.5),
        "k": d.normal(S, channels),
        "v": d.normal(S, channels),
        "block": block,
        "causal": causal,
    }


def _with_heights(inputs: dict[str, Any], heights: Tensor, levels: Tensor) -> dict[str, Any]:
    """Add a height to the scores of each key, and a level to those of each query."""
    q, k = inputs["q"], inputs["k"]
    root = math.sqrt(q.shape[1])
    q[:, 0], k[:, 0] = root, heights
    q[:, 1], k[:, 1] = root * levels, 1.0
    return inputs


def _slope(
    d: Draw, T: int, S: int, block: int, causal: bool, start: float, end: float
) -> dict[str, Any]:
    """Return scores that go evenly from one height to another along the keys."""
    heights = torch.linspace(start, end, S)
    return _with_heights(_qkv(d, T, S, 4, block, causal), heights, torch.zeros(T))


def _levels(d: Draw) -> dict[str, Any]:
    """Return scores that fall by 120: from 240 for one query, 0 for another, -240 for a third."""
    levels = torch.tensor([240.0, 0.0, -240.0])[d.permutation(3)]
    return _with_heights(_qkv(d, 3, 5, 4, 1, False), torch.linspace(0, -120, 5), levels)


WHOLE = "gives what attention over the whole row gives"
CAUSAL = "reads itself and the past, wherever a tile begins"
LARGE = "survives scores that are far above or far below 0"
TILES = "looks at one tile of keys at a time"

EXERCISE = Exercise(
    id="flash_attention_forward",
    chapter="05-attention",
    title="Attention tile by tile",
    reference="gpt2.flash.flash_attention_forward",
    probe="flash.flash_attention_forward",
    minutes=45,
    difficulty=5,
    groups={WHOLE: 2, CAUSAL: 2, LARGE: 1, TILES: 1},
    cases=(
        Case(
            "scores that grow, a shorter last tile",
            WHOLE,
            lambda d: _slope(d, 2, 7, 3, False, -2.0, 3.0),
        ),
        Case("a tile longer than the row", WHOLE, lambda d: _qkv(d, 4, 3, 2, 8, False)),
        Case("as many queries as keys", CAUSAL, lambda d: _qkv(d, 5, 5, 3, 2, True)),
        Case("the last three of eight", CAUSAL, lambda d: _qkv(d, 3, 8, 3, 3, True)),
        Case(
            "from far below to far above",
            LARGE,
            lambda d: _slope(d, 2, 5, 2, False, -150.0, 150.0),
            tolerance=AT_300,
        ),
        Case(
            "falling, each query at its own height",
            LARGE,
            _levels,
            tolerance=AT_300,
        ),
        Case(
            "later keys are far above",
            LARGE,
            lambda d: _slope(d, 4, 4, 3, True, 0.0, 300.0),
            tolerance=AT_300,
        ),
        Case(
            "one new query, forty keys",
            TILES,
            lambda d: _qkv(d, 1, 40, 4, 5, True),
            probe="flash.keys_looked_at_together",
            tolerance=FLOAT32,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "Write it for one tile that holds all keys first: greatest score, weights, their sum, the "
        "sum of values. Then ask what is wrong with the two sums when a second tile has a greater "
        "score.",
        "A sum of `exp(score - old)` becomes a sum of `exp(score - new)` when it is multiplied by "
        "`exp(old - new)`. Both sums need it, before the new tile is added.",
        "Start with the greatest at -inf and both sums at 0. The columns of a tile are `start`, "
        "`start + 1`, ..., the rows are S - T to S - 1. Divide once, after the last tile; lse is "
        "the greatest plus the logarithm of the sum.",
    ),
    forbids=(
        Shortcut(
            "torch.nn.functional.scaled_dot_product_attention",
            (
                "aten::scaled_dot_product_attention",
                "aten::_scaled_dot_product_attention_math",
                "aten::_scaled_dot_product_flash_attention_for_cpu",
                "aten::_scaled_dot_product_flash_attention",
                "aten::_scaled_dot_product_efficient_attention",
                "aten::_scaled_dot_product_cudnn_attention",
                "aten::_scaled_dot_product_fused_attention_overrideable",
                "aten::_scaled_dot_product_attention_math_for_mps",
            ),
        ),
        Shortcut("operators and tensor classes of your own", (OWN_CODE,)),
    ),
    stretch=True,
)
