"""Probes of chapter 3: the class BPETokenizer, and GPT-2's own."""

import json
from collections.abc import Callable
from typing import Any

from torch import Tensor

from gptcourse.datasets import gpt2_vocabulary

from .bpe import as_pairs, refusal, styled, table

Outputs = dict[str, Any]
Tokenizer = Callable[..., Any]


def encode(
    BPETokenizer: Tokenizer,
    text: str,
    merges: list[list[bytes]],
    ids: Tensor | None = None,
    extra: list[bytes] | None = None,
) -> Outputs:
    """Encode a text twice, with another tokenizer made and used in between."""
    vocab, pairs = table(merges, ids, extra or []), as_pairs(merges)
    given = dict(vocab), list(pairs)
    tokenizer = BPETokenizer(vocab, pairs)
    other = BPETokenizer(dict(vocab), [p for p in pairs if len(b"".join(p)) == 2][::-1], ["?"])
    other.encode(text)
    output = tokenizer.encode(text)
    return {
        "output": output,
        "twice the same": _plain(tokenizer.encode(text)) == _plain(output),
        "vocab and merges stay": (vocab, pairs) == given,
    }


def decode(
    BPETokenizer: Tokenizer,
    given: list[int],
    ids: Tensor | None = None,
    tokens: list[bytes] | None = None,
    style: str = "list",
) -> Outputs:
    """Decode ids, given as a list, a tuple or a generator."""
    vocab = table([], ids, tokens or [])
    before = dict(vocab)
    tokenizer = BPETokenizer(vocab, [], None)
    BPETokenizer({i: bytes([255 - i]) for i in range(256)}, [])
    output = tokenizer.decode(styled(given, style))
    return {"output": output, "vocab stays": vocab == before}


def unknown_id(
    BPETokenizer: Tokenizer, given: list[int], ids: Tensor | None, tokens: list[bytes]
) -> Outputs:
    """Decode ids one of which is not in the vocabulary."""
    tokenizer = BPETokenizer(table([], ids, tokens), [])
    answer = refusal(lambda: tokenizer.decode(given))
    again = refusal(lambda: tokenizer.decode(given))
    return {"an unknown id": answer, "the same again": answer == again}


def special(
    BPETokenizer: Tokenizer,
    texts: list[str],
    special_tokens: list[str],
    allowed: list[str] | str | None,
    merges: list[list[bytes]],
    ids: Tensor | None = None,
    extra: list[bytes] | None = None,
) -> Outputs:
    """Encode texts with special tokens in them.

    Args:
        BPETokenizer: the learner's class.
        texts: what to encode.
        special_tokens: those of the tokenizer.
        allowed: names for a set, "all", or None for the default.
        merges: the pairs that were merged.
        ids: the ids of the vocabulary; None: 0, 1, 2, ...
        extra: tokens of the vocabulary that no merge makes.
    """
    vocab, pairs = table(merges, ids, extra or []), as_pairs(merges)
    before = dict(vocab)
    tokenizer = BPETokenizer(vocab, merges=pairs, special_tokens=special_tokens)
    BPETokenizer(dict(vocab), pairs, special_tokens=special_tokens[::-1])
    encoded = []
    for text in texts:
        if allowed is None:
            encoded.append(tokenizer.encode(text))
        else:
            names = allowed if isinstance(allowed, str) else set(allowed)
            encoded.append(tokenizer.encode(text, allowed_special=names))
    return {"output": encoded, "vocab stays": vocab == before}


def sizes(
    BPETokenizer: Tokenizer,
    special_tokens: list[str] | None,
    merges: list[list[bytes]],
    ids: Tensor | None = None,
    extra: list[bytes] | None = None,
) -> Outputs:
    """Ask how many tokens there are, and for the id and the text of each special one."""
    vocab = table(merges, ids, extra or [])
    before = dict(vocab)
    tokenizer = BPETokenizer(vocab, as_pairs(merges), special_tokens)
    plain = BPETokenizer(dict(before), as_pairs(merges))  # one that shares nothing with the first
    special_ids = [tokenizer.encode(token, "all") for token in special_tokens or []]
    return {
        "vocab_size": tokenizer.vocab_size,
        "vocab_size without special tokens": plain.vocab_size,
        "ids of the special tokens": special_ids,
        "their texts": [_decoded(tokenizer, found) for found in special_ids],
        "vocab stays": vocab == before,
    }


def _decoded(tokenizer: Any, ids: Any) -> Any:
    return tokenizer.decode(ids) if isinstance(ids, list | tuple) else ids


def _plain(ids: Any) -> Any:
    return ids.tolist() if isinstance(ids, Tensor) else ids


def gpt2(load_gpt2_tokenizer: Callable[[str, str], Any], texts: list[str]) -> Outputs:
    """Load GPT-2's own two files and encode texts; each is to come back from its ids."""
    return _looked_at(lambda: load_gpt2_tokenizer(*gpt2_vocabulary()), texts, 50256)


def made_up(
    load_gpt2_tokenizer: Callable[[str, str], Any],
    texts: list[str],
    tokens: list[str],
    ids: list[int],
    lines: list[str],
    end: str,
) -> Outputs:
    """Load two small files of the same form.

    Args:
        load_gpt2_tokenizer: the learner's function.
        texts: what to encode.
        tokens: the tokens as they are written in encoder.json.
        ids: their ids.
        lines: the merges as they are written in vocab.bpe.
        end: what stands behind the last line.
    """
    encoder_json = json.dumps(dict(zip(tokens, ids, strict=True)))
    vocab_bpe = "\n".join(["#version: 0.2", *lines]) + end
    return _looked_at(lambda: load_gpt2_tokenizer(encoder_json, vocab_bpe), texts, max(ids))


def _looked_at(load: Callable[[], Any], texts: list[str], last: int) -> Outputs:
    """Make a tokenizer and use it.

    A mistake whose answer is an exception is known by the type alone. But a KeyError may come
    from a wrong table of bytes, from a line that is no merge, and from a token that is not in the
    vocabulary. The last two are handed back with their key, so only the first is left to raise.
    """
    try:
        tokenizer = load()
    except KeyError as error:
        if "#version" in str(error) or isinstance(error.args[0], bytes):
            return {"ids": f"no id for a token: KeyError: {error}"}
        raise
    if not hasattr(tokenizer, "encode"):
        return {"ids": f"{type(tokenizer).__name__}, not a tokenizer"}
    try:
        encoded = [tokenizer.encode(text) for text in texts]
    except KeyError as error:
        return {"ids": f"no id for a token: KeyError: {error}"}
    return {
        "ids": encoded,
        "texts again": [_decoded(tokenizer, ids) for ids in encoded] == texts,
        "<|endoftext|> when it is allowed": tokenizer.encode("<|endoftext|>", "all"),
        "vocab_size": tokenizer.vocab_size,
        "the last token": refusal(lambda: tokenizer.decode([last])),
    }
