"""3.2 get_pair_counts."""

from collections import Counter, defaultdict
from itertools import chain, pairwise
from typing import Any

import numpy as np
import torch

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.tokenization.get_pair_counts_mistakes import MISCONCEPTIONS

Words = dict[tuple[int, ...], int]


def _counted(words: Words) -> dict[tuple[int, int], int]:
    counts: dict[tuple[int, int], int] = {}
    for ids, n in words.items():
        for pair in pairwise(ids):
            counts[pair] = counts.get(pair, 0) + n
    return counts


def _by_index(words: Words) -> defaultdict[tuple[int, int], int]:
    counts: defaultdict[tuple[int, int], int] = defaultdict(int)
    for word in words:
        for i in range(len(word) - 1):
            counts[(word[i], word[i + 1])] += words[word]
    return counts


def _updates(words: Words) -> Counter[tuple[int, int]]:
    counts: Counter[tuple[int, int]] = Counter()
    for word, n in words.items():
        counts.update({pair: n * k for pair, k in Counter(pairwise(word)).items()})
    return counts


def _nested(words: Words) -> dict[tuple[int, int], int]:
    """A table of tables inside, made flat at the end."""
    after: dict[int, dict[int, int]] = {}
    for word, n in words.items():
        previous = None
        for token in word:
            if previous is not None:
                row = after.setdefault(previous, {})
                row[token] = row.get(token, 0) + n
            previous = token
    return {(a, b): n for a, row in after.items() for b, n in row.items()}


def _numpy(words: Words) -> dict[Any, Any]:
    """Sorted distinct rows and a weighted sum; keys and counts are numbers of numpy."""
    pairs = list(chain.from_iterable(map(pairwise, words)))
    if not pairs:
        return {}
    weights = np.repeat(np.array(list(words.values())), [max(len(w) - 1, 0) for w in words])
    rows, place = np.unique(np.array(pairs), axis=0, return_inverse=True)
    sums = np.zeros(len(rows), dtype=np.int64)
    np.add.at(sums, place.reshape(-1), weights)
    return {tuple(row): n for row, n in zip(rows, sums, strict=True)}


def _torch(words: Words) -> Counter[tuple[int, int]]:
    found: Counter[tuple[int, int]] = Counter()
    for word, n in words.items():
        if len(word) > 1:
            for a, b in torch.tensor(word).unfold(0, 2, 1).tolist():
                found += Counter({(a, b): n})
    return found


def _words(d: Draw, n: int, low: int, high: int, lengths: tuple[int, int]) -> dict[str, Any]:
    """Return n distinct words, each with a frequency of its own."""
    found: dict[tuple[int, ...], None] = {}
    while len(found) < n:
        length = d.integer(*lengths)
        found[tuple(d.integers(low, high, length).tolist())] = None
    frequencies = [2 + 3 * i + d.integer(0, 3) for i in d.permutation(n).tolist()]
    return {"words": [list(word) for word in found], "frequencies": frequencies}


def _shared(d: Draw) -> dict[str, Any]:
    """Return words that share pairs, in both orders, the frequent word neither first nor last."""
    a, b, c, e = d.permutation(9)[:4].tolist()
    f, g, h, i = (d.permutation(9)[:4] + 2).tolist()
    words = [[a, b, c], [b, a, b, a], [c, a, b], [e, b, a]]
    return {"words": words, "frequencies": [f, g + 20, h, i]}


def _runs(d: Draw) -> dict[str, Any]:
    """Return words with runs of one token, of even and odd length."""
    a, b, c = d.permutation(9)[:3].tolist()
    words = [[a] * 3, [b] * 4, [a, a], [c, b, b, b, c], [c]]
    return {"words": words, "frequencies": (d.permutation(6)[:5] + 2).tolist()}


def _merged(d: Draw) -> dict[str, Any]:
    """Return words with ids above 255, one of them more often than 16 bits can say.

    Not much more often: who adds 1 again and again is slow, and right.
    """
    a, b = d.integers(256, 50_000, 2).tolist()
    words = [[a, b], [b, a, 12], [3, a, b, a], [b + 1, a]]
    frequencies = [2**16 + 1 + 2 * d.integer(0, 9), *(d.permutation(9)[:3] + 2).tolist()]
    return {"words": words, "frequencies": frequencies}


def _two_texts(d: Draw) -> dict[str, Any]:
    second = _words(d, 3, 0, 4, (2, 4))
    return _words(d, 3, 0, 4, (2, 4)) | {f"other_{name}": value for name, value in second.items()}


PAIRS = "counts each pair of neighbours as often as its words occur"
RUNS = "counts pairs that overlap or repeat"
ANY = "takes any ids, any words, and leaves them as they were"

EXERCISE = Exercise(
    id="get_pair_counts",
    chapter="03-tokenization",
    title="Count pairs of neighbours",
    reference="gpt2.bpe.get_pair_counts",
    probe="tokens.get_pair_counts",
    minutes=8,
    difficulty=2,
    groups={PAIRS: 2, RUNS: 1, ANY: 1},
    cases=(
        Case("words that share pairs", PAIRS, _shared, tolerance=EXACT),
        Case("ten words", PAIRS, lambda d: _words(d, 10, 0, 6, (2, 6)), tolerance=EXACT),
        Case(
            "words that occur once",
            PAIRS,
            lambda d: {
                "words": [[0, 5, 0], [7, 0, 0, d.integer(1, 5)], [d.integer(1, 5), 9, 9]],
                "frequencies": [1, d.integer(2, 9), 1],
            },
            tolerance=EXACT,
        ),
        Case("runs of one token", RUNS, _runs, tolerance=EXACT),
        Case("few tokens", RUNS, lambda d: _words(d, 6, 0, 2, (4, 8)), tolerance=EXACT),
        Case("tokens made by merges", ANY, _merged, tolerance=EXACT),
        Case(
            "words of one token",
            ANY,
            lambda d: {"words": [[0], [d.integer(1, 200)]], "frequencies": [d.integer(2, 9), 3]},
            tolerance=EXACT,
        ),
        Case("no words", ANY, lambda d: {"words": [], "frequencies": []}, tolerance=EXACT),
        Case("two texts", ANY, _two_texts, probe="tokens.two_texts", tolerance=EXACT),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("a dict and get", _counted),
        Variant("a defaultdict and indices", _by_index),
        Variant("a Counter a word", _updates),
        Variant("a table of tables", _nested),
        Variant("numpy's distinct rows", _numpy),
        Variant("torch's unfold, Counters added", _torch),
    ),
    hints=(
        "Write a word above itself, shifted by one: what stands one above the other is a pair.",
        "`zip(word, word[1:])` yields the pairs of one word. How much does each of them add?",
        "Two loops: over `words.items()`, and inside over the pairs of the word. A `Counter` "
        "begins every new key at 0, and each pair adds the frequency of its word.",
    ),
)
