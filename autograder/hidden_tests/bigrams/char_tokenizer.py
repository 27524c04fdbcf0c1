"""2.1 CharTokenizer."""

import bisect
import string
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Misconception, Variant

# Composed and decomposed letters, both cases, white space of five kinds, and beyond 16 bits.
_ODD = ("\n", "\t", " ", "\u00a0", "\r", "é", "e\u0301", "ß", "İ", "😉", "🤖", "한", "A", "a", "Z")


def _text(d: Draw) -> str:
    """Return a text with all odd characters, white space at both ends, frequencies that differ."""
    pieces = [*_ODD, *d.text(60, string.ascii_letters + ".,!'")]
    first, last = d.shuffled(["\n", "\t"])
    # The most frequent character is neither the first one nor the smallest.
    return first + "".join(d.shuffled(pieces)) + d.text(1, "mnop") * 9 + last


class _UnsortedSet:
    """The order of a set of strings changes from run to run; a rotation stands for it here."""

    def __init__(self, text: str) -> None:
        ordered = sorted(set(text))
        self.symbols = ordered[7:] + ordered[:7]
        self.vocab_size = len(self.symbols)

    def encode(self, s: str) -> list[int]:
        return [self.symbols.index(character) for character in s]

    def decode(self, ids: list[int]) -> str:
        return "".join(self.symbols[i] for i in ids)


class _GivesTensors:
    def __init__(self, text: str) -> None:
        self.symbols = sorted(set(text))
        self.vocab_size = len(self.symbols)

    def encode(self, s: str) -> Tensor:
        return torch.tensor([self.symbols.index(character) for character in s])

    def decode(self, ids: list[int]) -> str:
        return "".join(self.symbols[i] for i in ids)


class _SharedState:
    symbols: list[str] = []  # noqa: RUF012

    def __init__(self, text: str) -> None:
        type(self).symbols = sorted(set(text))
        self.vocab_size = len(self.symbols)

    def encode(self, s: str) -> list[int]:
        return [self.symbols.index(character) for character in s]

    def decode(self, ids: list[int]) -> str:
        return "".join(self.symbols[i] for i in ids)


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
            lambda d: {"text": d.text(5, "ba") + "\n" + d.text(40, "qwertyuiop")},
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
    misconceptions=(
        Misconception(
            "unsorted-set",
            "The ids follow the order of a `set`, which Python leaves open.",
            "The hashes of strings change from one Python process to the next, so a model trained "
            "today reads other characters tomorrow. Start Python twice and print your vocabulary.",
            function=_UnsortedSet,
        ),
        Misconception(
            "order-of-appearance",
            "The ids follow the order in which characters first appear in the text.",
            "The same characters get other ids as soon as the text begins differently. Look at "
            "the order that the contract asks for.",
            edits=(("sorted(set(text))", "list(dict.fromkeys(text))"),),
        ),
        Misconception(
            "by-frequency",
            "The ids follow how often the characters occur, the most frequent first.",
            "Another text gives the same characters other ids. Look at the order that the "
            "contract asks for.",
            edits=(
                ("sorted(set(text))", "sorted(dict.fromkeys(text), key=text.count, reverse=True)"),
            ),
        ),
        Misconception(
            "ids-are-code-points",
            "The ids are the code points themselves, as `ord` gives them.",
            "They go far beyond `vocab_size`, so a table with `vocab_size` rows has no row for "
            "them. An id is a place in the vocabulary.",
            edits=(
                ("[self._ids[character] for", "[ord(self.symbols[self._ids[character]]) for"),
                ("self.symbols[i] for i", "chr(i) for i"),
            ),
        ),
        Misconception(
            "encode-gives-a-tensor",
            "`encode` returns a tensor, not a list of ints.",
            "The ids are right; the caller decides whether a tensor is made of them.",
            function=_GivesTensors,
        ),
        Misconception(
            "decode-strips",
            "`decode` strips white space from the ends of the text.",
            "The text that comes back is shorter than the one that went in.",
            edits=(("for i in ids)", "for i in ids).strip()"),),
        ),
        Misconception(
            "descending",
            "The characters are sorted from the largest code point down.",
            "The first id goes to the last character. Look at what `sorted` does by itself.",
            edits=(("sorted(set(text))", "sorted(set(text), reverse=True)"),),
        ),
        Misconception(
            "repeats-kept",
            "A character that appears twice in the text is in the vocabulary twice.",
            "`vocab_size` is the length of the text. How many different characters are there?",
            edits=(("sorted(set(text))", "sorted(text)"),),
        ),
        Misconception(
            "lower-case",
            "The text is turned to lower case on the way in.",
            "`A` and `a` get one id, so `decode` cannot give back what went in.",
            edits=(
                ("sorted(set(text))", "sorted(set(text.lower()))"),
                ("in s]", "in s.lower()]"),
            ),
        ),
        Misconception(
            "stripped",
            "White space at the ends of the string is stripped before it is encoded.",
            "The text that comes back is shorter than the one that went in. A new line is a "
            "character like any other.",
            edits=(("in s]", "in s.strip()]"),),
        ),
        Misconception(
            "no-white-space",
            "White space is left out: the text is split into words first.",
            "The text that comes back has all its words run together.",
            edits=(
                ("sorted(set(text))", 'sorted(set("".join(text.split())))'),
                ("in s]", 'in "".join(s.split())]'),
            ),
        ),
        Misconception(
            "joined-with-spaces",
            "`decode` puts a space between the characters.",
            "`decode(encode(s))` is twice as long as `s`. Look at what stands before `.join`.",
            edits=(('"".join', '" ".join'),),
        ),
        Misconception(
            "decode-gives-a-list",
            "`decode` returns a list of characters, not a text.",
            "The characters are right; they are to be one `str`.",
            edits=(('"".join(self.symbols[i] for i in ids)', "[self.symbols[i] for i in ids]"),),
        ),
        Misconception(
            "ids-from-one",
            "The ids begin at 1.",
            "The last id is then `vocab_size`, and a table with `vocab_size` rows has no row for "
            "it.",
            edits=(
                ("enumerate(self.symbols)", "enumerate(self.symbols, 1)"),
                ("self.symbols[i]", "self.symbols[i - 1]"),
            ),
        ),
        Misconception(
            "unknown-skipped",
            "A character outside the vocabulary is skipped without a word.",
            "The text that comes back has lost characters, and nothing tells the caller.",
            edits=(("in s]", "in s if character in self._ids]"),),
        ),
        Misconception(
            "unknown-is-zero",
            "A character outside the vocabulary gets the id of another one.",
            "It decodes to a character that was not in the text, and nothing tells the caller. "
            "Look at what your lookup returns when it finds nothing.",
            edits=(("self._ids[character]", "self._ids.get(character, 0)"),),
        ),
        Misconception(
            "shared-between-tokenizers",
            "The vocabulary belongs to the class, not to each tokenizer.",
            "Making a second tokenizer changes the first one. Look at where the symbols are kept.",
            function=_SharedState,
        ),
        Misconception(
            "ascii-only",
            "Characters outside ASCII are dropped.",
            "Accents and emoji are missing from the vocabulary, so a text with them is refused.",
            edits=(("sorted(set(text))", "sorted(c for c in set(text) if ord(c) < 128)"),),
        ),
    ),
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
