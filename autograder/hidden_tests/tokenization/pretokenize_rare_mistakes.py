"""Rarer wrong answers to 3.4 pretokenize."""

import re

import regex

from autograder.exercise import Misconception

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
FIND = "[match.group() for match in regex.finditer(pattern, text)]"
DEFAULT = "pattern: str = GPT2_PATTERN"
TEXT = "pattern, text)]"


def _ends_at_the_first_gap(text: str, pattern: str = GPT2) -> list[str]:
    pieces, position = [], 0
    while found := regex.compile(pattern).match(text, position):
        pieces.append(found.group())
        position = found.end()
    return pieces


def _text_cut_off(text: str, pattern: str = GPT2) -> list[str]:
    pieces = []
    while found := regex.search(pattern, text):
        pieces.append(found.group())
        text = text[found.end() :]
    return pieces


def _underscores_lost(text: str, pattern: str | None = None) -> list[str]:
    if pattern is None:
        pattern = r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?\d+| ?[^\s\w]+|\s+(?!\S)|\s+"
    return [match.group() for match in re.finditer(pattern, text)]


RARE = (
    Misconception(
        "wrapped-in-a-group",
        "The pattern is put into a group of its own, which moves the numbers of its other groups.",
        "A pattern that refers to a group by number, as `(.)\\1` does, finds something else.",
        edits=((FIND, '[m.group() for m in regex.finditer(f"({pattern})", text)]'),),
    ),
    Misconception(
        "underscores-lost",
        "The pattern is rewritten for `re`, and no part of it matches `_`.",
        "The pieces of `a_b` do not join to the text. To which of the three runs does `_` belong?",
        function=_underscores_lost,
    ),
    Misconception(
        "last-new-line-lost",
        "New lines at the very end of the text are taken away.",
        "The pieces no longer join to the text. Is a new line a piece too?",
        edits=((TEXT, 'pattern, text.rstrip("\\n"))]'),),
    ),
    Misconception(
        "space-in-front",
        "A space is put in front of the text.",
        "The first word looks like one from the middle of a sentence. Some later tokenizers do "
        "so; GPT-2's does not.",
        edits=((TEXT, 'pattern, " " + text)]'),),
    ),
    Misconception(
        "text-cut-off",
        "The text is cut off behind each match, and the rest is searched as if it were a text.",
        "A pattern may look back at what stands before a match, and then finds nothing there.",
        function=_text_cut_off,
    ),
    Misconception(
        "first-group",
        "The first group of each match is returned.",
        "The rest of the match is lost. Look at what `group` returns for each number.",
        edits=(
            (
                "match.group() for",
                "match.group(min(1, match.re.groups)) for",
            ),
        ),
    ),
    Misconception(
        "what-lies-between-kept",
        "What lies between the matches is returned too.",
        "A pattern may leave parts of the text out. Only its matches are pieces.",
        edits=((FIND, '[p for p in regex.splititer(f"({pattern})", text) if p]'),),
    ),
    Misconception(
        "space-behind",
        "The space goes with the word before it.",
        "GPT-2's pieces begin with a space; they do not end with one.",
        edits=(
            (
                DEFAULT,
                "pattern: str = "
                r"""r"'s|'t|'re|'ve|'m|'ll|'d|\p{L}+ ?|\p{N}+ ?|[^\s\p{L}\p{N}]+ ?|\s+" """,
            ),
        ),
    ),
    Misconception(
        "spaces-alone",
        "Each word's space is a piece of its own.",
        "GPT-2 keeps one space with the word behind it.",
        edits=((DEFAULT, "pattern: str = GPT2_PATTERN.replace(' ?', '')"),),
    ),
    Misconception(
        "no-contractions",
        "Contractions are cut at the apostrophe alone.",
        "`I'll` gives three pieces. Look at the first parts of the pattern.",
        edits=((DEFAULT, 'pattern: str = GPT2_PATTERN.split("\'d|")[1]'),),
    ),
    Misconception(
        "digits-in-threes",
        "Numbers are cut after three digits.",
        "Later models do so; GPT-2 keeps a number whole.",
        edits=((DEFAULT, r'pattern: str = GPT2_PATTERN.replace(r" ?\p{N}+", r" ?\p{N}{1,3}")'),),
    ),
    Misconception(
        "digits-alone",
        "Every digit is a piece.",
        "Later models do so; GPT-2 keeps a number whole.",
        edits=((DEFAULT, r'pattern: str = GPT2_PATTERN.replace(r" ?\p{N}+", r" ?\p{N}")'),),
    ),
    Misconception(
        "digits-only",
        "Only digits are numbers.",
        "`²`, `½` and Roman numerals are taken for signs. Compare what `\\p{N}` matches.",
        edits=((DEFAULT, r'pattern: str = GPT2_PATTERN.replace(r"\p{N}", r"\p{Nd}")'),),
    ),
    Misconception(
        "marks-are-letters",
        "Accents that are characters of their own belong to the letters.",
        "Later models do so; in GPT-2 such an accent ends the word.",
        edits=((DEFAULT, r'pattern: str = GPT2_PATTERN.replace(r" ?\p{L}+", r" ?[\p{L}\p{M}]+")'),),
    ),
    Misconception(
        "groups-joined",
        "`findall` returns tuples of groups, which are joined.",
        "What a match has outside of its groups is lost.",
        edits=((FIND, '["".join(found) for found in regex.findall(pattern, text)]'),),
    ),
    Misconception(
        "letters-and-digits-together",
        "Letters and digits are matched by one part of the pattern.",
        "`abc123` stays in one piece. In GPT-2 it falls into two.",
        edits=(
            (
                DEFAULT,
                r'pattern: str = GPT2_PATTERN.replace(r" ?\p{L}+| ?\p{N}+", r" ?[\p{L}\p{N}]+")',
            ),
        ),
    ),
    Misconception(
        "line-by-line",
        "The text is cut into lines first, and their ends are lost.",
        "New lines are gone when the pieces are joined.",
        edits=(
            (
                "for match in regex.finditer(pattern, text)]",
                "for line in text.splitlines() for match in regex.finditer(pattern, line)]",
            ),
        ),
    ),
    Misconception(
        "lines-kept-apart",
        "The text is cut into lines first, so no piece reaches over the end of a line.",
        "Two new lines in a row are one piece in GPT-2.",
        edits=(
            (
                "for match in regex.finditer(pattern, text)]",
                "for line in text.splitlines(True) for match in regex.finditer(pattern, line)]",
            ),
        ),
    ),
    Misconception(
        "repeats-dropped",
        "A piece that occurs again is left out.",
        "The pieces no longer join to the text. Counting them is the next step.",
        edits=((FIND, f"list(dict.fromkeys({FIND}))"),),
    ),
    Misconception(
        "straight-apostrophes",
        "Curly apostrophes are made straight first.",
        "The pieces no longer join to the text, and GPT-2 cuts at a curly one in another way.",
        edits=((TEXT, 'pattern, text.replace("\\u2019", "\'"))]'),),
    ),
    Misconception(
        "composed",
        "The text is normalised first.",
        "The pieces no longer join to the text: a letter and its accent have become one.",
        edits=(
            ("    return [match", "    import unicodedata\n\n    return [match"),
            (TEXT, 'pattern, unicodedata.normalize("NFC", text))]'),
        ),
    ),
    Misconception(
        "overlapping",
        "Matches that overlap are all returned.",
        "Most of the text comes several times. The next match begins where the last one ended.",
        edits=((TEXT, "pattern, text, overlapped=True)]"),),
    ),
    Misconception(
        "spaces-of-the-pattern-ignored",
        "The spaces in the pattern are ignored.",
        "They belong to it. Look at the flags that you pass.",
        edits=(("finditer(pattern, text)", 'finditer("(?x)" + pattern.replace(" ?", ""), text)'),),
    ),
    Misconception(
        "ends-at-the-first-gap",
        "The search ends at the first place where the pattern does not match.",
        "A pattern may leave parts of the text out, and the matches behind them count too.",
        function=_ends_at_the_first_gap,
    ),
)
