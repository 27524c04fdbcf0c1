"""BigramTable: the table of bigram counts as a heat map that can be walked."""

import math
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

import ipywidgets
import traitlets.traitlets as t

from .picture import Picture
from .plain import array, code, percent, plain, symbol_list, visible

_SHADES = 12


class BigramTable(Picture):
    """Which symbol follows which, how often, and the random walk that this makes possible.

    Args:
        counts: counts[a][b] = how often symbol b came after symbol a; tensor or nested lists.
        symbols: the V symbols, by token id.
        probs: `probs(counts, smoothing) -> (V, V)`, for instance your own `bigram_probs`. Left
            out, each row of counts is divided by its sum, and a row of zeros is uniform.
        boundary: the symbol at which a walk starts and ends; if left out, a new line or a full
            stop, where there is one; else walks start at the first symbol and end at 40 symbols.
        noun: what a walk makes: "name", "line".
        view: "counts" or "probabilities", which is shown first.
        seed: a whole number makes the walks the same each time.

    Shape:
        counts: (V, V)

    Raises:
        ValueError: counts that are not (V, V), not finite, or below 0; a missing symbol.
    """

    name = "bigram_table"
    counts: t.List[list[float]] = t.List().tag(sync=True)
    probabilities: t.List[list[float]] = t.List().tag(sync=True)
    symbols = t.List(t.Unicode()).tag(sync=True)
    boundary = t.Int(allow_none=True, default_value=None, help="its token id").tag(sync=True)
    noun = t.Unicode("name").tag(sync=True)
    view = t.Enum(["counts", "probabilities"], "counts").tag(sync=True)
    seed = t.Int(allow_none=True, default_value=None).tag(sync=True)

    def __init__(
        self,
        counts: Any,
        symbols: Iterable[str],
        *,
        probs: Callable[..., Any] | None = None,
        boundary: str | None = None,
        noun: str = "name",
        view: str = "counts",
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        table = _square(counts, "counts")
        names = symbol_list(symbols, len(table))
        if boundary is not None and boundary not in names:
            raise ValueError(f"the boundary {boundary!r} is not one of the symbols")
        if boundary is None:
            boundary = next((s for s in ("\n", ".") if s in names), None)
        self._tensor, self._probs = counts, probs
        super().__init__(
            counts=table,
            probabilities=_rounded(_row_shares(table) if probs is None else probs(counts)),
            symbols=names,
            boundary=None if boundary is None else names.index(boundary),
            noun=noun,
            view=view,
            seed=seed,
            **kwargs,
        )

    def set_smoothing(self, smoothing: float) -> None:
        """Compute the probabilities again with the function given as `probs`."""
        if self._probs is None:
            raise ValueError("smoothing needs a function: BigramTable(..., probs=bigram_probs)")
        self.probabilities = _rounded(self._probs(self._tensor, smoothing))

    @t.validate("probabilities")
    def _check_probabilities(self, proposal: Any) -> Any:
        if len(proposal["value"]) != len(self.counts):
            raise t.TraitError(
                f"{len(proposal['value'])} rows of probabilities for {len(self.counts)} of counts"
            )
        return proposal["value"]

    def static_html(self) -> str:
        """Return the heat map as SVG and its most frequent bigrams as a table."""
        return f'<div class="gc-static">{self._svg()}{self._top(12)}</div>'

    def _svg(self) -> str:
        size = len(self.counts)
        most = max(map(max, self.counts)) or 1
        shades: dict[int, list[str]] = {}
        for a, row in enumerate(self.counts):
            for b, n in enumerate(row):
                shade = math.ceil(math.sqrt(n / most) * _SHADES)
                if shade:
                    shades.setdefault(shade, []).append(f"M{b + 1} {a + 1}h1v1h-1z")
        cells = "".join(
            f'<path fill-opacity="{shade / _SHADES:.2f}" d="{"".join(d)}"/>'
            for shade, d in sorted(shades.items())
        )
        labels = "".join(
            f'<text x="{i + 1.5}" y=".8">{escape(visible(s))}</text>'
            f'<text x=".5" y="{i + 1.8}">{escape(visible(s))}</text>'
            for i, s in enumerate(self.symbols)
        )
        return (
            f'<svg class="gc-heat" viewBox="0 0 {size + 1} {size + 1}" role="img" '
            f'aria-label="Heat map of {size} by {size} bigram counts; rows come first, columns '
            f'second" font-size=".8" text-anchor="middle" fill="currentColor" '
            f'style="width:100%;max-width:34rem">{cells}{labels}</svg>'
        )

    def _top(self, n: int) -> str:
        ranked = sorted(
            ((count, a, b) for a, row in enumerate(self.counts) for b, count in enumerate(row)),
            key=lambda item: (-item[0], item[1:]),
        )
        rows = "".join(
            f"<tr><td>{code(self.symbols[a])}</td><td>{code(self.symbols[b])}</td>"
            f"<td>{count:,}</td><td>{percent(self.probabilities[a][b])}</td></tr>"
            for count, a, b in ranked[:n]
        )
        return (
            "<table><caption>The most frequent bigrams</caption><thead><tr><th>after</th>"
            "<th>comes</th><th>times</th><th>probability</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )

    def controls(self) -> list[ipywidgets.Widget]:
        """Return a choice of view and, if `probs` was given, a slider for its smoothing."""
        view = ipywidgets.ToggleButtons(
            options=[("Counts", "counts"), ("Probabilities", "probabilities")], value=self.view
        )
        ipywidgets.link((self, "view"), (view, "value"))
        if self._probs is None:
            return [view]
        smoothing = ipywidgets.FloatSlider(0.0, min=0.0, max=100.0, step=0.5)
        smoothing.description, smoothing.continuous_update = "Smoothing", False

        def changed(change: dict[str, Any]) -> None:
            self.set_smoothing(change["new"])
            self.view = "probabilities"

        smoothing.observe(changed, "value")
        return [ipywidgets.HBox([view, smoothing])]


def _square(value: Any, what: str) -> list[list[Any]]:
    rows = array(value, what, 2)
    if len(rows) != len(rows[0]):
        raise ValueError(f"{what} has shape ({len(rows)}, {len(rows[0])}); expected (V, V)")
    for row in rows:
        for n in row:
            if not isinstance(n, (int, float)) or not math.isfinite(n) or n < 0:
                raise ValueError(f"{what} must be finite and at least 0; found {n!r}")
    return [[int(n) if n == int(n) else n for n in row] for row in rows]


def _row_shares(counts: list[list[Any]]) -> list[list[float]]:
    sums = [sum(row) for row in counts]
    return [
        [n / total if total else 1 / len(row) for n in row]
        for row, total in zip(counts, sums, strict=True)
    ]


def _rounded(probabilities: Any) -> list[list[float]]:
    return [[round(p, 7) for p in row] for row in _square(plain(probabilities), "probabilities")]
