"""2.6 get_batch."""

from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.bigrams.get_batch_mistakes import MISCONCEPTIONS

Batch = tuple[Tensor, Tensor]


def _stack(
    data: Tensor, batch_size: int, block_size: int, generator: Any = None, device: Any = "cpu"
) -> Batch:
    ix = torch.randint(len(data) - block_size, (batch_size,), generator=generator)
    x = torch.stack([data[i : i + block_size] for i in ix])
    y = torch.stack([data[i + 1 : i + 1 + block_size] for i in ix])
    x, y = x.to(device), y.to(device)
    return x, y


def _unfold(
    data: Tensor, batch_size: int, block_size: int, generator: Any = None, device: Any = "cpu"
) -> Batch:
    windows = data.unfold(0, block_size + 1, 1)
    chosen = windows[torch.randint(0, windows.size(0), (batch_size,), generator=generator)]
    chosen = chosen.to(device)
    return chosen[:, :-1], chosen[:, 1:]


def _strided(
    data: Tensor, batch_size: int, block_size: int, generator: Any = None, device: Any = "cpu"
) -> Batch:
    n = data.numel() - block_size
    u = torch.rand(batch_size, generator=generator, dtype=torch.float64)
    start = (u * n).floor().long().clamp(max=n - 1)
    moved = data.to(device)
    features = torch.as_strided(moved, (n, block_size), (1, 1))
    targets = torch.as_strided(moved, (n, block_size), (1, 1), 1)
    return features.index_select(0, start), targets.index_select(0, start)


def _lists(
    data: Tensor, batch_size: int, block_size: int, generator: Any = None, device: Any = "cpu"
) -> list[Tensor]:
    rows, tokens = [], data.tolist()
    for _ in range(batch_size):
        i = torch.randint(len(tokens) - block_size, (), generator=generator).item()
        rows.append(tokens[int(i) : int(i) + block_size + 1])
    x = torch.tensor([row[:-1] for row in rows], dtype=torch.int32, device=device)
    y = torch.tensor([row[1:] for row in rows], dtype=torch.int32, device=device)
    return [x, y]


def _numpy(
    data: Tensor, batch_size: int, block_size: int, generator: Any = None, device: Any = "cpu"
) -> Batch:
    view = np.lib.stride_tricks.sliding_window_view(data.numpy(), block_size + 1)
    pick = torch.randint(view.shape[0], (batch_size,), generator=generator).numpy()
    both = torch.from_numpy(view[pick].astype(np.int64))
    with torch.device(device):
        x, y = torch.empty_like(both[:, 1:], device=device), torch.zeros(both[:, 1:].shape)
    x.copy_(both[:, :-1])
    return x, y.long().copy_(both[:, 1:])


def _starts_on_the_device(
    data: Tensor,
    batch_size: int,
    block_size: int,
    generator: Generator | None = None,
    device: Any = "cpu",
) -> Batch:
    data = data.to(device)
    where = generator.device if generator else device
    ix = torch.randint(len(data) - block_size, (batch_size,), generator=generator, device=where)
    index = ix.to(device).unsqueeze(1) + torch.arange(block_size, device=device)
    return data.take(index), data.take(index + 1)


WINDOWS = "takes windows of the text, and their next tokens"
STARTS = "starts anywhere, each place equally likely"
SEED = "takes its randomness from the generator"
DEVICE = "puts both on the device"


def _text(d: Draw, n: int, batch_size: int, block_size: int) -> dict[str, Any]:
    """Return a text in which every token is another one, in random order."""
    return {
        "data": d.permutation(n) + 3,
        "batch_size": batch_size,
        "block_size": block_size,
        "seed": d.integer(0, 10**6),
    }


EXERCISE = Exercise(
    id="get_batch",
    chapter="02-bigrams",
    title="A batch of training examples",
    reference="gpt2.data.get_batch",
    probe="batches.places",
    minutes=15,
    difficulty=2,
    groups={WINDOWS: 2, STARTS: 1, SEED: 1, DEVICE: 1},
    cases=(
        Case("room for one window", WINDOWS, lambda d: _text(d, 6, 3, 5), "batches.get_batch"),
        Case("a batch of six", WINDOWS, lambda d: _text(d, 60, 6, 4), tolerance=EXACT),
        Case("a batch of one", WINDOWS, lambda d: _text(d, 90, 1, 9), tolerance=EXACT),
        Case("a context of one", WINDOWS, lambda d: _text(d, 40, 5, 1), tolerance=EXACT),
        Case(
            "where 1,200 windows start",
            STARTS,
            lambda d: _text(d, 11, 1200, 4) | {"data": torch.arange(11)},
            probe="batches.starts",
            frequencies=("starts", "starts of the window after it"),
        ),
        Case(
            "where each row starts, over 700 batches",
            STARTS,
            lambda d: _text(d, 8, 3, 5) | {"data": torch.arange(8), "batches": 700},
            probe="batches.starts_of_rows",
            frequencies=("starts of each row",),
        ),
        Case(
            "seeds",
            SEED,
            lambda d: _text(d, 500, 7, 3),
            probe="batches.get_batch_again",
            tolerance=EXACT,
        ),
        Case(
            "a device that is not the CPU",
            DEVICE,
            lambda d: _text(d, 30, 3, 4),
            probe="batches.get_batch_on_device",
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("slices, stacked", _stack),
        Variant("unfold", _unfold),
        Variant("as_strided", _strided),
        Variant("lists, int32", _lists),
        Variant("numpy's sliding windows", _numpy),
        Variant("drawn on the device", _starts_on_the_device),
    ),
    hints=(
        "A window of T + 1 tokens holds T features and T targets. Where may it start, so that it "
        "still fits?",
        "`torch.randint(high, (batch_size,), generator=generator)` draws numbers from 0 to "
        "high - 1. The last start is N - T - 1: so what is `high`?",
        "Stack `data[i : i + T]` over the starts i for x and `data[i + 1 : i + T + 1]` for y, "
        "and move both with `.to(device)`.",
    ),
)
