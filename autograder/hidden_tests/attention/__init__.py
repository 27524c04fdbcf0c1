"""Chapter 5, Attention: its exercises in the order of the page."""

from autograder.hidden_tests.attention import (
    causal_average,
    causal_mask,
    causal_self_attention,
    flash_attention_forward,
    merge_heads,
    multi_head_attention,
    scaled_dot_product_attention,
)

EXERCISES = (
    causal_average.EXERCISE,
    causal_mask.EXERCISE,
    scaled_dot_product_attention.EXERCISE,
    merge_heads.EXERCISE,
    multi_head_attention.EXERCISE,
    causal_self_attention.EXERCISE,
    flash_attention_forward.EXERCISE,
)
