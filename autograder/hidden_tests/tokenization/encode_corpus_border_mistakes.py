"""Wrong answers to encode_corpus that go wrong at a border: where a shard or the stream ends."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograder.exercise import Misconception

Shards = list[Any]
LAST = "return [*shards, np.array(shard, dtype=np.uint16)] if shard else shards"


def _array(docs: Iterable[str], tok: Any, eot_id: int) -> Any:
    stream = [token for doc in docs for token in (eot_id, *tok.encode(doc))]
    return np.array(stream, dtype=np.uint16)


def _lost_at_the_border(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    """Closes a full shard in place of taking the token that came."""
    shards: Shards = []
    shard: list[int] = []
    for token in [token for doc in docs for token in (eot_id, *tok.encode(doc))]:
        if len(shard) < shard_size:
            shard.append(token)
        else:
            shards.append(np.array(shard, dtype=np.uint16))
            shard = []
    return [*shards, np.array(shard, dtype=np.uint16)] if shard else shards


def _no_room(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    """Fills a buffer, which has no room for what two shards do not hold."""
    shards: Shards = []
    buffer, filled = np.zeros(shard_size, dtype=np.uint16), 0
    for doc in docs:
        tokens = np.array([eot_id, *tok.encode(doc)], dtype=np.uint16)
        if filled + len(tokens) >= shard_size:
            room = shard_size - filled
            shards.append(np.append(buffer[:filled], tokens[:room]))
            tokens, filled = tokens[room:], 0
        buffer[filled : filled + len(tokens)] = tokens
        filled += len(tokens)
    return [*shards, buffer[:filled]] if filled else shards


def _eot_at_the_very_end(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    stream = np.append(_array(docs, tok, eot_id), np.uint16(eot_id))
    return [stream[i : i + shard_size] for i in range(0, len(stream), shard_size)]


def _shares_a_token(docs: Iterable[str], tok: Any, eot_id: int, shard_size: int) -> Shards:
    """Each shard repeats the last token of the one before it."""
    stream = _array(docs, tok, eot_id)
    return [stream[max(i - 1, 0) : i + shard_size] for i in range(0, len(stream), shard_size)]


AT_BORDERS = (
    Misconception(
        "lost-at-the-border",
        "The token that comes when a shard is full is lost.",
        "Each shard ends one token before the next one begins. Which token is in neither?",
        function=_lost_at_the_border,
    ),
    Misconception(
        "no-room-for-a-long-document",
        "What is left of a document is written into one new shard, which may be too short.",
        "It raises ValueError if a document is longer than the rest of one shard and the whole "
        "of the next.",
        function=_no_room,
    ),
    Misconception(
        "eot-at-the-very-end",
        "An `eot_id` too many stands behind the last document.",
        "There is one mark more than there are documents.",
        function=_eot_at_the_very_end,
    ),
    Misconception(
        "one-more-than-full",
        "A shard holds one id more than `shard_size`.",
        "Look at the comparison that says when a shard is full.",
        edits=(("len(shard) == shard_size", "len(shard) > shard_size"),),
    ),
    Misconception(
        "shares-a-token",
        "Each shard begins with the last token of the one before it.",
        "Together the shards hold more tokens than the documents have.",
        function=_shares_a_token,
    ),
    Misconception(
        "empty-shard-at-the-end",
        "There is an empty shard at the end where the stream fits exactly.",
        "Look at what is left when the last shard has been full.",
        edits=((LAST, "return [*shards, np.array(shard, dtype=np.uint16)]"),),
    ),
)
