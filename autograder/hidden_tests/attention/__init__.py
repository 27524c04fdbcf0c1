"""Chapter 5, Attention: its exercises in the order of the page."""

from autograder.hidden_tests.attention import (
    causal_average,
    causal_mask,
    flash_attention_forward,
    merge_heads,
)

EXERCISES = (
    causal_average.EXERCISE,
    causal_mask.EXERCISE,
    merge_heads.EXERCISE,
    flash_attention_forward.EXERCISE,
)
