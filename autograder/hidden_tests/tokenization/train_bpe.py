"""3.6 train_bpe."""

import string
from typing import Any

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.tokenization.bpe_texts import prose, words
from autograder.hidden_tests.tokenization.train_bpe_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.tokenization.train_bpe_variants import (
    characters_as_bytes,
    naive,
    neighbour_counts,
    one_list,
    texts_of_bytes,
)

FREQUENT = "merges the most frequent pair, again and again"
TIES = "takes the greatest of equally frequent pairs"
PIECES = "learns from the bytes inside each piece"
SPECIAL = "keeps special tokens whole and apart"
SIZE = "makes as many tokens as are asked for"


def _lines(d: Draw, counts: dict[str, int], *, shuffle: bool = True) -> str:
    """Return a text with a word on each line, so that no pair crosses from word to word."""
    lines = [word for word, n in counts.items() for _ in range(n)]
    return "\n".join(d.shuffled(lines) if shuffle else lines)


def _letters(d: Draw, n: int) -> list[str]:
    """Return n different letters in order."""
    return sorted(d.shuffled(string.ascii_lowercase)[:n])


def _frequent_words(d: Draw) -> dict[str, Any]:
    """Return a pair in one frequent word, and a pair in many rare ones."""
    a, b, c, e, *rest = d.shuffled(string.ascii_lowercase)
    counts = {a + b: 9} | {f"{c}{e}{x}": 1 for x in rest[:6]} | {f"{rest[7]}{rest[8]}": 4}
    return {"text": _lines(d, counts), "vocab_size": 258}


def _runs(d: Draw) -> dict[str, Any]:
    """Return runs of one letter, whose overlapping pairs decide."""
    a, b, c, x = d.shuffled(string.ascii_lowercase)[:4]
    counts = {a * 3: 4, a * 4: 2, a * 5 + x: 1, b + c: 12, x + a * 2 + b: 1}
    return {"text": _lines(d, counts), "vocab_size": 263}


def _neighbours(d: Draw) -> dict[str, Any]:
    """Return words in which a merge takes its neighbours' pairs away.

    (b, c) is second to (a, b) only until the first merge: most of its pairs go with that one.
    """
    a, b, c, x, y = d.shuffled(string.ascii_lowercase)[:5]
    counts = {a + b: 4, a + b + c: 7, x + y: 6, c + x: 3, b + c: 2}
    return {"text": _lines(d, counts), "vocab_size": 262}


def _equal_letters(d: Draw) -> dict[str, Any]:
    """Return pairs of letters that all occur three times; the greatest stands in the middle."""
    a = _letters(d, 14)
    tied = [a[i] + a[i + 1] for i in range(0, 14, 2)] + [a[10] + a[13], a[4] + a[0]]
    order = [2, 5, 8, 0, 6, 3, 7, 1, 4]
    text = "\n".join(tied[i] for i in order for _ in range(3))
    return {"text": text, "vocab_size": 256 + len(tied)}


def _equal_merged(d: Draw) -> dict[str, Any]:
    """Return ties between what was merged and single bytes.

    As a pair of bytes (ab, z) is greater than (a, c); joined, "abz" is less than "ac"; and by
    ids every merged token is greater than every letter.
    """
    a, b, c, m, x, y, z = _letters(d, 7)
    counts = {m + z: 3, a + b + z: 3, a + b: 5, a + c: 3, x + y: 3, b + a + b: 2, c + x + y: 2}
    return {"text": _lines(d, counts), "vocab_size": 264}


def _equal_foreign(d: Draw) -> dict[str, Any]:
    """Return ties on bytes above 127, on letters and on a space."""
    foreign = d.shuffled("éñßüжшд")[:4]
    x, y = d.shuffled("stuvwxyz")[:2]
    blocks = d.shuffled([*foreign, x + y])
    text = "\n".join(f"{block}" for block in blocks for _ in range(3))
    return {"text": f"{text}\n7 a\n7 a\n7 a\n", "vocab_size": 262}


def _sentences(d: Draw) -> str:
    """Return words, numbers and signs that are always followed by the same ones."""
    body = prose(d, [f"{word}e" for word in words(d, 12, "nrst", 3)], 40)
    loud = prose(d, words(d, 4, "NRST", 3), 12)
    return f"it's {d.text(2, '123')}, {body}, it's {d.text(2, '123')}, so, so, so. {loud}\n\nIt's"


def _numbers(d: Draw) -> dict[str, Any]:
    """Return numbers of five digits with a space in front, which become a token each."""
    first, second = d.text(5, "123456789"), d.text(5, "123456789")
    return {"text": f" {first}" * 9 + f" {second}" * 7, "vocab_size": 266}


def _foreign(d: Draw) -> dict[str, Any]:
    """Return words of letters outside ASCII that share their first byte, and an emoji."""
    text = prose(d, words(d, 10, "éèñüжшд한국😉", 3), 40)
    return {"text": text, "vocab_size": 264}


def _with_special(d: Draw, special: list[str], n: int) -> dict[str, Any]:
    """Return short documents with special tokens between them, without spaces."""
    # They begin with a letter that stands nowhere else, so glued they make a new pair; and they
    # are few, so that there is room for all merges.
    parts = [f"z{word}" for word in words(d, 2, "sxy", 3)]
    text = ""  # "<<", for a pattern that is not escaped cuts there too
    for k in range(6):
        for token in d.shuffled(special):
            text += token + parts[d.integer(0, 2)] + "<<" * (k % 2)
    return {
        "text": text + special[0],
        "vocab_size": 256 + n + len(special),
        "special_tokens": special,
    }


def _begins_another(d: Draw) -> dict[str, Any]:
    a = d.text(1, "sxy")
    return _with_special(d, [f"<|{a}|>", "<|pad|>", f"<|{a}|>qq"], 10)


def _runs_out(d: Draw) -> dict[str, Any]:
    a, b, c, x = d.shuffled(string.ascii_lowercase)[:4]
    text = f"{a}{b} {a}{b}{c}\n{x} {x}é\n\n"  # the last two new lines are a pair as well
    return {"text": text, "vocab_size": 290, "special_tokens": ["<|end|>"]}


EXERCISE = Exercise(
    id="train_bpe",
    chapter="03-tokenization",
    title="Learn the merges",
    reference="gpt2.bpe.train_bpe",
    probe="bpe.train_bpe",
    minutes=50,
    difficulty=4,
    groups={FREQUENT: 2, TIES: 1, PIECES: 1, SPECIAL: 1, SIZE: 1},
    cases=(
        Case("a frequent word and rare ones", FREQUENT, _frequent_words, tolerance=EXACT),
        Case("runs of one letter", FREQUENT, _runs, tolerance=EXACT),
        Case("merges that share letters", FREQUENT, _neighbours, tolerance=EXACT),
        Case("equal pairs of letters", TIES, _equal_letters, tolerance=EXACT),
        Case("equal pairs of tokens", TIES, _equal_merged, tolerance=EXACT),
        Case("equal pairs of bytes above 127", TIES, _equal_foreign, tolerance=EXACT),
        Case(
            "words, numbers and signs",
            PIECES,
            lambda d: {"text": _sentences(d), "vocab_size": 267},
            tolerance=EXACT,
        ),
        Case("long numbers", PIECES, _numbers, tolerance=EXACT),
        Case("letters outside ASCII", PIECES, _foreign, tolerance=EXACT),
        Case(
            "documents with a token between them",
            SPECIAL,
            lambda d: _with_special(d, ["<|endoftext|>"], 10),
            tolerance=EXACT,
        ),
        Case("one special token begins another", SPECIAL, _begins_another, tolerance=EXACT),
        Case("a text that runs out of pairs", SIZE, _runs_out, tolerance=EXACT),
        Case(
            "no room for a merge",
            SIZE,
            lambda d: {
                "text": prose(d, words(d, 5), 9),
                "vocab_size": 258,
                "special_tokens": ["<|b|>", "<|a|>"],
            },
            tolerance=EXACT,
        ),
        Case("no text", SIZE, lambda d: {"text": "", "vocab_size": 260}, tolerance=EXACT),
        Case(
            "one token too few",
            SIZE,
            lambda d: {
                "text": prose(d, words(d, 5), 9),
                "vocab_size": 257,
                "special_tokens": ["<|b|>", "<|a|>"],
            },
            probe="bpe.too_small",
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("counts everything anew for each merge", naive),
        Variant("keeps the counts of neighbours", neighbour_counts),
        Variant("the whole text in one list", one_list),
        Variant("words as tuples of bytes", texts_of_bytes),
        Variant("each byte written as a character", characters_as_bytes),
    ),
    hints=(
        "Cut the text into pieces first, and count how often each piece occurs: a merge then "
        "looks at a few thousand pieces, not at a million characters.",
        "One round: count the pairs of neighbours over all pieces, choose one, give it the next "
        "id, and `merge` it in every piece. `max` takes a key: a tuple of the count and of what "
        "decides between equals.",
        "The key is `(count, (vocab[a], vocab[b]))`: Python compares the bytes. Stop when there "
        "is no pair left. `regex.split` at the special tokens, each through `regex.escape` and "
        "the longest first, gives the texts to learn from.",
    ),
)
