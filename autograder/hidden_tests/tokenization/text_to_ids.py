"""3.1 text_to_ids, the first half of text and bytes."""

from functools import reduce

import numpy as np
import torch

from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.tokenization.text_to_ids_mistakes import MISCONCEPTIONS

# Of one, two, three and four bytes, in scripts old enough to be in every version of Unicode.
SCRIPTS = ("é", "ß", "ñ", "Ω", "ж", "ע", "ب", "١", "क", "猫", "한", "あ", "€", "😉", "𝄞", "🤖")
# The first and the last code points of each length.
BORDERS = ("\x00", "\x7f", "\x80", "\xff", "\u0100", "\u07ff", "\u0800", "\uffff", "\U00010000")


def _by_hand(s: str) -> list[int]:
    """By hand, from the code points."""
    ids: list[int] = []
    for character in s:
        point, tail = ord(character), []
        room = 0x80
        while point >= room:
            tail.append(0x80 | point & 0x3F)
            point >>= 6
            room = 0x20 if room == 0x80 else room >> 1
        lead = (0xFF00 >> len(tail) + 1) & 0xFF if tail else 0
        ids += [lead | point, *reversed(tail)]
    return ids


def _numpy(s: str) -> list[np.uint8]:
    return list(np.frombuffer(s.encode(), dtype=np.uint8))


def _characters(s: str) -> list[int]:
    return reduce(lambda ids, c: [*ids, *bytes(c, "utf8")], s, [])


def _tuple(s: str) -> tuple[int, ...]:
    return tuple(bytearray(s, encoding="utf-8"))


def _torch(s: str) -> list[int]:
    if not s:
        return []
    found: list[int] = torch.frombuffer(bytearray(s.encode("utf-8")), dtype=torch.uint8).tolist()
    return found


SCRIPT = "gives the bytes of every script"
WHOLE = "takes the text as it stands"

EXERCISE = Exercise(
    id="text_to_ids",
    chapter="03-tokenization",
    title="Text to bytes",
    reference="gpt2.tokenization.text_to_ids",
    probe="tokens.text_to_ids",
    minutes=4,
    difficulty=1,
    groups={SCRIPT: 2, WHOLE: 1},
    cases=(
        Case(
            "letters",
            SCRIPT,
            lambda d: {"s": d.text(12, "abcdefgh ,.") + "tokens"},
            tolerance=EXACT,
        ),
        Case(
            "accents",
            SCRIPT,
            lambda d: {"s": "".join(d.shuffled(["é", "ü", "ß", "ÿ", d.text(3), d.text(2)]))},
            tolerance=EXACT,
        ),
        Case(
            "many scripts",
            SCRIPT,
            lambda d: {"s": "".join(d.shuffled([*SCRIPTS, d.text(4), d.text(2, "é猫😉")]))},
            tolerance=EXACT,
        ),
        Case(
            "code points at the borders",
            SCRIPT,
            lambda d: {"s": "".join(d.shuffled([*BORDERS, d.text(1), "\U0010ffff"]))},
            tolerance=EXACT,
        ),
        Case(
            "white space and capitals",
            WHOLE,
            lambda d: {
                "s": f"\n {d.text(3)}\t\t{d.text(1, 'ABCD')}  {d.text(2)}\r\n{d.text(2)}\r \n"
            },
            tolerance=EXACT,
        ),
        Case(
            "accents in one character and in two",
            WHOLE,
            lambda d: {"s": "".join(d.shuffled(["é", "e\u0301", "Å", "ﬁ", "n\u0303", d.text(2)]))},
            tolerance=EXACT,
        ),
        Case("empty text", WHOLE, lambda d: {"s": ""}, tolerance=EXACT),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("by hand from code points", _by_hand),
        Variant("numpy's frombuffer, numbers of numpy", _numpy),
        Variant("character by character", _characters),
        Variant("a tuple of a bytearray", _tuple),
        Variant("torch's frombuffer", _torch),
    ),
    hints=(
        "What does `len` say of a text with one Chinese character, and how many bytes has it in "
        "a file?",
        "A `str` has a method that returns its bytes in an encoding of your choice.",
        'Look at `list(b"abc")`. Then do the same with what `s.encode("utf-8")` returns.',
    ),
)
