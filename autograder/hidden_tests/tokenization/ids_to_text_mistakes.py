"""Wrong answers to 3.1 ids_to_text, the commonest first."""

import io

from autograder.exercise import Misconception

DECODED = 'bytes(ids).decode("utf-8", errors="replace")'
REPLACED = '"utf-8", errors="replace"'


def _emptied(ids: list[int]) -> str:
    found = bytearray()
    while ids:
        found.append(ids.pop(0))
    return found.decode("utf-8", errors="replace")


def _nothing_if_broken(ids: list[int]) -> str:
    try:
        return bytes(ids).decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _latin_if_broken(ids: list[int]) -> str:
    try:
        return bytes(ids).decode("utf-8")
    except UnicodeDecodeError:
        return bytes(ids).decode("latin-1")


def _mark_if_broken(ids: list[int]) -> str:
    try:
        return bytes(ids).decode("utf-8")
    except UnicodeDecodeError:
        return "\ufffd"


def _valid_start(ids: list[int]) -> str:
    try:
        return bytes(ids).decode("utf-8")
    except UnicodeDecodeError as error:
        return bytes(ids[: error.start]).decode("utf-8")


def _tail_waits(ids: list[int]) -> str:
    data = bytes(ids)
    for n in range(1, min(4, len(data) + 1)):
        lead = data[-n]
        if lead >= 0xC0 and n < (2 if lead < 0xE0 else 3 if lead < 0xF0 else 4):
            data = data[:-n]
            break
    return data.decode("utf-8", errors="replace")


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


MISCONCEPTIONS = (
    Misconception(
        "strict",
        "Bytes that are no UTF-8 raise an exception.",
        "A model that stops in the middle of a character stops the program with it. Look at "
        "what else the decoder can do with errors.",
        edits=((REPLACED, '"utf-8"'),),
    ),
    Misconception(
        "ignored",
        "Bytes that are no UTF-8 are dropped.",
        "Nothing in the text shows that something was lost.",
        edits=(('errors="replace"', 'errors="ignore"'),),
    ),
    Misconception(
        "byte-by-byte",
        "Each byte is decoded on its own, or as ASCII.",
        "A character of several bytes becomes as many replacement characters. Decode `é`.",
        edits=((DECODED, '"".join(bytes([i]).decode("utf-8", errors="replace") for i in ids)'),),
    ),
    Misconception(
        "code-points",
        "The ids are taken for code points, as `chr` does it.",
        "`é` comes back as `Ã©`: one character for each byte.",
        edits=((DECODED, '"".join(chr(i) for i in ids)'),),
    ),
    Misconception(
        "bytes-returned",
        "What comes back is a `bytes` object, not a text.",
        "The bytes are right. They are to be read as UTF-8.",
        edits=((DECODED, "bytes(ids)"),),
    ),
    Misconception(
        "printed-bytes",
        "The text is how Python prints the bytes.",
        "It begins with `b'`. Look at the difference between `str` of bytes and decoding them.",
        edits=((DECODED, "str(bytes(ids))"),),
    ),
    Misconception(
        "ascii-strict",
        "Every byte above 127 raises an exception, also where the text is good.",
        "It happens if the bytes are read as ASCII, or one by one. Decode `é`.",
        edits=((REPLACED, '"ascii"'),),
    ),
    Misconception(
        "nothing-if-broken",
        "One bad byte empties the whole text.",
        "What could be read is lost together with what could not.",
        function=_nothing_if_broken,
    ),
    Misconception(
        "one-mark-for-all",
        "One bad byte replaces the whole text.",
        "What could be read is lost together with what could not.",
        function=_mark_if_broken,
    ),
    Misconception(
        "latin-1-if-broken",
        "Where the bytes are no UTF-8, all of them are read as Latin-1.",
        "One bad byte changes the characters around it as well.",
        function=_latin_if_broken,
    ),
    Misconception(
        "ends-at-the-first-error",
        "The text ends where the first bad byte stands.",
        "What comes after it is lost. Put good bytes behind a bad one.",
        function=_valid_start,
    ),
    Misconception(
        "tail-dropped",
        "A character that is cut off at the end is left out.",
        "Nothing in the text shows that it was cut. Decode the first two bytes of an emoji.",
        function=_tail_waits,
    ),
    Misconception(
        "question-marks",
        "A question mark stands for what is no UTF-8.",
        "It cannot be told from a question mark of the text. The contract names a character.",
        edits=((DECODED, DECODED + '.replace("\\ufffd", "?")'),),
    ),
    Misconception(
        "marks-removed",
        "The replacement characters are taken out of the text.",
        "Nothing shows that something was lost, and one that stood in the text is lost too.",
        edits=((DECODED, DECODED + '.replace("\\ufffd", "")'),),
    ),
    Misconception(
        "backslashes",
        "Bytes that are no UTF-8 become escapes with a backslash.",
        "The contract names another character for them.",
        edits=(('errors="replace"', 'errors="backslashreplace"'),),
    ),
    Misconception(
        "surrogates",
        "Bytes that are no UTF-8 become halves of surrogate pairs.",
        "Such a text can be neither printed nor encoded.",
        edits=(('errors="replace"', 'errors="surrogateescape"'),),
    ),
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
