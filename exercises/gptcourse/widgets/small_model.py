"""The small model that ships with the course: its tokens, and what each of its heads reads."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import regex
import torch
import torch.nn.functional as F
from torch import Tensor

from gptcourse import datasets

N_LAYER, N_HEAD, C, BLOCK = 2, 4, 64, 64
PARAMETERS = ("c_attn.weight", "c_attn.bias", "c_proj.weight", "c_proj.bias")
_PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


@cache
def _loaded() -> tuple[dict[tuple[bytes, bytes], int], dict[str, Tensor]]:
    """Return the merges, each with the id that it makes, and the weights."""
    merges, weights = datasets.small_model()
    # vocab.bpe writes a byte that cannot be seen as a character from 256 on.
    hidden = [*range(33), *range(127, 161), 173]
    byte_of = {chr(256 + hidden.index(b) if b in hidden else b): b for b in range(256)}
    pairs = [line.split(" ") for line in merges.splitlines()[1:]]
    in_bytes = [tuple(bytes(byte_of[c] for c in part) for part in pair) for pair in pairs]
    return {(a, b): 256 + n for n, (a, b) in enumerate(in_bytes)}, weights


def encode(text: str) -> list[tuple[int, bytes]]:
    """Return the tokens of a text: id and bytes."""
    merges, _ = _loaded()
    last = 256 + len(merges)
    ids = {bytes([byte]): byte for byte in range(256)} | {a + b: i for (a, b), i in merges.items()}
    tokens = []
    for piece in regex.findall(_PATTERN, text):
        parts = [bytes([byte]) for byte in piece.encode()]
        while len(parts) > 1:
            ranks = [merges.get(pair, last) for pair in pairwise(parts)]
            at = ranks.index(min(ranks))
            if ranks[at] == last:
                break
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        tokens += [(ids[part], part) for part in parts]
    return tokens


def layer_weights(layer: int) -> dict[str, Tensor]:
    """Return the parameters of a layer of attention by their names."""
    _, weights = _loaded()
    return {name: weights[f"h.{layer}.attn.{name}"] for name in PARAMETERS}


def run(ids: list[int]) -> tuple[list[Tensor], list[Tensor], list[Tensor]]:
    """Return by layer: what enters its attention (T, C), the weights (nh, T, T), what comes out."""
    _, weights = _loaded()
    T = len(ids)
    future = torch.ones(T, T, dtype=torch.bool).triu(1)
    stream = weights["wte.weight"][ids] + weights["wpe.weight"][:T]
    inputs, found, outputs = [], [], []
    for n in range(N_LAYER):
        scale, shift = (weights[f"h.{n}.ln_1.{part}"] for part in ("weight", "bias"))
        inputs.append(F.layer_norm(stream, (C,), scale, shift))
        attn = layer_weights(n)
        both = F.linear(inputs[n], attn["c_attn.weight"], attn["c_attn.bias"])
        q, k, v = (part.view(T, N_HEAD, -1).transpose(0, 1) for part in both.chunk(3, dim=-1))
        scores = (q @ k.mT / q.size(-1) ** 0.5).masked_fill(future, -torch.inf)
        found.append(scores.softmax(dim=-1))  # (nh, T, T)
        gathered = (found[n] @ v).transpose(0, 1).flatten(1)  # (T, C)
        outputs.append(F.linear(gathered, attn["c_proj.weight"], attn["c_proj.bias"]))
        stream = stream + outputs[n]
    return inputs, found, outputs


def config(n_embd: int) -> Any:
    """Return a config for a layer like the model's, with so many channels."""
    return SimpleNamespace(n_embd=n_embd, n_head=N_HEAD, block_size=BLOCK, dropout=0.0, bias=True)


def fill(layer: Any, parameters: dict[str, Tensor]) -> Any:
    """Copy parameters into a layer by name, and return it as it is in use, not in training.

    Raises:
        ValueError: the layer has other parameters, or one has another shape.
    """
    own = dict(layer.named_parameters())
    if set(own) != set(parameters):
        raise ValueError(f"it has the parameters {sorted(own)}; expected {sorted(parameters)}")
    for name, value in parameters.items():
        if own[name].shape != value.shape:
            shapes = f"shape {tuple(own[name].shape)}; expected {tuple(value.shape)}"
            raise ValueError(f"{name} has {shapes}")
        own[name].data.copy_(value)
    return layer.eval()


@torch.no_grad()
def probed(attention: Any, n: int, x: Tensor) -> Tensor:
    """Return the weights (nh, T, T) with which a class of layers reads x (T, C) in layer n.

    The layer need not give them out. Built wider, one head for each BLOCK channels, it gets the
    model's queries and keys, and values that name their position: what comes out is the weights.
    """
    T, wide = x.size(0), N_HEAD * BLOCK
    attn = layer_weights(n)
    # The wider head divides by a larger root: its queries make up for that.
    grow = (wide / C) ** 0.5
    rows = torch.zeros(3, N_HEAD, BLOCK, wide)
    bias = torch.zeros(3, N_HEAD, BLOCK)
    for part, factor in ((0, grow), (1, 1.0)):
        share = slice(part * C, (part + 1) * C)
        weight = attn["c_attn.weight"][share].view(N_HEAD, -1, C)
        rows[part, :, : weight.size(1), :C] = factor * weight
        bias[part, :, : weight.size(1)] = factor * attn["c_attn.bias"][share].view(N_HEAD, -1)
    rows[2, :, :, C : C + BLOCK] = torch.eye(BLOCK)
    layer = fill(
        attention(config(wide)),
        {
            "c_attn.weight": rows.flatten(0, 2),
            "c_attn.bias": bias.flatten(),
            "c_proj.weight": torch.eye(wide),
            "c_proj.bias": torch.zeros(wide),
        },
    )
    probe = torch.zeros(1, T, wide)
    probe[0, :, :C] = x
    probe[0, :, C : C + T] = torch.eye(T)
    out: Tensor = layer(probe).detach().cpu().float().reshape(T, N_HEAD, BLOCK)
    return out[:, :, :T].transpose(0, 1)


@torch.no_grad()
def output(attention: Any, n: int, x: Tensor) -> Tensor:
    """Return what a class of layers makes of x (T, C) with the parameters of layer n.

    Raises:
        ValueError: the parameters do not fit, or what comes out has another shape.
    """
    out = fill(attention(config(C)), layer_weights(n))(x[None].clone())
    if not isinstance(out, Tensor) or out.shape != (1, *x.shape):
        what = f"shape {tuple(out.shape)}" if isinstance(out, Tensor) else type(out).__name__
        raise ValueError(f"it returned {what}; expected shape {(1, *x.shape)}")
    return out[0].detach().cpu().float()
