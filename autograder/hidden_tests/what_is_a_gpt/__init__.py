"""Chapter 1, What is a GPT: its exercises in the order of the page."""

from autograder.hidden_tests.what_is_a_gpt import (
    cross_entropy,
    generate_greedy,
    perplexity,
    softmax,
)

EXERCISES = (
    softmax.EXERCISE,
    cross_entropy.EXERCISE,
    perplexity.EXERCISE,
    generate_greedy.EXERCISE,
)
