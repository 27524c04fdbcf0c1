"""Right ways to encode by merges, of the function and of the class alike."""

import heapq
from collections.abc import Iterator
from itertools import pairwise

import regex

from gpt2.bpe import GPT2_PATTERN, merge, pretokenize

__all__ = ["by_heap", "by_joined_bytes", "each_merge_in_order", "in_text", "one_at_a_time"]

Vocab = dict[int, bytes]
Merges = list[tuple[bytes, bytes]]


def each_merge_in_order(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    """One pass over the merges: equal, because a merge only joins what earlier ones made."""
    ids = {token: i for i, token in vocab.items()}
    encoded: list[int] = []
    for piece in pretokenize(text):
        tokens = [ids[bytes([byte])] for byte in piece.encode("utf-8")]
        for left, right in merges:
            tokens = merge(tokens, (ids[left], ids[right]), ids[left + right])
        encoded.extend(tokens)
    return encoded


def one_at_a_time(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    """Tokens are bytes; one place is merged, the leftmost of the pair that was learned first."""
    rank = {pair: n for n, pair in enumerate(merges)}
    ids = dict(zip(vocab.values(), vocab, strict=True))
    encoded = []
    for match in regex.finditer(GPT2_PATTERN, text):
        tokens = [bytes([byte]) for byte in match.group(0).encode()]
        while True:
            places = [(rank[p], i) for i, p in enumerate(pairwise(tokens)) if p in rank]
            if not places:
                break
            _, i = min(places)
            tokens = [*tokens[:i], tokens[i] + tokens[i + 1], *tokens[i + 2 :]]
        encoded += [ids[token] for token in tokens]
    return encoded


def by_joined_bytes(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    """As tiktoken does: borders between tokens, and the rank of what lies between two of them."""
    rank = {left + right: n for n, (left, right) in enumerate(merges)}
    ids = {token: i for i, token in vocab.items()}

    def cut(piece: bytes) -> Iterator[int]:
        borders = list(range(len(piece) + 1))
        while len(borders) > 2:
            spans = [piece[a:b] for a, b in zip(borders, borders[2:], strict=False)]
            best = min(range(len(spans)), key=lambda i: rank.get(spans[i], len(rank)))
            if spans[best] not in rank:
                break
            del borders[best + 1]
        return (ids[piece[a:b]] for a, b in pairwise(borders))

    return [i for piece in pretokenize(text) for i in cut(piece.encode())]


def by_heap(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    """A linked list of tokens, and a heap of the pairs that may be merged."""
    ids = {token: i for i, token in vocab.items()}
    rank = {pair: n for n, pair in enumerate(merges)}
    encoded: list[int] = []
    for piece in pretokenize(text):
        tokens: list[bytes | None] = [bytes([byte]) for byte in piece.encode()]
        heap = [
            (rank[a, b], i, i + 1)
            for i, (a, b) in enumerate(pairwise(t for t in tokens if t is not None))
            if (a, b) in rank
        ]
        heapq.heapify(heap)
        while heap:
            n, i, j = heapq.heappop(heap)
            a, b = tokens[i], tokens[j]
            if a is None or b is None or rank.get((a, b)) != n:
                continue
            tokens[i], tokens[j] = a + b, None
            live = [k for k, token in enumerate(tokens) if token is not None]
            at = live.index(i)
            for left, right in pairwise(live[max(0, at - 1) : at + 2]):
                pair = (tokens[left] or b"", tokens[right] or b"")
                if pair in rank:
                    heapq.heappush(heap, (rank[pair], left, right))
        encoded += [ids[token] for token in tokens if token is not None]
    return encoded


def in_text(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    """Write the tokens of a piece as hex between commas, and replace in that text."""
    ids = {token.hex(): i for i, token in vocab.items()}
    encoded: list[int] = []
    for piece in pretokenize(text):
        line = "".join(f",{byte:02x}," for byte in piece.encode("utf-8"))
        for left, right in merges:
            line = line.replace(f",{left.hex()},,{right.hex()},", f",{(left + right).hex()},")
        encoded += [ids[token] for token in line.split(",") if token]
    return encoded
