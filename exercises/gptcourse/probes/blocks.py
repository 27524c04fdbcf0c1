"""Probes of chapter 6: the parts of a block that see one position at a time.

An answer of an odd shape or type is handed back as it came, so that the learner reads what it is
and not where a probe stumbled over it.
"""

import warnings
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from .loading import listed, load
from .observing import gradients
from .pretend_device import StrictPretendDevice

Outputs = dict[str, Any]
Function = Callable[..., Any]


def gelu(gelu: Function, x: Tensor) -> Outputs:
    """Call the function on a tensor that lies in memory as it is numbered."""
    return {"output": gelu(x)}


def gelu_in_another_layout(gelu: Function, x: Tensor) -> Outputs:
    """Call it on a tensor that lies in memory column by column."""
    by_column = x.mT.contiguous()
    before = by_column.clone()
    output = gelu(by_column.mT)
    return {"output": output, "the input is unchanged": bool((by_column == before).all())}


def gelu_gradient(gelu: Function, x: Tensor, upstream: Tensor) -> Outputs:
    """Send a gradient back to x."""
    x = x.clone().requires_grad_()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's advice to whom takes a number out of the graph
        came = gelu(x)
    if not isinstance(came, Tensor) or came.shape != x.shape:
        return {"output": came}
    found = gradients(came, upstream, [x])
    return {"gradient of x": found[0] if found else None}


def gelu_keeps(gelu: Function, x: Tensor) -> Outputs:
    """Look at which dtype a result has, and on which device it is."""
    kinds = (torch.float32, torch.float64, torch.bfloat16)
    dtypes = {f"dtype for {kind}": _dtype(gelu(x.to(kind))) for kind in kinds}
    with StrictPretendDevice("cuda") as cuda:
        try:
            there = cuda.holds(gelu(x.to("cuda")))
        except RuntimeError:
            there = False
    return dtypes | {"the result is on the device of x": there}


def layer_norm(
    LayerNorm: Function,
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    eps: float | None = None,
    by_name: bool = False,
) -> Outputs:
    """Give a norm its weights and run it; what has a default is left out where nothing is said."""
    model = _norm(LayerNorm, weight, bias, eps, by_name)
    outputs, fits = load(model, _affine(weight, bias))
    if not fits:
        return outputs
    _norm(LayerNorm, torch.ones(3), None, 0.5, True)(torch.ones(2, 3))  # must not disturb this one
    model.train()(3 * x + 1)  # nor must what it saw before
    return {"output": model.eval()(x)}


def layer_norm_at_start(LayerNorm: Function, n_embd: int) -> Outputs:
    """Look at the parameters that a norm begins with."""
    both = LayerNorm(n_embd)
    weight_alone = LayerNorm(n_embd, bias=False)
    if not isinstance(both, nn.Module) or not isinstance(weight_alone, nn.Module):
        return {"is an nn.Module": False}
    parameters = dict(both.named_parameters())
    return {
        "is an nn.Module": True,
        "its parameters": ", ".join(listed(parameters)),
        "weight at the start": parameters.get("weight"),
        "bias at the start": parameters.get("bias"),
        "its parameters for bias=False": ", ".join(listed(dict(weight_alone.named_parameters()))),
        "its attribute bias for bias=False": getattr(weight_alone, "bias", "there is none"),
    }


def layer_norm_gradients(
    LayerNorm: Function, x: Tensor, weight: Tensor, bias: Tensor, upstream: Tensor
) -> Outputs:
    """Send a gradient back to the vectors, and tell which parameters it reaches."""
    model = LayerNorm(len(weight))
    outputs, fits = load(model, _affine(weight, bias))
    if not fits:
        return outputs
    x = x.clone().requires_grad_()
    came = model(x)
    if not isinstance(came, Tensor) or came.shape != x.shape or not came.requires_grad:
        return {"gradient of x": None, "output": came}
    came.backward(upstream.to(came.dtype))
    return {"gradient of x": x.grad, "the gradient reaches": _reached(model)}


def layer_norm_in_float64(LayerNorm: Function, x: Tensor, weight: Tensor, bias: Tensor) -> Outputs:
    """Run a norm that was moved to float64."""
    model = LayerNorm(len(weight))
    outputs, fits = load(model, _affine(weight, bias))
    if not fits:
        return outputs
    return {"dtype of the result": _dtype(model.double()(x.double()))}


def mlp(MLP: Function, x: Tensor, **weights: Tensor) -> Outputs:
    """Give an MLP its weights and run it, with dropout left out."""
    model = MLP(_config(weights))
    outputs, fits = load(model, weights)
    if not fits:
        return outputs
    MLP(_config({"c_proj.weight": torch.zeros(3, 12)}))(torch.ones(1, 2, 3))
    # Eight calls: what is dropped now and then differs in one of them.
    calls = [model(x) for _ in range(8)]
    if not all(_equal(call, calls[0]) for call in calls):
        return {"all calls agree, as dropout is 0": False}
    return {"all calls agree, as dropout is 0": True, "output": calls[0]}


def mlp_has(MLP: Function, **weights: Tensor) -> Outputs:
    """Look at the parameters of an MLP."""
    return load(MLP(_config(weights, dropout=0.1)), weights)[0]


def mlp_reads(MLP: Function, x: Tensor, **weights: Tensor) -> Outputs:
    """Tell by gradients what each position of the result depends on, and what can be trained."""
    model = MLP(_config(weights))
    outputs, fits = load(model, weights)
    if not fits:
        return outputs
    x = x.clone().requires_grad_()
    came = model.eval()(x)  # a dropout that nobody asked for would hide what is read
    if not isinstance(came, Tensor) or came.shape != x.shape or not came.requires_grad:
        return {"the output has a gradient": False, "output": came}
    rows = []
    for t in range(x.shape[1]):
        (gradient,) = torch.autograd.grad(
            came[:, t].sum(), x, retain_graph=True, materialize_grads=True
        )
        rows.append(gradient.abs().sum(dim=(0, 2)) > 0)
    came.sum().backward()
    return {
        "the output has a gradient": True,
        "position t depends on vector s": torch.stack(rows),
        "the gradient reaches": _reached(model),
    }


def mlp_drops(MLP: Function, dropout: float, calls: int) -> Outputs:
    """Count what dropout does in training, and then in evaluation.

    There are 2 channels. For a vector of ones each of the 8 hidden channels is 10, where gelu
    changes nothing, and c_proj makes 1 of them and adds a bias of 1. So a result is 2 if nothing
    is dropped, and otherwise its value tells where something was.
    """
    weights = {
        "c_fc.weight": torch.full((8, 2), 4.0),
        "c_fc.bias": torch.full((8,), 2.0),
        "c_proj.weight": torch.full((2, 8), 1 / 80),
        "c_proj.bias": torch.ones(2),
    }
    model = MLP(_config(weights, dropout))
    outputs, fits = load(model, weights)
    if not fits:
        return outputs
    x, up = torch.ones(calls, 2, 2), 1 / (1 - dropout)
    with torch.no_grad():
        came, after = model.train()(x), model.eval()(x)
    if _shape(came) != [calls, 2, 2] or _shape(after) != [calls, 2, 2]:
        return {"shape of the result": _shape(came)}
    drops = bool((came == 0).any())
    own_draws = {
        "each text has its own draw": not drops or not _equal(came, came[:1].expand_as(came)),
        "each position has its own draw": not drops or not _equal(came[:, 0], came[:, 1]),
    }
    if not all(own_draws.values()):
        return own_draws
    zeros = (came == 0).sum(-1).flatten()
    return own_draws | {
        "channels in training": _kinds(came, up),
        "positions with 0, 1 and 2 channels dropped": torch.bincount(zeros, minlength=3),
        "channels in evaluation": _kinds(after, up),
    }


def _kinds(came: Tensor, up: float) -> Tensor:
    """Count the channels by where something was dropped, and behind them what is unexplained."""
    values = (0.0, 2 * up, 2.0, 1 + up, 1.2 + 0.8 * up, 2 * up * up, up * (1 + up))
    counts = [int(((came - value).abs() < 1e-3).sum()) for value in values]
    return torch.tensor([*counts, came.numel() - sum(counts)])


def _norm(
    LayerNorm: Function, weight: Tensor, bias: Tensor | None, eps: float | None, by_name: bool
) -> Any:
    """Make a norm of the size of the weight, with arguments by name or in their places."""
    C, has_bias = len(weight), bias is not None
    if by_name:
        return LayerNorm(bias=has_bias, eps=1e-5 if eps is None else eps, n_embd=C)
    return LayerNorm(C) if eps is None else LayerNorm(C, eps, has_bias)


def _affine(weight: Tensor, bias: Tensor | None) -> dict[str, Tensor]:
    return {"weight": weight} if bias is None else {"weight": weight, "bias": bias}


def _config(weights: dict[str, Tensor], dropout: float = 0.0) -> SimpleNamespace:
    """Return a configuration as GPT-2 has it, for weights of this size."""
    C, bias = len(weights["c_proj.weight"]), "c_proj.bias" in weights
    sizes = {"block_size": 16, "vocab_size": 11, "n_layer": 2, "n_head": 1}
    return SimpleNamespace(n_embd=C, bias=bias, dropout=dropout, **sizes)


def _reached(model: nn.Module) -> str:
    """List the parameters that have a gradient."""
    return ", ".join(listed({n: p for n, p in model.named_parameters() if p.grad is not None}))


def _dtype(came: Any) -> str:
    return str(came.dtype) if isinstance(came, Tensor) else type(came).__name__


def _shape(came: Any) -> Any:
    """Return the shape of a tensor, and of anything else the type."""
    return list(came.shape) if isinstance(came, Tensor) else type(came).__name__


def _equal(a: Any, b: Any) -> bool:
    """Say whether two results are the same; a nan is the same as a nan, and no tensor as none."""
    if not isinstance(a, Tensor) or not isinstance(b, Tensor):
        return not isinstance(a, Tensor) and not isinstance(b, Tensor)
    return torch.equal(a.isnan(), b.isnan()) and torch.equal(a.nan_to_num(), b.nan_to_num())
