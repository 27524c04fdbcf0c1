"""AttentionWeights: the weights of attention as they are, checked row by row."""

from collections.abc import Iterable
from typing import Any

import ipywidgets
import traitlets.traitlets as t

from .matrix import html_table, name_list, numbers
from .picture import Picture
from .plain import array


class AttentionWeights(Picture):
    """Who reads whom, as a matrix: a row that does not sum to 1 and a weight on the future show.

    Args:
        weights: of one head or of several; the queries are the last T of S tokens.
        tokens: the S tokens; left out, their positions.
        causal: whether weights on the future are marked.

    Shape:
        - weights: (T, S) or (nh, T, S)

    Raises:
        ValueError: another shape, more queries than keys, or another number of tokens than keys.
    """

    name = "attention_weights"
    weights: t.List[Any] = t.List(help="heads, queries, keys; nan is text").tag(sync=True)
    tokens = t.List(t.Unicode()).tag(sync=True)
    causal = t.Bool(True).tag(sync=True)
    head = t.Int(0).tag(sync=True)

    def __init__(
        self,
        weights: Any,
        tokens: Iterable[str] | None = None,
        causal: bool = True,
        **kwargs: Any,
    ) -> None:
        flat = getattr(weights, "ndim", None) == 2 or _depth(weights) == 2
        heads = [array(weights, "weights", 2)] if flat else array(weights, "weights", 3)
        T, S = len(heads[0]), len(heads[0][0])
        if T > S:
            raise ValueError(f"weights have {T} rows and {S} columns; queries are the last of S")
        names = name_list(tokens, S)
        super().__init__(weights=numbers(heads), tokens=names, causal=causal, **kwargs)

    @t.validate("head")
    def _check_head(self, proposal: Any) -> Any:
        return min(max(proposal["value"], 0), len(self.weights) - 1)

    def static_html(self) -> str:
        """Return each head as a table."""
        rows = self.tokens[-len(self.weights[0]) :]
        tables = (
            html_table(
                f"Head {i}: a row a query, a column a key",
                rows,
                self.tokens,
                [[float(x) for x in row] for row in head],
            )
            for i, head in enumerate(self.weights[:4])
        )
        return f'<div class="gc-static">{"".join(tables)}</div>'

    def controls(self) -> list[ipywidgets.Widget]:
        """Return a slider for the head, if there are several."""
        if len(self.weights) == 1:
            return []
        head = ipywidgets.IntSlider(self.head, 0, len(self.weights) - 1, description="head")
        ipywidgets.link((self, "head"), (head, "value"))
        return [head]


def _depth(value: Any) -> int:
    depth = 0
    while isinstance(value, (list, tuple)) and value:
        value, depth = value[0], depth + 1
    return depth + getattr(value, "ndim", 0)
