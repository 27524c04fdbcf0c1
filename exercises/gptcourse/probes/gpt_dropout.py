"""Probes of chapter 6 that count what dropout does to a block of GPT-2, and to the whole model."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .gpt_weights import load, results, shapes_of_block, shapes_of_gpt, sizes_of

Outputs = dict[str, Any]
Model = Callable[..., Any]


def block_drops(Block: Model, dropout: float, calls: int) -> Outputs:
    """Count what dropout does to a block, in training and then in evaluation.

    The stream is 100. Both norms make 1 of everything. The heads find 1, of which attention makes
    6 and a bias of 1; the MLP makes some 34 of its 1. A result tells by its size which were kept.
    """
    C = 4
    config = sizes_of({"n_embd": C, "n_head": 2}, dropout)
    weights = {name: torch.zeros(shape) for name, shape in shapes_of_block(config).items()}
    weights["ln_1.bias"], weights["ln_2.bias"] = torch.ones(C), torch.ones(C)
    weights["attn.c_attn.weight"][2 * C :] = 1 / C
    weights["attn.c_proj.weight"], weights["attn.c_proj.bias"] = 6 * torch.eye(C), torch.ones(C)
    weights["mlp.c_fc.weight"] += 1 / C
    weights["mlp.c_proj.weight"] += 40 / (4 * C)
    model = Block(config)
    if not load(model, weights)[1]:
        return {"has the parameters of the contract": False}
    up, bent = 1 / (1 - dropout), 40 * 0.841192
    attention, mlp = (0.0, up, up * (1 + 6 * up)), (0.0, up * bent)
    right = [100 + a + b for a in attention for b in mlp]
    wrong = [100 + a + up * mlp[1] for a in attention]  # dropped twice
    kinds = torch.tensor([*right, 107 + bent, 0.0, *wrong])
    counts = []
    for training in (True, False):
        with torch.no_grad():
            came = model.train(training)(torch.full((calls, 1, C), 100.0))
        if not isinstance(came, Tensor) or came.shape != (calls, 1, C):
            return {"output": model(torch.full((1, 1, C), 100.0))}
        counts.append(_first_kinds((came.flatten()[:, None] - kinds).abs() < 1e-2))
    return _table("channels", counts)


def gpt_drops(GPT: Model, dropout: float, calls: int) -> Outputs:
    """Count what dropout does in front of the blocks, in training and then in evaluation.

    Each block adds a constant, without dropout of its own, and the rows of tokens 1 to C are those
    of the identity: their logits are what the last norm makes of the stream. It tells which
    channels were dropped.
    """
    C = 4
    sizes = {"n_embd": C, "n_head": 2, "n_layer": 2, "vocab_size": C + 1, "block_size": 1}
    config = sizes_of(sizes, dropout)
    token, position = torch.tensor([3.0, 5.0, 9.0, 2.0]), torch.tensor([1.0, 4.0, -2.0, 6.0])
    constant = torch.tensor([1.0, -2.0, 3.0, 2.0])
    weights = {name: torch.zeros(shape) for name, shape in shapes_of_gpt(config).items()}
    weights["transformer.wte.weight"] += torch.cat([token[None], torch.eye(C)])
    weights["transformer.wpe.weight"] += position
    weights["transformer.ln_f.weight"] += 1
    for i in range(2):
        weights[f"transformer.h.{i}.mlp.c_proj.bias"] += constant
    model = GPT(config)
    if not load(model, weights | {"lm_head.weight": weights["transformer.wte.weight"]})[1]:
        return {"has the parameters of the contract": False}
    kept = torch.cartesian_prod(*[torch.tensor([0.0, 1.0])] * C)  # (16, C)
    up, added = 1 / (1 - dropout), 2 * constant
    streams = [(token + position + added)[None], up * kept * (token + position) + added]
    streams += [up * kept * token + position + added, token + up * kept * position + added]
    streams += [kept * (token + position + added)]
    # Nothing was dropped; 0 to C channels were kept; or some, of something else.
    places = [torch.tensor([0.0]), 1 + kept.sum(1)]
    places += [torch.full((len(kept),), C + 2.0 + i) for i in range(4)]
    names = torch.cat([*places, torch.tensor([C + 6.0])])
    kinds = nn.functional.layer_norm(torch.cat(streams), (C,))
    kinds = torch.cat([kinds, up * kept * kinds[0]])
    counts = []
    for training in (True, False):
        model.train(training)
        model.get_submodule("transformer.h").eval()
        with torch.no_grad():
            came = results(model(torch.zeros(calls, 1, dtype=torch.int64))).get("logits")
        if not isinstance(came, Tensor) or came.shape != (calls, 1, C + 1):
            return {"shape of the logits": list(getattr(came, "shape", ()))}
        first, others = came[:, 0, 0], came[:, 0, 1:]
        near = (others[:, None] - kinds).abs().amax(-1) < 1e-2
        alike = ((others @ token - first).abs() < 1e-2).sum(0, True)  # as a head makes all logits
        counts.append(torch.cat([_first_kinds(near, names), alike, calls - alike]).int())
    return _table("streams", counts, other=-3)


def _first_kinds(near: Tensor, names: Tensor | None = None) -> Tensor:
    """Count by the first kind that each row is near to; what is near none comes last."""
    n, kinds = near.shape
    which = torch.cat([near, torch.ones(n, 1, dtype=torch.bool)], dim=1).int().argmax(1)
    which, last = (which, kinds) if names is None else (names.long()[which], int(names[-1]))
    return torch.bincount(which, minlength=last + 1).int()


def _table(what: str, counts: list[Tensor], other: int = -1) -> Outputs:
    """Return the counts, unless nothing is right in evaluation: that has to do with no dropout."""
    if counts[1][other] == sum(counts[1][: len(counts[1]) + other + 1]):
        return {"in evaluation": "nothing that dropout could make"}
    return {f"{what} in training, and in evaluation": torch.stack(counts)}
