"""3.4 pretokenize."""

from typing import Any

import regex

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.tokenization.pretokenize_mistakes import GPT2, MISCONCEPTIONS


def _compiled(text: str, pattern: str = GPT2) -> list[str]:
    compiled = regex.compile(pattern)
    return [match[0] for match in compiled.finditer(text)]


def _findall(text: str, pattern: str = GPT2) -> list[str]:
    """Uses `findall` where it returns whole matches."""
    compiled = regex.compile(pattern)
    if compiled.groups == 0:
        return regex.findall(compiled, text)
    return [text[slice(*match.span())] for match in regex.finditer(compiled, text)]


def _search(text: str, pattern: str = GPT2) -> tuple[str, ...]:
    pieces, position = [], 0
    found = regex.search(pattern, text)
    while found:
        pieces.append(found.group(0))
        position = found.end()
        found = regex.compile(pattern).search(text, position)
    return tuple(pieces)


def _replacing(text: str, pattern: str = GPT2) -> list[str]:
    pieces: list[str] = []

    def keep(match: Any) -> str:
        pieces.append(match.group())
        return ""

    regex.sub(pattern, keep, text)
    return pieces


def _scripts(d: Draw) -> str:
    """Return words and numbers of several scripts, and signs, with what tells classes apart."""
    words = ["née", "Ωμέγα", "жук", "猫は", "한국어", "שלום", "x²", "١٢", "Ⅷ", "12½", "y³!"]
    words += ["e\u0301te\u0301", "a_b", "ab12cd", "😉🤖", "हिन्दी", d.text(3) + "٣"]
    return " ".join(d.shuffled(words)) + " née x²"


def _white_space(d: Draw) -> str:
    """Return runs of spaces, tabs and new lines, before words, signs and at the ends."""
    runs = ["   ", "\n\n", "\t\t", " \n ", "\r\n", "\n    ", "\u00a0", "  ", "\t"]
    text = "".join(d.text(2) + run for run in d.shuffled(runs))
    return f" \n{text}{d.text(2)}   ,  9  {d.text(3)}\n\n{d.text(1)} \n  "


def _contractions(d: Draw) -> str:
    """Return contractions in small letters, in capitals, with a curly quote, and within words."""
    words = ["I'll", "I'LL", "we're", "don't", "don’t", "she's", "SHE'S", "'tis", "you've", "I'm"]
    return " ".join(d.shuffled([*words, "he'd", "rock'n'roll", "it's '" + d.text(3) + "'"]))


LIKE = "cuts as GPT-2 does"
SCRIPTS = "knows the letters and numbers of all scripts"
OTHER = "takes another pattern"

EXERCISE = Exercise(
    id="pretokenize",
    chapter="03-tokenization",
    title="Cut a text into pieces",
    reference="gpt2.bpe.pretokenize",
    probe="tokens.pretokenize",
    minutes=8,
    difficulty=2,
    groups={LIKE: 2, SCRIPTS: 1, OTHER: 1},
    cases=(
        Case("contractions", LIKE, lambda d: {"text": _contractions(d)}, tolerance=EXACT),
        Case("white space", LIKE, lambda d: {"text": _white_space(d)}, tolerance=EXACT),
        Case(
            "numbers and signs",
            LIKE,
            lambda d: {
                "text": f"{d.integer(10_000, 99_999)}, (12345678901) {d.text(2)}-{d.text(3)}... "
                f"$3.{d.integer(1000, 9999)}!? {d.text(2)}{d.integer(10, 99)} "
                f"the {d.text(3)} the <|endoftext|>\n"
            },
            tolerance=EXACT,
        ),
        Case("no text", LIKE, lambda d: {"text": ""}, tolerance=EXACT),
        Case("many scripts", SCRIPTS, lambda d: {"text": _scripts(d)}, tolerance=EXACT),
        Case(
            "a pattern that leaves parts out",
            OTHER,
            lambda d: {
                "text": f"{d.text(2)} {d.integer(10, 999)} {d.text(3)}-{d.integer(1000, 9999)}, 7.",
                "pattern": r"\d+",
            },
            tolerance=EXACT,
        ),
        Case(
            "groups in the pattern",
            OTHER,
            lambda d: {
                "text": f"{d.text(3)}={d.integer(1, 99)}; {d.text(2)}={d.text(2)}; aab",
                "pattern": r"(\w+)(=)\w+|(?<end>;) ?",
                "by_name": True,
            },
            tolerance=EXACT,
        ),
        Case(
            "a pattern that looks back",
            OTHER,
            lambda d: {
                "text": f"{d.text(3)} {d.text(4)}, {d.text(2)}",
                "pattern": r"(?<!\w)\w",
            },
            tolerance=EXACT,
        ),
        Case(
            "a group that is referred to",
            OTHER,
            lambda d: {
                "text": " ".join(d.shuffled(["book", "aardvark", "tree", "ant", "glass"])),
                "pattern": r"(\w)\1",
            },
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("a compiled pattern, item 0", _compiled),
        Variant("findall where there are no groups", _findall),
        Variant("search from the end of the last match", _search),
        Variant("sub that keeps what it replaces", _replacing),
    ),
    hints=(
        "Which of the two packages knows `\\p{L}`? And what does it return if the pattern has "
        "groups?",
        "`regex.finditer(pattern, text)` yields match objects from left to right.",
        "Ask each match for its whole text with `.group()`, which does not care about the groups "
        "inside, and collect these in a list.",
    ),
)
