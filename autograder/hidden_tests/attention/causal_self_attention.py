"""5.8 CausalSelfAttention."""

from typing import Any

from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Tolerance
from autograder.hidden_tests.attention.causal_self_attention_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.attention.causal_self_attention_rare_mistakes import (
    RARE_MISCONCEPTIONS,
)
from autograder.hidden_tests.attention.causal_self_attention_variants import VARIANTS

TOLERANCE = Tolerance(
    2e-5,
    2e-5,
    "float32 against float64, and the kernel against attention by hand, differ by less than "
    "2e-6; the nearest mistake is off by more than 1e-2",
)


def _weights(d: Draw, C: int, bias: bool) -> dict[str, Tensor]:
    """Return weights that make scores about as large as the number of channels of a head."""
    weights = {"c_attn.weight": d.normal(3 * C, C, std=1.3 * C**-0.5)}
    weights |= {"c_proj.weight": d.normal(C, C, std=C**-0.5)}
    if bias:
        weights |= {"c_attn.bias": d.normal(3 * C), "c_proj.bias": d.normal(C)}
    return weights


def _layer(d: Draw, B: int, T: int, C: int, n_head: int, block_size: int, bias: bool) -> Any:
    return {
        "x": d.normal(B, T, C, std=1.5),
        "n_head": n_head,
        "block_size": block_size,
    } | _weights(d, C, bias)


def _parts(d: Draw, C: int, n_head: int, bias: bool) -> dict[str, Any]:
    return {"n_head": n_head} | _weights(d, C, bias)


def _text(d: Draw, T: int, C: int, n_head: int) -> dict[str, Any]:
    return {"x": d.normal(1, T, C), "n_head": n_head} | _weights(d, C, True)


PARTS = "has the parameters of GPT-2's layer, and no others"
HEADS = "attends with all heads, and mixes what they found"
CAUSAL = "reads itself and the past"
DROPOUT = "drops weights and results, in training only"
MOVES = "goes along to another dtype or device"

EXERCISE = Exercise(
    id="CausalSelfAttention",
    chapter="05-attention",
    title="GPT-2's attention layer",
    reference="gpt2.heads.CausalSelfAttention",
    probe="heads.self_attention",
    minutes=40,
    difficulty=4,
    groups={PARTS: 1, HEADS: 2, CAUSAL: 1, DROPOUT: 1, MOVES: 1},
    cases=(
        Case(
            "with a bias",
            PARTS,
            lambda d: _parts(d, 4, 2, True),
            probe="heads.self_attention_has",
            tolerance=EXACT,
        ),
        Case(
            "without a bias",
            PARTS,
            lambda d: _parts(d, 6, 3, False),
            probe="heads.self_attention_has",
            tolerance=EXACT,
        ),
        Case("three heads", HEADS, lambda d: _layer(d, 1, 5, 6, 3, 7, True), tolerance=TOLERANCE),
        Case(
            "two heads, as long as it may be",
            HEADS,
            lambda d: _layer(d, 2, 3, 4, 2, 3, False),
            tolerance=TOLERANCE,
        ),
        Case(
            "what depends on what",
            CAUSAL,
            lambda d: _text(d, 4, 4, 2),
            probe="heads.self_attention_reads",
            tolerance=EXACT,
        ),
        Case(
            "six hundred short texts",
            DROPOUT,
            lambda d: {"n_head": 2, "dropout": d.number(0.2, 0.3), "calls": 600},
            probe="heads.self_attention_drops",
            frequencies=("channels in training", "channels in evaluation"),
        ),
        Case(
            "float64, and another device",
            MOVES,
            lambda d: _layer(d, 1, 2, 2, 1, 4, True),
            probe="heads.self_attention_moved",
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "You have written all the parts. Put the shapes of a text's way through the layer in one "
        "column: (B, T, C), then (B, T, 3 * C), three times (B, nh, T, hs), and back.",
        "`self.c_attn(x).chunk(3, dim=-1)` gives queries, keys and values of all heads. Split "
        "each with `split_heads`, attend, merge, and go through `c_proj`.",
        "`F.scaled_dot_product_attention(q, k, v, is_causal=True, dropout_p=...)` scales and "
        "masks by itself. It does not know whether the module is training: `self.training` does. "
        "An `nn.Dropout` behind `c_proj` does the rest.",
    ),
)
