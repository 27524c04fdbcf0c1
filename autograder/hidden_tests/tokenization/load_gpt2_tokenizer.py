"""3.10 load_gpt2_tokenizer."""

import json
import re
from typing import Any

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.tokenization.gpt2_strings import STRINGS
from autograder.hidden_tests.tokenization.load_gpt2_tokenizer_mistakes import MISCONCEPTIONS
from gpt2.bpe import train_bpe
from gpt2.bpe_tokenizer import BPETokenizer

REAL = "loads GPT-2's own vocabulary"
BYTES = "turns the characters back into bytes"
FILES = "takes ids and order from the files"


def _character_of() -> dict[int, str]:
    """Return how each byte is written, in the way in which OpenAI's encoder.py makes it."""
    seen = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1)]
    seen += range(ord("®"), ord("ÿ") + 1)
    table = {byte: chr(byte) for byte in seen}
    n = 0
    for byte in range(256):
        if byte not in table:
            table[byte] = chr(256 + n)
            n += 1
    return table


_WRITTEN = _character_of()


def _public_style(encoder_json: str, vocab_bpe: str) -> BPETokenizer:
    """As public implementations do: a table from byte to character, turned round."""
    byte_decoder = {character: byte for byte, character in _character_of().items()}
    encoder = json.loads(encoder_json)
    pairs = [tuple(line.split()) for line in vocab_bpe.strip().split("\n")[1:]]
    merges = [
        (bytes(byte_decoder[c] for c in a), bytes(byte_decoder[c] for c in b)) for a, b in pairs
    ]
    vocab = {i: bytes(map(byte_decoder.__getitem__, token)) for token, i in encoder.items()}
    return BPETokenizer(vocab, merges, special_tokens=["<|endoftext|>"])


def _by_pattern(encoder_json: str, vocab_bpe: str) -> BPETokenizer:
    """Merges by a regular expression, characters by one search in a string."""
    alphabet = "".join(_character_of()[byte] for byte in range(256))

    def to_bytes(written: str) -> bytes:
        return b"".join(alphabet.index(c).to_bytes(1, "big") for c in written)

    lines = re.findall(r"^(\S+) (\S+)$", vocab_bpe.partition("\n")[2], re.MULTILINE)
    vocab: dict[int, bytes] = {}
    for written in (table := json.loads(encoder_json)):
        vocab[table[written]] = to_bytes(written)
    return BPETokenizer(vocab, [(to_bytes(a), to_bytes(b)) for a, b in lines], ("<|endoftext|>",))


def _by_version(encoder_json: str, vocab_bpe: str) -> BPETokenizer:
    """The version is known by its name; the end of a text is added by hand."""
    back = str.maketrans({character: chr(byte) for byte, character in _character_of().items()})
    ids = {}
    for written, i in json.JSONDecoder().decode(encoder_json).items():
        name = written.translate(back)
        ids[i] = bytes([ord(character) for character in name])
    merges = []
    for line in vocab_bpe.splitlines():
        if line.startswith("#version") or not line.strip():
            continue
        left, _, right = line.partition(" ")
        merges.append(
            (left.translate(back).encode("latin-1"), right.translate(back).encode("latin-1"))
        )
    if b"<|endoftext|>" not in ids.values():
        ids[max(ids) + 1] = b"<|endoftext|>"
    return BPETokenizer(ids, merges, ["<|endoftext|>"])


def _real(d: Draw) -> dict[str, Any]:
    return {"texts": [*d.shuffled(STRINGS)[:14], "hello world####\n\n", " t\u00e9\ufffd~"]}


def _made_up(d: Draw, parts: tuple[str, ...], end: str) -> dict[str, Any]:
    """Return two small files, learned from words of random letters and the parts."""
    words = [d.text(d.integer(3, 7), "tuv") for _ in range(10)]
    text = " ".join(d.shuffled([*words, *parts, *parts]))
    vocab, merges = train_bpe(text, 256 + 22, ["<|endoftext|>"])
    last = b"".join(merges[-1]).decode("utf-8", "replace")
    names = ["".join(_WRITTEN[byte] for byte in token) for token in vocab.values()]
    lines = [" ".join("".join(_WRITTEN[b] for b in token) for token in pair) for pair in merges]
    order = d.permutation(len(names)).tolist()
    # The end of a text has not the greatest id, as it has in GPT-2's files.
    if order[-1] == len(names) - 1:
        order.reverse()
    ids = [*d.permutation(700)[: len(names) - 1].tolist(), 777]
    # What was learned first has the greatest id, as it has not there either.
    merged = [place for place, k in enumerate(order) if 256 <= k < len(names) - 1]
    by_age = sorted(merged, key=lambda place: order[place])
    for place, i in zip(
        by_age, sorted((ids[place] for place in merged), reverse=True), strict=True
    ):
        ids[place] = i
    return {
        "texts": [text[:40], "".join(parts), last, d.text(30, "tuv")],
        "tokens": [names[k] for k in order],
        "ids": ids,
        "lines": lines,
        "end": end,
    }


_PLAIN = ("####", " ###", "##", "\n\n", "tutu")
_FOREIGN = ("né", "éà\u00ad", "\u00a0한\n", "\x00\x7f~", "~ÿ¬")

EXERCISE = Exercise(
    id="load_gpt2_tokenizer",
    chapter="03-tokenization",
    title="GPT-2's own tokenizer",
    reference="gpt2.bpe_tokenizer.load_gpt2_tokenizer",
    probe="bpe_tokenizer.made_up",
    minutes=20,
    difficulty=3,
    groups={REAL: 1, BYTES: 1, FILES: 2},
    cases=(
        Case("GPT-2's files", REAL, _real, probe="bpe_tokenizer.gpt2", tolerance=EXACT),
        Case("all kinds of bytes", BYTES, lambda d: _made_up(d, _FOREIGN, "\n"), tolerance=EXACT),
        Case("ids in another order", FILES, lambda d: _made_up(d, _PLAIN, "\n"), tolerance=EXACT),
        Case("no new line at the end", FILES, lambda d: _made_up(d, _PLAIN, ""), tolerance=EXACT),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("a table from byte to character, turned round", _public_style),
        Variant("a pattern for the merges", _by_pattern),
        Variant("the version known by its name", _by_version),
    ),
    hints=(
        "Print the first three lines of vocab.bpe and ten entries of encoder.json. What is `Ġ`?",
        "Make the table that the contract describes once: which bytes stand for themselves, and "
        "which character is written for each of the others. You need it from character to byte.",
        "With a function from a written token to its bytes, the vocabulary is a dict over "
        "`json.loads(encoder_json).items()` turned round, and the merges are the lines behind "
        "the first, split at their space. `BPETokenizer` does the rest.",
    ),
)
