"""Wrong ways to train: a slow trainer that counts anew for each merge, with one step changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import regex

from gpt2.bpe import pretokenize

__all__ = [
    "characters",
    "counted_once",
    "counts_of_zero",
    "first_seen",
    "last_seen",
    "no_end",
    "no_overlaps",
    "whitespace",
]

Word = tuple[bytes, ...]
Pair = tuple[bytes, bytes]
Learned = tuple[dict[int, bytes], list[Pair]]


def _documents(text: str, special_tokens: Sequence[str]) -> list[str]:
    longest_first = sorted(special_tokens, key=len, reverse=True)
    return (
        regex.split("|".join(map(regex.escape, longest_first)), text) if longest_first else [text]
    )


def _bytes_of_pieces(text: str, special_tokens: Sequence[str]) -> Counter[Word]:
    return Counter(
        tuple(bytes([byte]) for byte in piece.encode())
        for part in _documents(text, special_tokens)
        for piece in pretokenize(part)
    )


def _pairs(words: dict[Word, int]) -> dict[Pair, int]:
    counts: dict[Pair, int] = {}
    for word, n in words.items():
        for pair in pairwise(word):
            counts[pair] = counts.get(pair, 0) + n
    return counts


def _merged(word: Word, pair: Pair) -> Word:
    tokens = list(word)
    for i in range(len(tokens) - 1):
        if (tokens[i], tokens[i + 1]) == pair:
            tokens[i : i + 2] = [b"", pair[0] + pair[1]]
    return tuple(token for token in tokens if token)


def _learn(
    words: dict[Word, int],
    vocab_size: int,
    special_tokens: Sequence[str],
    choose: Callable[[dict[Pair, int]], Pair],
    count: Callable[[dict[Word, int]], dict[Pair, int]] = _pairs,
    crash: bool = False,
) -> Learned:
    """Train by counting all pairs anew for each merge, with one step done in another way."""
    if vocab_size < 256 + len(special_tokens):
        raise ValueError("too small")
    merges: list[Pair] = []
    while len(merges) < vocab_size - 256 - len(special_tokens):
        counts = count(words)
        if not counts and not crash:
            break
        merges.append(choose(counts))
        words = {_merged(word, merges[-1]): n for word, n in words.items()}
    return _with_ids(merges, special_tokens)


def _with_ids(merges: list[Pair], special_tokens: Iterable[str]) -> Learned:
    tokens = [bytes([i]) for i in range(256)] + [left + right for left, right in merges]
    return dict(enumerate([*tokens, *(token.encode() for token in special_tokens)])), merges


def _greatest(counts: dict[Pair, int]) -> Pair:
    return max(counts, key=lambda pair: (counts[pair], pair))


def first_seen(text: str, vocab_size: int, special_tokens: Sequence[str] = ()) -> Learned:
    words = _bytes_of_pieces(text, special_tokens)
    return _learn(
        words, vocab_size, special_tokens, lambda counts: max(counts, key=counts.__getitem__)
    )


def last_seen(text: str, vocab_size: int, special_tokens: Sequence[str] = ()) -> Learned:
    def choose(counts: dict[Pair, int]) -> Pair:
        return max(reversed(counts), key=lambda pair: counts[pair])

    return _learn(_bytes_of_pieces(text, special_tokens), vocab_size, special_tokens, choose)


def characters(text: str, vocab_size: int, special_tokens: Sequence[str] = ()) -> Learned:
    words = Counter(
        tuple(character.encode() for character in piece)
        for part in _documents(text, special_tokens)
        for piece in pretokenize(part)
    )
    return _learn(words, vocab_size, special_tokens, _greatest)


def whitespace(text: str, vocab_size: int, special_tokens: Sequence[str] = ()) -> Learned:
    words = Counter(
        tuple(bytes([byte]) for byte in word.encode())
        for part in _documents(text, special_tokens)
        for word in part.split()
    )
    return _learn(words, vocab_size, special_tokens, _greatest)


def no_end(text: str, vocab_size: int, special_tokens: Sequence[str] = ()) -> Learned:
    words = _bytes_of_pieces(text, special_tokens)
    return _learn(words, vocab_size, special_tokens, _greatest, crash=True)


def counts_of_zero(text: str, vocab_size: int, special_tokens: Sequence[str] = ()) -> Learned:
    seen: dict[Pair, int] = {}

    def count(words: dict[Word, int]) -> dict[Pair, int]:
        """Keep the entries of the pairs that are gone."""
        seen.update(dict.fromkeys(seen, 0) | _pairs(words))
        return seen

    words = _bytes_of_pieces(text, special_tokens)
    return _learn(words, vocab_size, special_tokens, _greatest, count)


def no_overlaps(text: str, vocab_size: int, special_tokens: Sequence[str] = ()) -> Learned:
    def count(words: dict[Word, int]) -> dict[Pair, int]:
        counts: dict[Pair, int] = {}
        for word, n in words.items():
            used = -1
            for i, pair in enumerate(pairwise(word)):
                if pair[0] == pair[1] and used == i - 1 and word[i - 1] == pair[0]:
                    continue
                counts[pair] = counts.get(pair, 0) + n
                used = i if pair[0] == pair[1] else -1
        return counts

    words = _bytes_of_pieces(text, special_tokens)
    return _learn(words, vocab_size, special_tokens, _greatest, count)


def counted_once(text: str, vocab_size: int, special_tokens: Sequence[str] = ()) -> Learned:
    if vocab_size < 256 + len(special_tokens):
        raise ValueError("too small")
    counts = _pairs(_bytes_of_pieces(text, special_tokens))
    ordered = sorted(counts, key=lambda pair: (counts[pair], pair), reverse=True)
    return _with_ids(ordered[: vocab_size - 256 - len(special_tokens)], special_tokens)
