"""Probes of chapter 6: a block of GPT-2, and the whole model.

A case gives the numbers of all weights in one row (see `gpt_weights`). An answer of an odd shape or
type is handed back as it came, so that the learner reads what it is and not where a probe
stumbled over it.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .gpt_weights import cut, load, shapes_of_block, shapes_of_gpt, sizes_of
from .pretend_device import StrictPretendDevice

Outputs = dict[str, Any]
Model = Callable[..., Any]


def block_has(Block: Model, numbers: Tensor, **sizes: Any) -> Outputs:
    """Look at the parameters of a block."""
    config = sizes_of(sizes, dropout=0.1)
    model = Block(config)
    outputs, fits = load(model, cut(shapes_of_block(config), numbers))
    return outputs | ({"numbers in all parameters, each once": _numbers(model)} if fits else {})


def block(Block: Model, x: Tensor, numbers: Tensor, **sizes: Any) -> Outputs:
    """Give a block its weights and run it, after a shorter text and beside another block."""
    config = sizes_of(sizes)
    model = Block(config)
    _, fits = load(model, cut(shapes_of_block(config), numbers))
    if not fits:
        return {"has the parameters of the contract": False}
    Block(sizes_of(sizes | {"n_embd": 2, "n_head": 1}))
    model(x[:1, :1].clone())
    return {"output": model(x)}


def block_gradient(
    Block: Model, x: Tensor, upstream: Tensor, numbers: Tensor, silent: bool, **sizes: Any
) -> Outputs:
    """Send a gradient back through a block, one whose two layers return zeros if it is silent."""
    config = sizes_of(sizes)
    model = Block(config)
    weights = cut(shapes_of_block(config), numbers)
    if silent:
        weights |= {name: 0 * weight for name, weight in weights.items() if "c_proj" in name}
    _, fits = load(model, weights)
    if not fits:
        return {"has the parameters of the contract": False}
    x = x.clone().requires_grad_()
    came = model(1 * x)  # 1 * x may be changed in place, and another case asks for that
    if not isinstance(came, Tensor) or came.shape != x.shape or not came.requires_grad:
        return {"output": came, "the output has a gradient": False}
    (gradient,) = torch.autograd.grad(came, x, upstream.to(came.dtype))
    return ({"output": came} if silent else {}) | {"gradient of x": gradient}


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
    return {"channels in training, and in evaluation": torch.stack(counts)}


def gpt_has(GPT: Model, numbers: Tensor, **sizes: Any) -> Outputs:
    """Look at the parameters of a model, and at what it keeps."""
    config = sizes_of(sizes, dropout=0.1)
    model = GPT(config)
    ends = _ends(model)
    same = isinstance(ends[0], Tensor) and isinstance(ends[1], Tensor) and torch.equal(*ends)
    outputs, fits = load(model, cut(shapes_of_gpt(config), numbers))
    if not fits:
        return outputs
    kept = getattr(model, "config", None)
    return outputs | {
        "numbers in all parameters, each once": _numbers(model),
        "both ends start with the same numbers": same,
        "lm_head.weight is transformer.wte.weight": ends[0] is ends[1],
        "config is kept": [getattr(kept, size, None) for size in sizes] == [*sizes.values()],
    }


def logits(GPT: Model, idx: Tensor, numbers: Tensor, **sizes: Any) -> Outputs:
    """Give a model its weights and run it without targets, after a shorter text."""
    model, fits = _gpt(GPT, numbers, sizes)
    if not fits:
        return {"has the parameters of the contract": False}
    GPT(sizes_of({"n_embd": 2, "n_head": 1, "n_layer": 1, "block_size": 2, "vocab_size": 3}))
    one = _results(model(idx=idx[:1, :1])).get("logits")
    return {"shape of the logits of one token": _shape(one)} | _results(model(idx))


def loss(GPT: Model, idx: Tensor, targets: Tensor, numbers: Tensor, **sizes: Any) -> Outputs:
    """Give a model its weights, run it with targets, and send the loss back."""
    model, fits = _gpt(GPT, numbers, sizes)
    if not fits:
        return {"has the parameters of the contract": False}
    outputs = _results(model(idx, targets=targets))
    price = outputs.get("loss")
    if not isinstance(price, Tensor) or price.dim() or not price.requires_grad:
        return outputs | {"the loss has a gradient": False}
    (table,) = torch.autograd.grad(price, _ends(model)[0], materialize_grads=True)
    return outputs | {"gradient of wte": table}


def too_long(GPT: Model, idx: Tensor, numbers: Tensor, **sizes: Any) -> Outputs:
    """Run a model on as many tokens as it can read, and on all of idx, which are more."""
    model, fits = _gpt(GPT, numbers, sizes)
    if not fits:
        return {"has the parameters of the contract": False}
    outputs: Outputs = {}
    for name, text in (("N tokens", idx[:, : sizes["block_size"]]), ("more than N tokens", idx)):
        try:
            came = model(text)
        except NotImplementedError:
            raise
        except Exception:
            outputs[name] = "raised an exception"
        else:
            outputs[name] = "went through"
            outputs |= _results(came) if text is idx else {}
    return outputs


def moved(GPT: Model, idx: Tensor, targets: Tensor, numbers: Tensor, **sizes: Any) -> Outputs:
    """Run a model in float64, and on a device that is not the CPU."""
    model, fits = _gpt(GPT, numbers, sizes)
    if not fits:
        return {"has the parameters of the contract": False}
    model.double()(idx, targets)
    with StrictPretendDevice("cuda") as cuda:
        for tensor in (*model.parameters(), *model.buffers()):
            tensor._pretended = cuda  # as `model.to("cuda")` does, which moves nothing else
        try:
            came = _results(model(idx.to("cuda"), targets.to("cuda")))
            there = cuda.holds(came.get("logits")) and cuda.holds(came.get("loss"))
        except RuntimeError as error:
            if isinstance(error, NotImplementedError):
                raise
            there = False
    return {"runs where the model is, and the results are there": there}


def gpt_drops(GPT: Model, dropout: float, calls: int) -> Outputs:
    """Count what dropout does in front of the blocks, in training and then in evaluation.

    The blocks add nothing, and the rows of tokens 1 to C are those of the identity: their logits
    are what the last norm makes of the stream. It tells which channels were dropped.
    """
    C = 4
    config = sizes_of({"n_embd": C, "n_head": 2, "vocab_size": C + 1, "block_size": 1}, dropout)
    token, position = torch.tensor([3.0, 5.0, 9.0, 2.0]), torch.tensor([1.0, 4.0, -2.0, 6.0])
    weights = {name: torch.zeros(shape) for name, shape in shapes_of_gpt(config).items()}
    weights["transformer.wte.weight"] += torch.cat([token[None], torch.eye(C)])
    weights["transformer.wpe.weight"] += position
    weights["transformer.ln_f.weight"] += 1
    model = GPT(config)
    if not load(model, weights | {"lm_head.weight": weights["transformer.wte.weight"]})[1]:
        return {"has the parameters of the contract": False}
    kept = torch.cartesian_prod(*[torch.tensor([0.0, 1.0])] * C)  # (16, C)
    up = 1 / (1 - dropout)
    streams = [kept * (token + position)]
    streams += [up * kept * token + position, token + up * kept * position]
    kinds = nn.functional.layer_norm(torch.cat(streams), (C,))
    # How many were kept, or of which table some were dropped; or neither.
    names = torch.cat([kept.sum(1), *[torch.full((len(kept),), C + 1.0 + i) for i in range(2)]])
    counts = []
    for training in (True, False):
        idx = torch.zeros(calls, 1, dtype=torch.int64)
        with torch.no_grad():
            came = _results(model.train(training)(idx)).get("logits")
        if not isinstance(came, Tensor) or came.shape != (calls, 1, C + 1):
            return {"shape of the logits": _shape(came)}
        first, others = came[:, 0, 0], came[:, 0, 1:]
        near = (others[:, None] - kinds).abs().amax(-1) < 1e-2
        found = _first_kinds(near, torch.cat([names, torch.tensor([C + 3.0])]))
        made_by_the_head = ((others @ token - first).abs() < 1e-2).sum()
        counts.append(torch.cat([found, torch.stack([made_by_the_head, calls - made_by_the_head])]))
    return {"streams in training, and in evaluation": torch.stack(counts).int()}


def _gpt(GPT: Model, numbers: Tensor, sizes: dict[str, Any]) -> tuple[Any, bool]:
    config = sizes_of(sizes)
    model = GPT(config)
    return model, load(model, cut(shapes_of_gpt(config), numbers))[1]


def _results(came: Any) -> Outputs:
    """Name the results of a pair; of anything else say how many there are."""
    if isinstance(came, tuple | list) and len(came) == 2:
        return {"logits": came[0], "loss": came[1]}
    return {"number of results": len(came) if isinstance(came, tuple | list) else 1}


def _first_kinds(near: Tensor, names: Tensor | None = None) -> Tensor:
    """Count by the first kind that each row is near to; what is near none comes last."""
    n, kinds = near.shape
    which = torch.cat([near, torch.ones(n, 1, dtype=torch.bool)], dim=1).int().argmax(1)
    which, last = (which, kinds) if names is None else (names.long()[which], int(names[-1]))
    return torch.bincount(which, minlength=last + 1).int()


def _ends(model: Any) -> tuple[Any, Any]:
    """Return the table at the entrance and that of the head, as far as they are there."""
    every = dict(model.named_parameters(remove_duplicate=False))
    return every.get("transformer.wte.weight"), every.get("lm_head.weight")


def _shape(came: Any) -> Any:
    """Return the shape of a tensor, and of anything else the type."""
    return list(came.shape) if isinstance(came, Tensor) else type(came).__name__


def _numbers(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())
