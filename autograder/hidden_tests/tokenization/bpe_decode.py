"""3.8 bpe_decode."""

import io
from collections.abc import Iterable
from functools import reduce
from itertools import chain
from typing import Any

import numpy as np

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.tokenization.bpe_decode_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.tokenization.bpe_texts import decoding_cases

Vocab = dict[int, bytes]


def _growing(ids: Iterable[int], vocab: Vocab) -> str:
    joined = bytearray()
    for i in ids:
        joined.extend(vocab[i])
    return str(bytes(joined), "utf-8", "replace")


def _stream(ids: Iterable[int], vocab: Vocab) -> str:
    """Read the bytes as a file of text."""
    file = io.BytesIO()
    file.writelines(vocab[i] for i in ids)
    file.seek(0)
    return io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="").read()


def _numbers(ids: Iterable[int], vocab: Vocab) -> str:
    numbers = np.array(list(chain.from_iterable(vocab[i] for i in ids)), dtype=np.uint8)
    return numbers.tobytes().decode(errors="replace")


def _buffer(ids: Iterable[int], vocab: Vocab) -> str:
    file = io.BytesIO()
    for i in list(ids):
        if i not in vocab:
            raise ValueError(f"there is no token {i}")
        file.write(vocab[i])
    return str(file.getbuffer(), "utf-8", "replace")


def _sum(ids: Iterable[int], vocab: Vocab) -> str:
    return reduce(lambda joined, i: joined + vocab[i], ids, b"").decode("utf-8", "replace")


JOIN = "joins the bytes of all tokens before it decodes them"
BROKEN = "marks what is no UTF-8 by U+FFFD"
LOOK_UP = "looks every id up in the vocabulary"


def _unknown(d: Draw, offset: int) -> dict[str, Any]:
    ids = d.permutation(256) + 3
    return {"given": [40, 50, int(ids.max() + offset), 60], "ids": ids, "tokens": []}


EXERCISE = Exercise(
    id="bpe_decode",
    chapter="03-tokenization",
    title="From ids to text",
    reference="gpt2.bpe_tokenizer.bpe_decode",
    probe="bpe.bpe_decode",
    minutes=10,
    difficulty=2,
    groups={JOIN: 1, BROKEN: 1, LOOK_UP: 1},
    cases=(
        *(
            Case(name, group, inputs, tolerance=EXACT)
            for name, group, inputs in decoding_cases(JOIN, BROKEN, LOOK_UP)
        ),
        Case(
            "an id above all others",
            LOOK_UP,
            lambda d: _unknown(d, 1),
            probe="bpe.unknown_id",
            tolerance=EXACT,
        ),
        Case(
            "a negative id",
            LOOK_UP,
            lambda d: _unknown(d, 0) | {"given": [40, -d.integer(1, 9), 60]},
            probe="bpe.unknown_id",
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("a bytearray that grows", _growing),
        Variant("a file of text", _stream),
        Variant("numbers in numpy", _numbers),
        Variant("a file in memory", _buffer),
        Variant("a sum of bytes", _sum),
    ),
    hints=(
        "What does a token hold: text, or bytes? May a character begin in one token and end in "
        "the next?",
        "Look each id up, join all the bytes, and decode once at the end.",
        '`b"".join(...)` takes a generator over the ids. `bytes.decode` has an argument `errors`; '
        'one of its values, "replace", puts U+FFFD where the bytes are no UTF-8.',
    ),
)
