"""Probes of chapter 2: batches of training examples.

An answer of an odd shape or type is handed back as it came, so that the learner reads what it is
and not where a probe stumbled over it.
"""

import random
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .pretend_device import PretendDevice

Outputs = dict[str, Any]
GetBatch = Callable[..., Any]


def get_batch(
    get_batch: GetBatch, data: Tensor, batch_size: int, block_size: int, seed: int
) -> Outputs:
    """Return a batch as it is: for a text that has room for one window only."""
    outputs, x, y = _pair(get_batch(data, batch_size, block_size, generator=_seeded(seed)))
    return outputs | {"x": x, "y": y}


def places(
    get_batch: GetBatch, data: Tensor, batch_size: int, block_size: int, seed: int
) -> Outputs:
    """Find each token of a batch in a text without repeats, counted from its window's start."""
    outputs, x, y = _pair(get_batch(data, batch_size, block_size, generator=_seeded(seed)))
    if not _is_table(x) or not isinstance(y, Tensor) or y.shape[:1] != x.shape[:1]:
        return outputs | {"places of x": x, "places of y": y}
    place = {token: i for i, token in enumerate(data.tolist())}
    nowhere = -10 * len(data)

    def found(batch: Tensor) -> Tensor:
        flat = [place.get(token, nowhere) for token in batch.flatten().tolist()]
        return torch.tensor(flat).reshape(batch.shape)

    start = found(x[:, :1])
    x_places = found(x) - start
    y_places = found(y) - (start if y.dim() == 2 else start[:, 0])
    return outputs | {"places of x": x_places, "places of y": y_places}


def starts(
    get_batch: GetBatch, data: Tensor, batch_size: int, block_size: int, seed: int
) -> Outputs:
    """Count where windows start in data = 0, 1, 2, ..., and where the next of the batch starts."""
    outputs, x, _ = _pair(get_batch(data, batch_size, block_size, generator=_seeded(seed)))
    N = len(data)
    start = _starts(x, N)
    if start is None:
        return outputs | {"starts": x, "starts of the window after it": None}
    pairs = torch.bincount(start[:-1] * N + start[1:], minlength=N * N)
    return outputs | {
        "starts": torch.bincount(start, minlength=N),
        "starts of the window after it": pairs.reshape(N, N),
    }


def starts_of_rows(
    get_batch: GetBatch, data: Tensor, batch_size: int, block_size: int, seed: int, batches: int
) -> Outputs:
    """Count where each row of a batch starts over many batches, in data = 0, 1, 2, ..."""
    generator = _seeded(seed)
    drawn = []
    for _ in range(batches):
        outputs, x, _ = _pair(get_batch(data, batch_size, block_size, generator=generator))
        start = _starts(x, len(data))
        if start is None or len(start) != batch_size:
            return outputs | {"every batch is the same": False, "starts of each row": x}
        drawn.append(start)
    starts = torch.stack(drawn)  # (batches, B)
    same = bool((starts == starts[0]).all())
    table = nn.functional.one_hot(starts, len(data)).sum(0)
    # Which batch it is that always comes says nothing: it depends on the seed alone.
    counted = torch.zeros_like(table) if same else table
    return outputs | {"every batch is the same": same, "starts of each row": counted}


def get_batch_again(
    get_batch: GetBatch, data: Tensor, batch_size: int, block_size: int, seed: int
) -> Outputs:
    """Draw batches with equal generators, twice with the same one, and with torch's own.

    Calls that nobody looks at come between, as many as the seed says: an answer that counts its
    calls does not know which one this is.
    """
    between = random.Random(seed)

    def skip() -> None:
        for other_seed in range(between.randrange(3)):
            get_batch(data, batch_size, block_size, _seeded(other_seed))

    def batch(*generator: torch.Generator) -> Any:
        _, x, _ = _pair(get_batch(data, batch_size, block_size, *generator))
        return _numbers(x)

    first = _seeded(seed)
    one = batch(first)
    skip()
    next_one = batch(first)
    skip()
    torch.manual_seed(seed)
    own, next_own = batch(), batch()
    skip()
    same = batch(_seeded(seed))
    torch.manual_seed(seed)
    return {
        "the same seed gives the same batch": one == same,
        "a second call gives the same batch": one == next_one,
        "torch's own seed gives the same batch": own == batch(),
        "a second call without a generator gives the same batch": own == next_own,
    }


def get_batch_on_device(
    get_batch: GetBatch, data: Tensor, batch_size: int, block_size: int, seed: int
) -> Outputs:
    """Ask for a batch on a device that is not the CPU, with torch's random numbers and with ours.

    The generator stays on the CPU.
    """
    with PretendDevice("cuda") as cuda:
        outputs, x, y = _pair(get_batch(data, batch_size, block_size, device="cuda"))
        there = {"x is on the device": cuda.holds(x), "y is on the device": cuda.holds(y)}
        get_batch(data, batch_size, block_size, generator=_seeded(seed), device="cuda")
    return outputs | there


def _pair(came: Any) -> tuple[Outputs, Any, Any]:
    """Return the number of results and, if there are two, each of them; else what came, twice."""
    one = came is None or isinstance(came, dict) or not hasattr(came, "__len__")
    number = int(came is not None) if one else len(came)
    if isinstance(came, Tensor) and number != 2:
        number = 1
    first, second = came if number == 2 and not one else (came, came)
    return {"number of results": number}, first, second


def _is_table(batch: Any) -> bool:
    return isinstance(batch, Tensor) and batch.dim() == 2 and batch.numel() > 0


def _starts(batch: Any, N: int) -> Tensor | None:
    """Return the first token of each row, (B,), if all of them are in 0..N-1."""
    if not _is_table(batch):
        return None
    start: Tensor = batch[:, 0].to(torch.int64)
    return start if bool(((start >= 0) & (start < N)).all()) else None


def _numbers(value: Any) -> Any:
    """Return nested lists of plain values, which are equal only if they are the same."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_numbers(item) for item in value]
    plain = value is None or type(value) in (bool, int, float, str)
    return value if plain else type(value).__name__


def _seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)
