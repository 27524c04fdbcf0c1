"""Probes of chapter 6: a block of GPT-2, and the whole model.

A case gives the numbers of all weights in one row (see `gpt_weights`). An answer of an odd shape or
type is handed back as it came, so that the learner reads what it is and not where a probe
stumbled over it.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .gpt_weights import cut, load, results, shapes_of_block, shapes_of_gpt, sizes_of
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
    short = results(model(idx=idx[:1, :2])).get("logits")
    return {"shape of the logits of two tokens": _shape(short)} | results(model(idx))


def logits_of_a_faint_stream(GPT: Model, idx: Tensor, numbers: Tensor, **sizes: Any) -> Outputs:
    """Run a model whose blocks add nothing, and whose rows are 1 but for a thousandth or so.

    The last norm then sees a variance about as small as its eps. All sums are exact in float32.
    """
    config = sizes_of(sizes)
    weights = cut(shapes_of_gpt(config), numbers)
    weights |= {name: 0 * weight for name, weight in weights.items() if "c_proj" in name}
    table = 1 + (8 * weights["transformer.wte.weight"]).round() / 1024
    weights |= {"transformer.wte.weight": table, "lm_head.weight": table}
    weights["transformer.wpe.weight"] = (4 * weights["transformer.wpe.weight"]).round() / 1024
    model = GPT(config)
    if not load(model, weights)[1]:
        return {"has the parameters of the contract": False}
    return results(model(idx))


def loss(GPT: Model, idx: Tensor, targets: Tensor, numbers: Tensor, **sizes: Any) -> Outputs:
    """Give a model its weights, run it with targets, and send the loss back."""
    model, fits = _gpt(GPT, numbers, sizes)
    if not fits:
        return {"has the parameters of the contract": False}
    outputs = results(model(idx, targets=targets))
    price = outputs.get("loss")
    if not isinstance(price, Tensor) or price.dim() or not price.requires_grad:
        return outputs | {"the loss has a gradient": False}
    tables = [model.get_parameter(f"transformer.{name}.weight") for name in ("wte", "wpe")]
    if not all(table.requires_grad for table in tables):
        return outputs | {"both tables can be trained": False}
    found = torch.autograd.grad(price, tables, materialize_grads=True)
    return outputs | {"gradients of wte and wpe": torch.cat(found)}


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
            outputs |= results(came) if text is idx else {}
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
            came = results(model(idx.to("cuda"), targets.to("cuda")))
            there = cuda.holds(came.get("logits")) and cuda.holds(came.get("loss"))
        except RuntimeError as error:
            if isinstance(error, NotImplementedError):
                raise
            there = False
    return {"runs where the model is, and the results are there": there}


def _gpt(GPT: Model, numbers: Tensor, sizes: dict[str, Any]) -> tuple[Any, bool]:
    config = sizes_of(sizes)
    model = GPT(config)
    return model, load(model, cut(shapes_of_gpt(config), numbers))[1]


def _ends(model: Any) -> tuple[Any, Any]:
    """Return the table at the entrance and that of the head, as far as they are there."""
    every = dict(model.named_parameters(remove_duplicate=False))
    return every.get("transformer.wte.weight"), every.get("lm_head.weight")


def _shape(came: Any) -> Any:
    """Return the shape of a tensor, and of anything else the type."""
    return list(came.shape) if isinstance(came, Tensor) else type(came).__name__


def _numbers(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())
