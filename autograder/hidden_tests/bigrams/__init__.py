"""Chapter 2, Bigrams: its exercises in the order of the page."""

from autograder.hidden_tests.bigrams import (
    bigram_language_model,
    bigram_nll,
    bigram_probs,
    char_tokenizer,
    count_bigrams,
    get_batch,
    sample_bigram,
    train_step,
)

EXERCISES = (
    char_tokenizer.EXERCISE,
    count_bigrams.EXERCISE,
    bigram_probs.EXERCISE,
    bigram_nll.EXERCISE,
    sample_bigram.EXERCISE,
    get_batch.EXERCISE,
    bigram_language_model.EXERCISE,
    train_step.EXERCISE,
)
