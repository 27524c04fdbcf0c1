"""Wrong ways to encode in which the order of the merges is right."""

from collections.abc import Callable
from typing import Any

import regex
import torch

from autograder.hidden_tests.tokenization.wrong_orders import (
    Encoder,
    Merges,
    Token,
    Vocab,
    in_pieces,
    joined,
    right,
    start,
)
from gpt2.bpe import pretokenize

__all__ = [
    "bytes_are_ids",
    "characters",
    "ids_by_rank",
    "ids_made_anew",
    "kept",
    "nested",
    "no_pieces",
    "on",
    "special_cut",
    "tensor",
    "tokens",
    "used_up",
    "white_space",
    "whole_piece",
]


def no_pieces(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    ids = {token: i for i, token in vocab.items()}
    return [ids[token] for token in right(text, merges)]


def white_space(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    ids = {token: i for i, token in vocab.items()}
    return [ids[token] for word in text.split() for token in right(word, merges)]


def characters(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    def cut(piece: str) -> list[Token]:
        tokens = [character.encode() for character in piece]
        for pair in merges:
            tokens = joined(tokens, pair)
        return tokens

    return in_pieces(text, vocab, cut)


def bytes_are_ids(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    ids = {bytes([i]): i for i in range(256)}
    ids |= {token: i for i, token in vocab.items() if len(token) > 1}
    return [ids[token] for piece in pretokenize(text) for token in right(piece, merges)]


def ids_by_rank(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    ids = {token: i for i, token in vocab.items()}
    ids |= {left + right: 256 + rank for rank, (left, right) in enumerate(merges)}
    return [ids[token] for piece in pretokenize(text) for token in right(piece, merges)]


def ids_made_anew(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    ids = {bytes([i]): i for i in range(256)}
    ids |= {left + right: 256 + rank for rank, (left, right) in enumerate(merges)}
    return [ids[token] for piece in pretokenize(text) for token in right(piece, merges)]


def tokens(text: str, vocab: Vocab, merges: Merges) -> list[bytes]:
    return [token for piece in pretokenize(text) for token in right(piece, merges)]


def nested(text: str, vocab: Vocab, merges: Merges) -> list[list[int]]:
    ids = {token: i for i, token in vocab.items()}
    return [[ids[token] for token in right(piece, merges)] for piece in pretokenize(text)]


def tensor(text: str, vocab: Vocab, merges: Merges) -> Any:
    ids = {token: i for i, token in vocab.items()}
    return torch.tensor([ids[token] for token in tokens(text, vocab, merges)])


_KEPT: dict[str, list[Token]] = {}


def kept(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    ids = {token: i for i, token in vocab.items()}
    if not all(piece in _KEPT for piece in pretokenize(text)):
        _KEPT.clear()  # so that what is kept comes from this text, not from the last one
    found = []
    for piece in pretokenize(text):
        if piece not in _KEPT:
            _KEPT[piece] = right(piece, merges)
        found += [ids[token] for token in _KEPT[piece]]
    return found


def used_up(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    queue = merges
    pieces = [start(piece) for piece in pretokenize(text)]
    while queue:
        pair = queue.pop(0)
        pieces = [joined(piece, pair) for piece in pieces]
    ids = {token: i for i, token in vocab.items()}
    return [ids[token] for piece in pieces for token in piece]


def whole_piece(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    ids = {token: i for i, token in vocab.items()}
    found: list[int] = []
    for piece in pretokenize(text):
        whole = ids.get(piece.encode())
        found += [ids[t] for t in right(piece, merges)] if whole is None else [whole]
    return found


def special_cut(text: str, vocab: Vocab, merges: Merges) -> list[int]:
    ids = {token: i for i, token in vocab.items()}
    made = {left + right for left, right in merges}
    extra = [token.decode() for token in vocab.values() if len(token) > 1 and token not in made]
    parts = regex.split(f"({'|'.join(map(regex.escape, extra))})", text) if extra else [text]
    found: list[int] = []
    for part in parts:
        if part in extra:
            found.append(ids[part.encode()])
        else:
            found += [ids[token] for token in tokens(part, vocab, merges)]
    return found


def on(change: Callable[[str], str]) -> Encoder:
    def encode(text: str, vocab: Vocab, merges: Merges) -> list[int]:
        return in_pieces(change(text), vocab, lambda piece: right(piece, merges))

    return encode
