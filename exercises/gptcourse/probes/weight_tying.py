"""Probes of chapter 4: one table at both ends of a model.

Which of the two tables a learner keeps is free, so nothing here depends on it.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .observing import shape

Outputs = dict[str, Any]
TieWeights = Callable[[Any], Any]


class _Ends(nn.Module):
    """The two ends of a GPT-2 with nothing between them."""

    def __init__(self, first: Tensor, last: Tensor) -> None:
        super().__init__()
        V, C = first.shape
        self.transformer = nn.ModuleDict({"wte": nn.Embedding(V, C)})
        self.lm_head = nn.Linear(C, V, bias=False)
        with torch.no_grad():
            self.wte.weight.copy_(first)
            self.lm_head.weight.copy_(last)

    @property
    def wte(self) -> Any:
        """The table of tokens by a shorter name."""
        return self.transformer["wte"]

    def forward(self, idx: Tensor) -> Any:
        return self.lm_head(self.transformer["wte"](idx))


def ends(tie_weights: TieWeights, first: Tensor, last: Tensor) -> Outputs:
    """Tie a model whose two tables differ, and look at what it has now."""
    model = _Ends(first, last)
    old = list(model.parameters())
    tie_weights(model)
    embedding, head = _weights(model)
    return {
        "both ends have the same Parameter": embedding is head,
        "the weights of the two ends": _relation(embedding, head, old),
        "both lie in the same memory": _same_memory(embedding, head),
    }


def size_and_values(tie_weights: TieWeights, first: Tensor, last: Tensor, idx: Tensor) -> Outputs:
    """Tie a model whose two tables differ, and run it."""
    model = _Ends(first, last)
    tie_weights(model)
    tables = _weights(model)
    outputs: Outputs = {
        "lm_head has a bias": getattr(model.lm_head, "bias", None) is not None,
        "number of parameters": sum(p.numel() for p in model.parameters()),
        "shape of transformer.wte.weight": shape(tables[0]),
        "shape of lm_head.weight": shape(tables[1]),
        "both ends hold the numbers of one of the two old tables": False,
        "transformer.wte.weight holds": _origin(tables[0], first, last),
        "lm_head.weight holds": _origin(tables[1], first, last),
    }
    # Which table stays is free; that both ends hold the same is not.
    held = {outputs["transformer.wte.weight holds"], outputs["lm_head.weight holds"]}
    if held in ({"wte's numbers"}, {"lm_head's numbers"}):
        outputs["both ends hold the numbers of one of the two old tables"] = True
        outputs["transformer.wte.weight holds"] = outputs["lm_head.weight holds"] = "one of the two"
    logits = _run(model, idx)
    return outputs | {"the model runs": logits is not None, "shape of the logits": shape(logits)}


def gradient(tie_weights: TieWeights, table: Tensor, idx: Tensor, upstream: Tensor) -> Outputs:
    """Tie a model whose two tables hold the same numbers, and send a gradient back."""
    model = _tied(tie_weights, table)
    logits = _run(model, idx)
    outputs: Outputs = {"the model runs": logits is not None, "logits": logits}
    if isinstance(logits, Tensor) and logits.shape == upstream.shape and logits.requires_grad:
        torch.autograd.backward(logits, upstream)
    for name, weight in zip(("transformer.wte", "lm_head"), _weights(model), strict=True):
        leaf = isinstance(weight, Tensor) and weight.is_leaf
        outputs[f"gradient of {name}.weight"] = weight.grad if leaf else None
    return outputs


def after_steps(
    tie_weights: TieWeights, table: Tensor, idx: Tensor, upstream: Tensor, steps: int
) -> Outputs:
    """Train a tied model for a few steps of AdamW over `model.parameters()`."""
    model = _tied(tie_weights, table)
    parameters = list(model.parameters())
    table_now, _ = _weights(model)
    seen = sum(_same_memory(parameter, table_now) for parameter in parameters)
    optimizer = torch.optim.AdamW(parameters, lr=0.1)
    for _ in range(steps):
        logits = _run(model, idx)
        if not isinstance(logits, Tensor) or logits.shape != upstream.shape:
            return {"the model runs": logits is not None, "shape of the logits": shape(logits)}
        if logits.requires_grad:
            optimizer.zero_grad()
            torch.autograd.backward(logits, upstream)
            optimizer.step()
    embedding, head = _weights(model)
    both = isinstance(embedding, Tensor) and isinstance(head, Tensor)
    return {
        "the model runs": True,
        "how often the optimizer has the table": seen,
        "both ends are still equal": both and torch.equal(embedding, head),
        "transformer.wte.weight": embedding,
        "lm_head.weight": head,
    }


def _tied(tie_weights: TieWeights, table: Tensor) -> _Ends:
    """Tie a model whose two tables hold the same numbers; a bias that came in starts at 0."""
    model = _Ends(table, table)
    tie_weights(model)
    bias = getattr(model.lm_head, "bias", None)
    if isinstance(bias, nn.Parameter):
        nn.init.zeros_(bias)
    return model


def _weights(model: _Ends) -> list[Any]:
    return [getattr(end, "weight", None) for end in (model.transformer["wte"], model.lm_head)]


def _relation(embedding: Any, head: Any, old: list[nn.Parameter]) -> str:
    if not isinstance(embedding, nn.Parameter) or not isinstance(head, nn.Parameter):
        return "not both of them are Parameters"
    if embedding is head:
        return "one Parameter"
    new = any(all(weight is not parameter for parameter in old) for weight in (embedding, head))
    return "two Parameters, one of them new" if new else "two Parameters, those of before"


def _same_memory(a: Any, b: Any) -> bool:
    return isinstance(a, Tensor) and isinstance(b, Tensor) and a.data_ptr() == b.data_ptr()


def _origin(weight: Any, first: Tensor, last: Tensor) -> str:
    if isinstance(weight, Tensor):
        for name, table in (("wte", first), ("lm_head", last)):
            if weight.shape == table.shape and torch.equal(weight.to(table.dtype), table):
                return f"{name}'s numbers"
            if weight.shape == table.t().shape and torch.equal(weight.to(table.dtype), table.t()):
                return f"{name}'s numbers, transposed"
    return "other numbers"


def _run(model: _Ends, idx: Tensor) -> Any:
    """Return the logits, or None if the model cannot run."""
    try:
        return model(idx)
    except Exception:
        return None
