"""6.15 forward_cached."""

from typing import Any

import torch

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Tolerance
from autograder.hidden_tests.gpt2_model.forward_cached_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.forward_cached_rare_mistakes import RARE_MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.forward_cached_variants import VARIANTS
from gptcourse.probes.cached_model import STEPS, numbers_for

TOLERANCE = Tolerance(
    3e-4,
    3e-4,
    "float32 against float64, and attention by hand against the kernel, differ by less than "
    "3e-5 after two layers; the nearest mistake is off by more than 1e-2",
)


def _text(
    d: Draw,
    rows: int,
    pieces: list[int],
    n_layer: int = 2,
    n_head: int = 2,
    n_embd: int = 4,
    bias: int = 1,
) -> dict[str, Any]:
    """Draw a model, and a text that comes in pieces of these lengths."""
    sizes = {"n_layer": n_layer, "n_head": n_head, "n_embd": n_embd, "bias": bias}
    sizes |= {"vocab_size": 4, "block_size": 7}
    weights = (d.normal(numbers_for(sizes)) * STEPS).round().clamp(-127, 127).to(torch.int8)
    idx = d.integers(0, 4, rows, sum(pieces))
    return {"weights": weights, "sizes": sizes, "idx": idx, "pieces": pieces}


PROMPT = "gives the model's logits for a text that comes at once"
BEHIND = "goes on behind what the cache knows"
POS = "moves `pos` on by what it was given"
MOVES = "goes along to another dtype or device"

EXERCISE = Exercise(
    id="forward_cached",
    chapter="06-gpt2",
    title="A pass over the new tokens only",
    reference="gpt2.kv_cache.forward_cached",
    probe="cached_model.read_in_pieces",
    minutes=25,
    difficulty=4,
    groups={PROMPT: 1, BEHIND: 2, POS: 1, MOVES: 1},
    cases=(
        Case("three tokens", PROMPT, lambda d: _text(d, 1, [3]), tolerance=TOLERANCE),
        Case(
            "two texts, three heads, no bias",
            PROMPT,
            lambda d: _text(d, 2, [2], n_layer=1, n_head=3, n_embd=6, bias=0),
            tolerance=TOLERANCE,
        ),
        Case(
            "a prompt, then single tokens",
            BEHIND,
            lambda d: _text(d, 1, [2, 1, 1]),
            tolerance=TOLERANCE,
        ),
        Case(
            "three layers, two rows: one, then two",
            BEHIND,
            lambda d: _text(d, 2, [1, 2], n_layer=3, n_head=1, n_embd=3),
            tolerance=TOLERANCE,
        ),
        Case(
            "where the cache stands",
            POS,
            lambda d: _text(d, 2, [3, 1, 2]),
            probe="cached_model.where_the_cache_is",
            tolerance=EXACT,
        ),
        Case(
            "float64, and another device",
            MOVES,
            lambda d: _text(d, 1, [1, 2], n_layer=1),
            probe="cached_model.read_elsewhere",
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "Open `GPT.forward`, `Block.forward` and the attention layer side by side. Two lines of "
        "them are about the whole text: the positions, and the call of the kernel.",
        "The positions run from `cache.pos` to `cache.pos + t`. In each block, split what "
        "`block.attn.c_attn` gives into q, k and v by heads, and let `attention_cached` do the "
        "rest, with the number of the layer.",
        "For each `layer, block` of `enumerate(model.transformer.h)`: add "
        "`block.attn.c_proj(merge_heads(attention_cached(q, k, v, cache, layer)))` to x, then "
        "`block.mlp(block.ln_2(x))`. Behind the loop move `pos` on by t, once; then `ln_f` and "
        "`lm_head`.",
    ),
)
