"""Rarer wrong answers to 3.1 ids_to_text."""

import io

from autograder.exercise import Misconception

DECODED = 'bytes(ids).decode("utf-8", errors="replace")'


def _runs_as_one(ids: list[int]) -> str:
    text, broken = "", False
    for character in bytes(ids).decode("utf-8", errors="surrogateescape"):
        surrogate = "\ud800" <= character <= "\udfff"
        text += ("" if broken else "\ufffd") if surrogate else character
        broken = surrogate
    return text


def _one_a_byte(ids: list[int]) -> str:
    text = bytes(ids).decode("utf-8", errors="surrogateescape")
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)


def _file(ids: list[int]) -> str:
    return io.TextIOWrapper(io.BytesIO(bytes(ids)), encoding="utf-8", errors="replace").read()


def _by_hand(ids: list[int]) -> str:
    """Reads lead bytes and trusts what follows."""
    text, i = "", 0
    while i < len(ids):
        length = 1 if ids[i] < 0x80 else 2 if ids[i] < 0xE0 else 3 if ids[i] < 0xF0 else 4
        tail = ids[i + 1 : i + length]
        if len(tail) < length - 1:
            return text + "\ufffd"
        point = ids[i] if length == 1 else ids[i] & (0x7F >> length)
        for byte in tail:
            point = point << 6 | byte & 0x3F
        text += chr(point) if point < 0x110000 else "\ufffd"
        i += length
    return text


def _emptied(ids: list[int]) -> str:
    found = bytearray()
    while ids:
        found.append(ids.pop(0))
    return found.decode("utf-8", errors="replace")


def _start_and_mark(ids: list[int]) -> str:
    try:
        return bytes(ids).decode("utf-8")
    except UnicodeDecodeError as error:
        return bytes(ids[: error.start]).decode("utf-8") + "\ufffd"


def _length_trusted(ids: list[int]) -> str:
    """Takes as many bytes as the first one says, and decodes them by themselves."""
    text, i = "", 0
    while i < len(ids):
        length = 1 if ids[i] < 0x80 else 2 if ids[i] < 0xE0 else 3 if ids[i] < 0xF0 else 4
        try:
            text += bytes(ids[i : i + length]).decode("utf-8")
        except UnicodeDecodeError:
            text += "\ufffd"
        i += length
    return text


def _surrogates_let_through(ids: list[int]) -> str:
    try:
        return bytes(ids).decode("utf-8", errors="surrogatepass")
    except UnicodeDecodeError:
        return bytes(ids).decode("utf-8", errors="replace")


RARE = (
    Misconception(
        "runs-as-one",
        "Several bad pieces in a row become one replacement character.",
        "Compare with what Python's decoder gives for two bad bytes side by side.",
        function=_runs_as_one,
    ),
    Misconception(
        "one-for-each-byte",
        "Each bad byte becomes a replacement character of its own.",
        "Compare with what Python's decoder gives for an emoji that is cut after three bytes.",
        function=_one_a_byte,
    ),
    Misconception(
        "tails-not-looked-at",
        "The first byte of a character decides, and those behind it are not looked at.",
        "A cut character swallows the letter after it, and bytes that no text has become "
        "characters.",
        function=_by_hand,
    ),
    Misconception(
        "one-mark-for-the-rest",
        "One replacement character stands for all that comes from the first bad byte on.",
        "Good text behind it is lost. Put good bytes behind a bad one.",
        function=_start_and_mark,
    ),
    Misconception(
        "length-trusted",
        "The first byte of a character says how many bytes are taken, whatever they are.",
        "Good letters behind a bad byte vanish with it. Decode `[195, 110]`.",
        function=_length_trusted,
    ),
    Misconception(
        "surrogates-let-through",
        "Half a surrogate pair comes back as a character.",
        "It is no UTF-8, and such a text can be neither printed nor encoded.",
        function=_surrogates_let_through,
    ),
    Misconception(
        "utf-16",
        "The bytes are read as UTF-16.",
        "Two letters become one character of another script.",
        edits=(('"utf-8"', '"utf-16"'),),
    ),
    Misconception(
        "mark-of-order-dropped",
        "A byte order mark at the start is taken away.",
        "U+FEFF is a character like any other: what went in is to come out.",
        edits=(('"utf-8"', '"utf-8-sig"'),),
    ),
    Misconception(
        "stripped",
        "White space is stripped from the ends of the text.",
        "The text that comes back is shorter than the one that went in.",
        edits=((DECODED, DECODED + ".strip()"),),
    ),
    Misconception(
        "composed",
        "The text is normalised: a letter and its accent become one character.",
        "Encoded again, it gives other bytes than those that came in.",
        edits=(
            (
                f"    return {DECODED}",
                f'    import unicodedata\n\n    return unicodedata.normalize("NFC", {DECODED})',
            ),
        ),
    ),
    Misconception(
        "zeros-stripped",
        "Zeros are stripped from the ends.",
        "0 is a byte of UTF-8 like any other, and a text may hold it.",
        edits=((DECODED, DECODED + r'.strip("\0")'),),
    ),
    Misconception(
        "new-lines-translated",
        "The two characters at the end of a line, `\\r\\n`, become one.",
        "Texts from Windows come back otherwise than they went in.",
        function=_file,
    ),
    Misconception(
        "joined-with-spaces",
        "A space stands between the characters.",
        "The text is twice as long as the one that went in.",
        edits=((DECODED, '" ".join(' + DECODED + ")"),),
    ),
    Misconception(
        "characters-returned",
        "What comes back is a list of characters, not a text.",
        "The characters are right; they are to be one `str`.",
        edits=((DECODED, "list(" + DECODED + ")"),),
    ),
    Misconception(
        "ids-used-up",
        "The list of ids is empty after the call.",
        "The caller still needs it. Look at which methods of the list you call.",
        function=_emptied,
    ),
)
