"""Right answers to 3.9 BPETokenizer in other styles."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import regex

from autograder.hidden_tests.tokenization.right_encoders import one_at_a_time
from gpt2.bpe_tokenizer import bpe_decode, bpe_encode

__all__ = ["OnFunctions", "Parts", "with_encoder"]

Vocab = dict[int, bytes]
Merges = list[tuple[bytes, bytes]]


class OnFunctions:
    """On top of the functions, with a walk through the text in place of a pattern."""

    def __init__(self, vocab: Vocab, merges: Merges, special_tokens: Any = None) -> None:
        self.vocab, self.merges = vocab.copy(), merges
        for token in special_tokens or []:
            if token.encode() not in self.vocab.values():
                self.vocab[max(self.vocab) + 1] = token.encode()
        self.special = list(special_tokens or [])

    @property
    def vocab_size(self) -> int:
        """Count the tokens."""
        return len(self.vocab)

    def encode(self, text: str, allowed_special: Any = frozenset()) -> list[int]:
        """Walk through the text."""
        names = [n for n in self.special if allowed_special == "all" or n in allowed_special]
        start = i = 0
        ids: list[int] = []
        while i < len(text):
            found = max((n for n in names if text.startswith(n, i)), key=len, default=None)
            if found:
                ids += bpe_encode(text[start:i], self.vocab, self.merges)
                ids.append(next(k for k, t in self.vocab.items() if t == found.encode()))
                start = i = i + len(found)
            else:
                i += 1
        return ids + bpe_encode(text[start:], self.vocab, self.merges)

    def decode(self, ids: Iterable[int]) -> str:
        """Decode by the function."""
        return bpe_decode(ids, self.vocab)


class Parts:
    """Split again and again, at one special token after the other, the longest first."""

    def __init__(
        self, vocab: Vocab, merges: Merges, special_tokens: Sequence[str] | None = None
    ) -> None:
        self.id_to_token = dict(vocab)
        known = {token: i for i, token in vocab.items()}
        self.specials: dict[str, int] = {}
        next_id = max(vocab) + 1
        for name in special_tokens if special_tokens is not None else ():
            i = known.get(name.encode("utf-8"), next_id)
            next_id += i == next_id
            self.specials[name] = i
            self.id_to_token[i] = name.encode("utf-8")
        self.base, self.merges = dict(vocab), list(merges)
        self.vocab_size = len(self.id_to_token)

    def encode(self, text: str, allowed_special: Collection[str] = frozenset()) -> list[int]:
        """Split the text, then encode what is left of it."""
        if allowed_special == "all":
            allowed_special = set(self.specials)
        parts: list[str | int] = [text]
        for name in sorted(self.specials, key=len, reverse=True):
            if name in allowed_special:
                parts = [x for part in parts for x in self._split(part, name)]
        ids: list[int] = []
        for part in parts:
            if isinstance(part, int):
                ids.append(part)
            else:
                ids.extend(one_at_a_time(part, self.base, self.merges))
        return ids

    def _split(self, part: str | int, name: str) -> list[str | int]:
        if isinstance(part, int):
            return [part]
        pieces: list[str | int] = []
        for between in part.split(name):
            pieces += [self.specials[name], between]
        return pieces[1:]

    def decode(self, ids: Iterable[int]) -> str:
        """Decode what was collected."""
        joined = bytearray()
        for i in ids:
            joined += self.id_to_token[i]
        return joined.decode("utf-8", "replace")


def with_encoder(encode: Callable[[str, Vocab, Merges], list[int]]) -> Any:
    class Matching:
        """A pattern of the special tokens, compiled once for each set that is allowed."""

        def __init__(self, vocab: Vocab, merges: Merges, special_tokens: Any = None) -> None:
            self.vocab, self.merges = {**vocab}, [*merges]
            self.special = {}
            for name in special_tokens or []:
                have = [i for i, token in vocab.items() if token == name.encode()]
                i = have[0] if have else max(self.vocab) + 1
                self.vocab[i] = name.encode()
                self.special[name] = i
            self.vocab_size = len(self.vocab)

        def encode(self, text: str, allowed_special: Any = ()) -> list[int]:
            allowed = [n for n in self.special if allowed_special == "all" or n in allowed_special]
            allowed.sort(key=lambda name: (-len(name), name))
            ids, start = [], 0
            if allowed:
                for match in regex.finditer("|".join(map(regex.escape, allowed)), text):
                    ids += encode(text[start : match.start()], self.vocab, self.merges)
                    ids += [self.special[match.group()]]
                    start = match.end()
            return ids + encode(text[start:], self.vocab, self.merges)

        def decode(self, ids: Iterable[int]) -> str:
            return b"".join(map(self.vocab.__getitem__, ids)).decode(errors="replace")

    return Matching
