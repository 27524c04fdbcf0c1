"""3.10 encode_corpus, a stretch exercise."""

import array
from collections.abc import Iterable
from itertools import chain, islice
from typing import Any

import numpy as np
import torch

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.tokenization.encode_corpus_mistakes import MISCONCEPTIONS

Shards = list[Any]


def _whole_stream(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    stream: list[int] = []
    for doc in docs:
        stream.append(eot_id)
        stream.extend(tok.encode(doc))
    everything = np.array(stream, dtype=np.uint16)
    return np.split(everything, range(shard_size, len(stream), shard_size)) if stream else []


def _buffer(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    """Fills an array that is made once a shard, piece by piece."""
    shards: Shards = []
    buffer, filled = np.empty((shard_size,), dtype=np.uint16), 0
    for doc in docs:
        tokens = np.array([eot_id, *tok.encode(doc)])
        if tokens.max() >= 2**16:
            raise ValueError("an id does not fit into 16 bits")
        while len(tokens):
            room = shard_size - filled
            piece, tokens = tokens[:room], tokens[room:]
            buffer[filled : filled + len(piece)] = piece.astype(np.uint16)
            filled += len(piece)
            if filled == shard_size:
                shards.append(buffer)
                buffer, filled = np.empty_like(buffer), 0
    if filled:
        shards.append(buffer[:filled])
    return shards


def _islice(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> tuple[Any, ...]:
    """A stream that is never whole in memory, cut by islice; a tuple of shards."""
    stream = chain.from_iterable(chain([eot_id], tok.encode(doc)) for doc in docs)
    shards = []
    while ids := [*islice(stream, shard_size)]:
        shards.append(np.asarray(ids, "uint16"))
    return tuple(shards)


def _array_module(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    """Python's own array of unsigned shorts, and a view of its memory."""
    stream = array.array("H")
    for doc in docs:
        stream.append(eot_id)
        stream.fromlist(list(tok.encode(doc)))
    view = np.frombuffer(stream, dtype="<u2") if stream else np.zeros(0, np.uint16)
    return [view[i : i + shard_size].copy() for i in range(0, view.size, shard_size)]


def _torch(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    ids = [torch.tensor([eot_id, *tok.encode(doc)]) for doc in docs]
    if not ids:
        return []
    stream = torch.cat(ids)
    assert int(stream.max()) <= np.iinfo(np.uint16).max
    return [piece.numpy().astype("uint16") for piece in stream.split(shard_size)]


def _docs(d: Draw, *lengths: int) -> list[str]:
    """Return documents of these lengths in random order."""
    return [d.text(lengths[i]) for i in d.permutation(len(lengths)).tolist()]


def _mixed(d: Draw) -> list[str]:
    """Return documents, the first one not the shortest, with an empty one and a repeated one."""
    again = d.text(3)
    return [again, *_docs(d, 1, 2), "", d.text(5), again, d.text(4)]


STREAM = "writes the documents one after the other, each behind its mark"
SIZE = "cuts shards of one size, and loses and adds no token"
KIND = "returns 16-bit ids, and no wrong ones"

EXERCISE = Exercise(
    id="encode_corpus",
    chapter="03-tokenization",
    title="A corpus as shards of ids",
    reference="gpt2.data.encode_corpus",
    probe="corpus.shards",
    minutes=20,
    difficulty=3,
    groups={STREAM: 2, SIZE: 2, KIND: 1},
    stretch=True,
    cases=(
        Case(
            "one shard",
            STREAM,
            lambda d: {"docs": _mixed(d), "eot_id": 26 + d.integer(0, 99), "shard_size": 99},
            tolerance=EXACT,
        ),
        Case(
            "a generator",
            STREAM,
            lambda d: {
                "docs": _mixed(d),
                "eot_id": 26 + d.integer(0, 99),
                "shard_size": 7,
                "by": "generator",
            },
            tolerance=EXACT,
        ),
        Case(
            "white space and empty documents",
            STREAM,
            lambda d: {
                "docs": [f"\n{d.text(2)} \n", "", "", f" {d.text(1)}", ""],
                "eot_id": 1 + d.integer(0, 99),
                "shard_size": 6,
                "first": 200,
            },
            tolerance=EXACT,
        ),
        Case(
            "no documents",
            STREAM,
            lambda d: {"docs": [], "eot_id": 3, "shard_size": 4},
            tolerance=EXACT,
        ),
        Case(
            "the last shard is full",
            SIZE,
            lambda d: {"docs": _docs(d, 3, 4, 2), "eot_id": 26 + d.integer(0, 9), "shard_size": 4},
            tolerance=EXACT,
        ),
        Case(
            "one long document",
            SIZE,
            lambda d: {"docs": [d.text(2), d.text(17), d.text(1)], "eot_id": 30, "shard_size": 5},
            tolerance=EXACT,
        ),
        Case(
            "every size",
            SIZE,
            lambda d: {"docs": _docs(d, 0, 3, 4, 1), "eot_id": 26, "largest": 13},
            probe="corpus.every_size",
            tolerance=EXACT,
        ),
        Case(
            "ids up to 65,535",
            KIND,
            lambda d: {
                "docs": ["az", d.text(3), "za"],
                "eot_id": 50_257 + d.integer(0, 99),
                "shard_size": 4,
                "first": 65_535 - 25 * 2600,
                "step": 2600,
            },
            tolerance=EXACT,
        ),
        Case(
            "an id over 65,535",
            KIND,
            lambda d: {
                "docs": ["abc", d.text(3, "abc") + "d"],
                "eot_id": 9,
                "shard_size": d.integer(3, 6),
                "first": 65_533,
            },
            probe="corpus.too_large",
            tolerance=EXACT,
        ),
        Case(
            "an id over 65,535 in the last shard",
            KIND,
            lambda d: {"docs": ["ab", "c"], "eot_id": 9, "shard_size": 4, "first": 65_534},
            probe="corpus.too_large",
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("the whole stream, np.split", _whole_stream),
        Variant("a buffer filled piece by piece", _buffer),
        Variant("a stream cut by islice", _islice),
        Variant("Python's array module", _array_module),
        Variant("torch's cat and split", _torch),
    ),
    hints=(
        "Think of one endless row of ids first, and of the shards afterwards. What does the row "
        "of two documents look like?",
        "Go through the row with one list that is filled. What happens when it is full, and what "
        "when the row has ended?",
        "For each document: `eot_id`, then its ids, are appended one by one. A list with "
        "`shard_size` ids becomes an array and a new list begins; at the end what is left "
        "becomes one too, unless nothing is. `np.array(ids, dtype=np.uint16)` raises if one does "
        "not fit; `.astype` does not.",
    ),
)
