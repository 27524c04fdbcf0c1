"""Byte-pair encoding: from text to ids and back, with GPT-2's own vocabulary."""

import json
import math
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Literal

import regex

from gpt2.bpe import merge, pretokenize

__all__ = ["BPETokenizer", "bpe_decode", "bpe_encode", "load_gpt2_tokenizer"]

Rules = dict[tuple[int, int], tuple[float, int]]


def _rules(ids: dict[bytes, int], merges: Sequence[tuple[bytes, bytes]]) -> Rules:
    """Return pair of ids -> its rank, from 0, and the id of what it becomes."""
    return {
        (ids[left], ids[right]): (rank, ids[left + right])
        for rank, (left, right) in enumerate(merges)
    }


def _encode_piece(piece: str, ids: dict[bytes, int], rules: Rules) -> list[int]:
    """Merge the pair of lowest rank, everywhere in the piece, until no pair has a rank."""
    never = (math.inf, -1)
    tokens = [ids[bytes([byte])] for byte in piece.encode("utf-8")]
    while len(tokens) > 1:
        pair = min(pairwise(tokens), key=lambda pair: rules.get(pair, never))
        rank, new_id = rules.get(pair, never)
        if rank == math.inf:
            break
        tokens = merge(tokens, pair, new_id)
    return tokens


def bpe_encode(
    text: str,
    vocab: dict[int, bytes],
    merges: list[tuple[bytes, bytes]],
) -> list[int]:
    """Return the token ids of a text, by the merges in their order.

    Cut the text with `pretokenize`. In each piece, which begins as single
    bytes, look at all pairs of neighbours, and merge the one that was
    learned first, everywhere in the piece. Go on until no pair is in
    `merges`. Then look up the ids.

    Args:
        text: any text; it may be empty. A special token in it is text like
            any other.
        vocab: token id -> its bytes; all 256 bytes and what each merge makes
            are among them, under any ids. No two ids have the same bytes.
        merges: pairs of bytes, the one learned first in front, as
            `train_bpe` returns them.

    Returns:
        A list of ints. `vocab` and `merges` stay as they were.

    Example:
        >>> vocab = {i: bytes([i]) for i in range(256)}
        >>> vocab |= {256: b"ug", 257: b"hu"}
        >>> bpe_encode("hug", vocab, [(b"u", b"g"), (b"h", b"u")])
        [104, 256]
    """
    ids = {token: i for i, token in vocab.items()}
    rules = _rules(ids, merges)
    return [i for piece in pretokenize(text) for i in _encode_piece(piece, ids, rules)]


def bpe_decode(ids: Iterable[int], vocab: dict[int, bytes]) -> str:
    r"""Return the text of token ids.

    A token need not be a whole character. Where the bytes of all tokens
    together are no UTF-8, U+FFFD stands, as in `ids_to_text`.

    Args:
        ids: token ids; a list, a tuple or anything else that gives them one
            after the other. There may be none.
        vocab: token id -> its bytes.

    Returns:
        One str.

    Raises:
        KeyError: an id is not in `vocab`. Another exception will do as well.

    Example:
        >>> vocab = {7: b"caf", 8: b"\xc3", 9: b"\xa9"}
        >>> bpe_decode([7, 8, 9], vocab)
        'café'
    """
    return b"".join(vocab[i] for i in ids).decode("utf-8", errors="replace")


class BPETokenizer:
    """Turn text into the token ids of a byte-pair encoding, and back.

    Args:
        vocab: token id -> its bytes, as `train_bpe` returns it; all 256
            bytes are among them. It stays as it was.
        merges: pairs of bytes, the one learned first in front.
        special_tokens: strings that can be tokens whole, such as
            "<|endoftext|>". One whose bytes are in `vocab` keeps its id
            there; any other gets the next id after the greatest, in the
            order of the list. None is the same as none of them.

    Attributes:
        vocab_size: how many tokens there are, special ones included, int.

    Example:
        >>> vocab = {i: bytes([i]) for i in range(256)}
        >>> vocab |= {256: b"ug", 257: b"hug"}
        >>> merges = [(b"u", b"g"), (b"h", b"ug")]
        >>> tokenizer = BPETokenizer(vocab, merges, ["<|end|>"])
        >>> tokenizer.vocab_size
        259
        >>> tokenizer.encode("hug<|end|>", allowed_special="all")
        [257, 258]
        >>> len(tokenizer.encode("hug<|end|>"))
        8
        >>> tokenizer.decode([257, 258])
        'hug<|end|>'
    """

    def __init__(
        self,
        vocab: dict[int, bytes],
        merges: list[tuple[bytes, bytes]],
        special_tokens: Sequence[str] | None = None,
    ) -> None:
        super().__init__()
        self.vocab = dict(vocab)
        self.ids = {token: i for i, token in vocab.items()}
        self.special_ids: dict[str, int] = {}
        for special in special_tokens or ():
            token = special.encode("utf-8")
            if token not in self.ids:
                self.ids[token] = max(self.vocab) + 1
                self.vocab[self.ids[token]] = token
            self.special_ids[special] = self.ids[token]
        self.rules = _rules(self.ids, merges)
        self.vocab_size = len(self.vocab)

    def encode(
        self,
        text: str,
        allowed_special: Collection[str] | Literal["all"] = (),
    ) -> list[int]:
        """Return the token ids of a text.

        Args:
            text: any text; it may be empty.
            allowed_special: the special tokens that become one token where
                they stand in the text; "all" is all of them. The rest of the
                text is cut there, and each part encoded as by `bpe_encode`.
                A special token that is not allowed is text like any other.
                Where two that are allowed begin at the same place, the
                longer one counts.

        Returns:
            A list of ints.
        """
        allowed = self.special_ids if allowed_special == "all" else allowed_special
        known = sorted(self.special_ids.keys() & set(allowed), key=len, reverse=True)
        if not known:
            return self._encode_ordinary(text)
        ids: list[int] = []
        # The brackets keep the special tokens in what `split` returns.
        for part in regex.split(f"({'|'.join(map(regex.escape, known))})", text):
            ids += [self.special_ids[part]] if part in known else self._encode_ordinary(part)
        return ids

    def _encode_ordinary(self, text: str) -> list[int]:
        cache: dict[str, list[int]] = {}  # most pieces of a long text come again
        ids: list[int] = []
        for piece in pretokenize(text):
            if piece not in cache:
                cache[piece] = _encode_piece(piece, self.ids, self.rules)
            ids += cache[piece]
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of token ids, special ones included.

        Args:
            ids: token ids; a list or anything else that gives them one after
                the other.

        Returns:
            One str, with U+FFFD for bytes that are no UTF-8.

        Raises:
            KeyError: there is no such id. Another exception will do as well.
        """
        return bpe_decode(ids, self.vocab)


def load_gpt2_tokenizer(encoder_json: str, vocab_bpe: str) -> BPETokenizer:
    """Make the tokenizer of GPT-2 from the two files that OpenAI published.

    Both files are text, so each byte of a token is written as a character
    that can be seen. The 188 bytes 33-126, 161-172 and 174-255 are the
    characters with these code points. The other 68, in ascending order, are
    the characters 256, 257 and so on: the space, byte 32, is U+0120, "Ġ".

    Args:
        encoder_json: the text of encoder.json, an object: token -> its id.
        vocab_bpe: the text of vocab.bpe. Its first line is a version, every
            other one a merge: two tokens with a space between them, the one
            learned first on top. The last line may be empty.

    Returns:
        A tokenizer of all tokens in `encoder_json` with "<|endoftext|>" as
        its special token. With the real files there are 50,257, and
        "<|endoftext|>" is 50256.

    Example:
        >>> from gptcourse import datasets
        >>> tokenizer = load_gpt2_tokenizer(*datasets.gpt2_vocabulary())
        >>> tokenizer.encode("Hello world")
        [15496, 995]
    """
    seen = {*range(33, 127), *range(161, 173), *range(174, 256)}
    unseen = [byte for byte in range(256) if byte not in seen]
    byte_of = {256 + n: byte for n, byte in enumerate(unseen)}

    def token(written: str) -> bytes:
        return written.translate(byte_of).encode("latin-1")

    vocab = {i: token(written) for written, i in json.loads(encoder_json).items()}
    lines = vocab_bpe.split("\n")[1:]
    pairs = [line.split(" ") for line in lines if line]
    merges = [(token(left), token(right)) for left, right in pairs]
    return BPETokenizer(vocab, merges, ["<|endoftext|>"])
