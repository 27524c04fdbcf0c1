"""Wrong answers to 3.3 merge, the commonest first. The rarer ones have a file of their own."""

from collections.abc import Sequence
from itertools import groupby

from autograder.exercise import Misconception
from autograder.hidden_tests.tokenization.merge_rare_mistakes import RARE

Pair = tuple[int, int]
FOUND = "if i + 1 < len(ids) and (ids[i], ids[i + 1]) == pair:"


def _one_for_each_pair(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    merged, used = [], False
    for i, token in enumerate(ids):
        if tuple(ids[i : i + 2]) == pair:
            merged.append(new_id)
            used = True
        elif used:
            used = False
        else:
            merged.append(token)
    return merged


def _in_place(ids: list[int], pair: Pair, new_id: int) -> list[int]:
    i = 0
    while i < len(ids) - 1:
        if (ids[i], ids[i + 1]) == pair:
            ids[i : i + 2] = [new_id]
        i += 1
    return ids


def _used_up(ids: list[int], pair: Pair, new_id: int) -> list[int]:
    merged: list[int] = []
    while ids:
        token = ids.pop(0)
        if token == pair[0] and ids and ids[0] == pair[1]:
            ids.pop(0)
            token = new_id
        merged.append(token)
    return merged


def _run_as_one(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """A whole run of the pair, or of the token that it has twice, becomes one token."""
    if pair[0] != pair[1]:
        merged = _one_for_each_pair(ids, pair, new_id)
        return [
            t for t, run in groupby(merged) for _ in range(1 if t == new_id else len(list(run)))
        ]
    merged = []
    for token, run in groupby(ids):
        n = len(list(run))
        merged += [new_id] if token == pair[0] and n > 1 else [token] * n
    return merged


def _last_token_lost(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    merged: list[int] = []
    i = 0
    while i < len(ids) - 1:
        if (ids[i], ids[i + 1]) == pair:
            merged.append(new_id)
            i += 2
        else:
            merged.append(ids[i])
            i += 1
    return merged


def _again(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    merged: list[int] = []
    for token in ids:
        if merged and (merged[-1], token) == pair:
            merged[-1] = new_id
        else:
            merged.append(token)
    return merged


def _first_only(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    for i in range(len(ids) - 1):
        if (ids[i], ids[i + 1]) == pair:
            return [*ids[:i], new_id, *ids[i + 2 :]]
    return list(ids)


def _last_token_twice(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """Ends the loop before the last token and adds that in any case."""
    merged: list[int] = []
    i = 0
    while i < len(ids) - 1:
        if (ids[i], ids[i + 1]) == pair:
            merged.append(new_id)
            i += 2
        else:
            merged.append(ids[i])
            i += 1
    return [*merged, ids[-1]]


def _first_again(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """Remembers the token before, also if it has been merged."""
    merged: list[int] = []
    previous = None
    for token in ids:
        if (previous, token) == pair:
            merged[-1] = new_id
        else:
            merged.append(token)
        previous = token
    return merged


def _start_skipped(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """Moves by two wherever the first token of the pair stands."""
    merged: list[int] = []
    i = 0
    while i < len(ids):
        if ids[i] != pair[0]:
            merged.append(ids[i])
            i += 1
        else:
            found = tuple(ids[i : i + 2])
            merged.extend([new_id] if found == pair else found)
            i += 2
    return merged


MISCONCEPTIONS = (
    Misconception(
        "second-token-kept",
        "The second token of the pair stays behind the new one.",
        "The result is as long as the input. How far does the index move after a match?",
        edits=(("i += 2", "i += 1"),),
    ),
    Misconception(
        "one-for-each-pair",
        "Pairs that overlap are all merged.",
        "Three in a row become two new tokens, and the token in the middle is used twice.",
        function=_one_for_each_pair,
    ),
    Misconception(
        "last-token-lost",
        "A last token that is in no pair is lost.",
        "Merge in a list without the pair: it comes back shorter. Look at where your loop ends.",
        function=_last_token_lost,
    ),
    Misconception(
        "last-token-twice",
        "The last token is added behind the loop, also if it has been merged.",
        "Merge a list that ends on the pair. Which tokens are left when your loop ends?",
        function=_last_token_twice,
    ),
    Misconception(
        "first-again",
        "The second token of a merged pair is taken for the first of another one.",
        "Three in a row of the same token become one, and the third is lost. Look at what is "
        "remembered after a match.",
        function=_first_again,
    ),
    Misconception(
        "start-skipped",
        "After the first token of the pair the next one is not looked at as a first.",
        "In (1, 1, 2) the pair (1, 2) is missed. How far does the index move after half a match?",
        function=_start_skipped,
    ),
    Misconception(
        "reads-past-the-end",
        "The token after the last one is looked at.",
        "It raises IndexError if the last token is the first of the pair.",
        edits=((FOUND, "if ids[i] == pair[0] and ids[i + 1] == pair[1]:"),),
    ),
    Misconception(
        "reads-past-every-end",
        "The token after the last one is looked at, whatever the tokens are.",
        "It raises IndexError unless a pair stands at the very end.",
        edits=((FOUND, "if (ids[i], ids[i + 1]) == pair:"),),
    ),
    Misconception(
        "changed-in-place",
        "The caller's list is changed.",
        "The result is right, and the tokens that went in are gone. What is to come back is a "
        "new list.",
        function=_in_place,
    ),
    Misconception(
        "ids-used-up",
        "The caller's list is empty after the call.",
        "The result is right, and the tokens that went in are gone. Look at which methods of "
        "the list you call.",
        function=_used_up,
    ),
    Misconception(
        "either-order",
        "The pair is merged in either order.",
        "(2, 1) becomes the same token as (1, 2), and decoding cannot tell them apart.",
        edits=((FOUND, FOUND.replace("== pair", "in (pair, pair[::-1])")),),
    ),
    Misconception(
        "either-token",
        "Two neighbours are merged if each is one of the two tokens.",
        "For the pair (1, 2) also (1, 1) is merged. Compare them in order.",
        edits=(
            (FOUND, FOUND.replace("(ids[i], ids[i + 1]) == pair", "{*ids[i : i + 2]} <= {*pair}")),
        ),
    ),
    Misconception(
        "first-only",
        "Only the first occurrence is merged.",
        "The pair still stands in the result. What happens after the first match?",
        function=_first_only,
    ),
    Misconception(
        "run-as-one",
        "A run of matches becomes one new token.",
        "Four in a row of the same token hold two pairs, and six hold three.",
        function=_run_as_one,
    ),
    Misconception(
        "merged-again",
        "The new token is merged once more.",
        "It happens if `new_id` is a token of the pair: the comparison is with the result, "
        "and not with the tokens that came in.",
        function=_again,
    ),
    *RARE,
)
