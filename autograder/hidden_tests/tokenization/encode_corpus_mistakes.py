"""Wrong answers to 3.10 encode_corpus, the commonest first. The rarer ones have their own file."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograder.exercise import Misconception
from autograder.hidden_tests.tokenization.encode_corpus_border_mistakes import AT_BORDERS
from autograder.hidden_tests.tokenization.encode_corpus_rare_mistakes import RARE

Shards = list[Any]
EOT = "    yield eot_id\n"
LAST = "return [*shards, np.array(shard, dtype=np.uint16)] if shard else shards"
FULL = "shards.append(np.array(shard, dtype=np.uint16))"


def _stream(docs: Iterable[str], tok: Any, eot_id: int) -> list[int]:
    return [token for doc in docs for token in (eot_id, *tok.encode(doc))]


def _cut(stream: list[int], shard_size: int) -> Shards:
    return [
        np.array(stream[i : i + shard_size], dtype=np.uint16)
        for i in range(0, len(stream), shard_size)
    ]


def _eot_behind(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    return _cut([token for doc in docs for token in (*tok.encode(doc), eot_id)], shard_size)


def _eot_between(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    return _cut(_stream(docs, tok, eot_id)[1:], shard_size)


def _no_eot(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    return _cut([token for doc in docs for token in tok.encode(doc)], shard_size)


def _eot_on_both_sides(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    return _cut([token for doc in docs for token in (eot_id, *tok.encode(doc), eot_id)], shard_size)


def _wraps(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    stream = np.array(_stream(docs, tok, eot_id), dtype=np.int64).astype(np.uint16)
    return [stream[i : i + shard_size] for i in range(0, len(stream), shard_size)]


def _tail_lost(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    """What does not fit into the shard is thrown away with the rest of its document."""
    shards, shard = [], []
    for doc in docs:
        for token in (eot_id, *tok.encode(doc)):
            shard.append(token)
            if len(shard) == shard_size:
                shards.append(np.array(shard, dtype=np.uint16))
                shard = []
                break
    return [*shards, np.array(shard, dtype=np.uint16)] if shard else shards


def _zeros_at_the_end(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    shards = _cut(_stream(docs, tok, eot_id), shard_size)
    if shards:
        shards[-1] = np.pad(shards[-1], (0, shard_size - len(shards[-1])))
    return shards


def _eot_at_the_end(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    shards = _cut(_stream(docs, tok, eot_id), shard_size)
    if shards:
        rest = shard_size - len(shards[-1])
        shards[-1] = np.pad(shards[-1], (0, rest), constant_values=eot_id)
    return shards


def _one_buffer(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    buffer, filled = np.zeros(shard_size, dtype=np.uint16), 0
    shards: Shards = []
    for token in _stream(docs, tok, eot_id):
        buffer[filled] = token
        filled += 1
        if filled == shard_size:
            shards.append(buffer)
            filled = 0
    return [*shards, buffer[:filled]] if filled else shards


def _whole_documents(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    """Closes a shard where the next document would not fit."""
    shards: Shards = []
    shard: list[int] = []
    for doc in docs:
        tokens = [eot_id, *tok.encode(doc)]
        if shard and len(shard) + len(tokens) > shard_size:
            shards.append(np.array(shard, dtype=np.uint16))
            shard = []
        shard += tokens
    return [*shards, np.array(shard, dtype=np.uint16)] if shard else shards


def _one_cut_a_document(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    """An `if` where a long document needs a `while`."""
    shards: Shards = []
    shard: list[int] = []
    for doc in docs:
        shard += [eot_id, *tok.encode(doc)]
        if len(shard) >= shard_size:
            shards.append(np.array(shard[:shard_size], dtype=np.uint16))
            shard = shard[shard_size:]
    return [*shards, np.array(shard, dtype=np.uint16)] if shard else shards


def _two_passes(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    n = sum(1 + len(tok.encode(doc)) for doc in docs)
    stream = np.zeros(n, dtype=np.uint16)
    for i, token in enumerate(_stream(docs, tok, eot_id)):
        stream[i] = token
    return [stream[i : i + shard_size] for i in range(0, n, shard_size)]


def _length_asked(docs: Any, tok: Any, eot_id: int, shard_size: int) -> Shards:
    stream: list[int] = []
    for i in range(len(docs)):
        stream += [eot_id, *tok.encode(docs[i])]
    return _cut(stream, shard_size)


def _empty_skipped(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    return _cut(_stream((doc for doc in docs if doc), tok, eot_id), shard_size)


MISCONCEPTIONS = (
    Misconception(
        "last-shard-missing",
        "The last shard is not returned unless it is full.",
        "The end of the last document is lost. What is left when the loop ends?",
        edits=((LAST, "return shards"),),
    ),
    Misconception(
        "wraps",
        "An id over 65,535 is written as another id.",
        "65,536 becomes 0 and nothing tells the caller. Look at what turns your numbers into "
        "16 bits.",
        function=_wraps,
    ),
    Misconception(
        "tail-lost",
        "The rest of a document is lost where a shard is full.",
        "The shards together hold fewer tokens than the documents have. Look at what happens "
        "to tokens that do not fit.",
        function=_tail_lost,
    ),
    Misconception(
        "eot-behind",
        "The `eot_id` stands behind each document, and not in front.",
        "The first document has no mark before it. Look at the first token of the stream.",
        function=_eot_behind,
    ),
    Misconception(
        "eot-between",
        "The `eot_id` stands between documents, so the first one has none.",
        "There is one mark less than there are documents.",
        function=_eot_between,
    ),
    Misconception(
        "no-eot",
        "The documents are written without a mark between them.",
        "Nothing tells where one ends, and the model learns to go on as if it were one text.",
        function=_no_eot,
    ),
    Misconception(
        "eot-on-both-sides",
        "The `eot_id` stands in front of each document and behind it.",
        "Between two documents there are two marks.",
        function=_eot_on_both_sides,
    ),
    Misconception(
        "int64",
        "The shards hold 64-bit integers.",
        "They take four times the room on the disk. Look at the dtype.",
        edits=((FULL, FULL.replace("uint16", "int64")), (LAST, LAST.replace("uint16", "int64"))),
    ),
    Misconception(
        "lists-returned",
        "The shards are lists and not arrays.",
        "An id in a list takes more than ten times the room of one in an array.",
        edits=(
            (FULL, "shards.append(shard)"),
            (LAST, "return [*shards, shard] if shard else shards"),
        ),
    ),
    Misconception(
        "zeros-at-the-end",
        "The last shard is filled up with zeros.",
        "0 is a token too: the model learns text that no document has. How long is the last "
        "shard to be?",
        function=_zeros_at_the_end,
    ),
    Misconception(
        "eot-at-the-end",
        "The last shard is filled up with `eot_id`.",
        "These tokens are in no document. How long is the last shard to be?",
        function=_eot_at_the_end,
    ),
    Misconception(
        "one-buffer",
        "All shards are the same array, which is written over and over.",
        "Every shard shows the tokens of the last one. Look at what the list holds.",
        function=_one_buffer,
    ),
    Misconception(
        "whole-documents",
        "No document is cut: a shard ends where the next one would not fit.",
        "The shards are of many lengths. They are to be of one size.",
        function=_whole_documents,
    ),
    Misconception(
        "one-cut-a-document",
        "A document that fills several shards fills only one.",
        "After a long document the last shard is longer than the others. How often can one "
        "document fill a shard?",
        function=_one_cut_a_document,
    ),
    Misconception(
        "two-passes",
        "The documents are read twice.",
        "A generator gives them once, and the second time there are none.",
        function=_two_passes,
    ),
    Misconception(
        "length-asked",
        "The number of documents is asked for.",
        "A generator has no length. It can only be gone through.",
        function=_length_asked,
    ),
    Misconception(
        "empty-skipped",
        "Empty documents are left out.",
        "Their `eot_id` is missing from the stream.",
        function=_empty_skipped,
    ),
    *AT_BORDERS,
    *RARE,
)
