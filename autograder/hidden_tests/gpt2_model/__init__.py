"""Chapter 6, GPT-2: its exercises in the order of the page."""

from autograder.hidden_tests.gpt2_model import (
    apply_temperature,
    attention_cached,
    convert_openai_weights,
    forward_cached,
    gelu,
    kv_cache,
    layer_norm,
    mlp,
    sample_next,
    top_k_filter,
    top_p_filter,
)

EXERCISES = (
    gelu.EXERCISE,
    mlp.EXERCISE,
    layer_norm.EXERCISE,
    convert_openai_weights.EXERCISE,
    apply_temperature.EXERCISE,
    top_k_filter.EXERCISE,
    top_p_filter.EXERCISE,
    sample_next.EXERCISE,
    kv_cache.EXERCISE,
    attention_cached.EXERCISE,
    forward_cached.EXERCISE,
)
