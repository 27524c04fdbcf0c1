"""Right answers to 3.6 train_bpe in other styles."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import regex

from gpt2.bpe import get_pair_counts, merge, pretokenize

__all__ = [
    "characters_as_bytes",
    "naive",
    "neighbour_counts",
    "one_list",
    "texts_of_bytes",
]

Learned = tuple[dict[int, bytes], list[tuple[bytes, bytes]]]


def _documents(text: str, special_tokens: Sequence[str]) -> Iterator[str]:
    """Walk through the text by hand, without a pattern."""
    longest_first = sorted(special_tokens, key=lambda token: -len(token))
    start = i = 0
    while i < len(text):
        found = next((token for token in longest_first if text.startswith(token, i)), None)
        if found is None:
            i += 1
        else:
            yield text[start:i]
            start = i = i + len(found)
    yield text[start:]


def _room(vocab_size: int, special_tokens: Sequence[str]) -> int:
    if vocab_size < 256 + len(special_tokens):
        raise ValueError("too small")
    return vocab_size - 256 - len(special_tokens)


def _finished(merges: list[tuple[bytes, bytes]], special_tokens: Sequence[str]) -> Learned:
    tokens = [bytes([i]) for i in range(256)]
    tokens += [left + right for left, right in merges]
    tokens += [token.encode() for token in special_tokens]
    return dict(enumerate(tokens)), merges


def naive(text: str, vocab_size: int, special_tokens: Sequence[str] = ()) -> Learned:
    """Count all pairs anew for each merge, with the functions of the course."""
    n_merges = _room(vocab_size, special_tokens)
    vocab = {i: bytes([i]) for i in range(256)}
    words: Counter[tuple[int, ...]] = Counter()
    for part in _documents(text, special_tokens):
        words.update(tuple(piece.encode()) for piece in pretokenize(part))
    merges = []
    for new_id in range(256, 256 + n_merges):
        counts = get_pair_counts(words)
        if not counts:
            break
        pair = max(counts, key=lambda p: (counts[p], vocab[p[0]], vocab[p[1]]))
        words = Counter({tuple(merge(word, pair, new_id)): n for word, n in words.items()})
        vocab[new_id] = vocab[pair[0]] + vocab[pair[1]]
        merges.append((vocab[pair[0]], vocab[pair[1]]))
    for token in special_tokens:
        vocab[max(vocab) + 1] = token.encode()
    return vocab, merges


def neighbour_counts(text: str, vocab_size: int, special_tokens: Sequence[str] = ()) -> Learned:
    """Change only the counts beside each merge, in words that are lists of bytes."""
    n_merges = _room(vocab_size, special_tokens)
    frequency: dict[str, int] = defaultdict(int)
    for part in _documents(text, special_tokens):
        for piece in pretokenize(part):
            frequency[piece] += 1
    words = [([bytes([b]) for b in piece.encode()], n) for piece, n in frequency.items()]
    counts: dict[tuple[bytes, bytes], int] = defaultdict(int)
    for word, n in words:
        for i in range(len(word) - 1):
            counts[word[i], word[i + 1]] += n
    merges: list[tuple[bytes, bytes]] = []
    while counts and len(merges) < n_merges:
        _, best = max((n, pair) for pair, n in counts.items())
        for word, n in words:
            i = 0
            while i < len(word) - 1:
                if (word[i], word[i + 1]) == best:
                    if i > 0:
                        counts[word[i - 1], word[i]] -= n
                        counts[word[i - 1], best[0] + best[1]] += n
                    if i + 2 < len(word):
                        counts[word[i + 1], word[i + 2]] -= n
                        counts[best[0] + best[1], word[i + 2]] += n
                    counts[best] -= n
                    word[i : i + 2] = [best[0] + best[1]]
                i += 1
        counts = defaultdict(int, {pair: n for pair, n in counts.items() if n > 0})
        merges.append(best)
    return _finished(merges, special_tokens)


def one_list(text: str, vocab_size: int, special_tokens: Sequence[str] = ()) -> Learned:
    """Keep the whole text in one list of ids, with -1 between the pieces."""
    n_merges = _room(vocab_size, special_tokens)
    stream: list[int] = []
    for part in _documents(text, special_tokens):
        for piece in pretokenize(part):
            stream += [*piece.encode(), -1]
    vocab, _ = _finished([], ())
    merges: list[tuple[bytes, bytes]] = []
    while len(merges) < n_merges:
        ids = np.array(stream, dtype=np.int64)
        pairs = np.stack([ids[:-1], ids[1:]], 1)
        pairs, count = np.unique(pairs[(pairs >= 0).all(1)], axis=0, return_counts=True)
        if not len(pairs):
            break
        tied = [(vocab[a], vocab[b], a, b) for a, b in pairs[count == count.max()].tolist()]
        left, right, a, b = sorted(tied)[-1]
        vocab[256 + len(merges)] = left + right
        stream = merge(stream, (a, b), 256 + len(merges))
        merges.append((left, right))
    return _finished(merges, special_tokens)


def texts_of_bytes(text: str, vocab_size: int, special_tokens: Sequence[str] = ()) -> Learned:
    """Split with regex, keep words as tuples of bytes, choose in two steps."""
    n_merges = _room(vocab_size, special_tokens)
    parts: Iterable[str] = [text]
    if special_tokens:
        ordered = sorted(special_tokens, key=len)[::-1]
        parts = regex.splititer("|".join(regex.escape(token) for token in ordered), text)
    table: dict[tuple[bytes, ...], int] = {}
    for part in parts:
        for piece in pretokenize(part):
            key = tuple(b.to_bytes(1, "big") for b in piece.encode("utf-8"))
            table[key] = table.get(key, 0) + 1
    merges: list[tuple[bytes, bytes]] = []
    for _ in range(n_merges):
        counts: dict[tuple[bytes, bytes], int] = {}
        for word, n in table.items():
            for pair in pairwise(word):
                counts[pair] = counts.get(pair, 0) + n
        if not counts:
            break
        most = max(counts.values())
        best = max(pair for pair in counts if counts[pair] == most)
        merges.append(best)
        changed: dict[tuple[bytes, ...], int] = {}
        for word, n in table.items():
            changed[_joined(word, best)] = n
        table = changed
    return _finished(merges, special_tokens)


def _joined(word: tuple[bytes, ...], pair: tuple[bytes, bytes]) -> tuple[bytes, ...]:
    if len(word) < 2:
        return word
    if word[:2] == pair:
        return (word[0] + word[1], *_joined(word[2:], pair))
    return (word[0], *_joined(word[1:], pair))


def characters_as_bytes(text: str, vocab_size: int, special_tokens: Sequence[str] = ()) -> Learned:
    """Write each byte as the character of that number, so that a word is a str of tokens."""
    n_merges = _room(vocab_size, special_tokens)
    words: Counter[tuple[str, ...]] = Counter()
    for part in _documents(text, special_tokens):
        words.update(tuple(piece.encode().decode("latin-1")) for piece in pretokenize(part))
    merges = []
    for _ in range(n_merges):
        counts: Counter[tuple[str, str]] = Counter()
        for word, n in words.items():
            for pair in pairwise(word):
                counts[pair] += n
        if not counts:
            break
        left, right = sorted(counts, key=lambda pair: (counts[pair], pair))[-1]
        merges.append((left.encode("latin-1"), right.encode("latin-1")))
        pattern = f"\0{regex.escape(left)}\0{regex.escape(right)}(?=\0|$)"
        joined: Counter[tuple[str, ...]] = Counter()
        for word, n in words.items():
            # A byte 0 in the text would break this; a text of words has none.
            new = f"\0{left}{right}".replace("\\", r"\\")
            merged = regex.sub(pattern, new, "\0" + "\0".join(word))
            joined[tuple(merged[1:].split("\0"))] += n
        words = joined
    return _finished(merges, special_tokens)
