"""2.6 get_batch."""

from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Misconception, Variant

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
    probe="bigrams.places",
    minutes=15,
    difficulty=2,
    groups={WINDOWS: 2, STARTS: 1, SEED: 1, DEVICE: 1},
    cases=(
        Case("room for one window", WINDOWS, lambda d: _text(d, 6, 3, 5), "bigrams.get_batch"),
        Case("a batch of six", WINDOWS, lambda d: _text(d, 60, 6, 4), tolerance=EXACT),
        Case("a batch of one", WINDOWS, lambda d: _text(d, 90, 1, 9), tolerance=EXACT),
        Case("a context of one", WINDOWS, lambda d: _text(d, 40, 5, 1), tolerance=EXACT),
        Case(
            "where 1,200 windows start",
            STARTS,
            lambda d: _text(d, 11, 1200, 4) | {"data": torch.arange(11)},
            probe="bigrams.starts",
            frequencies=("starts", "starts of the window after it"),
        ),
        Case(
            "where each row starts, over 700 batches",
            STARTS,
            lambda d: _text(d, 8, 3, 5) | {"data": torch.arange(8), "batches": 700},
            probe="bigrams.starts_of_rows",
            frequencies=("starts of each row",),
        ),
        Case(
            "seeds",
            SEED,
            lambda d: _text(d, 500, 7, 3),
            probe="bigrams.get_batch_again",
            tolerance=EXACT,
        ),
        Case(
            "a device that is not the CPU",
            DEVICE,
            lambda d: {"data": d.permutation(30), "batch_size": 3, "block_size": 4},
            probe="bigrams.get_batch_on_device",
            tolerance=EXACT,
        ),
    ),
    misconceptions=(
        Misconception(
            "targets-equal-features",
            "The targets are the features themselves.",
            "The model only has to copy its input, and the loss falls to nearly 0: too good to "
            "be true.",
            edits=(("data[at + 1]", "data[at]"),),
        ),
        Misconception(
            "plus-one",
            "The targets are the features plus 1.",
            "That is the next *id*, not the next token of the text. It is right only where the "
            "text counts upwards.",
            edits=(("data[at + 1]", "(data[at] + 1)"),),
        ),
        Misconception(
            "shifted-by-two",
            "The targets lie two tokens ahead.",
            "The model learns to skip a token. Look at where the targets begin.",
            edits=(("data[at + 1]", "data[(at + 2) % len(data)]"),),
        ),
        Misconception(
            "shifted-back",
            "The targets lie one token behind, or features and targets are exchanged.",
            "The model learns to write backwards. At each position the target is what comes "
            "*after* the feature.",
            edits=(
                (
                    "return data[at].to(device), data[at + 1].to(device)",
                    "return data[at + 1].to(device), data[at].to(device)",
                ),
            ),
        ),
        Misconception(
            "rolled",
            "The targets are the window turned round by one.",
            "The last target of each window is its own first token. The token that really comes "
            "next lies outside the window.",
            edits=(("data[at + 1]", "data[at].roll(-1, dims=1)"),),
        ),
        Misconception(
            "last-target-only",
            "Each window has one target, the token after its end.",
            "That uses one of the T examples in a window: every position has a next token.",
            edits=(("data[at + 1]", "data[at[:, -1] + 1]"),),
        ),
        Misconception(
            "window-with-target",
            "The features are one token longer than the context.",
            "A window of T + 1 tokens gives T features and T targets.",
            edits=(
                ("torch.arange(block_size)", "torch.arange(block_size + 1)"),
                ("data[at + 1]", "data[at[:, :-1] + 1]"),
            ),
        ),
        Misconception(
            "window-too-short",
            "The windows are one token too short.",
            "Cutting T tokens and shifting inside them leaves T - 1 features. Cut T + 1.",
            edits=(("torch.arange(block_size)", "torch.arange(block_size - 1)"),),
        ),
        Misconception(
            "end-of-window-not-a-target",
            "The last target of each window is filled with a number that is no token of the text.",
            "The text has a token there, one step past the window.",
            edits=(
                (
                    "data[at + 1].to(device)",
                    "torch.cat([data[at[:, 1:]], 0 * at[:, :1]], 1).to(device)",
                ),
            ),
        ),
        Misconception(
            "wraps-around",
            "A window that starts near the end goes on at the beginning of the text.",
            "The end of the text and its beginning are not neighbours. How many starts leave room "
            "for T + 1 tokens?",
            edits=(
                ("len(data) - block_size,", "len(data),"),
                ("data[at].to", "data[at % len(data)].to"),
                ("data[at + 1].to", "data[(at + 1) % len(data)].to"),
            ),
        ),
        Misconception(
            "no-start-twice",
            "No two windows of a batch may start at the same place.",
            "A large batch from a short text comes out too small. The starts are independent of "
            "each other.",
            edits=(
                (
                    "starts = torch.randint(len(data) - block_size, (batch_size, 1), "
                    "generator=generator)",
                    "order = torch.randperm(len(data) - block_size, generator=generator)\n"
                    "    starts = order[:batch_size, None]",
                ),
            ),
        ),
        Misconception(
            "transposed",
            "The batch is the second dimension.",
            "The result is (T, B). One row is one window.",
            edits=(
                (
                    "return data[at].to(device), data[at + 1].to(device)",
                    "return data[at].t().to(device), data[at + 1].t().to(device)",
                ),
            ),
        ),
        Misconception(
            "device-ignored",
            "The batch stays on the CPU.",
            "On a GPU the first layer then raises an error about two devices.",
            edits=(
                (
                    "return data[at].to(device), data[at + 1].to(device)",
                    "return data[at], data[at + 1]",
                ),
            ),
        ),
        Misconception(
            "targets-not-moved",
            "The targets stay on the CPU.",
            "On a GPU the model runs, and the loss raises an error about two devices.",
            edits=(("data[at + 1].to(device)", "data[at + 1]"),),
        ),
        Misconception(
            "features-not-moved",
            "The features stay on the CPU.",
            "On a GPU the first layer then raises an error about two devices.",
            edits=(("data[at].to(device)", "data[at]"),),
        ),
        Misconception(
            "generator-ignored",
            "The generator is not used.",
            "The same seed gives another batch each time, so a run cannot be repeated.",
            edits=((", generator=generator", ""),),
        ),
        Misconception(
            "other-random-numbers",
            "The starts come from Python's or NumPy's random numbers, not from torch's.",
            "Neither the generator nor `torch.manual_seed` has any effect on them.",
            edits=(
                (
                    "starts = torch.randint(len(data) - block_size, (batch_size, 1), "
                    "generator=generator)",
                    "import random\n    room = len(data) - block_size\n"
                    "    starts = [[random.randrange(room)] for _ in range(batch_size)]\n"
                    "    starts = torch.tensor(starts)",
                ),
            ),
        ),
        Misconception(
            "reseeded",
            "The random numbers start again at every call.",
            "Every call gives the same batch: the model sees a handful of windows and nothing "
            "else.",
            edits=(
                (
                    "    starts = torch",
                    "    generator = torch.Generator().manual_seed(0)\n    starts = torch",
                ),
            ),
        ),
        Misconception(
            "last-start-missing",
            "The last place where a window fits is never used.",
            "The text's last token is never a target. How many starts leave room for T + 1 tokens?",
            edits=(("len(data) - block_size,", "max(1, len(data) - block_size - 1),"),),
        ),
        Misconception(
            "multiples-only",
            "Windows start at multiples of the context length only.",
            "Most windows of the text are never seen.",
            edits=(
                (
                    "    at = starts",
                    "    starts = starts // block_size * block_size\n    at = starts",
                ),
            ),
        ),
        Misconception(
            "one-start-for-all",
            "All windows of a batch start at the same place.",
            "A batch of B equal rows teaches no more than one row.",
            edits=(
                (
                    "    at = starts",
                    "    starts = starts[:1].expand(batch_size, 1)\n    at = starts",
                ),
            ),
        ),
        Misconception(
            "neighbouring-windows",
            "The windows of a batch lie one after the other.",
            "Only the first start is drawn; the others follow from it.",
            edits=(
                (
                    "    at = starts",
                    "    room = len(data) - block_size\n"
                    "    starts = (starts[:1] + torch.arange(batch_size)[:, None]) % room\n"
                    "    at = starts",
                ),
            ),
        ),
        Misconception(
            "always-from-the-front",
            "The windows are the first ones of the text, and nothing is drawn.",
            "Every call gives the same batch.",
            edits=(
                (
                    "    at = starts",
                    "    starts = torch.arange(batch_size)[:, None] % (len(data) - block_size)\n"
                    "    at = starts",
                ),
            ),
        ),
    ),
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
