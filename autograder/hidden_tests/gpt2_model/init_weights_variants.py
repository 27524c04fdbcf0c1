"""Right answers to 6.6 init_weights, in other ways."""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from autograder.exercise import Variant


def _applied(model: Any) -> None:
    """A function for each module, and a second round for the projections."""

    def start(module: nn.Module) -> None:
        if isinstance(module, nn.Linear):
            torch.nn.init.normal_(module.weight, mean=0.0, std=0.02)
            if module.bias is not None:
                torch.nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            torch.nn.init.normal_(module.weight, mean=0.0, std=0.02)
        else:
            for name, p in module.named_parameters(recurse=False):
                nn.init.constant_(p, 1.0 if name == "weight" else 0.0)

    model.apply(start)
    for name, p in model.named_parameters():
        if name.endswith("c_proj.weight"):
            nn.init.normal_(p, mean=0.0, std=0.02 / math.sqrt(2 * model.config.n_layer))


@torch.no_grad()
def _by_dimensions(model: Any) -> None:
    share = (2 * len(model.transformer.h)) ** -0.5
    for name, p in model.named_parameters():
        if p.ndim > 1:
            p.normal_(0, 0.02 * (share if "c_proj" in name else 1))
        else:
            p.fill_(0 if name.endswith("bias") else 1)


def _numpy(model: Any) -> None:
    """Draws by NumPy, seeded from torch, copied into the data."""
    rng = np.random.default_rng(int(torch.randint(2**62, ())))
    for name, p in model.named_parameters():
        layer, _, kind = name.rpartition(".")
        if kind == "bias":
            p.data.zero_()
        elif ".ln_" in f".{layer}":
            p.data[:] = 1
        else:
            std = 0.02 / np.sqrt(2 * model.config.n_layer) if layer[-6:] == "c_proj" else 0.02
            p.data.copy_(torch.from_numpy(rng.normal(0.0, std, tuple(p.shape))))


def _loaded(model: Any) -> None:
    """A new state, loaded in one go."""
    state: dict[str, Tensor] = {}
    for name, p in model.named_parameters():
        if name.endswith("bias"):
            state[name] = torch.zeros_like(p)
        elif p.dim() == 1:
            state[name] = torch.ones_like(p)
        else:
            depth = model.config.n_layer if "c_proj" in name else 0.5
            state[name] = torch.randn_like(p) * 0.02 / (2 * depth) ** 0.5
    state["lm_head.weight"] = state["transformer.wte.weight"]
    model.load_state_dict(state, strict=False)


def _truncated_far_out(model: Any) -> None:
    """`trunc_normal_` cuts at -2 and 2 by itself: a hundred standard deviations out."""
    for module in model.modules():
        for kind, p in module.named_parameters(recurse=False):
            if p.dim() == 2:
                nn.init.trunc_normal_(p, std=0.02)
            elif kind == "bias":
                nn.init.zeros_(p)
            else:
                nn.init.ones_(p)
    with torch.no_grad():
        for block in model.transformer.h:
            for layer in (block.attn.c_proj, block.mlp.c_proj):
                layer.weight /= (2 * model.config.n_layer) ** 0.5


def _part_by_part(model: Any) -> None:
    """Every layer by its name, with new data in the old Parameters."""
    config, parts = model.config, model.transformer

    def draw(layer: Any, std: float) -> None:
        layer.weight.data = torch.normal(0.0, std, layer.weight.shape)
        if getattr(layer, "bias", None) is not None:
            layer.bias.data = torch.zeros(len(layer.bias))

    def reset(norm: Any) -> None:
        norm.weight.data = torch.ones(config.n_embd)
        if norm.bias is not None:
            norm.bias.data = torch.zeros(config.n_embd)

    draw(parts.wte, 0.02)
    draw(parts.wpe, 0.02)
    reset(parts.ln_f)
    for block in parts.h:
        reset(block.ln_1)
        reset(block.ln_2)
        for layer in (block.attn.c_attn, block.mlp.c_fc):
            draw(layer, 0.02)
        for layer in (block.attn.c_proj, block.mlp.c_proj):
            draw(layer, 0.02 * math.sqrt(1 / (2 * config.n_layer)))


VARIANTS = (
    Variant("apply, then the projections again", _applied),
    Variant("by the number of dimensions", _by_dimensions),
    Variant("NumPy", _numpy),
    Variant("a new state, loaded", _loaded),
    Variant("truncated a hundred deviations out", _truncated_far_out),
    Variant("part by part, new data", _part_by_part),
)
