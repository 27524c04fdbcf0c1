"""Rarer wrong answers to 3.6 train_bpe."""

from autograder.exercise import Misconception
from autograder.hidden_tests.tokenization.bpe_texts import GPT4_PATTERN

_TIE = "_descending(vocab[pair[0]]), _descending(vocab[pair[1]]), pair"
_LAST_IDS = 'for token in special_tokens:\n        vocab[len(vocab)] = token.encode("utf-8")'
_ROOM = "n_merges = vocab_size - 256 - len(special_tokens)"

RARE = (
    Misconception(
        "merges-of-ids",
        "The merges are pairs of ids, not of bytes.",
        "They are the right pairs. Look each of the two up in `vocab`.",
        edits=(("merges.append((left, right))", "merges.append(pair)"),),
    ),
    Misconception(
        "vocabulary-turned-round",
        "`vocab` goes from bytes to ids.",
        "The contract asks for token id -> its bytes.",
        edits=(
            ("return vocab, merges", "return {token: i for i, token in vocab.items()}, merges"),
        ),
    ),
    Misconception(
        "merges-first",
        "The pair comes back the other way round: the merges first.",
        "The contract's signature says which of the two comes first.",
        edits=(("return vocab, merges", "return merges, vocab"),),
    ),
    Misconception(
        "tokens-are-text",
        "The tokens are decoded to text.",
        "A token may be half of a character, and half of `é` is no text. Leave them bytes.",
        edits=(
            (
                "return vocab, merges",
                'return {i: t.decode("utf-8", "replace") for i, t in vocab.items()}, merges',
            ),
        ),
    ),
    Misconception(
        "ties-by-the-left-token",
        "Ties are decided by the left token alone.",
        "Of `(a, x)` and `(a, y)` the one seen first is merged. A pair has two tokens.",
        edits=(
            (
                _TIE,
                "_descending(vocab[pair[0]]), [*counts].index(pair), pair",
            ),
        ),
    ),
    Misconception(
        "merged-tokens-left-alone",
        "A token that was made by a merge is never merged again.",
        "No token is longer than two bytes. The pairs that a merge makes need counts too.",
        edits=(("for new in grown:", "for new in ():"),),
    ),
    Misconception(
        "pattern-of-gpt-4",
        "The text is cut with the pattern of GPT-4.",
        "Numbers come in groups of three digits, without their space. Which pattern does "
        "`pretokenize` use by default?",
        edits=(("pretokenize(part)", f"pretokenize(part, {GPT4_PATTERN!r})"),),
    ),
    Misconception(
        "lower-case",
        "The text is turned to lower case first.",
        "`A` and `a` are counted as one. They are two bytes.",
        edits=(("pretokenize(part)", "pretokenize(part.lower())"),),
    ),
    Misconception(
        "stripped",
        "White space at the ends of the text is stripped.",
        "A run of new lines at the end of a text is learned from like any other piece.",
        edits=(("pretokenize(part)", "pretokenize(part.strip())"),),
    ),
    Misconception(
        "special-ids-by-length",
        "The ids of the special tokens follow their length, not the order of the list.",
        "The order in which the text is cut is one thing, the order of the ids another.",
        edits=(
            (
                "for token in special_tokens:\n",
                "for token in sorted(special_tokens, key=len, reverse=True):\n",
            ),
        ),
    ),
    Misconception(
        "special-tokens-sorted-in-place",
        "The caller's list of special tokens is sorted in place.",
        "The list belongs to the caller, and the order of the ids with it. `sorted` makes a new "
        "one.",
        edits=(
            (
                _ROOM,
                f"isinstance(special_tokens, list) and special_tokens.sort(key=len, reverse=True)"
                f"\n    {_ROOM}",
            ),
        ),
    ),
    Misconception(
        "no-room-refused",
        "A `vocab_size` that leaves no room for a merge is refused.",
        "The bytes and the special tokens alone are a vocabulary too. Compare 256 with 256.",
        edits=(("if n_merges < 0", "if n_merges <= 0"),),
    ),
)
