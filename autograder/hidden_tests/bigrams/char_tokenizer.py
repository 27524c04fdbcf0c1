"""2.1 CharTokenizer."""

import bisect
import string
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Variant
from autograder.hidden_tests.bigrams.char_tokenizer_mistakes import MISCONCEPTIONS

# Composed and decomposed letters, both cases, white space of five kinds, and beyond 16 bits.
_ODD = ("\n", "\t", " ", "\u00a0", "\r", "é", "e\u0301", "ß", "İ", "😉", "🤖", "한", "A", "a", "Z")


def _text(d: Draw) -> str:
    """Return a text with all odd characters, white space at both ends, frequencies that differ."""
    pieces = [*_ODD, *d.text(60, string.ascii_letters + ".,!'")]
    first, last = d.shuffled(["\n", "\t"])
    # The most frequent character is neither the first one nor the smallest.
    return first + "".join(d.shuffled(pieces)) + d.text(1, "mnop") * 9 + last


class _Searching:
    """A list searched by its own index, no dict."""

    def __init__(self, text: str) -> None:
        self.symbols: list[str] = []
        for character in text:
            if character not in self.symbols:
                bisect.insort(self.symbols, character)

    @property
    def vocab_size(self) -> int:
        return len(self.symbols)

    def encode(self, s: str) -> list[int]:
        return list(map(self.symbols.index, s))

    def decode(self, ids: list[int]) -> str:
        text = ""
        for i in ids:
            text += self.symbols[i]
        return text


class _TwoDicts:
    def __init__(self, text: str) -> None:
        characters = sorted(list(set(text)))  # noqa: C414
        self.vocab_size = len(characters)
        self.stoi = {ch: i for i, ch in enumerate(characters)}
        self.itos = {i: ch for ch, i in self.stoi.items()}
        self.encode: Any = lambda s: [self.stoi[c] for c in s]
        self.decode: Any = lambda ids: "".join([self.itos[int(i)] for i in ids])

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple(self.itos.values())


class _CodePoints:
    """Works on numbers: numpy's sorted unique code points, and chr at the end."""

    def __init__(self, text: str) -> None:
        self.points = np.unique(np.array([ord(character) for character in text]))
        self.symbols = [chr(point) for point in self.points]
        self.vocab_size = self.points.size

    def encode(self, s: str) -> list[np.int64]:
        points = np.array([ord(character) for character in s], dtype=np.int64)
        found = np.searchsorted(self.points, points).clip(max=self.points.size - 1)
        if not np.array_equal(self.points[found], points):
            raise ValueError("a character outside the vocabulary")
        return list(found)

    def decode(self, ids: Iterable[int]) -> str:
        return "".join(map(chr, self.points[np.array(list(ids), dtype=np.int64)]))


EXERCISE = Exercise(
    id="CharTokenizer",
    chapter="02-bigrams",
    title="A character tokenizer",
    reference="gpt2.tokenization.CharTokenizer",
    probe="bigrams.ids",
    minutes=12,
    difficulty=1,
    groups={
        "makes a vocabulary of all characters": 1,
        "gives the same ids in every run": 1,
        "gets back exactly the text that went in": 1,
        "does not make up an id for an unknown character": 1,
    },
    cases=(
        Case(
            "odd characters",
            "makes a vocabulary of all characters",
            lambda d: {"text": _text(d)},
            probe="bigrams.vocabulary",
        ),
        Case(
            "few characters",
            "makes a vocabulary of all characters",
            lambda d: {"text": "\n" + d.text(5, "ba") + d.text(40, "qwertyuiop") + " "},
            probe="bigrams.vocabulary",
        ),
        Case(
            "ids of odd characters",
            "gives the same ids in every run",
            lambda d: (lambda text: {"text": text, "s": text[::-1]})(_text(d)),
        ),
        Case(
            "ids of letters",
            "gives the same ids in every run",
            lambda d: (lambda text: {"text": text, "s": text[5:20]})(
                d.text(8, "zyx") + d.text(80, string.ascii_lowercase[::-1])
            ),
        ),
        Case(
            "there and back",
            "gets back exactly the text that went in",
            lambda d: (lambda text: {"text": text, "s": text[-1] + text})(_text(d)),
            probe="bigrams.round_trip",
        ),
        Case(
            "white space alone",
            "gets back exactly the text that went in",
            lambda d: {"text": _text(d), "s": "\n\n \t  "},
            probe="bigrams.round_trip",
        ),
        Case(
            "unknown character",
            "does not make up an id for an unknown character",
            lambda d: {"text": d.text(40, "abcdefgh\n"), "s": "ba" + d.text(1, "XYZ?") + "b"},
            probe="bigrams.unknown_character",
        ),
        Case(
            "the case of a letter matters",
            "does not make up an id for an unknown character",
            lambda d: {"text": "ab " + d.text(40, "abcdefgh "), "s": d.text(1, "ABCDEFGH")},
            probe="bigrams.unknown_character",
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("a list that is searched", _Searching),
        Variant("two dicts and lambdas", _TwoDicts),
        Variant("code points in numpy", _CodePoints),
    ),
    hints=(
        "Which characters occur in the text, each once? In which order, so that tomorrow's run "
        "has the same?",
        "`sorted(set(text))` is the list of symbols. Encoding needs the way back: from a symbol "
        "to its place in that list.",
        "Keep a dict from character to id beside the list. `encode` looks each character up in "
        "the dict with square brackets; `decode` looks each id up in the list and joins with "
        "the empty string.",
    ),
)
