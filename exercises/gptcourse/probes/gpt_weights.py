"""Gives a learner's block, or a whole GPT, the weights of a case, by the names of the contract.

A case gives the numbers of all weights in one row, which is short enough to be shown; here they
are cut into parameters.
"""

from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from .loading import listed

Outputs = dict[str, Any]
Shapes = dict[str, tuple[int, ...]]


def sizes_of(sizes: dict[str, Any], dropout: float = 0.0) -> SimpleNamespace:
    """Return a configuration as GPT-2 has it; what a case does not say is small."""
    others = {"block_size": 5, "vocab_size": 7, "n_layer": 1, "bias": True}
    return SimpleNamespace(**(others | sizes | {"dropout": dropout}))


def shapes_of_block(config: SimpleNamespace) -> Shapes:
    """Return the name and shape of each parameter of a block."""
    C = config.n_embd
    shapes: Shapes = {"ln_1.weight": (C,), "ln_2.weight": (C,)}
    shapes |= {"attn.c_attn.weight": (3 * C, C), "attn.c_proj.weight": (C, C)}
    shapes |= {"mlp.c_fc.weight": (4 * C, C), "mlp.c_proj.weight": (C, 4 * C)}
    if config.bias:
        shapes |= {name.replace("weight", "bias"): shape[:1] for name, shape in shapes.items()}
    return shapes


def shapes_of_gpt(config: SimpleNamespace) -> Shapes:
    """Return the name and shape of each parameter of a GPT, that of the head left out."""
    C = config.n_embd
    shapes: Shapes = {"wte.weight": (config.vocab_size, C)}
    shapes |= {"wpe.weight": (config.block_size, C), "ln_f.weight": (C,)}
    shapes |= {"ln_f.bias": (C,)} if config.bias else {}
    for i in range(config.n_layer):
        shapes |= {f"h.{i}.{name}": shape for name, shape in shapes_of_block(config).items()}
    return {f"transformer.{name}": shape for name, shape in shapes.items()}


def cut(shapes: Shapes, numbers: Tensor) -> dict[str, Tensor]:
    """Cut a row of numbers into tensors, from the start again where it ends; tie the head."""
    sizes = [torch.Size(shape).numel() for shape in shapes.values()]
    row = numbers.repeat(sum(sizes) // len(numbers) + 1)[: sum(sizes)]
    parts = zip(shapes.items(), row.split(sizes), strict=True)
    weights = {name: part.reshape(shape) for (name, shape), part in parts}
    if "transformer.wte.weight" in weights:
        weights["lm_head.weight"] = weights["transformer.wte.weight"]
    return weights


def load(model: Any, weights: dict[str, Tensor]) -> tuple[Outputs, bool]:
    """Copy weights into the parameters, if these are the ones that the contract names."""
    if not isinstance(model, nn.Module):
        return {"is an nn.Module": False}, False
    # A parameter under two names is there under both: which one comes first is free.
    parameters = dict(model.named_parameters(remove_duplicate=False))
    asked, has = set(listed(weights)), set(listed(parameters))
    # A name that nobody asked for is the learner's own: their mistake is the same under any.
    others = sorted(name[name.index("(") :] for name in has - asked)
    outputs = {
        "missing parameters": sorted(asked - has),
        "other parameters": others,
        "frozen parameters": sorted(n for n, p in parameters.items() if not p.requires_grad),
    }
    if asked != has:
        return outputs, False
    with torch.no_grad():
        for name, weight in weights.items():
            parameters[name].copy_(weight)
    return outputs, True


def results(came: Any) -> Outputs:
    """Name the results of a pair; of anything else say how many there are."""
    if isinstance(came, tuple | list) and len(came) == 2:
        return {"logits": came[0], "loss": came[1]}
    return {"number of results": len(came) if isinstance(came, tuple | list) else 1}
