"""The tokenizers against tiktoken, built from GPT-2's own files, and against a slow trainer."""

import hashlib
import json
import os
import subprocess
import sys
from functools import cache

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.hidden_tests.tokenization.gpt2_strings import STRINGS
from autograder.hidden_tests.tokenization.train_bpe_variants import naive
from gpt2.bpe import GPT2_PATTERN, train_bpe
from gpt2.bpe_tokenizer import BPETokenizer, load_gpt2_tokenizer
from gptcourse import datasets

END = "<|endoftext|>"
SCRIPT = """
import hashlib
from gpt2.bpe import train_bpe
print(hashlib.sha256(repr(train_bpe({!r}, 300)).encode()).hexdigest())
"""


@cache
def ours() -> BPETokenizer:
    return load_gpt2_tokenizer(*datasets.gpt2_vocabulary())


@cache
def theirs() -> tiktoken.Encoding:
    """Build tiktoken's encoding from the two files, by a decoder that is not ours."""
    encoder_json, _ = datasets.gpt2_vocabulary()
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    order = seen + [byte for byte in range(256) if byte not in seen]
    written = [chr(byte) for byte in seen] + [chr(256 + n) for n in range(256 - len(seen))]
    byte_of = dict(zip(written, order, strict=True))
    table = json.loads(encoder_json)
    ranks = {bytes(byte_of[c] for c in token): i for token, i in table.items() if token != END}
    return tiktoken.Encoding(
        "gpt2", pat_str=GPT2_PATTERN, mergeable_ranks=ranks, special_tokens={END: table[END]}
    )


def test_vocabulary() -> None:
    assert ours().vocab_size == theirs().n_vocab == 50257
    assert ours().encode(END, allowed_special="all") == [50256]


def test_forty_strings() -> None:
    assert len(STRINGS) == len(set(STRINGS)) == 40
    assert [ours().encode(s) for s in STRINGS] == [
        theirs().encode(s, disallowed_special=()) for s in STRINGS
    ]


@pytest.mark.parametrize("text", [datasets.shakespeare(), "\n".join(datasets.names())], ids=len)
def test_real_texts(text: str) -> None:
    ids = ours().encode(text)
    assert ids == theirs().encode_ordinary(text)
    assert ours().decode(ids) == text


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text(text: str) -> None:
    ids = ours().encode(text)
    assert ids == theirs().encode_ordinary(text)
    assert ours().decode(ids) == text


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([END, "<|", "|>", "endoftext", " ", "\n", "a", "é"]), max_size=12))
def test_special_tokens(parts: list[str]) -> None:
    text = "".join(parts)
    assert ours().encode(text, allowed_special="all") == theirs().encode(
        text, allowed_special="all"
    )
    assert ours().encode(text) == theirs().encode(text, disallowed_special=())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 50256), max_size=12))
def test_any_ids(ids: list[int]) -> None:
    assert ours().decode(ids) == theirs().decode(ids)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="aab é\n<|>한", max_size=120), st.integers(0, 30))
def test_training(text: str, n_merges: int) -> None:
    special = ["<|", "<|>"]
    size = 256 + len(special) + n_merges
    assert train_bpe(text, size, special) == naive(text, size, special)


def test_training_on_names() -> None:
    text = " ".join(datasets.names()[:1000])
    vocab, merges = train_bpe(text, 400)
    assert (vocab, merges) == naive(text, 400)
    tokenizer = BPETokenizer(vocab, merges)
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_training_does_not_depend_on_hashes() -> None:
    text = " ".join(datasets.names()[:300])
    here = hashlib.sha256(repr(train_bpe(text, 300)).encode()).hexdigest()
    for seed in ("1", "2"):
        there = subprocess.run(
            [sys.executable, "-c", SCRIPT.format(text)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert there.stdout.strip() == here
