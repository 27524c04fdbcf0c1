"""AttentionScores: scaled dot-product attention, cell by cell, with the numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import ipywidgets
import torch
import traitlets.traitlets as t

from .matrix import called, checked, html_table, name_list, numbers, tensor
from .picture import Picture
from .plain import plain, shape

if TYPE_CHECKING:
    from .attention_weights import AttentionWeights

Attention = Callable[..., Any]


class AttentionScores(Picture):
    """How queries, keys and values become an output: one cell of the score matrix at a time.

    Args:
        q: queries. They belong to the last T of the S tokens.
        k: keys.
        v: values.
        tokens: the S tokens that the rows of k stand for; left out, their positions.
        mask: True masks the future; a bool tensor, True where a query may read a key, is shown as
            it is; None is no mask. The reader can switch it off and on.
        scale: whether scores are divided by the root of d at first; the reader can switch it.
        attention: `attention(q, k, v, mask)`, for instance your own
            `scaled_dot_product_attention`. What it returns is held against the picture's output.

    Shape:
        - q: (T, d), k: (S, d), v: (S, dv), mask: (T, S), with T at most S

    Raises:
        ValueError: shapes that do not go together, a number that is not finite, or another number
            of tokens than keys.
    """

    name = "attention_scores"
    q: t.List[list[float]] = t.List().tag(sync=True)
    k: t.List[list[float]] = t.List().tag(sync=True)
    v: t.List[list[float]] = t.List().tag(sync=True)
    mask: t.List[list[bool]] = t.List(help="true where a key may be read").tag(sync=True)
    tokens = t.List(t.Unicode()).tag(sync=True)
    scaled = t.Bool(True).tag(sync=True)
    masked = t.Bool(True).tag(sync=True)
    yours: t.Dict[str, Any] = t.Dict(help="what the learner's function returned").tag(sync=True)

    def __init__(
        self,
        q: Any,
        k: Any,
        v: Any,
        tokens: Iterable[str] | None = None,
        mask: Any = None,
        scale: bool = True,
        attention: Attention | None = None,
        **kwargs: Any,
    ) -> None:
        state = check_inputs(q, k, v) | {"tokens": name_list(tokens, len(plain(k)))}
        allowed = check_mask(mask, len(state["q"]), len(state["k"]))
        self._attention = attention
        super().__init__(
            **state,
            mask=allowed,
            scaled=scale,
            masked=mask is not None and mask is not False,
            **kwargs,
        )
        self._compare()

    @staticmethod
    def from_weights(weights: Any, tokens: Iterable[str] | None = None) -> AttentionWeights:
        """Show weights of attention as they are, of one head or of several.

        Rows that do not sum to 1 and weights on the future are marked.

        Shape:
            - weights: (T, S) or (nh, T, S)
        """
        from .attention_weights import AttentionWeights

        return AttentionWeights(weights, tokens)

    def _compare(self) -> None:
        """Call the learner's function with the mask and without."""
        if self._attention is None:
            return
        inputs = [tensor(x) for x in (self.q, self.k, self.v)]
        name = called(self._attention)
        self.yours = {
            "name": name,
            "masked": self._call(name, inputs, torch.tensor(self.mask)),
            "open": self._call(name, inputs, None),
        }

    def _call(
        self, name: str, inputs: list[torch.Tensor], mask: torch.Tensor | None
    ) -> dict[str, Any]:
        assert self._attention is not None
        copies = [x.clone() for x in inputs]
        try:
            out = self._attention(*copies, mask) if mask is not None else self._attention(*copies)
        except Exception as error:
            return {"error": f"{name} raised {type(error).__name__}: {error}"}
        expected = (len(self.q), len(self.v[0]))
        found = tuple(getattr(out, "shape", ()))
        if found != expected:
            what = f"shape {found}" if hasattr(out, "shape") else f"a {type(out).__name__}"
            return {"error": f"{name} returned {what}; expected shape {expected}."}
        return {"rows": numbers(out)}

    def output(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (weights, output) as the switches stand."""
        q, k, v = (tensor(x) for x in (self.q, self.k, self.v))
        scores = q @ k.mT / (math.sqrt(q.size(-1)) if self.scaled else 1.0)
        if self.masked:
            scores = scores.masked_fill(~torch.tensor(self.mask), -torch.inf)
        weights = torch.softmax(scores, -1)
        return weights, weights @ v

    def static_html(self) -> str:
        """Return the weights and the output as tables."""
        weights, out = self.output()
        rows = self.tokens[len(self.k) - len(self.q) :]
        channels = [f"channel {c}" for c in range(len(self.v[0]))]
        return (
            '<div class="gc-static">'
            + html_table("Weights: a row a query, a column a key", rows, self.tokens, weights)
            + html_table("Output: the weights times the values", rows, channels, out)
            + "</div>"
        )

    def controls(self) -> list[ipywidgets.Widget]:
        """Return a slider that draws other numbers for q, k and v and compares again."""
        seed = ipywidgets.IntSlider(0, 0, 50, description="Other q, k, v")
        seed.style.description_width = "initial"

        def redraw(change: dict[str, Any]) -> None:
            generator = torch.Generator().manual_seed(change["new"])
            drawn = [
                (10 * torch.randn(len(x), len(x[0]), generator=generator)).round() / 10
                for x in (self.q, self.k, self.v)
            ]
            with self.hold_sync():
                self.q, self.k, self.v = (numbers(x) for x in drawn)
                self._compare()

        seed.observe(redraw, "value")
        return [seed]


def check_inputs(q: Any, k: Any, v: Any) -> dict[str, Any]:
    """Return q, k and v as nested lists whose shapes go together."""
    lists = {name: checked(x, name, 2) for name, x in (("q", q), ("k", k), ("v", v))}
    (T, d), (S, dk), (Sv, _) = ((len(x), len(x[0])) for x in lists.values())
    if d != dk:
        raise ValueError(f"q has {d} channels and k has {dk}; their product needs the same number")
    if Sv != S:
        raise ValueError(f"k has {S} rows and v has {Sv}; there is one value for each key")
    if T > S:
        raise ValueError(f"q has {T} rows and k has {S}; the queries are the last T of S tokens")
    return lists


def check_mask(mask: Any, T: int, S: int) -> list[list[bool]]:
    """Return the mask as lists; without one, that of the future."""
    if mask is None or isinstance(mask, bool):
        return [[s <= row + S - T for s in range(S)] for row in range(T)]
    rows = plain(mask)
    if getattr(mask, "dtype", torch.bool) != torch.bool:
        raise ValueError(
            f"the mask has dtype {mask.dtype}; expected bool, True where a key is read"
        )
    if shape(rows) != (T, S):
        raise ValueError(f"the mask has shape {shape(rows)}; expected (T, S) = ({T}, {S})")
    return [[bool(x) for x in row] for row in rows]
