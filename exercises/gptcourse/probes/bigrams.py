"""Probes of chapter 2: the tokenizer, and the bigram model that is counted."""

import math
import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

Outputs = dict[str, Any]


def vocabulary(CharTokenizer: Any, text: str) -> Outputs:
    """Look at the vocabulary, and at the order of the ids, without relying on that order."""
    tokenizer = CharTokenizer(text)
    symbols = list(tokenizer.symbols)
    order = _order_of_ids(tokenizer, text)
    return {
        "vocab_size": tokenizer.vocab_size,
        "characters": sorted(symbols),
        "order of the ids": order,
        "symbols": symbols if order in _KNOWN_ORDERS else None,
    }


def ids(CharTokenizer: Any, text: str, s: str) -> Outputs:
    """Encode a string twice, with another tokenizer made in between."""
    tokenizer = CharTokenizer(text)
    order = _order_of_ids(tokenizer, text)
    encoded = tokenizer.encode(s)
    CharTokenizer("".join(chr(ord(character) + 1) for character in reversed(text[:9])))
    again = tokenizer.encode(s)
    # An order that changes from run to run says nothing by its ids: whether they repeat does.
    shown = encoded if order in _KNOWN_ORDERS else None
    same = encoded == again
    return {"order of the ids": order, "ids": shown, "the same ids beside another tokenizer": same}


def round_trip(CharTokenizer: Any, text: str, s: str) -> Outputs:
    """Decode what was encoded, and the empty list."""
    tokenizer = CharTokenizer(text)
    encoded = tokenizer.encode(s)
    if encoded is None or isinstance(encoded, str):  # no ids, and `decode` need not take it
        return {"text again": [encoded], "no ids": tokenizer.decode([])}
    return {"text again": tokenizer.decode(encoded), "no ids": tokenizer.decode([])}


def unknown_character(CharTokenizer: Any, text: str, s: str) -> Outputs:
    """Encode a string with a character that the vocabulary lacks."""
    tokenizer = CharTokenizer(text)
    tokenizer.encode(text[:3])
    try:
        encoded = tokenizer.encode(s)
    except NotImplementedError:
        raise
    except Exception:
        return {"an unknown character": "raised an exception"}
    known = isinstance(encoded, list | tuple | Tensor)
    return {"an unknown character": "encoded", "ids": len(encoded) if known else encoded}


_KNOWN_ORDERS = ("by code point", "by code point, from the last", "as in the text", "by frequency")


def _order_of_ids(tokenizer: Any, text: str) -> str:
    """Say by what the ids are ordered, as far as they tell."""
    seen = list(dict.fromkeys(text))
    known = [character for character in seen if _encodes(tokenizer, character)]
    by_id = sorted(known, key=lambda character: tokenizer.encode(character)[0])
    orders = (
        sorted(by_id),
        sorted(by_id, reverse=True),
        [c for c in seen if c in by_id],
        [c for c, _ in Counter(text).most_common() if c in by_id],
    )
    names = (name for name, order in zip(_KNOWN_ORDERS, orders, strict=True) if order == by_id)
    return next(names, "none of these: " + ", ".join(_KNOWN_ORDERS))


def _encodes(tokenizer: Any, character: str) -> bool:
    try:
        return len(tokenizer.encode(character)) > 0
    except NotImplementedError:
        raise
    except Exception:
        return False


def count_bigrams(count_bigrams: Callable[..., Tensor], ids: Tensor, vocab_size: int) -> Outputs:
    """Count the bigrams of a text."""
    return {"output": count_bigrams(ids, vocab_size)}


def bigram_probs(
    bigram_probs: Callable[..., Tensor], counts: Tensor, smoothing: float | None = None
) -> Outputs:
    """Call bigram_probs with `smoothing` given by name, or left at its default."""
    if smoothing is None:
        return {"output": bigram_probs(counts)}
    return {"output": bigram_probs(counts, smoothing=smoothing)}


def bigram_nll(bigram_nll: Callable[[Tensor, Tensor], float], P: Tensor, ids: Tensor) -> Outputs:
    """Call bigram_nll."""
    return {"output": bigram_nll(P, ids)}


def impossible_pair(
    bigram_nll: Callable[[Tensor, Tensor], Any], P: Tensor, ids: Tensor, a: int, b: int
) -> Outputs:
    """Say what it costs that b comes after a once, where P[a, b] is 0."""
    loss = bigram_nll(P, ids)
    certain = P.clone()
    certain[a, b] = 1.0
    free = bigram_nll(certain, ids)
    if not all(
        isinstance(x, float | Tensor) and torch.as_tensor(x).dim() == 0 for x in (loss, free)
    ):
        return {"an impossible pair costs": loss}
    # How many nats a small number makes of it depends on that number, and the mistake does not.
    if math.isinf(loss):
        cost = "infinitely many nats" if loss > 0 else "minus infinitely many nats"
    else:
        cost = "nothing" if loss < 1.1 * free else "a finite number of nats"
    return {"an impossible pair costs": "not a number" if math.isnan(loss) else cost}


Sample = Callable[[Tensor, int, int, torch.Generator], Tensor]


def sample_bigram(sample_bigram: Sample, P: Tensor, start_id: int, n: int, seed: int) -> Outputs:
    """Call sample_bigram once: for a P that leaves nothing to chance."""
    text = sample_bigram(P, start_id, n, torch.Generator().manual_seed(seed))
    # torch gives a tensor of no numbers the dtype of floats, which says nothing of the mistake.
    empty = isinstance(text, Tensor) and text.numel() == 0
    return {"output": text.to(torch.int64) if empty else text}


def transitions(sample_bigram: Sample, P: Tensor, start_id: int, n: int, seed: int) -> Outputs:
    """Sample one long text and count what came after what."""
    text = sample_bigram(P, start_id, n, torch.Generator().manual_seed(seed))
    tokens, V = _tokens(text), len(P)
    if not all(type(token) is int and 0 <= token < V for token in tokens):
        return {"transitions": text}
    table = [[0] * V for _ in range(V)]
    for a, b in pairwise(tokens):
        table[a][b] += 1
    return {"transitions": torch.tensor(table)}


def sample_bigram_again(
    sample_bigram: Sample, P: Tensor, start_id: int, n: int, seed: int
) -> Outputs:
    """Sample with equal generators, with different ones, and twice with the same one.

    Calls that nobody looks at come between, as many as the seed says: an answer that counts its
    calls does not know which one this is.
    """
    between = random.Random(seed)

    def sample(generator: torch.Generator) -> list[Any]:
        for other_seed in range(between.randrange(3)):
            sample_bigram(P, start_id, n, torch.Generator().manual_seed(other_seed))
        return [_plain(token) for token in _tokens(sample_bigram(P, start_id, n, generator))]

    same, other, second = [], [], []
    for start in range(seed, seed + 8, 2):
        first = torch.Generator().manual_seed(start)
        one, next_one = sample(first), sample(first)
        torch.manual_seed(start + 1)  # torch's own random numbers must play no part
        same.append(one == sample(torch.Generator().manual_seed(start)))
        other.append(one == sample(torch.Generator().manual_seed(start + 1)))
        second.append(one == next_one)
    return {
        "the same seed gives the same text": all(same),
        "another seed gives the same text": any(other),
        "a second call gives the same text": any(second),
    }


def _tokens(text: Any) -> list[Any]:
    """Return the tokens of a text in a list, as far as it is one."""
    if isinstance(text, Tensor):
        return list(text.flatten().to(torch.int64).tolist())
    return list(text) if isinstance(text, list | tuple) else [text]


def _plain(token: Any) -> Any:
    """Return a number as Python's own, and the name of its type for what is none."""
    value = token.item() if hasattr(token, "item") else token
    return value if type(value) in (bool, int, float, str) else type(value).__name__
