"""Gives a learner's module the weights that a case asks for, by the names of the contract."""

from typing import Any

import torch
from torch import Tensor, nn

Outputs = dict[str, Any]


def load(model: Any, weights: dict[str, Tensor]) -> tuple[Outputs, bool]:
    """Copy weights into the parameters of a module.

    Nothing is copied unless the module has exactly these parameters: with one missing or one too
    many, what it computes would say less than their list.

    Args:
        model: what the learner's class made.
        weights: dotted name -> tensor, such as "query.weight" -> (hs, C).

    Returns:
        Named outputs that tell what parameters there are, and whether they are the right ones.
    """
    if not isinstance(model, nn.Module):
        return {"is an nn.Module": False}, False
    parameters = dict(model.named_parameters())
    # A name that nobody asked for is the learner's own: their mistake is the same under any.
    known = {name: parameters.pop(name) for name in weights if name in parameters}
    others = sorted(f"another {tuple(p.shape)}" for p in parameters.values())
    found = ", ".join([*listed(known), *others])
    outputs = {"is an nn.Module": True, "names and shapes of the parameters": found}
    if found != ", ".join(listed(weights)):
        return outputs, False
    with torch.no_grad():
        for name, weight in weights.items():
            known[name].copy_(weight)
    return outputs, True


def listed(tensors: dict[str, Any]) -> list[str]:
    """Return ["key.weight (4, 8)", ...]: each name and shape, in order of names."""
    return [f"{name} {tuple(tensors[name].shape)}" for name in sorted(tensors)]


def gradients(model: nn.Module, names: list[str]) -> Outputs:
    """Return the gradient of each named parameter; None where nothing reached it."""
    parameters = dict(model.named_parameters())
    return {f"gradient of {name}": parameters[name].grad for name in names if name in parameters}
