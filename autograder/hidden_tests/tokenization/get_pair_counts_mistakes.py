"""Wrong answers to 3.2 get_pair_counts, the commonest first."""

from collections import Counter
from itertools import pairwise

from autograder.exercise import Misconception

Words = dict[tuple[int, ...], int]
Pairs = Counter[tuple[int, int]]

INNER = """        for pair in pairwise(word):
            counts[pair] += frequency
"""
ONE_FOR_ALL: Pairs = Counter()


def _same_container(words: Words) -> Pairs:
    ONE_FOR_ALL.clear()
    for word, frequency in words.items():
        for pair in pairwise(word):
            ONE_FOR_ALL[pair] += frequency
    return ONE_FOR_ALL


def _across_words(words: Words) -> Pairs:
    stream = [token for word, frequency in words.items() for token in word * frequency]
    return Counter(pairwise(stream))


def _across_words_once(words: Words) -> Pairs:
    return Counter(pairwise([token for word in words for token in word]))


def _no_overlap(words: Words) -> Pairs:
    """Counts what merging would replace: a token is used up by a pair of the same kind."""
    counts: Pairs = Counter()
    for word, frequency in words.items():
        end: dict[tuple[int, int], int] = {}
        for i, pair in enumerate(pairwise(word)):
            if end.get(pair, -1) < i:
                counts[pair] += frequency
                end[pair] = i + 1
    return counts


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


MISCONCEPTIONS = (
    Misconception(
        "frequency-ignored",
        "Each distinct word counts once, however often it occurs.",
        "A pair of a rare word counts as much as one of a frequent word. Look at which part "
        "of `words` is not used.",
        edits=(("+= frequency", "+= 1"),),
    ),
    Misconception(
        "either-order",
        "The two orders of a pair are counted as one pair.",
        "`th` and `ht` are not the same. Look at what you use as the key.",
        edits=(("counts[pair] +=", "counts[min(pair), max(pair)] +="),),
    ),
    Misconception(
        "sets-for-keys",
        "A pair is kept as a set, which has no order.",
        "The two orders of a pair fall together, and a pair of twice the same token is a set of "
        "one.",
        edits=(("counts[pair] +=", "counts[frozenset(pair)] +="),),
    ),
    Misconception(
        "last-pair-missing",
        "The last pair of each word is not counted.",
        "A word of two tokens has no pair at all. Look at where your loop ends.",
        edits=(("pairwise(word)", "pairwise(word[:-1])"),),
    ),
    Misconception(
        "overwritten",
        "A pair's count is that of the last word in which it occurs.",
        "Two words that share a pair do not add up. Look at how the count is written.",
        edits=(("+= frequency", "= frequency"),),
    ),
    Misconception(
        "once-in-a-word",
        "A pair counts once in a word, however often the word holds it.",
        "Count the pairs of `banana` by hand.",
        edits=(("pairwise(word)", "set(pairwise(word))"),),
    ),
    Misconception(
        "no-overlap",
        "Pairs that overlap are not all counted.",
        "(1, 1, 1) has two pairs of neighbours here. How many of them are merged is the next "
        "question.",
        function=_no_overlap,
    ),
    Misconception(
        "across-words",
        "The last token of a word and the first of the next one are counted as a pair.",
        "There are pairs that no word holds. Look at where one word ends.",
        function=_across_words,
    ),
    Misconception(
        "one-row-of-tokens",
        "All words are put into one row, each once, and its pairs are counted.",
        "There are pairs that no word holds, and frequent words count no more than rare ones.",
        function=_across_words_once,
    ),
    Misconception(
        "tokens-counted",
        "The tokens are counted, not pairs of them.",
        "Look at the keys: each should name two tokens.",
        edits=(("pairwise(word)", "word"),),
    ),
    Misconception(
        "every-second-pair",
        "A word is cut into pairs that do not overlap.",
        "Every token but the last begins a pair. How many pairs has a word of four tokens?",
        edits=(("pairwise(word)", "zip(word[::2], word[1::2])"),),
    ),
    Misconception(
        "first-pair-missing",
        "The first pair of each word is not counted.",
        "A word of two tokens has no pair at all. Look at where your loop begins.",
        edits=(("pairwise(word)", "pairwise(word[1:])"),),
    ),
    Misconception(
        "first-time-missing",
        "The first time that a pair is met, it counts 0.",
        "Every count is too small by the frequency of one word. Look at how a new key begins.",
        edits=(("+= frequency", "= counts[pair] + frequency if pair in counts else 0"),),
    ),
    Misconception(
        "starts-from-one",
        "A new pair begins at 1, and its word's frequency is added to that.",
        "Every count is too large by 1. Look at how a new key begins.",
        edits=(("counts[pair] += frequency", "counts[pair] = counts.get(pair, 1) + frequency"),),
    ),
    Misconception(
        "best-pair-only",
        "Only the most frequent pair is returned.",
        "The choice comes later; here the counts of all pairs are asked for.",
        edits=(("return counts", "return Counter(dict(counts.most_common(1)))"),),
    ),
    Misconception(
        "list-returned",
        "What comes back is a list of pairs and counts, which cannot be asked for a pair.",
        "`counts[2, 3]` is an error with a list. Something with keys is asked for.",
        edits=(("return counts", "return counts.most_common()"),),
    ),
    Misconception(
        "shares",
        "The counts are divided by their sum.",
        "These are shares. How often a pair occurs is a whole number.",
        edits=(
            ("return counts", "return {pair: n / counts.total() for pair, n in counts.items()}"),
        ),
    ),
    Misconception(
        "wraps-around",
        "The last token of a word is paired with its first.",
        "A word of n ids has one pair too many. Nothing follows the last token.",
        edits=(("pairwise(word)", "pairwise((word[-1], *word))"),),
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
