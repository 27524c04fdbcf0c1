"""Wrong answers to 3.1 text_to_ids, the commonest first."""

import numpy as np
import torch
from torch import Tensor

from autograder.exercise import Misconception

ENCODED = 'list(s.encode("utf-8"))'


def _tensor(s: str) -> Tensor:
    return torch.tensor(list(s.encode("utf-8")), dtype=torch.int64)


def _signed(s: str) -> list[int]:
    return [int(byte) for byte in np.frombuffer(s.encode("utf-8"), dtype=np.int8)]


def _three_bytes_at_most(s: str) -> list[int]:
    ids: list[int] = []
    for point in map(ord, s):
        if point < 0x80:
            ids.append(point)
        elif point < 0x800:
            ids += [0xC0 | point >> 6, 0x80 | point & 0x3F]
        else:
            ids += [0xE0 | point >> 12 & 0x0F, 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F]
    return ids


def _boundary_one_off(s: str) -> list[int]:
    ids: list[int] = []
    for character in s:
        point = ord(character)
        if point <= 0x80:
            ids.append(point)
        elif point <= 0x800:
            ids += [0xC0 | point >> 6 & 0x1F, 0x80 | point & 0x3F]
        else:
            ids += character.encode()
    return ids


MISCONCEPTIONS = (
    Misconception(
        "code-points",
        "The ids are code points, as `ord` gives them, and not bytes.",
        "They are right for plain English and go far beyond 255 for other scripts. Look at the "
        "id of one Chinese character.",
        edits=((ENCODED, "[ord(character) for character in s]"),),
    ),
    Misconception(
        "bytes-returned",
        "What comes back is a `bytes` object, not a list of ints.",
        "Its items are right, but it can be neither changed nor hold the id 256, which the "
        "first merge will need.",
        edits=((ENCODED, 's.encode("utf-8")'),),
    ),
    Misconception(
        "a-list-for-each-character",
        "Each character has a list of its own inside the list.",
        "`len` of the result is the number of characters. Asked for is one flat row of ids.",
        edits=((ENCODED, '[list(character.encode("utf-8")) for character in s]'),),
    ),
    Misconception(
        "utf-16",
        "The text is encoded as UTF-16, with a byte order mark in front.",
        "Every text begins with 255, 254, and every second byte of an English one is 0.",
        edits=(('"utf-8"', '"utf-16"'),),
    ),
    Misconception(
        "latin-1",
        "The text is encoded as Latin-1, which has 256 characters and no more.",
        "`é` is one byte there, and most scripts of the world cannot be written at all.",
        edits=(('"utf-8"', '"latin-1"'),),
    ),
    Misconception(
        "latin-1-with-question-marks",
        "The text is encoded as Latin-1, and a question mark stands for whatever that lacks.",
        "Different texts get the same ids, so the way back is lost. Look for the id 63.",
        edits=(('"utf-8"', '"latin-1", errors="replace"'),),
    ),
    Misconception(
        "ascii-ignored",
        "Characters outside ASCII are dropped.",
        "A Chinese text has no ids at all. How many ids does your function give for `é`?",
        edits=(('"utf-8"', '"ascii", errors="ignore"'),),
    ),
    Misconception(
        "ascii-question-marks",
        "A question mark stands for each character outside ASCII.",
        "Different texts get the same ids, so the way back is lost. Look for the id 63.",
        edits=(('"utf-8"', '"ascii", errors="replace"'),),
    ),
    Misconception(
        "ascii-strict",
        "The text is encoded as ASCII, which has 128 characters and no more.",
        "Any text with an accent in it raises an exception.",
        edits=(('"utf-8"', '"ascii"'),),
    ),
    Misconception(
        "code-points-modulo-256",
        "The ids are code points cut down to one byte.",
        "They are in range, but characters 256 apart share an id. UTF-8 spends more than one "
        "byte on such a character.",
        edits=((ENCODED, "[ord(character) % 256 for character in s]"),),
    ),
    Misconception(
        "utf-8-sig",
        "A byte order mark stands in front of every text.",
        "The first three ids are 239, 187, 191, whatever the text, even if it is empty.",
        edits=(('"utf-8"', '"utf-8-sig"'),),
    ),
    Misconception(
        "utf-16-without-a-mark",
        "The text is encoded as UTF-16.",
        "Every character has at least two bytes, and every second byte of an English text is 0.",
        edits=(('"utf-8"', '"utf-16-le"'),),
    ),
    Misconception(
        "utf-32",
        "The text is encoded as UTF-32.",
        "Every character has four bytes, and most of them are 0.",
        edits=(('"utf-8"', '"utf-32"'),),
    ),
    Misconception(
        "tensor-returned",
        "What comes back is a tensor, not a list of ints.",
        "The ids are right; the caller decides whether a tensor is made of them.",
        function=_tensor,
    ),
    Misconception(
        "places-in-a-vocabulary",
        "The ids are places in a list of the bytes that occur in this text.",
        "The same letter has another id in another text. Which ids does the contract name?",
        edits=((ENCODED, 'list(map(sorted(set(s.encode("utf-8"))).index, s.encode("utf-8")))'),),
    ),
    Misconception(
        "stripped",
        "White space at the ends of the text is stripped first.",
        "The text that comes back is shorter. A space and a new line are bytes like any other.",
        edits=(("s.encode", "s.strip().encode"),),
    ),
    Misconception(
        "white-space-joined",
        "Runs of white space become one space.",
        "Tabs, new lines and indentation are gone from the text that comes back.",
        edits=(("s.encode", '" ".join(s.split()).encode'),),
    ),
    Misconception(
        "lower-case",
        "The text is turned to lower case first.",
        "`A` and `a` get one id, so the way back is lost.",
        edits=(("s.encode", "s.lower().encode"),),
    ),
    Misconception(
        "composed",
        "The text is normalised first: a letter and its accent become one character.",
        "Two texts that differ get the same ids, so the way back is lost.",
        edits=(
            (
                "    return list(s.encode",
                '    import unicodedata\n    return list(unicodedata.normalize("NFC", s).encode',
            ),
        ),
    ),
    Misconception(
        "decomposed",
        "The text is normalised first: a letter with an accent becomes two characters.",
        "`é` gets three bytes. UTF-8 writes the text as it stands.",
        edits=(
            (
                "    return list(s.encode",
                '    import unicodedata\n    return list(unicodedata.normalize("NFD", s).encode',
            ),
        ),
    ),
    Misconception(
        "look-alikes-replaced",
        "The text is normalised first, and characters that look alike become one.",
        "The one character `ﬁ` becomes two letters. UTF-8 writes the text as it stands.",
        edits=(
            (
                "    return list(s.encode",
                '    import unicodedata\n    return list(unicodedata.normalize("NFKC", s).encode',
            ),
        ),
    ),
    Misconception(
        "new-lines-translated",
        "The two characters at the end of a line, `\\r\\n`, become one.",
        "Files from Windows come back otherwise than they went in.",
        edits=(("s.encode", r's.replace("\r\n", "\n").replace("\r", "\n").encode'),),
    ),
    Misconception(
        "new-lines-dropped",
        "The text is split into lines, and the new lines are lost.",
        "All lines run together on the way back. A new line is a byte like any other.",
        edits=(("s.encode", '"".join(s.splitlines()).encode'),),
    ),
    Misconception(
        "texts-of-bytes",
        "The ids are texts, such as hexadecimal numbers, and not ints.",
        "A table cannot be indexed with them. Look at the type of the first id.",
        edits=((ENCODED, '[format(byte, "02x") for byte in s.encode("utf-8")]'),),
    ),
    Misconception(
        "signed-bytes",
        "The bytes are read as signed numbers, from -128 to 127.",
        "Everything outside ASCII gets negative ids. Look at the dtype of your bytes.",
        function=_signed,
    ),
    Misconception(
        "three-bytes-at-most",
        "A character has three bytes at most.",
        "Emoji lie beyond the first 65,536 code points and need one byte more.",
        function=_three_bytes_at_most,
    ),
    Misconception(
        "boundary-one-off",
        "The code points 128 and 2048 get one byte too few.",
        "Look at the last code point that fits into one byte, and into two.",
        function=_boundary_one_off,
    ),
    Misconception(
        "repeats-dropped",
        "Each byte appears once, however often it occurs.",
        "The result is a vocabulary, not a text. As many ids as bytes are asked for.",
        edits=((ENCODED, 'sorted(set(s.encode("utf-8")))'),),
    ),
    Misconception(
        "ends-with-zero",
        "A 0 stands behind the last byte.",
        "It is one id more than the text has bytes.",
        edits=((ENCODED, '[*s.encode("utf-8"), 0]'),),
    ),
    Misconception(
        "ids-from-one",
        "Each id is its byte plus 1.",
        "The id 256 occurs, and 0 does not. Look at the id of `a`.",
        edits=((ENCODED, '[byte + 1 for byte in s.encode("utf-8")]'),),
    ),
)
