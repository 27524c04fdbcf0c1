"""Wrong answers to 3.6 train_bpe, the commonest first. Rarer ones have their own file."""

from autograder.exercise import Misconception
from autograder.hidden_tests.tokenization.train_bpe_rare_mistakes import RARE
from autograder.hidden_tests.tokenization.wrong_trainers import (
    characters,
    counted_once,
    counts_of_zero,
    first_seen,
    last_seen,
    no_end,
    no_overlaps,
    whitespace,
)

_TIE = "_descending(vocab[pair[0]]), _descending(vocab[pair[1]]), pair"
_LAST_IDS = 'for token in special_tokens:\n        vocab[len(vocab)] = token.encode("utf-8")'


MISCONCEPTIONS = (
    Misconception(
        "ties-by-first-seen",
        "Of equally frequent pairs the one seen first is merged.",
        "`max` over the counts alone keeps the first of equals, so the order of the words in the "
        "text decides. What does the contract compare when counts are equal?",
        function=first_seen,
    ),
    Misconception(
        "no-pieces",
        "The text is not cut into pieces, so merges run across the borders of words.",
        "Tokens such as `e ` or `, a` appear. No token that GPT-2 learned has a space behind a "
        "letter.",
        edits=(("pieces.update(pretokenize(part))", "pieces.update([part])"),),
    ),
    Misconception(
        "split-at-white-space",
        "The text is split at white space, which is lost.",
        "No token begins with a space, and a word keeps its comma. Print your pieces and join "
        "them: is it the text?",
        function=whitespace,
    ),
    Misconception(
        "characters-not-bytes",
        "Training starts from characters, not from bytes.",
        "On English text nobody sees it. Look at what becomes of `é`, which is two bytes.",
        function=characters,
    ),
    Misconception(
        "ties-by-least",
        "Of equally frequent pairs the least is merged, not the greatest.",
        "Where no counts are equal the merges are right. Look at the direction in which ties are "
        "sorted.",
        edits=((_TIE, "vocab[pair[0]], vocab[pair[1]], pair"),),
    ),
    Misconception(
        "ties-by-ids",
        "Ties are decided by the ids of the tokens, the greatest first, not by their bytes.",
        "It agrees as long as all tokens are single bytes. An id above 255 says when a token was "
        "made, and nothing of what is in it.",
        edits=((_TIE, "(-pair[0], -pair[1]), (), pair"),),
    ),
    Misconception(
        "ties-by-joined-bytes",
        "Ties are decided by the joined bytes, not by the pair.",
        "Joined, `ac` is greater than `abx`. As pairs of bytes, which of `(a, c)` and `(ab, x)` "
        "is greater?",
        edits=((_TIE, "_descending(vocab[pair[0]] + vocab[pair[1]]), (), pair"),),
    ),
    Misconception(
        "stale-counts",
        "A merge does not take the pairs beside it from the counts.",
        "After `ab` is merged in `abc`, the pair `(b, c)` is gone from that word too. Compare "
        "your counts after each merge with counts made anew.",
        edits=(
            ("counts[old] -= frequencies[i]", "counts[old] -= frequencies[i] * (old == pair)"),
            (
                "counts[new] += frequencies[i]\n",
                "counts[new] += frequencies[i] * (new_id in new)\n",
            ),
        ),
    ),
    Misconception(
        "special-tokens-missing",
        "The special tokens are not in the vocabulary.",
        "`len(vocab)` is less than `vocab_size`. They are learned from nothing, and still need "
        "ids.",
        edits=((_LAST_IDS, ""),),
    ),
    Misconception(
        "special-tokens-before-merges",
        "The special tokens get the ids before those of the merges.",
        "The first merge then makes another token than 256. Look at the order in the contract.",
        edits=(
            (
                "vocab = {byte: bytes([byte]) for byte in range(256)}",
                "vocab = {byte: bytes([byte]) for byte in range(256)}\n"
                "    vocab |= {256 + i: token.encode() for i, token in enumerate(special_tokens)}",
            ),
            ("new_id = 256 + len(merges)", "new_id = len(vocab)"),
            (_LAST_IDS, ""),
        ),
    ),
    Misconception(
        "special-tokens-learned-from",
        "The text is not cut at the special tokens, so merges are learned from their letters.",
        "`<|` or `|>` are among the merges.",
        edits=(("_between(text, special_tokens)", "[text]"),),
    ),
    Misconception(
        "special-tokens-not-counted",
        "There are `vocab_size` tokens and the special ones besides.",
        "`len(vocab)` is greater than `vocab_size`. The model's table has no row for the last "
        "ones.",
        edits=(("len(merges) < n_merges", "len(merges) < n_merges + len(special_tokens)"),),
    ),
    Misconception(
        "special-tokens-in-the-order-given",
        "Where two special tokens begin at the same place, the one that is first in the list is "
        "cut out.",
        "If it is the shorter, the rest of the longer one stays in the text. In `a|ab` a pattern "
        "takes the first alternative that fits.",
        edits=(
            (
                "_between(text, special_tokens)",
                '(regex.split("|".join(map(regex.escape, special_tokens)), text) '
                "if special_tokens else [text])",
            ),
        ),
    ),
    Misconception(
        "special-tokens-not-escaped",
        "The special tokens are read as a pattern: `|` in them means “or”.",
        "The text is cut at each `<` and at each `>`, and at the name between them wherever it "
        "stands.",
        edits=(
            (
                "_between(text, special_tokens)",
                '(regex.split("|".join(sorted(special_tokens, key=len, reverse=True)), text) '
                "if special_tokens else [text])",
            ),
        ),
    ),
    Misconception(
        "special-tokens-replaced",
        "The special tokens are taken out, and what stood on both sides is glued together.",
        "A pair is learned that runs from one document into the next.",
        edits=(("_between(text, special_tokens)", '["".join(_between(text, special_tokens))]'),),
    ),
    Misconception(
        "special-tokens-become-spaces",
        "A space is put where a special token was.",
        "A pair is learned of a space that is not in the text. What stands on the two sides of a "
        "special token are two texts.",
        edits=(("_between(text, special_tokens)", '[" ".join(_between(text, special_tokens))]'),),
    ),
    Misconception(
        "special-tokens-kept-by-split",
        "The text is cut at the special tokens, and they are learned from as texts of their own.",
        "A pattern in brackets makes `split` return what it cuts at, too.",
        edits=(
            (
                "in _between(text, special_tokens)",
                "in _between(text, special_tokens) + regex.findall(\n"
                '        "|".join(map(regex.escape, sorted(special_tokens, key=len)[::-1]))'
                ' or "$", text\n    )',
            ),
        ),
    ),
    Misconception(
        "frequency-of-words-ignored",
        "Each different piece counts once, however often it occurs.",
        "A word that stands in the text a thousand times weighs no more than a typing error.",
        edits=(("list(pieces.values())", "[1] * len(words)"),),
    ),
    Misconception(
        "single-pairs-left",
        "Training ends when no pair occurs twice.",
        "The contract goes on until there is no pair at all. With a large text it makes no "
        "difference, with a small one the vocabulary is too short.",
        edits=(("while heap and len", "while heap and heap[0][0] < -1 and len"),),
    ),
    Misconception(
        "no-end",
        "The loop does not end when the text has run out of pairs.",
        "`max` of nothing raises ValueError. What is left to merge when each piece is one token?",
        function=no_end,
    ),
    Misconception(
        "counts-of-zero",
        "Pairs that are gone keep an entry, with a count of zero, and are merged at the end.",
        "`merges` goes on after the text has run out of pairs. When is there nothing left?",
        function=counts_of_zero,
    ),
    Misconception(
        "one-merge-too-many",
        "There is one merge too many.",
        "`len(vocab)` is `vocab_size + 1`. Count the merges for a `vocab_size` of 257.",
        edits=(("len(merges) < n_merges", "len(merges) <= n_merges"),),
    ),
    Misconception(
        "one-merge-too-few",
        "There is one merge too few.",
        "`len(vocab)` is `vocab_size - 1`. Count the merges for a `vocab_size` of 257.",
        edits=(("len(merges) < n_merges", "len(merges) < n_merges - 1"),),
    ),
    Misconception(
        "counted-once",
        "The pairs are counted once, and the merges are the first ones of that list.",
        "No merge joins what an earlier one made. After each merge the text is another one.",
        function=counted_once,
    ),
    Misconception(
        "too-small-accepted",
        "A `vocab_size` smaller than the bytes and the special tokens is accepted.",
        "What comes back is larger than what was asked for, and nothing tells the caller.",
        edits=(("if n_merges < 0", "if n_merges < -999"),),
    ),
    Misconception(
        "ties-by-last-seen",
        "Of equally frequent pairs the one seen last is merged.",
        "The order of the words in the text decides. What does the contract compare when counts "
        "are equal?",
        function=last_seen,
    ),
    Misconception(
        "overlaps-counted-once",
        "In a run of one letter only the pairs that do not overlap are counted.",
        "`aaaa` has the pair `(a, a)` three times, as `get_pair_counts` counts it, though only "
        "two of them can be merged.",
        function=no_overlaps,
    ),
    *RARE,
)
