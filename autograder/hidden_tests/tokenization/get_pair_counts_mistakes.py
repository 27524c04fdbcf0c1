"""Wrong answers to 3.2 get_pair_counts, the commonest first. The rarer ones have their own file."""

from collections import Counter
from itertools import pairwise

from autograder.exercise import Misconception
from autograder.hidden_tests.tokenization.get_pair_counts_rare_mistakes import RARE

Words = dict[tuple[int, ...], int]
Pairs = Counter[tuple[int, int]]


def _across_words(words: Words) -> Pairs:
    counts: Pairs = Counter()
    previous = None
    for word, frequency in words.items():
        for token in word:
            if previous is not None:
                counts[previous, token] += frequency
            previous = token
    return counts


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
    *RARE,
)
