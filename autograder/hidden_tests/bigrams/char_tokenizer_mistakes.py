"""Wrong answers to 2.1 CharTokenizer, the commonest first."""

import torch
from torch import Tensor

from autograder.exercise import Misconception


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


MISCONCEPTIONS = (
    Misconception(
        "order-of-appearance",
        "The ids follow the order in which characters first appear in the text.",
        "The same characters get other ids as soon as the text begins differently. Look at "
        "the order that the contract asks for.",
        edits=(("sorted(set(text))", "list(dict.fromkeys(text))"),),
    ),
    Misconception(
        "unsorted-set",
        "The ids follow the order of a `set`, which Python leaves open.",
        "The hashes of strings change from one Python process to the next, so a model trained "
        "today reads other characters tomorrow. Start Python twice and print your vocabulary.",
        function=_UnsortedSet,
    ),
    Misconception(
        "unknown-is-zero",
        "A character outside the vocabulary gets the id of another one.",
        "It decodes to a character that was not in the text, and nothing tells the caller. "
        "Look at what your lookup returns when it finds nothing.",
        edits=(("self._ids[character]", "self._ids.get(character, 0)"),),
    ),
    Misconception(
        "unknown-skipped",
        "A character outside the vocabulary is skipped without a word.",
        "The text that comes back has lost characters, and nothing tells the caller.",
        edits=(("in s]", "in s if character in self._ids]"),),
    ),
    Misconception(
        "encode-gives-a-tensor",
        "`encode` returns a tensor, not a list of ints.",
        "The ids are right; the caller decides whether a tensor is made of them.",
        function=_GivesTensors,
    ),
    Misconception(
        "decode-gives-a-list",
        "`decode` returns a list of characters, not a text.",
        "The characters are right; they are to be one `str`.",
        edits=(('"".join(self.symbols[i] for i in ids)', "[self.symbols[i] for i in ids]"),),
    ),
    Misconception(
        "vocabulary-stripped",
        "White space at the ends of the text is stripped before the vocabulary is made.",
        "A character that stands nowhere else, such as the last new line, then has no id.",
        edits=(("sorted(set(text))", "sorted(set(text.strip()))"),),
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
        "shared-between-tokenizers",
        "The vocabulary belongs to the class, not to each tokenizer.",
        "Making a second tokenizer changes the first one. Look at where the symbols are kept.",
        function=_SharedState,
    ),
    Misconception(
        "ids-from-one",
        "The ids begin at 1.",
        "The last id is then `vocab_size`, and a table with `vocab_size` rows has no row for it.",
        edits=(
            ("enumerate(self.symbols)", "enumerate(self.symbols, 1)"),
            ("self.symbols[i]", "self.symbols[i - 1]"),
        ),
    ),
    Misconception(
        "new-lines-dropped",
        "The text is split into lines, and the new lines are lost.",
        "They have no id, so a text of several lines cannot be encoded. A new line is a character "
        "like any other.",
        edits=(("sorted(set(text))", 'sorted(set("".join(text.splitlines())))'),),
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
        "decode-strips",
        "`decode` strips white space from the ends of the text.",
        "The text that comes back is shorter than the one that went in.",
        edits=(("for i in ids)", "for i in ids).strip()"),),
    ),
    Misconception(
        "joined-with-spaces",
        "`decode` puts a space between the characters.",
        "`decode(encode(s))` is twice as long as `s`. Look at what stands before `.join`.",
        edits=(('"".join', '" ".join'),),
    ),
    Misconception(
        "largest-id-for-size",
        "`vocab_size` is the largest id.",
        "The ids begin at 0, so there is one more of them.",
        edits=(("self.vocab_size = len(self.symbols)", "self.vocab_size = len(self.symbols) - 1"),),
    ),
    Misconception(
        "repeats-kept",
        "A character that appears twice in the text is in the vocabulary twice.",
        "`vocab_size` is the length of the text. How many different characters are there?",
        edits=(("sorted(set(text))", "sorted(text)"),),
    ),
    Misconception(
        "by-frequency",
        "The ids follow how often the characters occur, the most frequent first.",
        "Another text gives the same characters other ids. Look at the order that the "
        "contract asks for.",
        edits=(("sorted(set(text))", "sorted(dict.fromkeys(text), key=text.count, reverse=True)"),),
    ),
    Misconception(
        "order-without-case",
        "The characters are sorted as if all were lower case.",
        "`a` and `A` then share a place, and what decides between them is the order of a `set`. "
        "Look at what `sorted` does by itself.",
        edits=(("sorted(set(text))", "sorted(set(text), key=str.lower)"),),
    ),
    Misconception(
        "descending",
        "The characters are sorted from the largest code point down.",
        "The first id goes to the last character. Look at what `sorted` does by itself.",
        edits=(("sorted(set(text))", "sorted(set(text), reverse=True)"),),
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
        "ascii-only",
        "Characters outside ASCII are dropped.",
        "Accents and emoji are missing from the vocabulary, so a text with them is refused.",
        edits=(("sorted(set(text))", "sorted(c for c in set(text) if ord(c) < 128)"),),
    ),
)
