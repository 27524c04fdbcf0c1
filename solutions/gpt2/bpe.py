"""Byte-pair encoding: learning which pairs of bytes to merge."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import regex

__all__ = ["GPT2_PATTERN", "get_pair_counts", "merge", "pretokenize", "train_bpe"]

GPT2_PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


def get_pair_counts(
    words: dict[tuple[int, ...], int],
) -> Counter[tuple[int, int]]:
    """Count the pairs of neighbours in words, weighted by frequency.

    A word of n ids has n - 1 pairs, and each counts as often as the word
    occurs. A pair has an order: (1, 2) and (2, 1) are two pairs. Pairs that
    overlap all count: (1, 1, 1) has (1, 1) twice.

    Args:
        words: token ids of a word -> how often it occurs, int.

    Returns:
        The pair of ids -> its count. A pair that does not occur has no
        entry. `words` stays as it was.

    Example:
        >>> counts = get_pair_counts({(1, 2, 3): 5, (2, 3): 2})
        >>> counts[2, 3], counts[1, 2], len(counts)
        (7, 5, 2)
    """
    counts: Counter[tuple[int, int]] = Counter()
    for word, frequency in words.items():
        for pair in pairwise(word):
            counts[pair] += frequency
    return counts


def merge(
    ids: Sequence[int],
    pair: tuple[int, int],
    new_id: int,
) -> list[int]:
    """Replace every occurrence of a pair of neighbours by one new token.

    It goes from left to right, and a token that has been merged is used up:
    three in a row of the same token hold one pair, and the third stays.

    Args:
        ids: the tokens, a list or a tuple; it stays as it was.
        pair: the two tokens to be replaced, in this order.
        new_id: what stands in their place. It is not merged again, even if
            it is a token of the pair.

    Returns:
        A new list, also if there was nothing to replace.

    Example:
        >>> merge([1, 2, 3, 1, 2], (1, 2), 256)
        [256, 3, 256]
        >>> merge([1, 1, 1], (1, 1), 256)
        [256, 1]
    """
    merged: list[int] = []
    i = 0
    while i < len(ids):
        if i + 1 < len(ids) and (ids[i], ids[i + 1]) == pair:
            merged.append(new_id)
            i += 2
        else:
            merged.append(ids[i])
            i += 1
    return merged


def pretokenize(text: str, pattern: str = GPT2_PATTERN) -> list[str]:
    r"""Cut a text into the pieces that merges may not cross.

    Args:
        text: any text; it may be empty.
        pattern: a regular expression as the package `regex` reads it. (The
            standard library's `re` does not know `\p{L}`, the letters of
            all scripts, and `\p{N}`, their numbers.) The default is the
            pattern of GPT-2 (its file encoder.py).

    Returns:
        The matches of the pattern from left to right. Each is the whole
        match, also where the pattern has groups (parts in round brackets).
        With GPT-2's pattern, `"".join(pieces)` is the text again.

    Example:
        >>> pretokenize("I'll see 12 of  them")
        ['I', "'ll", ' see', ' 12', ' of', ' ', ' them']
    """
    return [match.group() for match in regex.finditer(pattern, text)]


def train_bpe(
    text: str,
    vocab_size: int,
    special_tokens: Sequence[str] = (),
) -> tuple[dict[int, bytes], list[tuple[bytes, bytes]]]:
    """Learn a byte-pair encoding from a text (Sennrich et al. 2016, 3.2).

    Start with the 256 bytes, ids 0 to 255. Cut the text into pieces with
    `pretokenize`. Then, again and again, find the pair of neighbouring
    tokens that is most frequent inside the pieces, as `get_pair_counts`
    counts, and merge it everywhere into a new token with the next id. Of
    pairs equally frequent take the greatest as a pair of bytes:
    `(b"b", b"a") > (b"a", b"z")`, and `(b"ab", b"c") > (b"a", b"bc")`, as
    Python compares tuples.

    Args:
        text: what to learn from.
        vocab_size: how many tokens there shall be: the bytes, the merges and
            the special tokens together. If the text runs out of pairs, there
            are fewer.
        special_tokens: strings that are tokens whole, such as
            "<|endoftext|>". The text is cut at them before all else, and
            nothing is learned from them. They get the last ids, after those
            of the merges, in this order. Where two of them begin at the same
            place, the longer one counts.

    Returns:
        vocab: token id -> its bytes.
        merges: the pairs that were merged, as bytes, in order; the first one
            made token 256.

    Raises:
        ValueError: `vocab_size` is smaller than 256 and the special tokens.

    Example:
        >>> vocab, merges = train_bpe("hug hugs hugging", 259)
        >>> merges
        [(b'u', b'g'), (b'h', b'ug'), (b' ', b'hug')]
        >>> vocab[258]
        b' hug'
    """
    n_merges = vocab_size - 256 - len(special_tokens)
    if n_merges < 0:
        raise ValueError(f"vocab_size is {vocab_size}; bytes and special tokens are more")
    vocab = {byte: bytes([byte]) for byte in range(256)}
    merges: list[tuple[bytes, bytes]] = []

    pieces: Counter[str] = Counter()
    for part in _between(text, special_tokens):
        pieces.update(pretokenize(part))
    words = [list(piece.encode("utf-8")) for piece in pieces]
    frequencies = list(pieces.values())

    counts = get_pair_counts({tuple(word): n for word, n in zip(words, frequencies, strict=True)})
    where = defaultdict(set)  # pair -> the words that hold it, or once did
    for i, word in enumerate(words):
        for pair in pairwise(word):
            where[pair].add(i)

    def entry(pair: tuple[int, int]) -> tuple[Any, ...]:
        return -counts[pair], _descending(vocab[pair[0]]), _descending(vocab[pair[1]]), pair

    heap = [entry(pair) for pair in counts]
    heapq.heapify(heap)
    while heap and len(merges) < n_merges:
        count, _, _, pair = heapq.heappop(heap)
        if -count != counts[pair]:  # an old entry: other merges have taken some of the pairs
            if counts[pair]:
                heapq.heappush(heap, entry(pair))
            continue
        new_id = 256 + len(merges)
        left, right = vocab[pair[0]], vocab[pair[1]]
        vocab[new_id] = left + right
        merges.append((left, right))
        grown = set()
        for i in where.pop(pair):  # only these words change, and only their pairs
            for old in pairwise(words[i]):
                counts[old] -= frequencies[i]
            words[i] = merge(words[i], pair, new_id)
            for new in pairwise(words[i]):
                counts[new] += frequencies[i]
                if new_id in new:
                    where[new].add(i)
                    grown.add(new)
        for new in grown:
            heapq.heappush(heap, entry(new))

    for token in special_tokens:
        vocab[len(vocab)] = token.encode("utf-8")
    return vocab, merges


def _descending(token: bytes) -> tuple[int, ...]:
    """Return a key that turns the order of bytes round: a heap gives its least item first."""
    return *(-byte for byte in token), 1  # the end counts for more than any byte


def _between(text: str, special_tokens: Sequence[str]) -> list[str]:
    """Return what lies between the special tokens, which are cut out."""
    if not special_tokens:
        return [text]
    longest_first = sorted(special_tokens, key=len, reverse=True)
    return regex.split("|".join(map(regex.escape, longest_first)), text)
