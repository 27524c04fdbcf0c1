"""Wrong answers to 3.1 ids_to_text, the commonest first. The rarer ones have their own file."""

from autograder.exercise import Misconception
from autograder.hidden_tests.tokenization.ids_to_text_rare_mistakes import RARE

DECODED = 'bytes(ids).decode("utf-8", errors="replace")'
REPLACED = '"utf-8", errors="replace"'


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
    *RARE,
)
