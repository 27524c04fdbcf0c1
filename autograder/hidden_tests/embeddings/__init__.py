"""Chapter 4, Embeddings: its exercises in the order of the page."""

from autograder.hidden_tests.embeddings import (
    embed_tokens,
    embedding,
    nearest_tokens,
    positional_embedding,
    sinusoidal_positions,
    tie_weights,
)

EXERCISES = (
    embedding.EXERCISE,
    nearest_tokens.EXERCISE,
    positional_embedding.EXERCISE,
    embed_tokens.EXERCISE,
    sinusoidal_positions.EXERCISE,
    tie_weights.EXERCISE,
)
