"""A GPT of the small model's tokens for tests of its picture: random weights, or the shipped."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from gpt2.bpe_tokenizer import BPETokenizer
from gpt2.config import GPTConfig
from gpt2.model import GPT, init_weights
from gptcourse import datasets
from gptcourse.widgets.picture import HERE

DATA = HERE.parent / "data"
SHIPPED = DATA / "small_gpt"
SIZES = {"block_size": 128, "vocab_size": 4096, "n_layer": 4, "n_head": 6, "n_embd": 192}
TINY = {"block_size": 24, "vocab_size": 4096, "n_layer": 2, "n_head": 2, "n_embd": 16}
TEXTS = [
    "Alice was beginning",
    "And God said, Let there be light: and there was light.",
    "Ünïcödé, don't!  \n\tx²=４ 🙂 <|endoftext|>",
    "한글 \u00a0\u200b e\u0301 👩‍👩‍👧 \x85\x1c 'll I'LL",
    "a",
    " \n\n  ",
]


def make(folder: Path, sizes: dict[str, int]) -> Path:
    """Write a model of random weights as the shipped one is written; its logits are not flat."""
    torch.manual_seed(0)
    model = GPT(GPTConfig(**sizes))  # type: ignore[arg-type]
    init_weights(model)
    for parameter in model.parameters():
        parameter.data.mul_(5 if parameter.dim() == 2 else 1).add_(
            0.1 * torch.randn(parameter.shape)
        )
    weights = {name: value.half() for name, value in model.state_dict().items()}
    del weights["lm_head.weight"]
    folder.mkdir(parents=True, exist_ok=True)
    save_file(weights, folder / "model.safetensors")
    (folder / "model.json").write_text(json.dumps({"config": sizes}), encoding="utf-8")
    return folder


def read(folder: Path) -> GPT:
    """Return the model of a folder, in float32, as torch runs it."""
    config = json.loads((folder / "model.json").read_text(encoding="utf-8"))["config"]
    model = GPT(GPTConfig(**config))
    weights = {
        name: value.float() for name, value in load_file(folder / "model.safetensors").items()
    }
    missing, unexpected = model.load_state_dict(weights, strict=False)
    assert (missing, unexpected) == (["lm_head.weight"], [])
    return model.eval()


@cache
def tokenizer() -> BPETokenizer:
    """Return the reference's tokenizer of the small model's merges."""
    hidden = [*range(33), *range(127, 161), 173]
    byte_of = {chr(256 + hidden.index(b) if b in hidden else b): b for b in range(256)}
    lines = [line.split(" ") for line in datasets.small_model()[0].splitlines()[1:]]
    merges = [(bytes(byte_of[c] for c in a), bytes(byte_of[c] for c in b)) for a, b in lines]
    pieces = [bytes([byte]) for byte in range(256)] + [a + b for a, b in merges]
    return BPETokenizer(dict(enumerate(pieces)), merges, ["<|endoftext|>"])


def encode(text: str) -> Any:
    """Return the ids of a text; what looks like the end of a text is text."""
    return tokenizer().encode(text, allowed_special=())
