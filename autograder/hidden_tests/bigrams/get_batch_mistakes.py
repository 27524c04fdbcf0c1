"""Wrong answers to 2.6 get_batch, the commonest first."""

from typing import Any

import torch
from torch import Tensor

from autograder.exercise import Misconception


def _one_start_too_many(
    data: Tensor, batch_size: int, block_size: int, generator: Any = None, device: Any = "cpu"
) -> tuple[Tensor, Tensor]:
    starts = torch.randint(len(data) - block_size + 1, (batch_size,), generator=generator)
    x = torch.stack([data[i : i + block_size] for i in starts])
    y = torch.stack([data[i + 1 : i + 1 + block_size] for i in starts])
    return x.to(device), y.to(device)


MISCONCEPTIONS = (
    Misconception(
        "targets-equal-features",
        "The targets are the features themselves.",
        "The model only has to copy its input, and the loss falls to nearly 0: too good to "
        "be true.",
        edits=(("data[at + 1]", "data[at]"),),
    ),
    Misconception(
        "generator-ignored",
        "The generator is not used.",
        "The same seed gives another batch each time, so a run cannot be repeated.",
        edits=((", generator=generator", ""),),
    ),
    Misconception(
        "last-start-missing",
        "The last place where a window fits is never used.",
        "The text's last token is never a target. How many starts leave room for T + 1 tokens?",
        edits=(("len(data) - block_size,", "max(1, len(data) - block_size - 1),"),),
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
        "one-start-too-many",
        "A window may start where its targets no longer fit.",
        "The last slice comes out one token short, now and then. How many starts leave room for "
        "T + 1 tokens?",
        function=_one_start_too_many,
    ),
    Misconception(
        "shifted-back",
        "The targets lie one token behind, or features and targets are exchanged.",
        "The model learns to write backwards. At each position the target is what comes "
        "after the feature.",
        edits=(
            (
                "return data[at].to(device), data[at + 1].to(device)",
                "return data[at + 1].to(device), data[at].to(device)",
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
        "drawn-twice",
        "Features and targets are cut at starts that are drawn separately.",
        "The targets come from somewhere else in the text, so there is nothing to learn.",
        edits=(
            (
                "data[at + 1].to(device)",
                "data[torch.randint(len(data) - block_size, (batch_size, 1), generator=generator)"
                " + torch.arange(block_size) + 1].to(device)",
            ),
        ),
    ),
    Misconception(
        "window-too-short",
        "The windows are one token too short.",
        "Cutting T tokens and shifting inside them leaves T - 1 features. Cut T + 1.",
        edits=(("torch.arange(block_size)", "torch.arange(block_size - 1)"),),
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
        "shifted-by-two",
        "The targets lie two tokens ahead.",
        "The model learns to skip a token. Look at where the targets begin.",
        edits=(("data[at + 1]", "data[(at + 2) % len(data)]"),),
    ),
    Misconception(
        "plus-one",
        "The targets are the features plus 1.",
        "That is the next id, not the next token of the text. It is right only where the "
        "text counts upwards.",
        edits=(("data[at + 1]", "(data[at] + 1)"),),
    ),
    Misconception(
        "reseeded",
        "The random numbers start again at every call.",
        "Every call gives the same batch: the model sees a handful of windows and nothing else.",
        edits=(
            (
                "    starts = torch",
                "    generator = torch.Generator().manual_seed(0)\n    starts = torch",
            ),
        ),
    ),
    Misconception(
        "generator-not-moved-on",
        "Each call starts from a copy of the generator, or from its first state.",
        "The caller's generator never moves on, so every call gives the same batch.",
        edits=(
            (
                "    starts = torch",
                "    if generator is not None:\n"
                "        generator = generator.clone_state()\n"
                "    starts = torch",
            ),
        ),
    ),
    Misconception(
        "torch-reseeded",
        "`torch.manual_seed` is called inside the function.",
        "Without a generator every call gives the same batch, and all other random numbers of the "
        "program start again as well. A seed is set once, by the caller.",
        edits=(("    starts = torch", "    torch.manual_seed(1337)\n    starts = torch"),),
    ),
    Misconception(
        "drawn-on-the-device",
        "The starts are drawn on the device, with a generator that is on the CPU.",
        "On a GPU torch refuses the generator. Draw where the generator is, then move.",
        edits=(
            ("generator=generator)", "generator=generator, device=device)"),
            ("torch.arange(block_size)", "torch.arange(block_size, device=device)"),
            (
                "return data[at].to(device), data",
                "data = data.to(device)\n    return data[at], data",
            ),
            ("data[at + 1].to(device)", "data[at + 1]"),
        ),
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
)
