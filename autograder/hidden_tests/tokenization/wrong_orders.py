"""Wrong orders of merging, of the function and of the class alike."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from gpt2.bpe import merge, pretokenize

__all__ = [
    "Encoder",
    "Merges",
    "Token",
    "Vocab",
    "each_merge_once",
    "in_pieces",
    "joined",
    "last_learned",
    "last_pair_left",
    "least_id",
    "leftmost",
    "longest",
    "most_frequent",
    "one_round",
    "one_sweep",
    "reading_order",
    "right",
    "rightmost",
    "start",
    "stops_early",
]

Token = bytes
Vocab = dict[int, bytes]
Merges = list[tuple[bytes, bytes]]
Encoder = Callable[[str, Vocab, Merges], Any]


def start(piece: str) -> list[Token]:
    return [bytes([byte]) for byte in piece.encode()]


def joined(tokens: list[Token], pair: tuple[Token, Token]) -> list[Token]:
    number = {token: i for i, token in enumerate({*tokens, *pair})}
    new = len(number)
    ids = merge([number[token] for token in tokens], (number[pair[0]], number[pair[1]]), new)
    back = {i: token for token, i in number.items()} | {new: pair[0] + pair[1]}
    return [back[i] for i in ids]


def right(piece: str, merges: Merges) -> list[Token]:
    tokens = start(piece)
    for pair in merges:
        tokens = joined(tokens, pair)
    return tokens


def in_pieces(text: str, vocab: Vocab, cut: Callable[[str], list[Token]]) -> list[int]:
    ids = {token: i for i, token in vocab.items()}
    return [ids[token] for piece in pretokenize(text) for token in cut(piece)]


def _sweep(tokens: list[Token], merges: Merges) -> list[Token]:
    """Merge whatever can be merged in one walk from left to right."""
    swept, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) in merges:
            swept.append(tokens[i] + tokens[i + 1])
            i += 2
        else:
            swept.append(tokens[i])
            i += 1
    return swept


def reading_order(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    def cut(piece: str) -> list[Token]:
        tokens: list[Token] = []
        swept = start(piece)
        while swept != tokens:
            tokens, swept = swept, _sweep(swept, merges)
        return tokens

    return in_pieces(text, vocab, cut)


def leftmost(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    def cut(piece: str) -> list[Token]:
        tokens = start(piece)
        while found := [i for i, pair in enumerate(pairwise(tokens)) if pair in merges]:
            i = found[0]
            tokens[i : i + 2] = [tokens[i] + tokens[i + 1]]
        return tokens

    return in_pieces(text, vocab, cut)


def one_sweep(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    return in_pieces(text, vocab, lambda piece: _sweep(start(piece), merges))


def longest(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    tokens = {*vocab.values()}

    def cut(piece: str) -> list[Token]:
        rest, found = piece.encode(), []
        while rest:
            n = max(n for n in range(1, len(rest) + 1) if rest[:n] in tokens)
            found.append(rest[:n])
            rest = rest[n:]
        return found

    return in_pieces(text, vocab, cut)


def _by(rank: Callable[[tuple[Token, Token], list[Token]], Any], merges: Merges) -> Any:
    """Return a way to cut that merges, of the pairs that may be, the one of least rank."""

    def cut(piece: str) -> list[Token]:
        tokens = start(piece)
        while pairs := [pair for pair in pairwise(tokens) if pair in merges]:
            tokens = joined(tokens, min(pairs, key=lambda pair: rank(pair, tokens)))
        return tokens

    return cut


def last_learned(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    return in_pieces(text, vocab, _by(lambda pair, _: -merges.index(pair), merges))


def least_id(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    ids = {token: i for i, token in vocab.items()}
    return in_pieces(text, vocab, _by(lambda pair, _: ids[pair[0] + pair[1]], merges))


def most_frequent(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    def rank(pair: tuple[Token, Token], tokens: list[Token]) -> Any:
        return -Counter(pairwise(tokens))[pair]

    return in_pieces(text, vocab, _by(rank, merges))


def rightmost(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    def cut(piece: str) -> list[Token]:
        tokens = start(piece)
        while found := [i for i, pair in enumerate(pairwise(tokens)) if pair in merges]:
            i = min(reversed(found), key=lambda i: merges.index((tokens[i], tokens[i + 1])))
            tokens[i : i + 2] = [tokens[i] + tokens[i + 1]]
        return tokens

    return in_pieces(text, vocab, cut)


def each_merge_once(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    def cut(piece: str) -> list[Token]:
        tokens = start(piece)
        for pair in merges:
            if pair in (pairs := [*pairwise(tokens)]):
                i = pairs.index(pair)
                tokens[i : i + 2] = [pair[0] + pair[1]]
        return tokens

    return in_pieces(text, vocab, cut)


def one_round(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    def cut(piece: str) -> list[Token]:
        tokens = start(piece)
        pairs = [pair for pair in pairwise(tokens) if pair in merges]
        return joined(tokens, min(pairs, key=merges.index)) if pairs else tokens

    return in_pieces(text, vocab, cut)


def stops_early(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    def cut(piece: str) -> list[Token]:
        tokens = start(piece)
        for pair in merges:
            if pair not in pairwise(tokens):
                break
            tokens = joined(tokens, pair)
        return tokens

    return in_pieces(text, vocab, cut)


def last_pair_left(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    def cut(piece: str) -> list[Token]:
        tokens = start(piece)
        while pairs := [pair for pair in [*pairwise(tokens)][:-1] if pair in merges]:
            tokens = joined(tokens[:-1], min(pairs, key=merges.index)) + tokens[-1:]
        return tokens

    return in_pieces(text, vocab, cut)
