"""Wrong answers to 3.10 load_gpt2_tokenizer, the commonest first."""

import json

from autograder.exercise import Misconception
from gpt2.bpe_tokenizer import BPETokenizer, load_gpt2_tokenizer

_TOKEN = 'written.translate(byte_of).encode("latin-1")'
_LINES = 'vocab_bpe.split("\\n")[1:]'
_RANGES = "{*range(33, 127), *range(161, 173), *range(174, 256)}"
_SPECIAL = '["<|endoftext|>"]'


def _ids_made_anew(encoder_json: str, vocab_bpe: str) -> BPETokenizer:
    """The ids are counted: first the bytes, then the merges, last the end of a text."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    unseen = [byte for byte in range(256) if byte not in seen]
    byte_of = {256 + n: byte for n, byte in enumerate(unseen)}
    lines = [line for line in vocab_bpe.split("\n")[1:] if line]
    pairs = [[part.translate(byte_of).encode("latin-1") for part in x.split(" ")] for x in lines]
    merges = [(left, right) for left, right in pairs]
    tokens = [bytes([byte]) for byte in seen + unseen] + [a + b for a, b in merges]
    return BPETokenizer(dict(enumerate(tokens)), merges, ["<|endoftext|>"])


def _merges_as_written(encoder_json: str, vocab_bpe: str) -> BPETokenizer:
    """The tokens are turned back into bytes, the merges are not; most of them then fit nothing."""
    whole = load_gpt2_tokenizer(encoder_json, vocab_bpe)
    pairs = [line.split(" ") for line in vocab_bpe.split("\n")[1:] if line]
    merges = [(left.encode(), right.encode()) for left, right in pairs]
    fitting = [(a, b) for a, b in merges if a + b in whole.ids]
    return BPETokenizer(whole.vocab, fitting, ["<|endoftext|>"])


def _table_too_far(encoder_json: str, vocab_bpe: str) -> BPETokenizer:
    """Each byte that cannot be seen is written 256 further, with gaps between them."""
    seen = {*range(33, 127), *range(161, 173), *range(174, 256)}
    table = {chr(byte if byte in seen else 256 + byte): byte for byte in range(256)}
    for written in json.loads(encoder_json):
        bytes(table[character] for character in written)
    return load_gpt2_tokenizer(encoder_json, vocab_bpe)


MISCONCEPTIONS = (
    Misconception(
        "header-as-a-merge",
        "The first line of vocab.bpe, its version, is taken for a merge.",
        "There is no token `#version:`. Print the first three lines of the file.",
        edits=((_LINES, 'vocab_bpe.split("\\n")'),),
    ),
    Misconception(
        "characters-left",
        "The characters of the file are taken for text, not turned back into bytes.",
        "There are tokens with a `Ġ` in them, and none with a space.",
        edits=((_TOKEN, 'written.encode("utf-8")'),),
    ),
    Misconception(
        "only-the-space",
        "Of the characters that stand for other bytes only `Ġ`, the space, is turned back.",
        "There are 67 more of them: the new line is `Ċ`. And what is `é` in the file?",
        edits=((_TOKEN, 'written.replace("\\u0120", " ").encode("utf-8")'),),
    ),
    Misconception(
        "merges-as-written",
        "The merges are left as they are written in the file; only the vocabulary is turned back.",
        "No merge with a `Ġ` fits a text any more, for the text has spaces. Which of the two "
        "files is written in this way?",
        function=_merges_as_written,
    ),
    Misconception(
        "no-special-token",
        "The tokenizer has no special token.",
        "`<|endoftext|>` is text to it, even where it is allowed.",
        edits=((_SPECIAL, "[]"),),
    ),
    Misconception(
        "comments-skipped",
        "Every line that begins with `#` is skipped.",
        "Only the first line is the version. `# #` is a merge: look at how `####` is encoded.",
        edits=(("if line]", 'if line and not line.startswith("#")]'),),
    ),
    Misconception(
        "first-merge-lost",
        "The first merge is skipped together with the version.",
        "The most frequent pair of all, a space and a `t`, is never merged.",
        edits=((_LINES, _LINES.replace("[1:]", "[2:]")),),
    ),
    Misconception(
        "empty-line",
        "The empty line at the end of the file is taken for a merge.",
        "It holds no two tokens. A text that ends in a new line has nothing behind it.",
        edits=(("lines if line]", "lines]"),),
    ),
    Misconception(
        "last-line-dropped",
        "The last line is dropped, whether it is empty or not.",
        "Without a new line at the end of the file the last merge is lost.",
        edits=((_LINES, _LINES.replace("[1:]", "[1:-1]")),),
    ),
    Misconception(
        "encoded-twice",
        "The bytes are read as characters and encoded once more.",
        "All of ASCII is right, and `é` becomes four bytes. A list of bytes is not a text.",
        edits=((_TOKEN, _TOKEN.replace('"latin-1"', '"utf-8"')),),
    ),
    Misconception(
        "ranges-one-short",
        "The last byte of each range is left out.",
        "The contract's ranges hold their ends: `~` is 126. Python's `range` does not.",
        edits=((_RANGES, "{*range(33, 126), *range(161, 172), *range(174, 255)}"),),
    ),
    Misconception(
        "byte-173-forgotten",
        "Byte 173 is taken for one that stands for itself.",
        "It is a soft hyphen, which nobody sees. The contract's ranges leave it out.",
        edits=((_RANGES, "{*range(33, 127), *range(161, 256)}"),),
    ),
    Misconception(
        "character-not-in-the-table",
        "A character of the files is not in the table of bytes.",
        "The table has 256 entries, and its last characters are 256 to 323, without a gap. The "
        "key in the KeyError is the one that is missing.",
        function=_table_too_far,
    ),
    Misconception(
        "ids-by-place",
        "The ids are counted in the order of encoder.json, not read from it.",
        "An object of JSON has no order that matters. The id stands beside the token.",
        edits=(
            (
                "{i: token(written) for written, i in json.loads(encoder_json).items()}",
                "dict(enumerate(map(token, json.loads(encoder_json))))",
            ),
        ),
    ),
    Misconception(
        "ids-made-anew",
        "encoder.json is not read: the ids are counted from the bytes and the merges.",
        "It gives GPT-2's ids and no other file's. The id stands beside the token.",
        function=_ids_made_anew,
    ),
    Misconception(
        "merges-by-id",
        "The merges are ordered by the ids of what they make, not by their lines.",
        "It is the same order in GPT-2's own files. The contract says which merge came first.",
        edits=(
            (
                "    return BPETokenizer(",
                "    ids = {written: i for i, written in vocab.items()}\n"
                "    merges.sort(key=lambda pair: ids[pair[0] + pair[1]])\n"
                "    return BPETokenizer(",
            ),
        ),
    ),
    Misconception(
        "end-of-text-counted",
        "`<|endoftext|>` gets the next free id, not its own.",
        "In GPT-2's files it is the last token anyway. Its id stands in encoder.json.",
        edits=(
            (
                ".items()}",
                '.items() if written != "<|endoftext|>"}',
            ),
        ),
    ),
    Misconception(
        "end-of-text-at-50256",
        "`<|endoftext|>` gets the id 50256, whatever encoder.json says.",
        "It is its id in GPT-2's own files. The id stands beside the token.",
        edits=(
            (
                "    return BPETokenizer(",
                '    end = b"<|endoftext|>"\n'
                "    vocab = {i: t for i, t in vocab.items() if t != end} | {50256: end}\n"
                "    return BPETokenizer(",
            ),
        ),
    ),
    Misconception(
        "parts-returned",
        "The vocabulary and the merges are returned, not a tokenizer.",
        "They are what `BPETokenizer` is made of.",
        edits=((f"return BPETokenizer(vocab, merges, {_SPECIAL})", "return vocab, merges"),),
    ),
    Misconception(
        "arguments-ignored",
        "GPT-2's own files are read, whatever texts are given.",
        "The function is to work with any two files of this form.",
        edits=(
            (
                f"    seen = {_RANGES}",
                "    from gptcourse import datasets\n\n"
                "    encoder_json, vocab_bpe = datasets.gpt2_vocabulary()\n"
                f"    seen = {_RANGES}",
            ),
        ),
    ),
)
