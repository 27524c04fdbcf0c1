"""Probes of chapter 5: heads laid side by side, and the layers that hold several of them.

An answer of an odd shape or type is handed back as it came, so that the learner reads what it is
and not where a probe stumbled over it.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from .loading import load
from .pretend_device import StrictPretendDevice

Outputs = dict[str, Any]
Layer = Callable[..., Any]

LONGEST = 40  # longer than any text that an example of the contract speaks of


def merge_heads(merge_heads: Callable[[Tensor], Any], x: Tensor) -> Outputs:
    """Call the function on a tensor that lies in memory as it is numbered."""
    return {"output": merge_heads(x)}


def merge_heads_in_another_layout(merge_heads: Callable[..., Any], x: Tensor) -> Outputs:
    """Call it on a tensor that lies in memory position by position, as `split_heads` leaves it."""
    by_position = x.transpose(1, 2).contiguous()  # (B, T, nh, hs)
    before = by_position.clone()
    output = merge_heads(x=by_position.transpose(1, 2))
    return {"output": output, "the input is unchanged": bool((by_position == before).all())}


def several_heads(
    MultiHeadAttention: Layer, x: Tensor, n_head: int, block_size: int, **weights: Tensor
) -> Outputs:
    """Give a layer of single heads its weights and run it, with dropout left out."""
    model = MultiHeadAttention(x.shape[-1], n_head, block_size)
    return _run(model, weights, x)


def several_heads_have(MultiHeadAttention: Layer, n_head: int, **weights: Tensor) -> Outputs:
    """Look at the parameters of a layer of single heads."""
    C = len(weights["proj.bias"])
    return load(MultiHeadAttention(n_embd=C, n_head=n_head, block_size=5, dropout=0.1), weights)[0]


def several_heads_drop(
    MultiHeadAttention: Layer, n_head: int, dropout: float, calls: int
) -> Outputs:
    """Count what dropout does in training to a layer of single heads, of two channels each."""
    C = 2 * n_head
    weights = {"proj.weight": 2 * torch.eye(C), "proj.bias": torch.ones(C)}
    for h in range(n_head):
        weights |= {f"heads.{h}.query.weight": torch.zeros(2, C)}
        weights |= {f"heads.{h}.key.weight": torch.zeros(2, C)}
        weights |= {f"heads.{h}.value.weight": _values_of(C).repeat(2, 1)}
    model = MultiHeadAttention(C, n_head, block_size=3, dropout=dropout)
    return _drop(model, weights, C, dropout, calls)


def several_heads_read(
    MultiHeadAttention: Layer, x: Tensor, n_head: int, **weights: Tensor
) -> Outputs:
    """Tell by gradients what each position of the result depends on, in a layer of single heads."""
    model = MultiHeadAttention(block_size=LONGEST, n_head=n_head, n_embd=x.shape[-1])
    return _differentiate(model, weights, x)


def self_attention(
    CausalSelfAttention: Layer, x: Tensor, n_head: int, block_size: int, **weights: Tensor
) -> Outputs:
    """Give GPT-2's layer its weights and run it, without dropout, after another layer has run."""
    model = CausalSelfAttention(_config(weights, n_head, block_size))
    other = CausalSelfAttention(_config({"c_proj.weight": torch.zeros(2, 2)}, 1, 3))
    if isinstance(other, nn.Module):
        other(torch.ones(1, 3, 2))
    return _run(model, weights, x)


def self_attention_has(CausalSelfAttention: Layer, n_head: int, **weights: Tensor) -> Outputs:
    """Look at the parameters of GPT-2's layer."""
    return load(CausalSelfAttention(_config(weights, n_head, 5, dropout=0.1)), weights)[0]


def self_attention_drops(
    CausalSelfAttention: Layer, n_head: int, dropout: float, calls: int
) -> Outputs:
    """Count what dropout does in training to GPT-2's layer, with heads of two channels each."""
    C = 2 * n_head
    same = torch.full((C, C), 1 / C)
    weights = {
        "c_attn.weight": torch.cat([2 * same, 3 * same, _values_of(C).repeat(C, 1)]),
        "c_attn.bias": torch.zeros(3 * C),
        "c_proj.weight": 2 * torch.eye(C),
        "c_proj.bias": torch.ones(C),
    }
    model = CausalSelfAttention(_config(weights, n_head, 3, dropout))
    return _drop(model, weights, C, dropout, calls)


def self_attention_reads(
    CausalSelfAttention: Layer, x: Tensor, n_head: int, **weights: Tensor
) -> Outputs:
    """Tell by gradients what each position of the result of GPT-2's layer depends on."""
    return _differentiate(CausalSelfAttention(_config(weights, n_head, LONGEST)), weights, x)


def self_attention_moved(
    CausalSelfAttention: Layer, x: Tensor, n_head: int, block_size: int, **weights: Tensor
) -> Outputs:
    """Run GPT-2's layer in float64, and on a device that is not the CPU."""
    model = CausalSelfAttention(_config(weights, n_head, block_size))
    outputs, fits = load(model, weights)
    if not fits:
        return outputs
    came = model.double()(x.double())
    with StrictPretendDevice("cuda") as cuda:
        for tensor in (*model.parameters(), *model.buffers()):
            tensor._pretended = cuda  # as `model.to("cuda")` does, which moves nothing else
        try:
            there = cuda.holds(model(x.double().to("cuda")))
        except RuntimeError as error:
            if isinstance(error, NotImplementedError):
                raise
            there = False
    return {"output in float64": came, "runs where the model is, and the result is there": there}


def _config(
    weights: dict[str, Tensor], n_head: int, block_size: int, dropout: float = 0.0
) -> SimpleNamespace:
    """Return a configuration as GPT-2 has it, for weights of this size."""
    return SimpleNamespace(
        n_embd=len(weights["c_proj.weight"]),
        n_head=n_head,
        n_layer=2,
        block_size=block_size,
        vocab_size=11,
        dropout=dropout,
        bias="c_proj.bias" in weights,
    )


def _run(model: Any, weights: dict[str, Tensor], x: Tensor) -> Outputs:
    outputs, fits = load(model, weights)
    if not fits:
        return outputs
    model(x[:1, :1])  # a shorter text must not disturb the next one
    return {"output": model(x)}


def _drop(model: Any, weights: dict[str, Tensor], C: int, dropout: float, calls: int) -> Outputs:
    """Run a layer on texts of two equal positions, in training and then in evaluation.

    Every head finds 1 in both of its channels, the projection makes 2 of it, and every bias is 1.
    At the first position a head has one weight: if that is dropped, it finds 0 in both channels.
    At the second it has two weights of a half. A result that is dropped is 0.

    In a text of two different positions, of the same queries and keys, the second value is 5. What
    is found then tells which of the two weights were dropped, or if one was made greater instead.
    """
    outputs, fits = load(model, weights)
    if not fits:
        return outputs
    outputs, up = {}, 1 / (1 - dropout)
    with torch.no_grad():
        for mode in ("training", "evaluation"):
            came = model.train(mode == "training")(torch.ones(calls, 2, C))
            if not isinstance(came, Tensor) or came.shape != (calls, 2, C):
                return outputs | {"output": model(torch.ones(1, 2, C))}  # one text says enough
            outputs[f"channels in {mode}"] = _fates(came[:, 0].reshape(-1, 2), up)
        different = torch.stack([torch.ones(C), 1 + _alternating(C)])
        first_channels = model.train()(different.repeat(calls, 1, 1))[:, 1, ::2].flatten()
    found = (0.0, up / 2, 5 * up / 2, 3 * up, 3.0, 1.0, 5.0)
    kinds = (0.0, *(up * (1 + 2 * value) for value in found), 7.0)
    at_second = _counts([(first_channels - kind).abs() < 1e-3 for kind in kinds])
    outputs["channels in training"] = torch.cat([outputs["channels in training"], at_second])
    return outputs


def _values_of(C: int) -> Tensor:
    """Return a row of a matrix that makes 1 of a vector of ones, and 5 of the other position."""
    return (1 + 4 * _alternating(C)) / C


def _alternating(C: int) -> Tensor:
    """Return (1, -1, 1, -1, ...), whose mean is 0: queries and keys do not see it."""
    return torch.tensor([1.0, -1.0]).repeat(C // 2)


def _fates(channels: Tensor, up: float) -> Tensor:
    """Count pairs of channels by what they are: right, or one of the ways to be wrong."""

    def near(value: float) -> Tensor:
        return (channels - value).abs() < 1e-3

    zero, silent, found = near(0.0), near(up), near(up * (1 + 2 * up))
    pairs = [
        zero.all(1),
        zero.any(1) & silent.any(1),
        zero.any(1) & found.any(1),
        silent.all(1),
        silent.any(1) & found.any(1),
        found.all(1),
        near(3.0).all(1),  # nothing was dropped
    ]
    known = torch.stack(pairs).any(0)
    greatest = channels.amax(1)
    wrong = (
        *(1.0, 1 + 2 * up, 1 + 2 * up * up, 3 * up),  # dropped elsewhere, or nowhere
        *(up * up, 2 * up * up),  # without the projection, without its bias
        *(up * (1 + 4 * up), up * (1 + 6 * up)),  # queries or keys for values
    )
    return _counts([*pairs, *(~known & ((greatest - value).abs() < 1e-3) for value in wrong)])


def _counts(kinds: list[Tensor]) -> Tensor:
    """Count each kind, and behind them what is none."""
    counts = torch.stack(kinds).sum(1)
    return torch.cat([counts, len(kinds[0]) - counts.sum(0, keepdim=True)]).int()


def _differentiate(model: Any, weights: dict[str, Tensor], x: Tensor) -> Outputs:
    outputs, fits = load(model, weights)
    if not fits:
        return outputs
    model(torch.ones(1, LONGEST, x.shape[-1]))  # raises if a mask has a size of its own
    x = x.clone().requires_grad_()
    came = model(x)
    if not isinstance(came, Tensor) or came.shape != x.shape or not came.requires_grad:
        return {"output": came, "the output has a gradient": False}
    rows = []
    for t in range(x.shape[1]):
        (gradient,) = torch.autograd.grad(
            came[:, t].square().sum(), x, retain_graph=True, materialize_grads=True
        )
        rows.append(gradient.abs().sum(dim=(0, 2)) > 0)
    torch.autograd.backward(came.square().sum())
    # The gradient of a bias of the keys is 0, but for rounding: only matrices tell.
    reached = {
        name: f"{name} ({int(p.grad.any(dim=1).sum())} rows)"
        for name, p in model.named_parameters()
        if p.grad is not None and p.dim() == 2
    }
    return {
        "the output has a gradient": True,
        "position t depends on vector s": torch.stack(rows),
        "the gradient reaches": ", ".join(reached[name] for name in sorted(reached)),
    }
