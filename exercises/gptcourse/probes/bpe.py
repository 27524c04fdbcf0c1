"""Probes of chapter 3: byte-pair encoding as functions: learned, and used to encode and decode.

Vocabularies and merges travel as lists, and become dicts and tuples here.
"""

from collections.abc import Callable, Iterable, Iterator
from numbers import Integral
from typing import Any

from torch import Tensor

Outputs = dict[str, Any]
Pairs = list[tuple[bytes, bytes]]


def train_bpe(
    train_bpe: Callable[..., Any],
    text: str,
    vocab_size: int,
    special_tokens: list[str] | None = None,
) -> Outputs:
    """Train on a text, after another one, so that nothing may be left from an earlier call."""
    train_bpe("mamma mia", 258)
    if special_tokens is None:
        result = train_bpe(text, vocab_size)
    else:
        result = train_bpe(text, vocab_size=vocab_size, special_tokens=special_tokens)
    if not isinstance(result, tuple | list) or len(result) != 2:
        return {"merges": result}
    vocab, merges = result
    if not isinstance(vocab, dict) or not isinstance(merges, list | tuple):
        return {"merges": merges, "vocab in short": vocab}
    in_short = _in_short(vocab, merges)
    return {"merges": [_written(pair) for pair in merges], "vocab in short": in_short}


def too_small(
    train_bpe: Callable[..., Any], text: str, vocab_size: int, special_tokens: list[str]
) -> Outputs:
    """Ask for fewer tokens than there are bytes and special tokens."""
    try:
        train_bpe(text, vocab_size, special_tokens)
    except ValueError:
        return {"a vocabulary that is too small": "ValueError"}
    return {"a vocabulary that is too small": "accepted"}


def _written(pair: Any) -> Any:
    """Return a pair as text, or whatever it is as it came."""
    if isinstance(pair, tuple | list) and len(pair) == 2:
        return f"{pair[0]!r}, {pair[1]!r}"
    return pair


def _in_short(vocab: dict[Any, Any], merges: Any) -> list[str]:
    """Return what is in a vocabulary: the bytes, what the merges make, and the rest in full."""
    odd = [i for i in vocab if not isinstance(i, Integral)]
    if odd:
        return [f"the id {odd[0]!r}"]
    n = 256 + len(merges)
    bytes_first = all(vocab.get(i) == bytes([i]) for i in range(256))
    merges_next = all(vocab.get(256 + i) == _joined(pair) for i, pair in enumerate(merges))
    return [
        "bytes" if bytes_first else "0 to 255 are not the bytes",
        "merges" if merges_next else f"256 to {n - 1} are not what the merges make",
        *(f"{i}: {vocab[i]!r}" for i in sorted(vocab) if not 0 <= i < n),
    ]


def _joined(pair: Any) -> Any:
    whole = isinstance(pair, tuple | list) and all(isinstance(token, bytes) for token in pair)
    return b"".join(pair) if whole else None


def table(merges: list[list[bytes]], ids: Tensor | None, extra: list[bytes]) -> dict[int, bytes]:
    """Return a vocabulary: the bytes, what the merges make, and tokens that no merge makes.

    Args:
        merges: the pairs that were merged.
        ids: the ids in the same order; None: 0, 1, 2, ...
        extra: tokens that come last, such as special ones.
    """
    tokens = [bytes([i]) for i in range(256)]
    tokens += [left + right for left, right in merges] + extra
    order = range(len(tokens)) if ids is None else ids.tolist()
    return dict(zip(order, tokens, strict=True))


def as_pairs(merges: list[list[bytes]]) -> Pairs:
    """Return the merges as the contract has them: a list of tuples."""
    return [(left, right) for left, right in merges]


def bpe_encode(
    bpe_encode: Callable[..., Any],
    text: str,
    merges: list[list[bytes]],
    ids: Tensor | None = None,
    extra: list[bytes] | None = None,
) -> Outputs:
    """Encode a text, after one with other merges."""
    vocab, pairs = table(merges, ids, extra or []), as_pairs(merges)
    given = dict(vocab), list(pairs)
    # The same text with the merges turned round: nothing may be left from this call.
    bpe_encode(text, dict(vocab), [pair for pair in pairs if len(b"".join(pair)) == 2][::-1])
    output = bpe_encode(text, vocab=vocab, merges=pairs)
    return {
        "output": output,
        "vocab and merges stay": (vocab, pairs) == given,
    }


def bpe_decode(
    bpe_decode: Callable[..., Any],
    given: list[int],
    ids: Tensor | None = None,
    tokens: list[bytes] | None = None,
    style: str = "list",
) -> Outputs:
    """Decode ids, given as a list, a tuple or a generator.

    Args:
        bpe_decode: the learner's function.
        given: the ids to decode.
        ids: the ids of the vocabulary; None: 0, 1, 2, ...
        tokens: what stands behind the 256 bytes in the vocabulary; with None, nothing does.
        style: "list", "tuple" or "generator".
    """
    vocab = table([], ids, tokens or [])
    before = dict(vocab)
    bpe_decode([97], {97: b"?"})
    output = bpe_decode(styled(given, style), vocab)
    return {"output": output, "vocab stays": vocab == before}


def unknown_id(
    bpe_decode: Callable[..., Any], given: list[int], ids: Tensor | None, tokens: list[bytes]
) -> Outputs:
    """Decode ids one of which is not in the vocabulary."""
    vocab = table([], ids, tokens)
    before = dict(vocab)
    answer = refusal(lambda: bpe_decode(given, vocab))
    return {"an unknown id": answer, "vocab stays": vocab == before}


def styled(given: list[int], style: str) -> Iterable[int]:
    """Return the ids as a list, a tuple or something that can be read once."""
    if style == "generator":
        return _once(given)
    return tuple(given) if style == "tuple" else list(given)


def _once(given: list[int]) -> Iterator[int]:
    yield from given


def refusal(call: Callable[[], Any]) -> Any:
    """Return what a call gives, or that it raised some exception."""
    try:
        output = call()
    except NotImplementedError:
        raise
    except Exception:
        return "raises an exception"
    return output
