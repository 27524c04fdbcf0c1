"""RowLookup: a token's row drawn out of the table, and the gradient that comes back to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import ipywidgets
import torch
import traitlets.traitlets as t

from .matrix import called, checked, html_table, name_list, numbers, tensor
from .picture import Picture
from .plain import id_list, look_up, plain

Embedding = Callable[..., Any]


class RowLookup(Picture):
    """The rows of a few ids, taken from a table in two ways, and the gradients they bring back.

    Args:
        E: the table. None takes the weight of `embedding`.
        ids: token ids of a short text. It may use a row twice, and leave rows unused.
        symbols: the V symbols by token id; left out, the ids.
        embedding: your own embedding. A class is made with (V, C) and its weight set to E; a
            module is called as it is. It is called on the ids, and what it returns, and the
            gradient that reaches its weight, are held against the picture.
        grad: the gradient of the output that comes back; left out, random numbers.

    Shape:
        - E: (V, C), ids: (T,) or (1, T), grad: (T, C)

    Raises:
        ValueError: an id without a row, shapes that do not go together, a number that is not
            finite, or neither E nor an embedding with a weight.
    """

    name = "row_lookup"
    table: t.List[list[float]] = t.List().tag(sync=True)
    ids = t.List(t.Int()).tag(sync=True)
    symbols = t.List(t.Unicode()).tag(sync=True)
    grad: t.List[list[float]] = t.List(help="the gradient of the output").tag(sync=True)
    view = t.Enum(["product", "index", "backward"], "product").tag(sync=True)
    yours: t.Dict[str, Any] = t.Dict(help="what the learner's embedding did").tag(sync=True)

    def __init__(
        self,
        E: Any,
        ids: Any,
        symbols: Iterable[str] | None = None,
        embedding: Embedding | None = None,
        grad: Any = None,
        **kwargs: Any,
    ) -> None:
        if E is None:
            E = getattr(embedding, "weight", None)
            if E is None:
                raise ValueError("E is None, and embedding is no module with a weight")
        table = checked(E, "E", 2)
        names, places = name_list(symbols, len(table)), id_list(ids, "ids")
        look_up(places, names)
        expected = (len(places), len(table[0]))
        if grad is None:
            grad = _random(*expected, seed=0)
        back = checked(grad, "grad", 2)
        if (len(back), len(back[0])) != expected:
            raise ValueError(f"grad has shape {(len(back), len(back[0]))}; expected {expected}")
        self._embedding = embedding
        super().__init__(table=table, ids=places, symbols=names, grad=back, **kwargs)
        self._compare()

    def _compare(self) -> None:
        """Call the learner's embedding, go backward through it, and keep what came."""
        if self._embedding is not None:
            name = called(self._embedding)
            try:
                result = self._try(name, self._embedding)
            except Exception as error:
                result = {"error": f"{name} raised {type(error).__name__}: {error}"}
            self.yours = {"name": name} | result

    def _try(self, name: str, embedding: Embedding) -> dict[str, Any]:
        module = self._make(embedding) if isinstance(embedding, type) else embedding
        weight = getattr(module, "weight", None)
        out = module(torch.tensor(self.ids))
        expected = (len(self.ids), len(self.table[0]))
        found = tuple(getattr(out, "shape", ()))
        if found != expected:
            what = f"shape {found}" if hasattr(out, "shape") else f"a {type(out).__name__}"
            return {"error": f"{name} returned {what}; expected shape {expected}."}
        return {"rows": numbers(out), **self._gradient(name, out, weight)}

    def _make(self, embedding: type) -> Any:
        module = embedding(len(self.table), len(self.table[0]))
        with torch.no_grad():
            module.weight.copy_(tensor(self.table))
        return module

    def _gradient(self, name: str, out: Any, weight: Any) -> dict[str, Any]:
        """Return the gradient that reaches the table from the output's, or why there is none."""
        if not isinstance(weight, torch.Tensor):
            return {"grad_error": f"{name} has no weight whose gradient could be read."}
        if not out.requires_grad or not weight.requires_grad:
            return {"grad_error": "No gradient goes from the output back to the weight."}
        back = tensor(self.grad).to(out)
        (grad,) = torch.autograd.grad(out, weight, back, allow_unused=True)
        if grad is None:
            return {"grad_error": "No gradient goes from the output back to the weight."}
        return {"grad": numbers(grad)}

    def gradient(self) -> torch.Tensor:
        """Return the gradient of the table (V, C): each use of a row adds to it."""
        zeros = torch.zeros(len(self.table), len(self.table[0]))
        return zeros.index_add_(0, torch.tensor(self.ids), tensor(self.grad))

    def static_html(self) -> str:
        """Return the table, the rows of the text and the gradient as tables."""
        rows = [f"{i} {symbol}" for i, symbol in enumerate(self.symbols)]
        text = [f"{i} {symbol}" for i, symbol in enumerate(look_up(self.ids, self.symbols))]
        channels = [f"channel {c}" for c in range(len(self.table[0]))]
        taken = [self.table[i] for i in self.ids]
        return (
            '<div class="gc-static">'
            + html_table("The table E: a row a token id", rows, channels, self.table)
            + html_table("The rows of the text, by position", text, channels, taken)
            + html_table("The gradient of E", rows, channels, plain(self.gradient()))
            + "</div>"
        )

    def controls(self) -> list[ipywidgets.Widget]:
        """Return a slider that sends another gradient back."""
        seed = ipywidgets.IntSlider(0, 0, 50, description="Other gradient")
        seed.style.description_width = "initial"

        def redraw(change: dict[str, Any]) -> None:
            with self.hold_sync():
                self.grad = numbers(_random(len(self.ids), len(self.table[0]), change["new"]))
                self._compare()

        seed.observe(redraw, "value")
        return [seed]


def _random(T: int, C: int, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return (10 * torch.randn(T, C, generator=generator)).round() / 10
