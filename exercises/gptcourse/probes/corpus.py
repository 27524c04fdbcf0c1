"""Probes of chapter 3: documents as shards of token ids.

Arrays are handed back as lists, with their dtypes as texts: which library made a shard is seen by
its dtype, and not by where a probe stumbled over it.
"""

import warnings
from collections.abc import Callable
from typing import Any

Outputs = dict[str, Any]
EncodeCorpus = Callable[..., Any]


class _Letters:
    """A tokenizer with one id a character, and nothing but `encode`."""

    def __init__(self, first: int, step: int = 1) -> None:
        self.first, self.step = first, step

    def encode(self, text: str) -> list[int]:
        return [self.first + self.step * (ord(letter) - ord("a")) for letter in text]


def shards(
    encode_corpus: EncodeCorpus,
    docs: list[str],
    eot_id: int,
    shard_size: int,
    first: int = 0,
    step: int = 1,
    by: str = "list",
) -> Outputs:
    """Write documents into shards; "generator" gives the documents once and all by name."""
    tok = _Letters(first, step)
    if by == "generator":
        once = (doc for doc in docs)
        made = encode_corpus(docs=once, tok=tok, eot_id=eot_id, shard_size=shard_size)
    else:
        made = encode_corpus(docs, tok, eot_id, shard_size)
    return _described(made)


def every_size(encode_corpus: EncodeCorpus, docs: list[str], eot_id: int, largest: int) -> Outputs:
    """Write the same documents into shards of every size, and say how long the shards are.

    That the tokens are right, in order, is one word for each size: together they are the stream.
    """
    lengths, streams = [], []
    for size in range(1, largest + 1):
        made = encode_corpus(docs, _Letters(0), eot_id, size)
        if not _is_row(made):
            return {"shards": made}
        found = [_plain(shard) for shard in made]
        lengths.append([len(shard) if isinstance(shard, list) else shard for shard in found])
        streams.append([token for shard in found if isinstance(shard, list) for token in shard])
    # The first size at which the tokens are others than at size 1, which a case of its own asks.
    other = next((i + 1 for i, stream in enumerate(streams) if stream != streams[0]), None)
    return {
        "lengths of the shards, from size 1": lengths,
        "the tokens of all shards, size 1": streams[0],
        "the first size with other tokens": other,
    }


def too_large(
    encode_corpus: EncodeCorpus, docs: list[str], eot_id: int, shard_size: int, first: int
) -> Outputs:
    """Write documents with an id that does not fit into 16 bits."""
    try:
        with warnings.catch_warnings():
            # Older versions of numpy only warn where newer ones raise.
            warnings.filterwarnings("error", message="NumPy will stop allowing")
            made = encode_corpus(docs, _Letters(first), eot_id, shard_size)
    except NotImplementedError:
        raise
    except Exception:
        return {"an id over 65,535": "raised an exception"}
    return {"an id over 65,535": "written"} | _described(made)


def _described(made: Any) -> Outputs:
    """Return the shards as lists of numbers, and their dtypes."""
    if not _is_row(made):
        return {"shards": _plain(made), "dtypes": _dtype(made)}
    return {
        "shards": [_plain(shard) for shard in made],
        "dtypes": sorted({_dtype(shard) for shard in made}),
    }


def _is_row(made: Any) -> bool:
    return isinstance(made, list | tuple)


def _plain(shard: Any) -> Any:
    return shard.tolist() if hasattr(shard, "tolist") else shard


def _dtype(shard: Any) -> str:
    return str(getattr(shard, "dtype", f"none, but {type(shard).__name__}"))
