"""Rarer wrong answers to 3.10 encode_corpus."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch

from autograder.exercise import Misconception

Shards = list[Any]
LAST = "return [*shards, np.array(shard, dtype=np.uint16)] if shard else shards"
FULL = "shards.append(np.array(shard, dtype=np.uint16))"


def _array(docs: Iterable[str], tok: Any, eot_id: int) -> Any:
    stream = [token for doc in docs for token in (eot_id, *tok.encode(doc))]
    return np.array(stream, dtype=np.uint16)


def _clips(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    stream = [token for doc in docs for token in (eot_id, *tok.encode(doc))]
    cut = [stream[i : i + shard_size] for i in range(0, len(stream), shard_size)]
    return [np.clip(shard, 0, 65_535).astype(np.uint16) for shard in cut]


def _equal_parts(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    stream = _array(docs, tok, eot_id)
    return np.array_split(stream, -(-len(stream) // shard_size)) if len(stream) else []


def _shard_a_document(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    shards: Shards = []
    for doc in docs:
        row = _array([doc], tok, eot_id)
        shards += [row[i : i + shard_size] for i in range(0, len(row), shard_size)]
    return shards


def _size_in_documents(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    texts = list(docs)
    return [
        _array(texts[i : i + shard_size], tok, eot_id) for i in range(0, len(texts), shard_size)
    ]


def _eot_in_each_shard(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    stream = [token for doc in docs for token in tok.encode(doc)]
    step = max(shard_size - 1, 1)
    return [
        np.array([eot_id, *stream[i : i + step]], dtype=np.uint16)
        for i in range(0, len(stream), step)
    ]


def _one_text(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    stream = np.array([eot_id, *tok.encode("".join(docs))], dtype=np.uint16)
    return [stream[i : i + shard_size] for i in range(0, len(stream), shard_size)]


def _table(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Any:
    stream = _array(docs, tok, eot_id)
    rest = -len(stream) % shard_size
    return np.pad(stream, (0, rest)).reshape(-1, shard_size)


def _sorted(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    stream = _array(sorted(docs, key=len), tok, eot_id)
    return [stream[i : i + shard_size] for i in range(0, len(stream), shard_size)]


def _stripped(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    stream = _array((doc.strip() for doc in docs), tok, eot_id)
    return [stream[i : i + shard_size] for i in range(0, len(stream), shard_size)]


def _distinct(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    stream = _array(dict.fromkeys(docs), tok, eot_id)
    return [stream[i : i + shard_size] for i in range(0, len(stream), shard_size)]


def _tensors(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    stream = _array(docs, tok, eot_id).astype(np.int64)
    return [torch.from_numpy(stream[i : i + shard_size]) for i in range(0, len(stream), shard_size)]


RARE = (
    Misconception(
        "clips",
        "An id over 65,535 is written as 65,535.",
        "It is another token then, and nothing tells the caller.",
        function=_clips,
    ),
    Misconception(
        "equal-parts",
        "The stream is cut into parts that are about equally long.",
        "All shards but the last are to hold `shard_size` ids.",
        function=_equal_parts,
    ),
    Misconception(
        "shards-of-one-document",
        "Each document begins a new shard.",
        "There are more shards than needed, and most are not full.",
        function=_shard_a_document,
    ),
    Misconception(
        "size-in-documents",
        "`shard_size` is taken for a number of documents.",
        "The shards are of many lengths. The contract says what it counts.",
        function=_size_in_documents,
    ),
    Misconception(
        "size-ignored",
        "All ids are in one shard, whatever `shard_size` is.",
        "Look for `shard_size` in your code.",
        edits=(("len(shard) == shard_size", "False"),),
    ),
    Misconception(
        "tensors-returned",
        "The shards are tensors and not arrays of numpy.",
        "Their dtype is another. Shards are written to files by numpy.",
        function=_tensors,
    ),
    Misconception(
        "eot-in-each-shard",
        "Each shard begins with `eot_id`, and the documents have none.",
        "The mark says where a document ends, wherever the shards do.",
        function=_eot_in_each_shard,
    ),
    Misconception(
        "one-text",
        "The documents are joined to one text, with one mark in front.",
        "Nothing tells where a document ends.",
        function=_one_text,
    ),
    Misconception(
        "table",
        "What comes back is one table with a row a shard.",
        "All rows of a table have one length, so the last one holds tokens of no document.",
        function=_table,
    ),
    Misconception(
        "int16",
        "The shards hold signed 16-bit integers, which end at 32,767.",
        "More than a third of GPT-2's ids do not fit.",
        edits=((FULL, FULL.replace("uint16", "int16")), (LAST, LAST.replace("uint16", "int16"))),
    ),
    Misconception(
        "int32",
        "The shards hold 32-bit integers.",
        "They take twice the room on the disk. Look at the dtype.",
        edits=((FULL, FULL.replace("uint16", "int32")), (LAST, LAST.replace("uint16", "int32"))),
    ),
    Misconception(
        "last-shard-of-another-type",
        "The last shard is of another dtype than the others.",
        "Look at both places where an array is made.",
        edits=((LAST, LAST.replace(", dtype=np.uint16", "")),),
    ),
    Misconception(
        "rows-of-one",
        "A shard is a table with one row.",
        "It has two dimensions. Asked for is one.",
        edits=(
            (FULL, FULL.replace("(shard,", "([shard],")),
            (LAST, LAST.replace("(shard,", "([shard],")),
        ),
    ),
    Misconception(
        "number-50256",
        "The mark is 50256, whatever `eot_id` is.",
        "That is GPT-2's. Look for the number in your code.",
        edits=(("_stream(docs, tok, eot_id)", "_stream(docs, tok, 50256)"),),
    ),
    Misconception(
        "from-short-to-long",
        "The documents are sorted by length.",
        "The stream has them in another order than they came in.",
        function=_sorted,
    ),
    Misconception(
        "stripped",
        "White space is stripped from the ends of the documents.",
        "Their last new lines are lost. A document is written as it stands.",
        function=_stripped,
    ),
    Misconception(
        "repeats-dropped",
        "A document that occurs again is left out.",
        "To leave out what is double is another step; no token is to be lost here.",
        function=_distinct,
    ),
)
