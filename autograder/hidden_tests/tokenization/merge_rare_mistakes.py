"""Rarer wrong answers to 3.3 merge."""

from collections.abc import Sequence
from itertools import pairwise

from autograder.exercise import Misconception

Pair = tuple[int, int]
FOUND = "if i + 1 < len(ids) and (ids[i], ids[i + 1]) == pair:"


def _right_to_left(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    merged: list[int] = []
    i = len(ids) - 1
    while i >= 0:
        if i > 0 and (ids[i - 1], ids[i]) == pair:
            merged.append(new_id)
            i -= 2
        else:
            merged.append(ids[i])
            i -= 1
    return merged[::-1]


def _text(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    text = " ".join(map(str, ids)).replace(f"{pair[0]} {pair[1]}", str(new_id))
    return [int(word) for word in text.split()]


def _bytes(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    text = bytes(ids).decode("latin-1").replace(bytes(pair).decode("latin-1"), chr(new_id))
    return list(map(ord, text))


def _not_neighbours(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    merged = list(ids)
    i = 0
    while i < len(merged):
        if merged[i] == pair[0] and pair[1] in merged[i + 1 :]:
            del merged[merged.index(pair[1], i + 1)]
            merged[i] = new_id
        i += 1
    return merged


def _starts_with_the_first(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    merged, previous = [], ids[0]
    waiting = True
    for token in ids[1:]:
        if waiting and (previous, token) == pair:
            merged.append(new_id)
            waiting = False
        else:
            if waiting:
                merged.append(previous)
            waiting = True
        previous = token
    return [*merged, previous] if waiting else merged


def _zero_behind(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    merged: list[int] = []
    waiting = True
    for both in pairwise([*ids, 0]):
        if not waiting:
            waiting = True
        elif both == pair:
            merged.append(new_id)
            waiting = False
        else:
            merged.append(both[0])
    return merged


def _one_for_each_neighbour(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    return [new_id if both == pair else both[0] for both in pairwise(ids)]


RARE = (
    Misconception(
        "right-to-left",
        "The tokens are merged from right to left.",
        "In three of the same token the first one stays, and not the third.",
        function=_right_to_left,
    ),
    Misconception(
        "fixed-steps",
        "The tokens are cut into twos first, and a pair across two of them is missed.",
        "Put one token in front, and other pairs are merged.",
        edits=(
            (
                "            merged.append(ids[i])\n            i += 1",
                "            merged.extend(ids[i : i + 2])\n            i += 2",
            ),
        ),
    ),
    Misconception(
        "token-after-skipped",
        "The token after a merged pair is not looked at.",
        "It is lost. How far does the index move after a match?",
        edits=(("i += 2", "i += 3"),),
    ),
    Misconception(
        "last-pair-missed",
        "A pair at the very end is not merged.",
        "Look at the last index at which a pair can begin.",
        edits=(("i + 1 < len(ids)", "i + 2 < len(ids)"),),
    ),
    Misconception(
        "zero-behind",
        "A 0 is put behind the tokens, so that the last one has a neighbour too.",
        "0 is a token as well: with it as the second of the pair, the last token is merged.",
        function=_zero_behind,
    ),
    Misconception(
        "zeros-dropped",
        "The token 0 is dropped from the list.",
        "0 is a token like any other, and to `if` it is false. Look at what your list leaves out.",
        edits=(("return merged", "return [token for token in merged if token]"),),
    ),
    Misconception(
        "first-pair-missed",
        "A pair at the very start is not merged.",
        "Look at the first index at which a pair can begin.",
        edits=(("if i + 1 <", "if 0 < i and i + 1 <"),),
    ),
    Misconception(
        "new-token-missing",
        "The pair is taken out, and nothing stands in its place.",
        "The text becomes shorter when it is decoded.",
        edits=(("            merged.append(new_id)\n", ""),),
    ),
    Misconception(
        "number-256",
        "The new token is 256, whatever `new_id` is.",
        "Each merge gets an id of its own. Look for that number in your code.",
        edits=(("merged.append(new_id)", "merged.append(256)"),),
    ),
    Misconception(
        "slices-of-lists",
        "A slice of the tokens is compared with a list, which no tuple equals.",
        "The result depends on whether the tokens come in a list or in a tuple.",
        edits=((FOUND, "if ids[i : i + 2] == list(pair):"),),
    ),
    Misconception(
        "slices-of-tuples",
        "A slice of the tokens is compared with the pair, and no list equals a tuple.",
        "In a list nothing is ever merged. Print the two sides of your comparison.",
        edits=((FOUND, "if ids[i : i + 2] == pair:"),),
    ),
    Misconception(
        "list-methods",
        "The function uses methods that a tuple of tokens does not have.",
        "It raises AttributeError if the tokens come in a tuple. What is to come back is a new "
        "list anyway.",
        edits=(
            ("    merged: list[int] = []\n", "    merged: list[int] = []\n    ids = ids.copy()\n"),
        ),
    ),
    Misconception(
        "identity",
        "The tokens are compared with `is`, which asks whether they are one object.",
        "It works for small numbers, of which Python keeps one each, and not for ids above 256.",
        edits=(
            (
                FOUND,
                FOUND.replace(
                    "(ids[i], ids[i + 1]) == pair", "ids[i] is pair[0] and ids[i + 1] is pair[1]"
                ),
            ),
        ),
    ),
    Misconception(
        "digits-replaced",
        "The pair is replaced in a text of digits, where 11 ends in 1.",
        "For the pair (1, 2) the tokens 11, 2 are merged too.",
        function=_text,
    ),
    Misconception(
        "bytes-only",
        "Tokens above 255 cannot be merged.",
        "Merging makes new tokens, whose ids are larger than a byte.",
        function=_bytes,
    ),
    Misconception(
        "not-neighbours",
        "The two tokens are merged although others stand between them.",
        "The order of the text changes. Only neighbours are a pair.",
        function=_not_neighbours,
    ),
    Misconception(
        "same-list-returned",
        "Without the pair in it, the caller's own list comes back, not a new one.",
        "Whoever changes the result then changes the tokens that went in.",
        edits=(("return merged", "return merged if len(merged) < len(ids) else ids"),),
    ),
    Misconception(
        "short-list-returned",
        "A list without room for a pair comes back itself, and not a new list.",
        "Whoever changes the result then changes the tokens that went in.",
        edits=(
            ("    merged: list[int] = []\n", "    merged = ids if len(ids) < 2 else []\n"),
            ("    i = 0\n", "    i = 0 if merged is not ids else len(ids)\n"),
        ),
    ),
    Misconception(
        "one-for-each-neighbour",
        "Each two neighbours give one token.",
        "The second token of the pair stays, and the last token of the list is lost.",
        function=_one_for_each_neighbour,
    ),
    Misconception(
        "starts-with-the-first",
        "The function reads the first token before it knows that there is one.",
        "Look at what you do before the loop, and at a list without tokens.",
        function=_starts_with_the_first,
    ),
    Misconception(
        "tokens-of-the-pair-dropped",
        "A token of the pair that stands alone is dropped.",
        "Only the two together are replaced. Look at the tokens that match halfway.",
        edits=(
            (
                "            merged.append(ids[i])\n",
                "            merged.extend(t for t in [ids[i]] if t not in pair)\n",
            ),
        ),
    ),
)
