"""Probes of chapter 6: text written with a cache.

The model is a small GPT that notes what goes through its first block.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .cached_model import Sizes, SmallGPT
from .observing import shape
from .pretend_device import StrictPretendDevice

Outputs = dict[str, Any]
Generate = Callable[..., Any]

MANY = 40  # texts: were one drawn where none may be, one of them would be another


class Watched:
    """Notes, while a model runs, how many tokens of each row go through it, and in which mode."""

    def __init__(self, model: SmallGPT) -> None:
        self.tokens = 0
        self.modes: set[tuple[bool, bool]] = set()
        self.calls: list[int] = []
        parts: Any = model.transformer
        # The MLP of a block is always run as a whole, however the rest is written.
        parts["h"][0].mlp.register_forward_hook(self._note)
        parts["wte"].register_forward_hook(self._note_call)

    def _note(self, module: nn.Module, inputs: Any, output: Tensor) -> None:
        self.tokens += output[..., 0].numel()
        self.modes.add((module.training, torch.is_grad_enabled()))

    def _note_call(self, module: nn.Module, inputs: Any, output: Tensor) -> None:
        self.calls.append(output.size(-2))


def write(
    generate_cached: Generate, weights: Tensor, sizes: Sizes, idx: Tensor, max_new_tokens: int
) -> Outputs:
    """Let a model write the most probable text."""
    model = SmallGPT(weights, sizes).eval()
    came = generate_cached(model, idx, max_new_tokens, temperature=0.0)
    whole = not (isinstance(came, Tensor) and came.is_floating_point())
    return {"ids are whole numbers": whole, "text": _small(came)}


def write_counted(
    generate_cached: Generate, weights: Tensor, sizes: Sizes, idx: Tensor, max_new_tokens: int
) -> Outputs:
    """Let a model write, and count the tokens that go through it."""
    model = SmallGPT(weights, sizes).eval()
    watched = Watched(model)
    text = generate_cached(model, idx, max_new_tokens, temperature=0.0)
    first = watched.calls[0] if watched.calls else idx.size(1)
    return {
        "text": _small(text),
        "tokens read in a row": watched.tokens / idx.size(0),
        "tokens read first": first,
    }


def write_twice(
    generate_cached: Generate,
    weights: Tensor,
    sizes: Sizes,
    idx: Tensor,
    other: Tensor,
    max_new_tokens: int,
) -> Outputs:
    """Let one model write two texts, one after the other."""
    model = SmallGPT(weights, sizes).eval()
    settings = {"temperature": 0.0, "max_new_tokens": max_new_tokens}
    return {
        "first text": _small(generate_cached(model, idx, **settings)),
        "second text": _small(generate_cached(idx=other, model=model, **settings)),
    }


def write_in_training(
    generate_cached: Generate, weights: Tensor, sizes: Sizes, idx: Tensor, max_new_tokens: int
) -> Outputs:
    """Let a model with dropout write, once in training mode and once in evaluation mode."""
    outputs: Outputs = {}
    for training in (True, False):
        model = SmallGPT(weights, sizes, dropout=0.5).train(training)
        watched = Watched(model)
        came = generate_cached(model, idx, max_new_tokens, 0.0)
        mode = "training" if training else "evaluation"
        outputs |= {
            f"text, from {mode}": _small(came),
            f"in {mode} again": all(m.training == training for m in model.modules()),
            f"gradients on, from {mode}": any(on for _, on in watched.modes),
        }
    return outputs


def write_until(
    generate_cached: Generate,
    weights: Tensor,
    sizes: Sizes,
    idx: Tensor,
    max_new_tokens: int,
    eos_id: int,
) -> Outputs:
    """Let a model write until all its texts have ended, every argument by position."""
    model = SmallGPT(weights, sizes).eval()
    came = generate_cached(model, idx, max_new_tokens, 0.0, None, None, eos_id, None)
    return {"text": _small(came)}


def write_narrowly(
    generate_cached: Generate, weights: Tensor, sizes: Sizes, idx: Tensor, max_new_tokens: int
) -> Outputs:
    """Let a model write with settings that leave one token, each by a setting of its own."""
    model = SmallGPT(weights, sizes).eval()
    idx = idx.repeat(MANY, 1)
    greedy = _greedy(model, idx, max_new_tokens)
    settings: dict[str, dict[str, Any]] = {
        "temperature=1e-4": {"temperature": 1e-4},
        "top_k=1": {"top_k": 1},
        "top_p=1e-6": {"top_p": 1e-6},
        "no setting": {},
    }
    outputs: Outputs = {}
    for name, setting in settings.items():
        came = generate_cached(model, idx, max_new_tokens, **setting)
        if not isinstance(came, Tensor) or came.shape != greedy.shape:
            return {"shape of the text": shape(came)}
        same = bool((came == greedy).all())
        outputs[f"{name}: most probable"] = same
    return outputs


def count_draws(
    generate_cached: Generate,
    weights: Tensor,
    sizes: Sizes,
    idx: Tensor,
    rows: int,
    settings: dict[str, Any],
) -> Outputs:
    """Let a model write two tokens behind many copies of a text, and count them."""
    model = SmallGPT(weights, sizes).eval()
    V = sizes["vocab_size"]
    came = generate_cached(model, idx.repeat(rows, 1), 2, **settings)
    if not isinstance(came, Tensor) or came.shape != (rows, idx.size(1) + 2):
        return {"shape of the text": shape(came)}
    new = came[:, -2:].long()
    if bool(((new < 0) | (new >= V)).any()):
        return {"ids of the vocabulary alone": False}
    counts = [new[:, i].bincount(minlength=V) for i in (0, 1)]
    return {"counts of each token": torch.stack(counts).int()}


def write_from_generators(
    generate_cached: Generate, weights: Tensor, sizes: Sizes, idx: Tensor, max_new_tokens: int
) -> Outputs:
    """Let a model write from two generators of one state, go on with one, and with none."""
    model = SmallGPT(weights, sizes).eval()
    idx, texts = idx.repeat(MANY, 1), []
    first, second = (torch.Generator().manual_seed(5) for _ in range(2))
    for generator in (first, second, second, None, None):
        came = generate_cached(model, idx, max_new_tokens, 3.0, generator=generator)
        if not isinstance(came, Tensor):
            return {"shape of the text": shape(came)}
        texts.append(came.tolist())
    return {
        "same state, same text": texts[0] == texts[1],
        "state moves on": texts[1] != texts[2],
        "without one, another text each time": texts[3] != texts[4],
    }


def write_elsewhere(
    generate_cached: Generate, weights: Tensor, sizes: Sizes, idx: Tensor, max_new_tokens: int
) -> Outputs:
    """Let a model write in float64, and on a device that is not the CPU."""
    model = SmallGPT(weights.double(), sizes).eval()
    outputs: Outputs = {"text in float64": _small(generate_cached(model, idx, max_new_tokens, 0.0))}
    model = SmallGPT(weights, sizes).eval()
    with StrictPretendDevice("cuda") as cuda:
        model.put(cuda)
        try:
            came = generate_cached(model, idx.to("cuda"), max_new_tokens, 0.0)
        except RuntimeError as error:
            if isinstance(error, NotImplementedError):
                raise
            came = None
        outputs["runs elsewhere, and the text is there"] = cuda.holds(came)
    return outputs


def _small(came: Any) -> Any:
    """Return ids in a dtype that needs little room in a key; what is odd as it came."""
    ids = isinstance(came, Tensor) and came.dtype == torch.int64
    return came.to(torch.int16) if ids else came


def _greedy(model: SmallGPT, idx: Tensor, n: int) -> Tensor:
    """Return the most probable text, read as a whole for each token."""
    longest = model.config.block_size
    with torch.no_grad():
        for _ in range(n):
            best = model(idx[:, -longest:])[0][:, -1].max(dim=-1).indices
            idx = torch.hstack([idx, best[:, None]])
    return idx
