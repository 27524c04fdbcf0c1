"""Wrong ways to decode, of the function and of the class alike, the commonest first."""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

__all__ = ["DECODERS", "Decoder", "WrongDecoder"]

Vocab = dict[int, bytes]
Decoder = Callable[[Any, Vocab], Any]


class WrongDecoder(NamedTuple):
    """A mistake that both exercises keep."""

    name: str
    what: str
    look: str
    decode: Decoder


def _join(ids: Iterable[int], vocab: Vocab) -> bytes:
    return b"".join([vocab[i] for i in ids])


def _text(ids: Iterable[int], vocab: Vocab) -> str:
    return _join(ids, vocab).decode("utf-8", errors="replace")


def _each_alone(ids: Iterable[int], vocab: Vocab) -> str:
    return "".join(vocab[i].decode("utf-8", errors="replace") for i in ids)


def _each_alone_ignoring(ids: Iterable[int], vocab: Vocab) -> str:
    return "".join(vocab[i].decode("utf-8", errors="ignore") for i in ids)


def _strict(ids: Iterable[int], vocab: Vocab) -> str:
    return _join(ids, vocab).decode("utf-8")


def _ignoring(ids: Iterable[int], vocab: Vocab) -> str:
    return _join(ids, vocab).decode("utf-8", errors="ignore")


def _latin(ids: Iterable[int], vocab: Vocab) -> str:
    return "".join(chr(byte) for byte in _join(ids, vocab))


def _backslashes(ids: Iterable[int], vocab: Vocab) -> str:
    return _join(ids, vocab).decode("utf-8", errors="backslashreplace")


def _skips(ids: Iterable[int], vocab: Vocab) -> str:
    return _text([i for i in ids if i in vocab], vocab)


def _marks(ids: Iterable[int], vocab: Vocab) -> str:
    joined = b"".join(vocab.get(i, "\ufffd".encode()) for i in ids)
    return joined.decode("utf-8", errors="replace")


def _bytes(ids: Iterable[int], vocab: Vocab) -> bytes:
    return _join(ids, vocab)


def _list(ids: Iterable[int], vocab: Vocab) -> list[str]:
    return [vocab[i].decode("utf-8", errors="replace") for i in ids]


def _bytes_are_ids(ids: Iterable[int], vocab: Vocab) -> str:
    joined = b"".join(bytes([i]) if 0 <= i < 256 else vocab[i] for i in ids)
    return joined.decode("utf-8", errors="replace")


def _by_place(ids: Iterable[int], vocab: Vocab) -> str:
    tokens = list(vocab.values())
    return b"".join(tokens[i] for i in ids).decode("utf-8", errors="replace")


def _spaced(ids: Iterable[int], vocab: Vocab) -> str:
    return b" ".join(vocab[i] for i in ids).decode("utf-8", errors="replace")


def _stripped(ids: Iterable[int], vocab: Vocab) -> str:
    return _text(ids, vocab).strip()


def _list_wanted(ids: Any, vocab: Vocab) -> str:
    tokens = [vocab[ids[k]] for k in range(len(ids))]
    return b"".join(tokens).decode("utf-8", errors="replace")


def _read_twice(ids: Any, vocab: Vocab) -> str:
    for i in ids:
        if i not in vocab:
            raise KeyError(i)
    return _text(ids, vocab)


def _adds(ids: Iterable[int], vocab: Vocab) -> str:
    tokens = [vocab.setdefault(i, b"") for i in ids]
    return b"".join(tokens).decode("utf-8", errors="replace")


def _without_special(ids: Iterable[int], vocab: Vocab) -> str:
    return re.sub(r"<\|.*?\|>", "", _text(ids, vocab))


def _without_zero(ids: Iterable[int], vocab: Vocab) -> str:
    return _text(filter(None, ids), vocab)


def _one_mark(ids: Iterable[int], vocab: Vocab) -> str:
    joined = _join(ids, vocab)
    try:
        return joined.decode("utf-8")
    except UnicodeDecodeError:
        return "\ufffd"


DECODERS = (
    WrongDecoder(
        "each-token-alone",
        "Each token is decoded on its own.",
        "A character whose bytes lie in two tokens comes out as several U+FFFD. Where does a "
        "character end, if not at the border of a token?",
        _each_alone,
    ),
    WrongDecoder(
        "strict",
        "Bytes that are no UTF-8 raise an exception.",
        "A model may stop in the middle of a character. Look at the argument `errors` of "
        "`bytes.decode`.",
        _strict,
    ),
    WrongDecoder(
        "ignored",
        "Bytes that are no UTF-8 are dropped.",
        "Nobody sees that something is missing. What does the contract put in their place?",
        _ignoring,
    ),
    WrongDecoder(
        "each-token-alone-and-ignored",
        "Each token is decoded on its own, and what is no UTF-8 is dropped.",
        "A character whose bytes lie in two tokens is gone. Where does a character end, if not "
        "at the border of a token?",
        _each_alone_ignoring,
    ),
    WrongDecoder(
        "bytes-as-characters",
        "Each byte becomes the character of that number.",
        "`é` comes out as two characters. The bytes are UTF-8.",
        _latin,
    ),
    WrongDecoder(
        "unknown-skipped",
        "An id that is not in the vocabulary is skipped without a word.",
        "The text is shorter than it should be, and nothing tells the caller.",
        _skips,
    ),
    WrongDecoder(
        "unknown-marked",
        "An id that is not in the vocabulary becomes U+FFFD.",
        "That stands for bytes that are no text. An id that nobody knows is a fault of the "
        "caller, who should hear of it.",
        _marks,
    ),
    WrongDecoder(
        "bytes-as-ids",
        "An id below 256 is taken for a byte.",
        "In GPT-2's vocabulary id 0 is `!`, the byte 33. Look each id up.",
        _bytes_are_ids,
    ),
    WrongDecoder(
        "by-place",
        "The id is taken for a place in the list of tokens.",
        "The ids of a vocabulary may have gaps and come in any order. Look each id up in the dict.",
        _by_place,
    ),
    WrongDecoder(
        "list-wanted",
        "The ids are taken by index, so they have to be a list or a tuple.",
        "A generator has no length and no index. Walk through the ids once with `for`.",
        _list_wanted,
    ),
    WrongDecoder(
        "read-twice",
        "The ids are walked through twice.",
        "A generator gives its items once: the second walk finds none.",
        _read_twice,
    ),
    WrongDecoder(
        "bytes-returned",
        "Bytes are returned, not a text.",
        "They are the right bytes; one step is missing.",
        _bytes,
    ),
    WrongDecoder(
        "list-returned",
        "A list of texts is returned, one for each token.",
        "The contract asks for one `str`, and a token need not be a whole character.",
        _list,
    ),
    WrongDecoder(
        "joined-with-spaces",
        "There is a space between the tokens.",
        "The spaces of a text are in its tokens. Look at what stands before `.join`.",
        _spaced,
    ),
    WrongDecoder(
        "stripped",
        "White space is stripped from the ends of the text.",
        "`decode(encode(text))` is shorter than `text`.",
        _stripped,
    ),
    WrongDecoder(
        "special-left-out",
        "What looks like a special token is left out of the text.",
        "The contract says nothing of special tokens: each id becomes its bytes.",
        _without_special,
    ),
    WrongDecoder(
        "zero-skipped",
        "Id 0 is skipped.",
        "Zero counts as false, and is an id like any other: in GPT-2's vocabulary it is `!`.",
        _without_zero,
    ),
    WrongDecoder(
        "one-mark-for-all",
        "If anything is no UTF-8, the whole text is given up for one U+FFFD.",
        "Everything else is to stay. Look at the argument `errors` of `bytes.decode`.",
        _one_mark,
    ),
    WrongDecoder(
        "backslashes",
        "Bytes that are no UTF-8 are written with backslashes.",
        "Four characters stand for one byte. What does the contract put in its place?",
        _backslashes,
    ),
    WrongDecoder(
        "vocabulary-grows",
        "An unknown id is added to the vocabulary, with nothing in it.",
        "The caller's dict is another one after the call. Look for `setdefault` or a "
        "`defaultdict`.",
        _adds,
    ),
)
