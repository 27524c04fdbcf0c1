"""Wrong answers to 3.4 pretokenize, the commonest first. The rarer ones have their own file."""

import re

import regex

from autograder.exercise import Misconception
from autograder.hidden_tests.tokenization.bpe_texts import GPT4_PATTERN
from autograder.hidden_tests.tokenization.pretokenize_rare_mistakes import RARE

# The constant of the notebook stands above the learner's cell; a mistake brings its own.
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
FIND = "[match.group() for match in regex.finditer(pattern, text)]"
DEFAULT = "pattern: str = GPT2_PATTERN"


def _standard_library(text: str, pattern: str = GPT2) -> list[str]:
    return [match.group() for match in re.finditer(pattern, text)]


def _ascii(text: str, pattern: str | None = None) -> list[str]:
    if pattern is None:
        pattern = r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+"
    return [match.group() for match in regex.finditer(pattern, text)]


def _letters_of_re(text: str, pattern: str | None = None) -> list[str]:
    if pattern is None:
        pattern = r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+"
    return [match.group() for match in re.finditer(pattern, text)]


def _words_of_re(text: str, pattern: str | None = None) -> list[str]:
    if pattern is None:
        pattern = r"'s|'t|'re|'ve|'m|'ll|'d| ?\w+| ?\d+| ?[^\s\w]+|\s+(?!\S)|\s+"
    return [match.group() for match in re.finditer(pattern, text)]


def _gpt4(text: str, pattern: str | None = None) -> list[str]:
    return [match.group() for match in regex.finditer(pattern or GPT4_PATTERN, text)]


def _default(*changes: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the edit that gives the function another pattern by default."""
    changed = GPT2
    for old, new in changes:
        assert changed.count(old) == 1, old
        changed = changed.replace(old, new)
    return ((DEFAULT, f"pattern: str = {changed!r}"),)


MISCONCEPTIONS = (
    Misconception(
        "standard-library",
        "The pattern is given to the standard library's `re`, which cannot read it.",
        "It raises an exception at `\\p`. Look at which of the two packages you call.",
        function=_standard_library,
    ),
    Misconception(
        "groups-only",
        "`findall` returns the groups of a pattern and not the whole matches, if it has groups.",
        "With `(a)(b)` you get pairs. The same call is right for a pattern without groups.",
        edits=((FIND, "regex.findall(pattern, text)"),),
    ),
    Misconception(
        "pattern-ignored",
        "`pattern` is ignored: the text is always cut as GPT-2 does it.",
        "Another pattern gives the same pieces. Look at which name you pass on.",
        edits=(("finditer(pattern,", "finditer(GPT2_PATTERN,"),),
    ),
    Misconception(
        "ascii-letters",
        "Only the 26 letters of English and their capitals are letters.",
        "`née` falls into three pieces, and other scripts are taken for punctuation.",
        function=_ascii,
    ),
    Misconception(
        "letters-of-re",
        "The pattern is rewritten for `re` with `\\d` and what is left of `\\w`.",
        "`\\d` knows digits only: `x²` stays in one piece. Compare what `\\p{N}` matches.",
        function=_letters_of_re,
    ),
    Misconception(
        "words-of-re",
        "The pattern is rewritten for `re` with `\\w`, which matches letters, digits and `_`.",
        "`abc123` and `a_b` stay in one piece.",
        function=_words_of_re,
    ),
    Misconception(
        "gpt-4",
        "The text is cut as GPT-4 does it.",
        "Numbers are cut after three digits, `'LL` is cut off like `'ll`, and a tab goes with "
        "the word behind it.",
        function=_gpt4,
    ),
    Misconception(
        "split-at-white-space",
        "The text is split at white space.",
        "The spaces are lost, and punctuation sticks to the words.",
        edits=((FIND, "text.split()"),),
    ),
    Misconception(
        "split-at-matches",
        "The text is split where the pattern matches.",
        "What the pattern finds is thrown away, and what lies between is kept.",
        edits=((FIND, "regex.split(pattern, text)"),),
    ),
    Misconception(
        "stripped",
        "White space is stripped from the pieces.",
        "`hello` and ` hello` are two pieces in GPT-2, and the text cannot be joined again.",
        edits=(("match.group() for", "match.group().strip() for"),),
    ),
    Misconception(
        "white-space-dropped",
        "Pieces of white space are left out.",
        "New lines and indentation are gone when the pieces are joined.",
        edits=(("finditer(pattern, text)]", "finditer(pattern, text) if match.group().strip()]"),),
    ),
    Misconception(
        "ends-stripped",
        "White space at the ends of the text is stripped first.",
        "The pieces no longer join to the text.",
        edits=(("pattern, text)]", "pattern, text.strip())]"),),
    ),
    Misconception(
        "first-match-only",
        "Only the first match is returned.",
        "The text has as many pieces as there are matches. Look at what your call searches for.",
        edits=(("finditer(pattern, text)]", "finditer(pattern, text)][:1]"),),
    ),
    Misconception(
        "runs-of-spaces",
        "A run of spaces before a word is one piece, and the word has none of them.",
        "In GPT-2 the last space of a run belongs to the word. Look at the part of the pattern "
        "that looks ahead.",
        edits=_default((r"\s+(?!\S)|", "")),
    ),
    Misconception(
        "all-spaces-with-the-word",
        "All spaces before a word belong to it.",
        "In GPT-2 it is one space at most. Look at the sign behind the space in the pattern.",
        edits=_default((r" ?\p{L}+", r" *\p{L}+")),
    ),
    Misconception(
        "capitals-alike",
        "The pattern is matched without regard to capitals.",
        "`I'LL` is cut like `I'll`, and GPT-2 does not do that.",
        edits=(("finditer(pattern, text)", "finditer(pattern, text, regex.IGNORECASE)"),),
    ),
    Misconception(
        "lower-case",
        "The text is turned to lower case.",
        "The pieces no longer join to the text.",
        edits=(("pattern, text)]", "pattern, text.lower())]"),),
    ),
    Misconception(
        "bytes-returned",
        "The pieces are bytes and not texts.",
        "The step from text to bytes comes later, and not every use of the pieces wants it.",
        edits=(("match.group() for", 'match.group().encode("utf-8") for'),),
    ),
    *RARE,
)
