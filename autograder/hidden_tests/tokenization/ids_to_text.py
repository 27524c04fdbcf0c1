"""3.1 ids_to_text, the second half of text and bytes."""

import numpy as np
import torch

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.tokenization.ids_to_text_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.tokenization.text_to_ids import BORDERS, SCRIPTS

# No UTF-8: bytes that none has, a byte 0 written long, half a surrogate pair, beyond the last
# code point, a tail without a lead, leads without a tail.
NEVER = ([0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80, 0x81], [0xC3])


def _numpy(ids: list[int]) -> str:
    return str(np.array(ids, dtype=np.uint8).tobytes(), "utf-8", "replace")


def _torch(ids: list[int]) -> str:
    return bytes(torch.tensor(ids, dtype=torch.uint8).tolist()).decode(errors="replace")


def _joined(ids: list[int]) -> str:
    vocab = {i: bytes([i]) for i in range(256)}
    return b"".join(vocab[i] for i in ids).decode("utf-8", errors="replace")


def _by_errors(ids: list[int]) -> str:
    """Decodes strictly up to each error and goes on behind it."""
    rest, text = bytes(ids), ""
    while rest:
        try:
            return text + rest.decode()
        except UnicodeDecodeError as error:
            text += rest[: error.start].decode() + "\N{REPLACEMENT CHARACTER}"
            rest = rest[error.end :]
    return text


def _cut(d: Draw) -> list[int]:
    """Return a text that ends in the middle of a character, after a good one of its kind."""
    character = d.text(1, "猫한あ") if d.integer(0, 2) else d.text(1, "😉🤖")
    return list((d.text(4) + "é" + character * 2).encode())[:-1]


def _broken(d: Draw) -> list[int]:
    """Return good text with all kinds of bad bytes between, two of them side by side."""
    ids = list(d.text(2).encode())
    for i in d.permutation(len(NEVER)).tolist():
        ids += [*NEVER[i], *d.text(2, "abcdefghé").encode()]
    ids += [0xFE, 0xFF, *d.text(2).encode()]
    for emoji in d.shuffled(["🤖", "😉"]):
        ids += [*emoji.encode()[:3], *d.text(2).encode()]
    return ids


BACK = "gets back the text that went in"
NO_TEXT = "reads bytes that are no text"

EXERCISE = Exercise(
    id="ids_to_text",
    chapter="03-tokenization",
    title="Bytes to text",
    reference="gpt2.tokenization.ids_to_text",
    probe="tokens.ids_to_text",
    minutes=6,
    difficulty=2,
    groups={BACK: 1, NO_TEXT: 2},
    cases=(
        Case(
            "many scripts",
            BACK,
            lambda d: {
                "ids": list("".join(d.shuffled([*SCRIPTS, d.text(4), "é", "e\u0301"])).encode())
            },
            tolerance=EXACT,
        ),
        Case(
            "code points at the borders",
            BACK,
            lambda d: {
                "ids": list(
                    "".join(["\ufeff", *d.shuffled([*BORDERS, "\ufffd", d.text(2)]), "\0"]).encode()
                )
            },
            tolerance=EXACT,
        ),
        Case(
            "white space",
            BACK,
            lambda d: {
                "ids": list(f"\n {d.text(3)}\t\t{d.text(2)}  \r\n{d.text(2)}\r \n".encode())
            },
            tolerance=EXACT,
        ),
        Case("no ids", BACK, lambda d: {"ids": []}, tolerance=EXACT),
        Case("a character cut off", NO_TEXT, lambda d: {"ids": _cut(d)}, tolerance=EXACT),
        Case("bad bytes in the middle", NO_TEXT, lambda d: {"ids": _broken(d)}, tolerance=EXACT),
        Case(
            "half a surrogate pair",
            NO_TEXT,
            lambda d: {
                "ids": [*d.text(2).encode(), 0xED, d.integer(0xA0, 0xC0), d.integer(0x80, 0xC0)]
            },
            tolerance=EXACT,
        ),
        Case(
            "bad bytes alone",
            NO_TEXT,
            lambda d: {"ids": d.integers(128, 192, 3).tolist()},
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("str of numpy's bytes", _numpy),
        Variant("torch's uint8", _torch),
        Variant("a vocabulary of 256 bytes, joined", _joined),
        Variant("from error to error", _by_errors),
        Variant("a bytearray", edits=(("bytes(ids).decode", "bytearray(ids).decode"),)),
    ),
    hints=(
        "A character may need several of the ids. So what has to happen before anything is "
        "decoded?",
        "`bytes` makes one bytes object of a list of ints, and `decode` reads it. What does it "
        "do with `bytes([110, 195])`?",
        "`decode` takes an encoding and an argument `errors`. Its default raises; the page of "
        "`bytes.decode` in Python's documentation lists the others.",
    ),
)
