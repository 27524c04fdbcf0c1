"""Probes of chapter 3: bytes, pairs of neighbours, and pieces of a text.

An answer of an odd type is handed back as it came, so that the learner reads what it is and not
where a probe stumbled over it. A tuple does for a list, and a number of numpy for an int.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Outputs = dict[str, Any]


def text_to_ids(text_to_ids: Callable[[str], Any], s: str) -> Outputs:
    """Turn a text into ids."""
    return {"ids": text_to_ids(s)}


def ids_to_text(ids_to_text: Callable[[list[int]], Any], ids: list[int]) -> Outputs:
    """Turn ids into a text."""
    return {"text": _visible(ids_to_text(ids))}


def _visible(text: Any) -> Any:
    """Write half a surrogate pair, which cannot be sent, as an escape."""
    return text.encode("utf-8", "backslashreplace").decode() if type(text) is str else text


def get_pair_counts(
    get_pair_counts: Callable[..., Any], words: list[list[int]], frequencies: list[int]
) -> Outputs:
    """Count the pairs of words given as a dict."""
    given = _dict_of(words, frequencies)
    counts = _entries(get_pair_counts(given))
    # A dict with tuples for keys cannot be an input of a case, so the probe looks itself.
    kept = list(given.items()) == list(_dict_of(words, frequencies).items())
    return {"counts": counts, "the words stay as they were": kept}


def two_texts(
    get_pair_counts: Callable[..., Any],
    words: list[list[int]],
    frequencies: list[int],
    other_words: list[list[int]],
    other_frequencies: list[int],
) -> Outputs:
    """Count the pairs of one dict of words, then those of another."""
    first = get_pair_counts(_dict_of(words, frequencies))
    second = get_pair_counts(words=_dict_of(other_words, other_frequencies))
    return {"counts of the first text": _entries(first), "counts of the second": _entries(second)}


def _dict_of(words: list[list[int]], frequencies: list[int]) -> dict[tuple[int, ...], int]:
    return {tuple(word): n for word, n in zip(words, frequencies, strict=True)}


def _entries(counts: Any) -> Any:
    """Return [a, b, count] for each pair in order: a Counter, a dict, whatever maps will do."""
    if not isinstance(counts, Mapping):
        return counts
    entries = [
        [*(pair if isinstance(pair, tuple) else (_name(pair),)), count]
        for pair, count in counts.items()
    ]
    try:
        return sorted(entries)
    except TypeError:
        return sorted(entries, key=repr)


def _name(key: Any) -> Any:
    """Return a key that is no tuple in a form that does not depend on hashes."""
    if isinstance(key, frozenset):
        return f"a frozenset of {sorted(key)}"
    return key if isinstance(key, int | str) else f"a {type(key).__name__}"


def merge(
    merge: Callable[..., Any], ids: list[int], pair: list[int], new_id: int, by: str = "list"
) -> Outputs:
    """Merge a pair in a list, or in a tuple with the arguments given by name."""
    if by == "tuple":
        return {"output": merge(ids=tuple(ids), pair=tuple(pair), new_id=new_id)}
    return {"output": merge(ids, tuple(pair), new_id)}


def merge_then_change(
    merge: Callable[..., Any], ids: list[int], pair: list[int], new_id: int
) -> Outputs:
    """Add to what came back, and look whether the caller's own tokens have grown by it."""
    given = list(ids)
    merged = merge(given, tuple(pair), new_id)
    shown = list(merged) if isinstance(merged, list) else merged
    if isinstance(merged, list):
        merged.append(new_id)
    return {"output": shown, "the caller's tokens stay as they were": given == ids}


def pretokenize(
    pretokenize: Callable[..., Any], text: str, pattern: str | None = None, by_name: bool = False
) -> Outputs:
    """Cut a text, with the pattern left at its default or given."""
    try:
        if pattern is None:
            pieces = pretokenize(text)
        elif by_name:
            pieces = pretokenize(text=text, pattern=pattern)
        else:
            pieces = pretokenize(text, pattern)
    except re.error:
        # Its name is another in other versions of Python, and a mistake is known by the name.
        return {"pieces": "a pattern that `re` cannot read"}
    return {"pieces": pieces}
