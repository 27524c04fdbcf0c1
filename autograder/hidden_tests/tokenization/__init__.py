"""Chapter 3, Tokenization: its exercises in the order of the page."""

from autograder.hidden_tests.tokenization import (
    encode_corpus,
    get_pair_counts,
    ids_to_text,
    merge,
    pretokenize,
    text_to_ids,
)

EXERCISES = (
    text_to_ids.EXERCISE,
    ids_to_text.EXERCISE,
    get_pair_counts.EXERCISE,
    merge.EXERCISE,
    pretokenize.EXERCISE,
    encode_corpus.EXERCISE,
)
