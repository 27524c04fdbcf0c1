"""Chapter 5, Attention: its exercises in the order of the page."""

from autograder.hidden_tests.attention import (
    attention_sdpa,
    causal_average,
    causal_mask,
    causal_self_attention,
    flash_attention_forward,
    head,
    merge_heads,
    multi_head_attention,
    scaled_dot_product_attention,
    split_heads,
)

EXERCISES = (
    causal_average.EXERCISE,
    causal_mask.EXERCISE,
    scaled_dot_product_attention.EXERCISE,
    head.EXERCISE,
    split_heads.EXERCISE,
    merge_heads.EXERCISE,
    multi_head_attention.EXERCISE,
    causal_self_attention.EXERCISE,
    attention_sdpa.EXERCISE,
    flash_attention_forward.EXERCISE,
)
