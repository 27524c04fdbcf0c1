"""6.9 crop_block_size."""

import dataclasses
from typing import Any

import torch
from torch import nn

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.gpt2_model.crop_block_size_mistakes import MISCONCEPTIONS


def _with_masks(model: Any, block_size: int) -> None:
    """Assert, assign, and cut a mask called bias where there is one."""
    assert block_size <= model.config.block_size
    model.config.block_size = block_size
    model.transformer.wpe.weight = nn.Parameter(model.transformer.wpe.weight[:block_size])
    for block in model.transformer.h:
        if hasattr(block.attn, "bias"):
            block.attn.bias = block.attn.bias[:, :, :block_size, :block_size]


def _data(model: Any, block_size: int) -> None:
    """The same Parameter with less data; its old gradient goes."""
    wpe = model.transformer.wpe
    if block_size > len(wpe.weight):
        raise IndexError(block_size)
    wpe.weight.grad = None
    wpe.weight.data = wpe.weight.data[:block_size]
    model.config.block_size = block_size


def _new_layer(model: Any, block_size: int) -> None:
    old = model.transformer.wpe
    N, C = old.weight.shape
    if not 1 <= block_size <= N:
        raise ValueError
    new = nn.Embedding(block_size, C, device=old.weight.device, dtype=old.weight.dtype)
    with torch.no_grad():
        new.weight.copy_(old.weight[:block_size])
    model.transformer.wpe = new
    model.config = dataclasses.replace(model.config, block_size=block_size)


def _from_pretrained(model: Any, block_size: int) -> None:
    rows = model.transformer["wpe"].weight.detach().split(block_size)[0]
    if len(rows) < block_size:
        raise ValueError("too long")
    model.transformer["wpe"] = nn.Embedding.from_pretrained(rows.clone(), freeze=False)
    model.config.block_size = block_size


def _all_buffers(model: Any, block_size: int) -> None:
    """Cut whatever buffer has the old length, and choose the rows by index."""
    N = model.config.block_size
    keep = torch.arange(N)[:block_size]
    if keep.numel() != block_size:
        raise RuntimeError("there are not so many positions")
    table = model.transformer.wpe.weight.data.index_select(0, keep)
    model.transformer.wpe.register_parameter("weight", nn.Parameter(table))
    for module in model.modules():
        for name, buffer in list(module.named_buffers(recurse=False)):
            if buffer.shape[-2:] == (N, N):
                setattr(module, name, buffer[..., :block_size, :block_size].clone())
    setattr(model.config, "block_size", block_size)  # noqa: B010


def _sizes(d: Draw, N: int, C: int, n_layer: int = 1) -> dict[str, Any]:
    """Return sizes of a model; the tokens outnumber the positions."""
    return {
        "shift": d.number(0.5, 1.5),
        "block_size": N,
        "vocab_size": d.integer(11, 15),
        "n_layer": n_layer,
        "n_head": 1,
        "n_embd": C,
    }


SHORTER = "cuts table and config, and computes what it computed"
OTHERS = "works for every length up to the old one"
REFUSES = "refuses a length greater than the old one"
LEARNS = "leaves a table that learns, of the same dtype"

EXERCISE = Exercise(
    id="crop_block_size",
    chapter="06-gpt2",
    title="A shorter context",
    reference="gpt2.model.crop_block_size",
    probe="gpt_cut.cut",
    minutes=12,
    difficulty=2,
    groups={SHORTER: 1, OTHERS: 1, REFUSES: 1, LEARNS: 1},
    cases=(
        Case(
            "fewer positions",
            SHORTER,
            lambda d: _sizes(d, d.integer(8, 10), 4, 2) | {"lengths": [d.integer(2, 5)]},
            tolerance=EXACT,
        ),
        Case(
            "as many channels as positions, twice",
            SHORTER,
            lambda d: _sizes(d, 6, 6) | {"lengths": [5, d.integer(2, 5)]},
            tolerance=EXACT,
        ),
        Case(
            "one position",
            OTHERS,
            lambda d: _sizes(d, d.integer(4, 7), 4) | {"lengths": [1]},
            tolerance=EXACT,
        ),
        Case(
            "the same length", OTHERS, lambda d: _sizes(d, 5, 4), "gpt_cut.cut_to_the_same", EXACT
        ),
        Case(
            "one too many",
            REFUSES,
            lambda d: _sizes(d, 5, 4) | {"length": 6},
            "gpt_cut.too_long",
            EXACT,
        ),
        Case(
            "many too many",
            REFUSES,
            lambda d: _sizes(d, 4, 4) | {"length": d.integer(20, 2000)},
            "gpt_cut.too_long",
            EXACT,
        ),
        Case(
            "trained on",
            LEARNS,
            lambda d: _sizes(d, 7, 4) | {"length": d.integer(2, 6)},
            "gpt_cut.cut_after_training",
            EXACT,
        ),
        Case(
            "in float64",
            LEARNS,
            lambda d: _sizes(d, 6, 4) | {"length": d.integer(2, 5)},
            "gpt_cut.cut_elsewhere",
            EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("masks too, by name", _with_masks),
        Variant("the data of the same Parameter", _data),
        Variant("a new layer, a new config", _new_layer),
        Variant("from_pretrained, not frozen", _from_pretrained),
        Variant("all buffers of the old length", _all_buffers),
    ),
    hints=(
        "What of the model has one row for each position, and what says how long a text may be?",
        "The first rows of the table have to stay, in an `nn.Parameter` of their own, so that the "
        "layer accepts them. Ask about the length before anything is changed.",
        "Raise if `block_size` is greater than `model.config.block_size`. Then assign to "
        "`model.transformer.wpe.weight` a new Parameter with its first `block_size` rows, and set "
        "the config.",
    ),
    stretch=True,
)
