"""3.3 merge."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import regex

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.tokenization.merge_mistakes import MISCONCEPTIONS

Pair = tuple[int, int]


def _skip(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """Goes over all places with a flag for the second token of a pair."""
    out: list[int] = []
    skip = False
    for i, token in enumerate(ids):
        if skip:
            skip = False
            continue
        skip = tuple(ids[i : i + 2]) == pair
        out.append(new_id if skip else token)
    return out


def _characters(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """One character a token, and Python's own search."""
    a, b = map(chr, pair)
    return [ord(c) for c in "".join(map(chr, ids)).replace(a + b, chr(new_id))]


def _regex(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    text = "".join(f"<{token}>" for token in ids)
    merged = text.replace(f"<{pair[0]}><{pair[1]}>", f"<{new_id}>")
    return [int(n) for n in regex.findall(r"\d+", merged)]


def _generator(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    def merged() -> Iterator[int]:
        rest = iter(ids)
        token = next(rest, None)
        while token is not None:
            after = next(rest, None)
            if (token, after) == pair:
                yield new_id
                after = next(rest, None)
            else:
                yield token
            token = after

    return list(merged())


def _delete(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """Changes a copy in place, as long as `index` finds the first token."""
    out, start = list(ids), 0
    while True:
        try:
            start = out.index(pair[0], start) + 1
        except ValueError:
            return out
        if out[start : start + 1] == [pair[1]]:
            out[start - 1 : start + 1] = [new_id]


def _numpy(ids: Sequence[int], pair: Pair, new_id: int) -> Any:
    """Returns a tuple of numbers of numpy."""
    a = np.array(ids, dtype=np.int64)
    keep = np.ones(len(a), dtype=bool)
    last = -1
    for i in np.flatnonzero((a[:-1] == pair[0]) & (a[1:] == pair[1])).tolist():
        if i > last:
            a[i], keep[i + 1], last = new_id, False, i + 1
    return tuple(a[keep])


def _recursive(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    match list(ids):
        case [a, b, *rest] if (a, b) == pair:
            return [new_id, *_recursive(rest, pair, new_id)]
        case [a, *rest]:
            return [a, *_recursive(rest, pair, new_id)]
        case _:
            return []


def _own(ids: list[int]) -> list[int]:
    """Return the ids as ints of their own: above 256, equal ones must not be one object."""
    return [int(str(token)) for token in ids]


def _with_pair(d: Draw, low: int, high: int, n: int) -> dict[str, Any]:
    """Return tokens with the pair at both ends, twice in a row and reversed, and with halves."""
    a, b, *others = (d.permutation(high - low)[: n + 2] + low).tolist()
    free = iter(others)
    parts = [[a, b, a, b], [next(free), a, b, next(free)], [a, next(free), b], [next(free), b]]
    middle = [token for i in d.permutation(4).tolist() for token in parts[i]]
    ids = [a, b, next(free), b, a, next(free), *middle, next(free), a, b]
    return {"ids": _own(ids), "pair": _own([a, b]), "new_id": 257 + d.integer(0, 99)}


def _without(d: Draw) -> dict[str, Any]:
    """Return tokens in which the pair stands in the wrong order, and ends on its first token."""
    a, b, c = d.permutation(200)[:3].tolist()
    return {"ids": [b, a, c, b, c, a], "pair": [a, b], "new_id": 256 + d.integer(1, 90)}


def _run(d: Draw) -> dict[str, Any]:
    a, c = d.permutation(200)[:2].tolist()
    ids = [a] * 3 + [c] + [a] * 4 + [c] + [a] + [c] * 2 + [a] * 5
    return {"ids": ids, "pair": [a, a], "new_id": 256 + d.integer(1, 90)}


def _again(d: Draw) -> dict[str, Any]:
    """Return tokens that could be merged once more with the new one, which is in the pair."""
    a, b = d.permutation(200)[:2].tolist()
    return {"ids": [a, b, b, a, a, b, b, b, a], "pair": [a, b], "new_id": a}


def _digits(d: Draw) -> dict[str, Any]:
    """Return tokens whose digits end or begin like the pair's."""
    a, b = d.integer(1, 5), d.integer(5, 9)
    ids = [10 * b + a, b, 3, a, b, 4, a, 10 * b + a, a, 100 * b + a]
    return {"ids": ids, "pair": [a, b], "new_id": 256 + d.integer(1, 90)}


def _zero(d: Draw) -> dict[str, Any]:
    """Return tokens that end on the first of the pair, whose second is 0, with a 0 in no pair."""
    a, b = (d.permutation(200)[:2] + 1).tolist()
    return {"ids": [b, a, 0, 0, a, b, a], "pair": [a, 0], "new_id": 256 + d.integer(1, 90)}


WHEREVER = "replaces the pair wherever it stands"
ONCE = "uses each token once, from left to right"
LEAVES = "leaves the caller's tokens as they were"

EXERCISE = Exercise(
    id="merge",
    chapter="03-tokenization",
    title="Merge a pair",
    reference="gpt2.bpe.merge",
    probe="tokens.merge",
    minutes=10,
    difficulty=2,
    groups={WHEREVER: 2, ONCE: 1, LEAVES: 1},
    cases=(
        Case("bytes", WHEREVER, lambda d: _with_pair(d, 0, 200, 12), tolerance=EXACT),
        Case(
            "tokens made by merges",
            WHEREVER,
            lambda d: _with_pair(d, 300, 900, 12) | {"new_id": 1000 + d.integer(0, 9000)},
            tolerance=EXACT,
        ),
        Case(
            "a tuple of tokens",
            WHEREVER,
            lambda d: _with_pair(d, 0, 200, 12) | {"by": "tuple"},
            tolerance=EXACT,
        ),
        Case("a pair with token 0", WHEREVER, _zero, tolerance=EXACT),
        Case("digits that look alike", WHEREVER, _digits, tolerance=EXACT),
        Case(
            "the pair alone",
            WHEREVER,
            lambda d: {"ids": [7, 9], "pair": [7, 9], "new_id": 300 + d.integer(0, 99)},
            tolerance=EXACT,
        ),
        Case(
            "no tokens",
            WHEREVER,
            lambda d: {"ids": [], "pair": [d.integer(0, 9), 9], "new_id": 300},
            tolerance=EXACT,
        ),
        Case("runs of one token", ONCE, _run, tolerance=EXACT),
        Case("the new token is one of the pair", ONCE, _again, tolerance=EXACT),
        Case(
            "two tokens over and over",
            ONCE,
            lambda d: {
                "ids": d.integers(1, 3, 40).tolist(),
                "pair": [1, 2],
                "new_id": d.integer(3, 300),
            },
            tolerance=EXACT,
        ),
        Case(
            "with the pair",
            LEAVES,
            lambda d: _with_pair(d, 0, 200, 12),
            probe="tokens.merge_then_change",
            tolerance=EXACT,
        ),
        Case(
            "one token",
            LEAVES,
            lambda d: {"ids": [d.integer(0, 99)], "pair": [100, 101], "new_id": 300},
            probe="tokens.merge_then_change",
            tolerance=EXACT,
        ),
        Case(
            "without the pair",
            LEAVES,
            _without,
            probe="tokens.merge_then_change",
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("a flag for the second token", _skip),
        Variant("characters and str.replace", _characters),
        Variant("a text with brackets, read by regex", _regex),
        Variant("a generator of two tokens", _generator),
        Variant("a copy changed in place", _delete),
        Variant("numpy, and a tuple of its numbers", _numpy),
        Variant("recursion by patterns", _recursive),
    ),
    hints=(
        "Merge (1, 1) in [1, 1, 1, 2] by hand, with a finger on the token that comes next. How "
        "far does the finger move after a match?",
        "A `for` loop moves by one in every step. A `while` loop with an index of your own may "
        "move by one or by two.",
        "At index i: if i + 1 is still inside and the two tokens there are the pair, append "
        "`new_id` and move by two; if not, append the token and move by one. The loop ends when "
        "all tokens are used.",
    ),
)
