"""Rarer wrong answers to 3.2 get_pair_counts."""

from collections import Counter
from itertools import pairwise

from autograder.exercise import Misconception

Words = dict[tuple[int, ...], int]
Pairs = Counter[tuple[int, int]]

INNER = """        for pair in pairwise(word):
            counts[pair] += frequency
"""
ONE_FOR_ALL: Pairs = Counter()


def _emptied(words: Words) -> Pairs:
    counts: Pairs = Counter()
    while words:
        word, frequency = words.popitem()
        for pair in pairwise(word):
            counts[pair] += frequency
    return counts


def _short_words_removed(words: Words) -> Pairs:
    for word in [word for word in words if len(word) < 2]:
        del words[word]
    counts: Pairs = Counter()
    for word, frequency in words.items():
        for pair in pairwise(word):
            counts[pair] += frequency
    return counts


def _bytes_only(words: Words) -> Pairs:
    codes: Counter[int] = Counter()
    for word, frequency in words.items():
        for a, b in pairwise(word):
            codes[a * 256 + b] += frequency
    return Counter({divmod(code, 256): n for code, n in codes.items()})


def _index_of(words: Words) -> Pairs:
    counts: Pairs = Counter()
    for word, frequency in words.items():
        for token in word:
            i = word.index(token)
            if i + 1 < len(word):
                counts[token, word[i + 1]] += frequency
    return counts


def _same_container(words: Words) -> Pairs:
    ONE_FOR_ALL.clear()
    for word, frequency in words.items():
        for pair in pairwise(word):
            ONE_FOR_ALL[pair] += frequency
    return ONE_FOR_ALL


def _dicts_joined(words: Words) -> dict[tuple[int, int], int]:
    counts: dict[tuple[int, int], int] = {}
    for word, frequency in words.items():
        counts |= {pair: n * frequency for pair, n in Counter(pairwise(word)).items()}
    return counts


def _zero_not_seen(words: Words) -> Pairs:
    counts: Pairs = Counter()
    for word, frequency in words.items():
        previous = 0
        for token in word:
            if previous:
                counts[previous, token] += frequency
            previous = token
    return counts


RARE = (
    Misconception(
        "wraps-around",
        "The last token of a word is paired with its first.",
        "A word of n ids has one pair too many. Nothing follows the last token.",
        edits=(("pairwise(word)", "pairwise((word[-1], *word))"),),
    ),
    Misconception(
        "first-word-only",
        "The pairs of the first word are counted, and no others.",
        "All words but one are missing. Look at how far in your `return` stands.",
        edits=(("    return counts", "        return counts\n    return counts"),),
    ),
    Misconception(
        "dicts-joined",
        "A pair's count is that of the last word in which it occurs.",
        "Joining two dicts overwrites what both have. The counts of two words are to be added.",
        function=_dicts_joined,
    ),
    Misconception(
        "zero-not-seen",
        "The pairs that begin with the token 0 are not counted.",
        "0 is a token like any other, and to `if` it is false. Look at how your loop knows that "
        "there is a token before.",
        function=_zero_not_seen,
    ),
    Misconception(
        "rare-pairs-dropped",
        "Pairs that occur once are left out.",
        "What is rare here may be frequent together with other words. All pairs are counted.",
        edits=(("return counts", "return Counter({p: n for p, n in counts.items() if n > 1})"),),
    ),
    Misconception(
        "both-directions",
        "Each pair is counted in both directions.",
        "(1, 2) says nothing about 1 coming after 2.",
        edits=(
            (
                "counts[pair] += frequency",
                "counts[pair] += frequency\n            counts[pair[::-1]] += frequency",
            ),
        ),
    ),
    Misconception(
        "two-apart",
        "The pairs are two tokens apart.",
        "The token between them is skipped. Look at the second index or slice.",
        edits=(("pairwise(word)", "zip(word, word[2:])"),),
    ),
    Misconception(
        "any-two-of-a-word",
        "Any two tokens of a word are a pair, neighbours or not.",
        "Only neighbours can be merged.",
        edits=(
            (
                "pairwise(word)",
                "((a, b) for i, a in enumerate(word) for b in word[i + 1 :])",
            ),
        ),
    ),
    Misconception(
        "repeats-skipped",
        "A token that follows itself is not counted.",
        "(1, 1) is a pair like any other. In `book`, `o` comes after `o`.",
        edits=((INNER, INNER.replace("+= frequency", "+= frequency * (pair[0] != pair[1])")),),
    ),
    Misconception(
        "turned-round",
        "The two tokens of a pair stand in the wrong order.",
        "(1, 2) is counted as (2, 1). Which of the two comes first in the word?",
        edits=(("counts[pair] +=", "counts[pair[::-1]] +="),),
    ),
    Misconception(
        "place-by-index",
        "The place of a token is looked up with `index`, which finds the first one.",
        "Where a token occurs twice in a word, what follows it the second time is lost.",
        function=_index_of,
    ),
    Misconception(
        "zeros-kept",
        "Pairs that do not occur have entries of 0.",
        "The table grows with the square of the number of tokens. Only what occurs is asked for.",
        edits=(
            (
                "return counts",
                "tokens = {token for word in words for token in word}\n"
                "    return {(a, b): counts[a, b] for a in tokens for b in tokens}",
            ),
        ),
    ),
    Misconception(
        "bytes-only",
        "Ids above 255 are mixed up with others.",
        "Merging makes new tokens, whose ids are larger than a byte. Look for 256 in your code.",
        function=_bytes_only,
    ),
    Misconception(
        "words-used-up",
        "`words` is empty after the call.",
        "The caller still needs it. Look at which of its methods you call.",
        function=_emptied,
    ),
    Misconception(
        "short-words-removed",
        "Words of one token are taken out of the caller's dict.",
        "They have no pairs, but the caller still needs them.",
        function=_short_words_removed,
    ),
    Misconception(
        "same-container",
        "Every call returns the same container.",
        "Counting a second text changes what was returned for the first. Look at where the "
        "container is made.",
        function=_same_container,
    ),
    Misconception(
        "frequency-squared",
        "The frequency counts twice: in a loop over it, and in what is added.",
        "The counts are far too large. Look at what one occurrence of a word adds.",
        edits=(("+= frequency", "+= frequency * frequency"),),
    ),
)
