"""EmbeddingMap: the rows of a table as points on a plane, each with its nearest by cosine."""

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

import torch
import torch.nn.functional as F
import traitlets.traitlets as t

from .picture import Picture
from .plain import array, code, id_list, symbol_list, visible

_MOST = 1000
_SIZE = 1000  # the plane is drawn from -1000 to 1000
_LABELS = 60


class EmbeddingMap(Picture):
    """A flat map of an embedding table, and how much of the table it cannot show.

    The plane is spanned by the two directions along which the rows, each scaled to length 1,
    vary most (principal components). Places that t-SNE found make a second map of the same
    points. The neighbours are found in all C channels.

    Args:
        E: the table, a row a token; tensor, array or nested lists. At most 1,000 rows.
        symbols: the V symbols, by row; the most frequent first, if you know: they are the first
            to get a label where there is room for one.
        nearest: `nearest(E, i, k)` returns the k rows nearest to row i, for instance your own
            `nearest_tokens`. Left out, they are found by their cosines.
        k: how many neighbours are drawn; at most V - 1 of them.
        at: the symbol that is picked first; the first one, if left out.
        tsne: a place for each row, made by t-SNE; left out, there is one map.

    Shape:
        E: (V, C), V at least 3
        tsne: (V, 2)

    Raises:
        ValueError: E that is not (V, C), or not finite; a missing symbol; `nearest` returned
            something other than k rows of E.
    """

    name = "embedding_map"
    symbols = t.List(t.Unicode()).tag(sync=True)
    pca: t.List[list[int]] = t.List(help="x and y of each, up to ±1000").tag(sync=True)
    tsne: t.List[list[int]] = t.List(help="the same on the other map").tag(sync=True)
    view = t.Enum(["pca", "tsne"], "pca", help="which map is shown").tag(sync=True)
    shares = t.List(t.Float(), help="of the variance, by direction").tag(sync=True)
    channels = t.Int(help="C").tag(sync=True)
    neighbours: t.List[list[int]] = t.List(help="rows, as `nearest` found them").tag(sync=True)
    cosines: t.List[list[int]] = t.List(help="of the neighbours, in hundredths").tag(sync=True)
    wrong = t.Int(help="lists that are not the k nearest in order").tag(sync=True)
    at = t.Int(help="the row that is picked").tag(sync=True)

    def __init__(
        self,
        E: Any,
        symbols: Iterable[str],
        nearest: Callable[..., Any] | None = None,
        *,
        k: int = 8,
        at: str | None = None,
        tsne: Any = None,
        **kwargs: Any,
    ) -> None:
        table = _table(E)
        names = symbol_list(symbols, len(table))
        if at is not None and at not in names:
            raise ValueError(f"{at!r} is not one of the symbols")
        k = min(k, len(table) - 1)
        directions = F.normalize(table, dim=1)
        cosines = directions @ directions.T  # (V, V)
        found = _nearest(cosines, k) if nearest is None else _asked(nearest, E, len(table), k)
        values = cosines.gather(1, torch.tensor(found))
        pca, shares = _plane(directions)
        other = [] if tsne is None else _places(tsne, len(table))
        super().__init__(
            symbols=names,
            pca=pca,
            tsne=other,
            view="tsne" if other else "pca",
            shares=shares,
            channels=table.size(1),
            neighbours=found,
            cosines=(100 * values).round().int().tolist(),
            wrong=_wrong(cosines, values, k),
            at=0 if at is None else names.index(at),
            **kwargs,
        )

    @t.validate("at")
    def _check_at(self, proposal: Any) -> Any:
        return min(max(proposal["value"], 0), len(self.symbols) - 1)

    @t.validate("view")
    def _check_view(self, proposal: Any) -> Any:
        return proposal["value"] if self.tsne else "pca"

    def static_html(self) -> str:
        """Return the map as SVG and the neighbours of some tokens as a table."""
        kept = " and ".join(f"{100 * share:.1f} %" for share in self.shares)
        return (
            f'<div class="gc-static">{self._svg()}<p>The two directions in which the rows differ '
            f"most keep {kept} of the variance of {len(self.symbols)} rows with {self.channels} "
            f"channels. {'Here, t-SNE has drawn the map.' if self.tsne else 'They are drawn.'}</p>"
            f"{self._lists(10)}</div>"
        )

    def _svg(self) -> str:
        points = self.tsne or self.pca
        dots = "".join(f"M{x} {-y}h0" for x, y in points)
        labels = ""
        placed: list[tuple[int, int]] = []
        for (x, y), symbol in zip(points, self.symbols, strict=True):
            free = all(abs(x - a) > 220 or abs(y - b) > 45 for a, b in placed)
            if free and len(placed) < _LABELS:
                placed.append((x, y))
                label = visible(symbol.strip() or symbol)
                labels += f'<text x="{x + 14}" y="{14 - y}">{escape(label)}</text>'
        lowest, highest = (f(y for _, y in points) for f in (min, max))
        return (
            f'<svg viewBox="-1030 {-30 - highest} 2260 {highest - lowest + 60}" role="img" '
            f'aria-label="Map of {len(self.symbols)} tokens; the neighbours are in the table" '
            f'font-size="40" fill="currentColor" style="width:100%;max-width:44rem"><path '
            f'd="{dots}" stroke="currentColor" stroke-opacity=".5" stroke-width="14" '
            f'stroke-linecap="round"/>{labels}</svg>'
        )

    def _lists(self, n: int) -> str:
        rows = [self.at, *(i for i in range(len(self.symbols)) if i != self.at)][:n]
        lines = "".join(
            f"<tr><td>{code(self.symbols[i])}</td><td>"
            + ", ".join(
                f"{code(self.symbols[j])} {cosine / 100:.2f}"
                for j, cosine in zip(self.neighbours[i], self.cosines[i], strict=True)
            )
            + "</td></tr>"
            for i in rows
        )
        return (
            '<div class="gc-scroll"><table><caption>The nearest by cosine</caption><thead><tr>'
            f"<th>token</th><th>nearest</th></tr></thead><tbody>{lines}</tbody></table></div>"
        )


def _table(E: Any) -> torch.Tensor:
    table = torch.tensor(array(E, "E", 2), dtype=torch.float64)
    if not 3 <= len(table) <= _MOST:
        raise ValueError(f"E has {len(table)} rows; the map has room for 3 to {_MOST:,}")
    if not table.isfinite().all():
        raise ValueError("E must be finite; found nan or inf in it")
    return table


def _places(tsne: Any, size: int) -> list[list[int]]:
    places = torch.tensor(array(tsne, "tsne", 2), dtype=torch.float64)
    if places.shape != (size, 2) or not places.isfinite().all():
        raise ValueError(f"tsne has shape {tuple(places.shape)}; expected ({size}, 2), all finite")
    return _whole(places)


def _whole(flat: torch.Tensor) -> list[list[int]]:
    scaled = flat / flat.abs().amax().clamp_min(1e-30) * _SIZE
    return [list(row) for row in scaled.round().int().tolist()]


def _nearest(cosines: torch.Tensor, k: int) -> list[list[int]]:
    others = cosines - 3 * torch.eye(len(cosines), dtype=cosines.dtype)  # no row is its own
    return [list(row) for row in others.topk(k).indices.tolist()]


def _asked(nearest: Callable[..., Any], E: Any, size: int, k: int) -> list[list[int]]:
    """Return what `nearest` finds for each row, right or wrong, if rows are what it returns."""
    found = []
    for i in range(size):
        rows = id_list(nearest(E, i, k), f"nearest(E, {i}, {k})")
        if len(rows) != k or not all(0 <= row < size for row in rows):
            raise ValueError(f"nearest(E, {i}, {k}) returned {rows}; expected {k} rows of {size}")
        found.append(rows)
    return found


def _wrong(cosines: torch.Tensor, found: torch.Tensor, k: int) -> int:
    """Return how many lists have other cosines than the k nearest, or in another order."""
    best = cosines.gather(1, torch.tensor(_nearest(cosines, k)))
    return int(((best - found).abs().amax(dim=1) > 1e-4).sum())  # equally near: any order


def _plane(rows: torch.Tensor) -> tuple[list[list[int]], list[float]]:
    """Return the rows on their two main directions, in whole numbers, and the shares of both."""
    centred = rows - rows.mean(dim=0)
    _, lengths, axes = torch.linalg.svd(centred, full_matrices=False)
    axes = F.pad(axes[:2], (0, 0, 0, 2 - len(axes[:2])))  # (2, C), also for a single channel
    flat = centred @ axes.T  # (V, 2)
    largest = flat.gather(0, flat.abs().argmax(dim=0, keepdim=True))
    flat = flat * torch.where(largest < 0, -1.0, 1.0)  # SVD leaves the signs open
    variances = lengths.square()
    whole = max(variances.sum().item(), 1e-30)
    shares = [round(v / whole, 4) for v in variances[:2].tolist()]
    return _whole(flat), [*shares, 0.0][:2]
