"""Chapter 3, Tokenization: its exercises in the order of the page."""

from autograder.hidden_tests.tokenization import (
    bpe_decode,
    bpe_encode,
    bpe_tokenizer,
    encode_corpus,
    get_pair_counts,
    ids_to_text,
    load_gpt2_tokenizer,
    merge,
    pretokenize,
    text_to_ids,
    train_bpe,
)

EXERCISES = (
    text_to_ids.EXERCISE,
    ids_to_text.EXERCISE,
    get_pair_counts.EXERCISE,
    merge.EXERCISE,
    pretokenize.EXERCISE,
    train_bpe.EXERCISE,
    bpe_encode.EXERCISE,
    bpe_decode.EXERCISE,
    bpe_tokenizer.EXERCISE,
    load_gpt2_tokenizer.EXERCISE,
    encode_corpus.EXERCISE,
)
