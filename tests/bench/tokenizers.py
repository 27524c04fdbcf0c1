"""Seconds to learn merges and to encode: the reference, trainers without its counts, tiktoken.

tiktoken has no fast trainer; it ships one in pure Python to learn from. In encoding it is the
limit: the same algorithm in Rust.
"""

import time
from collections.abc import Callable
from typing import Any

import tiktoken
from tiktoken._educational import bpe_train

from autograder.hidden_tests.tokenization.train_bpe_variants import naive
from gpt2.bpe import GPT2_PATTERN, train_bpe
from gpt2.bpe_tokenizer import load_gpt2_tokenizer
from gptcourse import datasets

SMALL = 200_000  # characters, of which the slow trainers learn
SMALL_VOCABULARY = 512


def seconds(work: Callable[[], Any]) -> float:
    """Return the processor time of a piece of work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def training() -> dict[str, float]:
    """Return the seconds in which each trainer learns the same vocabulary."""
    text = datasets.shakespeare()[:SMALL]
    return {
        "gpt2.bpe.train_bpe": seconds(lambda: train_bpe(text, SMALL_VOCABULARY)),
        "all words counted anew": seconds(lambda: naive(text, SMALL_VOCABULARY)),
        "tiktoken._educational": seconds(
            lambda: bpe_train(text, SMALL_VOCABULARY, GPT2_PATTERN, visualise=None)
        ),
    }


def encoding() -> dict[str, float]:
    """Return the seconds in which each encodes tiny Shakespeare with GPT-2's vocabulary."""
    text = datasets.shakespeare()
    ours = load_gpt2_tokenizer(*datasets.gpt2_vocabulary())
    ranks = {token: i for i, token in ours.vocab.items() if i < 50256}
    theirs = tiktoken.Encoding(
        "gpt2", pat_str=GPT2_PATTERN, mergeable_ranks=ranks, special_tokens={}
    )
    return {
        "BPETokenizer.encode": seconds(lambda: ours.encode(text)),
        "tiktoken.Encoding.encode": seconds(lambda: theirs.encode(text)),
    }


def report() -> None:
    """Print both tables."""
    columns = f"{'seconds':>14}{'against ours':>18}"
    for title, rows in {
        f"{SMALL_VOCABULARY} tokens of {SMALL:,} characters": training(),
        f"{len(datasets.shakespeare()):,} characters to ids": encoding(),
    }.items():
        print(f"\n{title:36}{columns}")
        ours = next(iter(rows.values()))
        for label, each in rows.items():
            print(f"{label:36}{each:14.2f}{each / ours:17.1f}x")
    whole = seconds(lambda: train_bpe(datasets.shakespeare(), 2048))
    print(f"\n{'2,048 tokens of all of it, by ours':36}{whole:14.2f}")


if __name__ == "__main__":
    report()
