"""A GPT of a few channels for the probes of chapter 6, and a look at passes over part of a text."""

from collections import OrderedDict
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from ..earlier import CausalSelfAttention
from .kv_cache import GrowingCache
from .pretend_device import StrictPretendDevice

Outputs = dict[str, Any]
Sizes = dict[str, int]
Forward = Callable[..., Any]

STEPS = 32


class SmallGPT(nn.Module):
    """A GPT with the names of GPT-2, whose weights come from one row of numbers.

    Args:
        weights: `numbers_for(sizes)` normal numbers, times `STEPS`, rounded: so they need
            little room in a key. Of dtype float64 they make a model of that dtype.
        sizes: n_layer, n_head, n_embd, vocab_size, block_size, and bias, 0 or 1.
        dropout: as in a `GPTConfig`.
    """

    def __init__(self, weights: Tensor, sizes: Sizes, dropout: float = 0.0) -> None:
        super().__init__()
        settings = sizes | {"bias": bool(sizes["bias"])}
        self.config = config = SimpleNamespace(**settings, dropout=dropout)
        tokens = nn.Embedding(config.vocab_size, config.n_embd)
        stages = {
            "wte": tokens,
            "wpe": nn.Embedding(config.block_size, config.n_embd),
            "drop": nn.Dropout(dropout),
            "h": nn.ModuleList([_Block(config) for _ in range(config.n_layer)]),
            "ln_f": nn.LayerNorm(config.n_embd, bias=config.bias),
        }
        self.transformer = nn.ModuleDict(stages)
        self.lm_head = nn.Linear(config.n_embd, len(tokens.weight), bias=False)
        self.lm_head.weight = tokens.weight
        numbers = weights / STEPS
        self.to(numbers.dtype)
        self._fill(numbers)

    def _fill(self, weights: Tensor) -> None:
        """Spread the numbers over the parameters, so that every part has its say."""
        start = 0
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                part = weights[start : start + parameter.numel()].view_as(parameter)
                start += parameter.numel()
                if parameter.dim() == 1:
                    part = 0.3 * part + ("ln_" in name and name.endswith("weight"))
                elif "transformer.h." in name:
                    part = 1.8 * part * parameter.size(1) ** -0.5
                parameter.copy_(part)

    def forward(self, idx: Tensor, targets: Any = None) -> tuple[Tensor, None]:
        """Return the logits at every position, and no loss."""
        T = idx.size(1)
        if self.config.block_size < T:
            raise ValueError(f"{T} tokens are too many")
        at: Any = self.transformer
        x = at["drop"](at["wte"](idx) + at["wpe"].weight[:T])
        for block in at["h"]:
            x = block(x)
        return self.lm_head(at["ln_f"](x)), None

    def put(self, device: StrictPretendDevice) -> None:
        """Count the weights as being on the device, as `to` would put them there."""
        for parameter in self.parameters():
            parameter._pretended = device  # type: ignore[attr-defined]


class _Block(nn.Module):
    def __init__(self, config: SimpleNamespace) -> None:
        super().__init__()
        C, bias = config.n_embd, config.bias
        self.ln_1 = nn.LayerNorm(C, bias=bias)
        self.attn: nn.Module = CausalSelfAttention(config)
        self.ln_2 = nn.LayerNorm(C, bias=bias)
        layers: list[tuple[str, nn.Module]] = [
            ("c_fc", nn.Linear(C, 4 * C, bias=bias)),
            ("gelu", nn.GELU(approximate="tanh")),
            ("c_proj", nn.Linear(4 * C, C, bias=bias)),
            ("dropout", nn.Dropout(config.dropout)),
        ]
        self.mlp = nn.Sequential(OrderedDict(layers))

    def forward(self, x: Tensor) -> Tensor:
        after = x + self.attn(self.ln_1(x))
        out: Tensor = after + self.mlp(self.ln_2(after))
        return out


def numbers_for(sizes: Sizes) -> int:
    """Return how many numbers a model of these sizes with biases needs."""
    C = sizes["n_embd"]
    tables = (sizes["vocab_size"] + sizes["block_size"]) * C
    return tables + sizes["n_layer"] * (12 * C * C + 13 * C) + 2 * C


def read_in_pieces(
    forward_cached: Forward, weights: Tensor, sizes: Sizes, idx: Tensor, pieces: list[int]
) -> Outputs:
    """Run a model on a text piece by piece; the probe itself moves `pos` on."""
    model = SmallGPT(weights, sizes, dropout=0.3).eval()
    return {"logits": _read(forward_cached, model, idx, pieces)}


def where_the_cache_is(
    forward_cached: Forward, weights: Tensor, sizes: Sizes, idx: Tensor, pieces: list[int]
) -> Outputs:
    """Run a model on a text piece by piece, and look at the cache after each."""
    model, cache = SmallGPT(weights, sizes).eval(), GrowingCache()
    found, start = [], 0
    with torch.no_grad():
        for t in pieces:
            forward_cached(idx=idx[:, start : start + t], cache=cache, model=model)
            start += t
            found.append(cache.pos)
    filled = {name: keys.size(2) for name, (keys, _) in cache.kept.items()}
    return {
        "pos after each piece": found,
        "positions in the cache, by layer": {str(name): filled[name] for name in filled},
    }


def read_elsewhere(
    forward_cached: Forward, weights: Tensor, sizes: Sizes, idx: Tensor, pieces: list[int]
) -> Outputs:
    """Run a model in float64, and on a device that is not the CPU."""
    model = SmallGPT(weights.double(), sizes).eval()
    outputs: Outputs = {"logits in float64": _read(forward_cached, model, idx, pieces)}
    with StrictPretendDevice("cuda") as cuda:
        model.put(cuda)
        try:
            came = _read(forward_cached, model, idx.to("cuda"), pieces)
        except RuntimeError as error:
            if isinstance(error, NotImplementedError):
                raise
            came = None
        outputs["runs where the model is, and the logits are there"] = cuda.holds(came)
    return outputs


def _read(forward_cached: Forward, model: SmallGPT, idx: Tensor, pieces: list[int]) -> Any:
    """Return the logits of all pieces behind each other, or the first odd result as it came."""
    cache, start, results = GrowingCache(), 0, []
    with torch.no_grad():
        for t in pieces:
            cache.pos = start
            came = forward_cached(model, idx[:, start : start + t], cache)
            if not isinstance(came, Tensor) or came.shape[:-1] != (idx.size(0), t):
                return came
            results.append(came)
            start += t
    return torch.cat(results, dim=1)
