"""The text of a run: one file, split in two, or shards of ids that were made before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gpt2.data import get_batch
from gpt2.loader import TokenLoader
from gpt2.tokenization import CharTokenizer

__all__ = ["Corpus", "CorpusError", "RandomBatches", "Shards", "read_shards", "read_text"]


class CorpusError(Exception):
    """The text cannot be used; the message says what to do."""


class Shards:
    """A long row of ids in several files, of which no more is read than is asked for.

    Args:
        paths: files of NumPy's, each a row of unsigned 16-bit integers.

    Raises:
        CorpusError: one of them is something else.
    """

    def __init__(self, paths: list[Path]) -> None:
        self.parts = [_mapped(path) for path in paths]
        self.starts = np.cumsum([0, *map(len, self.parts)])

    def __len__(self) -> int:
        return int(self.starts[-1])

    def __getitem__(self, where: slice) -> Tensor:
        """Return the ids from one place to another, int32."""
        first, last, _ = where.indices(len(self))
        pieces = [
            part[max(first - start, 0) : max(last - start, 0)]
            for part, start in zip(self.parts, self.starts, strict=False)
        ]
        return torch.from_numpy(np.concatenate(pieces).astype(np.int32))


def _mapped(path: Path) -> Any:
    try:
        shard = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise CorpusError(f"{path} is not a shard: {error}") from None
    if shard.dtype != np.uint16 or shard.ndim != 1:
        raise CorpusError(f"{path} is not a row of uint16: {shard.dtype} {shard.shape}")
    return shard


class RandomBatches:
    """Windows from anywhere in a text, and a place to which one can come back."""

    def __init__(self, tokens: Tensor, B: int, T: int, seed: int) -> None:
        self.tokens, self.B, self.T = tokens, B, T
        self.generator = torch.Generator().manual_seed(seed)

    def next_batch(self) -> tuple[Tensor, Tensor]:
        """Return x and y, each (B, T)."""
        return get_batch(self.tokens, self.B, self.T, self.generator)

    def state_dict(self) -> dict[str, Tensor]:
        """Return the state of the draw."""
        return {"generator": self.generator.get_state()}

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        """Go on from there."""
        self.generator.set_state(state["generator"])


@dataclass(frozen=True)
class Corpus:
    """Ids to train on and ids to measure by.

    Attributes:
        train, val: token ids, (N,), whole or in shards.
        symbols: the texts of the ids, or None: the ids are GPT-2's.
    """

    train: Any
    val: Any
    symbols: list[str] | None = None

    @property
    def vocab_size(self) -> int:
        """V."""
        return 50257 if self.symbols is None else len(self.symbols)

    def batches(self, B: int, T: int, seed: int, rank: int, world_size: int) -> Any:
        """Return what deals out batches: at random from a text, in order from shards."""
        if self.symbols is None:
            return TokenLoader(self.train, B, T, rank, world_size)
        return RandomBatches(self.train, B, T, seed * 1000 + rank)


def read_text(path: Path, val_share: float = 0.1) -> Corpus:
    """Read a file of text as characters; its end is what the model is measured by.

    Raises:
        CorpusError: it is no text, or too short.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} is not a file of text: {error}") from None
    if len(text) < 1000:
        raise CorpusError(f"{path} has {len(text)} characters; give at least 1,000")
    tokenizer = CharTokenizer(text)
    ids = torch.tensor(tokenizer.encode(text))
    cut = int((1 - val_share) * len(ids))
    return Corpus(ids[:cut], ids[cut:], tokenizer.symbols)


def read_shards(folder: Path) -> Corpus:
    """Open shards of GPT-2's ids: *train*.npy and *val*.npy, of unsigned 16-bit integers.

    Raises:
        CorpusError: there are none, or they are something else.
    """
    parts = {}
    for split in ("train", "val"):
        paths = sorted(folder.glob(f"*{split}*.npy"))
        if not paths:
            raise CorpusError(f"{folder} has no file *{split}*.npy")
        parts[split] = Shards(paths)
    return Corpus(parts["train"], parts["val"])
