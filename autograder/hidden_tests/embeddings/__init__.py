"""Chapter 4, Embeddings: its exercises in the order of the page."""

from autograder.hidden_tests.embeddings import embedding, positional_embedding

EXERCISES = (embedding.EXERCISE, positional_embedding.EXERCISE)
