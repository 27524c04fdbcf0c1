"""Texts to learn merges from, and merges that were learned from random text."""

import string
from collections.abc import Callable
from typing import Any

import torch

from autograder.draw import Draw
from gpt2.bpe import train_bpe

__all__ = ["GPT4_PATTERN", "encoding_cases", "learned", "prose", "words"]

# Of tiktoken's cl100k_base: what learners copy from code about GPT-4.
GPT4_PATTERN = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"
)


def words(d: Draw, n: int, alphabet: str = string.ascii_lowercase, longest: int = 5) -> list[str]:
    """Return n different words of 2 letters and more."""
    found: dict[str, None] = {}
    while len(found) < n:
        found[d.text(d.integer(2, longest + 1), alphabet)] = None
    return list(found)


def prose(d: Draw, vocabulary: list[str], n: int) -> str:
    """Return n words with spaces between them, some far more frequent than others."""
    size = len(vocabulary)
    ranks = d.integers(0, size, n).minimum(d.integers(0, size, n)).minimum(d.integers(0, size, n))
    return " ".join(vocabulary[i] for i in ranks.tolist())


def learned(d: Draw, alphabet: str, n: int, length: int = 300) -> list[list[bytes]]:
    """Return n merges learned from random letters, in which many pairs are tempting."""
    text = d.text(length, alphabet)
    _, merges = train_bpe(text, 256 + n)
    return [list(pair) for pair in merges]


Drawn = Callable[[Draw], dict[str, Any]]

# Controls, white space of many kinds, and letters that Unicode can write in two ways.
_ODD = (
    "\x00",
    "\x7f",
    "\x85",
    "\ufffd",
    "\u00a0",
    "\r\n",
    "\t ",
    "  x",
    "e\u0301",
    "A\u030a",
    "\u2126 ",
)


def encoding_cases(rank: str, pieces: str, ids: str, anything: str) -> list[tuple[str, str, Drawn]]:
    """Return (name, group, inputs) of the cases of ordinary encoding, in the function or class."""
    return [
        ("a long word", rank, _long_word),
        ("runs of one letter", rank, _runs),
        ("the same pair in several places", rank, _repeats),
        ("words, numbers and signs", pieces, _borders),
        ("letters outside ASCII", pieces, _foreign),
        ("ids in another order", ids, _scrambled),
        ("ids with gaps", ids, _gaps),
        ("odd characters", anything, _odd),
        ("text that looks like a special token", anything, _special),
        ("no text", anything, lambda d: {"text": "", "merges": learned(d, "ab", 2)}),
    ]


def _long_word(d: Draw) -> dict[str, Any]:
    letters = "".join(d.shuffled("abcdefghij")[:4])
    return {"text": d.text(48, letters), "merges": learned(d, letters, 16)}


def _runs(d: Draw) -> dict[str, Any]:
    """Return words of two letters, one of which comes in runs."""
    a, b = d.shuffled("abcdefghij")[:2]
    text = " ".join(b * (n % 2) + a * n + b * (n % 3) for n in (3, 5, 7, 9, 6, 11))
    merges = learned(d, a * 3 + b, 9)
    return {"text": text, "merges": merges}


def _repeats(d: Draw) -> dict[str, Any]:
    """Return words in which the same few letters stand again and again."""
    a, b, c = d.shuffled("abcdefghij")[:3]
    words = (a + b + c) * 4, (b + c + a + c) * 3, (c + a + b) * 2 + b + c, a + b + c
    return {"text": " ".join(words), "merges": learned(d, a + b + c, 12)}


def _borders(d: Draw) -> dict[str, Any]:
    """Return merges that a vocabulary may hold and that no piece of GPT-2's pattern allows."""
    a, b, c = d.shuffled("abcdefghij")[:3]
    crossing = [(a, " "), (",", " "), ("1", a), (b, ","), (" ", " ")]
    inside = [(" ", a), (a, b), (" " + a, b), ("'", "s"), (b, c), ("1", "2")]
    merges = [[x.encode(), y.encode()] for x, y in crossing + inside]
    text = f"{a}{b}, {a}{b}{c}'s  {b}{c}{a} 12{a} {a}{b}{c},\n\n{a} {a}{a}1"
    return {"text": text, "merges": merges}


def _foreign(d: Draw) -> dict[str, Any]:
    """Return words in which merges cut across the bytes of characters.

    The merge of the last byte of one letter with the first of the next is learned first.
    """
    a, b, c = d.shuffled("éèñüößжшд")[:3]
    emoji = "😉".encode()
    between = [[a.encode()[1:], b.encode()[:1]], [c.encode()[:1], c.encode()[1:]]]
    merges = [*between, [emoji[1:2], emoji[2:3]], [b"n", "é".encode()[:1]]]
    return {"text": f"{a}{b}{c}{c} {b}{a}{b}😉 n{c}né", "merges": merges}


def _scrambled(d: Draw) -> dict[str, Any]:
    """Return ids in random order, except that what was learned first has the greatest."""
    given = _long_word(d)
    ids = d.permutation(256 + len(given["merges"]))
    ids[256:] = ids[256:].sort(descending=True).values
    ids = ids.to(torch.int16)  # a key with many ids is a large one
    return {"text": given["text"] + " \n", "merges": given["merges"], "ids": ids}


def _gaps(d: Draw) -> dict[str, Any]:
    given = _long_word(d)
    merges = given["merges"][:8]
    ids = d.permutation(2000)[: 257 + len(merges)].to(torch.int16)
    return {"text": given["text"][:16], "merges": merges, "ids": ids, "extra": [b"<|end|>"]}


def _odd(d: Draw) -> dict[str, Any]:
    merges = [[b"\r", b"\n"], [b" ", b" "], [b"\xc2", b"\xa0"], [b"\xef", b"\xbf"], [b" ", b"x"]]
    return {"text": "  " + "".join(d.shuffled(_ODD)) + "K \n", "merges": merges}


def _special(d: Draw) -> dict[str, Any]:
    """Return special tokens of a vocabulary in a text; one is a piece of its own."""
    a, b, c = d.shuffled("abcdefghij")[:3]
    merges = [[a.encode(), b.encode()], [b"<", b"|"], [b"|", b">"]]
    text = f"{a}{b}{c} <|end|>{a}{b}<|end|>\n{a}{b}{c}{b}"
    return {
        "text": text,
        "merges": merges,
        "extra": [b"<|end|>", f"{a}{b}{c}{b}".encode(), b" <|"],
    }


def decoding_cases(join: str, broken: str, look_up: str) -> list[tuple[str, str, Drawn]]:
    """Return (name, group, inputs) of the cases of decoding, in the function or in the class."""
    return [
        ("characters that lie in two tokens", join, _split_characters),
        ("words and spaces", join, _spaces),
        ("a tuple of ids", join, lambda d: _split_characters(d) | {"style": "tuple"}),
        ("no ids", join, lambda d: {"given": [], "tokens": [b"ab"]}),
        ("the middle of a character", broken, _broken),
        ("bytes that never begin a character", broken, _never),
        ("ids in another order", look_up, _shuffled_ids),
        ("ids that can be read once", look_up, lambda d: _shuffled_ids(d) | {"style": "generator"}),
    ]


def _cut(d: Draw, whole: bytes) -> dict[str, Any]:
    """Return bytes as tokens of one to four bytes, each token with the next id after 255."""
    tokens: list[bytes] = []
    while whole:
        n = d.integer(1, 5)
        tokens.append(whole[:n])
        whole = whole[n:]
    distinct = list(dict.fromkeys(tokens))
    return {"given": [256 + distinct.index(token) for token in tokens], "tokens": distinct}


def _split_characters(d: Draw) -> dict[str, Any]:
    text = "".join(d.shuffled(("é", "ß", "한", "국", "😉", "🤖", "x", "\ufeff", " ", "λ")))
    given = _cut(d, text.encode())
    emoji = "😉".encode()  # in any case in two tokens
    given["given"] += [*emoji[:2], 256 + len(given["tokens"])]
    given["tokens"].append(emoji[2:])
    return given


def _spaces(d: Draw) -> dict[str, Any]:
    """Return white space at both ends, and tokens that somebody might drop or replace."""
    tokens = [b" ab", b"\n", b"  ", b"c", b"\t" + d.text(2).encode()]
    tokens += [b"<|endoftext|>", "\u0120".encode(), b"\r\n"]
    given = [257, 256, *(256 + d.permutation(8)).tolist(), 0, 33, 258, 257]
    return {"given": given, "tokens": tokens}


def _broken(d: Draw) -> dict[str, Any]:
    """Return sequences that end too early, between letters and at the end."""
    ends = ["한".encode()[:2], "😉".encode()[:3], "é".encode()[:1]]
    order = d.permutation(3).tolist()
    given = [97, 256 + order[0], 98, 256 + order[1], 98, 256 + order[2]]
    return {"given": given, "tokens": ends}


def _never(d: Draw) -> dict[str, Any]:
    tokens = [b"\xff", b"\x80ab", b"\xc0\xaf", b"\xed\xa0\x80"]
    return {"given": [256 + i for i in d.permutation(4).tolist()] + [65, 0xE9], "tokens": tokens}


def _shuffled_ids(d: Draw) -> dict[str, Any]:
    tokens = [d.text(3).encode(), "é".encode(), "한".encode()[1:]]
    ids = torch.cat([d.permutation(256), 256 + d.permutation(1200)[:3]])
    spelled = [*d.text(3, "ABCDEF").encode(), 256, "한".encode()[0], 258, 257]
    return {"given": ids[spelled].tolist(), "tokens": tokens, "ids": ids.to(torch.int16)}
