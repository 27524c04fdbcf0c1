"""Chapter 6, GPT-2: its exercises in the order of the page."""

from autograder.hidden_tests.gpt2_model import (
    attention_cached,
    convert_openai_weights,
    kv_cache,
)

EXERCISES = (
    kv_cache.EXERCISE,
    attention_cached.EXERCISE,
    convert_openai_weights.EXERCISE,
)
