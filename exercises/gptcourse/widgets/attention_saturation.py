"""AttentionSaturation: what becomes of the softmax when q and k have many channels."""

import math
from collections.abc import Iterable
from typing import Any

import ipywidgets
import torch
import traitlets.traitlets as t

from .attention_scores import check_inputs
from .matrix import html_table, name_list, numbers, tensor
from .picture import Picture


class AttentionSaturation(Picture):
    """How many tokens a query reads, as the vectors grow longer, with and without 1/sqrt(d).

    Args:
        q: queries of many channels, for instance random numbers; the picture takes the first d.
        k: keys, likewise.
        tokens: the T tokens; left out, their positions.
        sizes: the numbers of channels d that the reader can choose; left out, 4, 16, 64, ... as
            far as q goes.
        scale: whether scores are divided by the root of d at first.
        mask: whether the future is masked at first.

    Shape:
        - q, k: (T, d)

    Raises:
        ValueError: q and k of different shapes, a number that is not finite, or a size that is not
            between 1 and the channels of q.
    """

    name = "attention_saturation"
    q: t.List[list[float]] = t.List().tag(sync=True)
    k: t.List[list[float]] = t.List().tag(sync=True)
    tokens = t.List(t.Unicode()).tag(sync=True)
    sizes = t.List(t.Int()).tag(sync=True)
    size = t.Int(0, help="which of the sizes is shown").tag(sync=True)
    scaled = t.Bool(False).tag(sync=True)
    masked = t.Bool(True).tag(sync=True)

    def __init__(
        self,
        q: Any,
        k: Any,
        tokens: Iterable[str] | None = None,
        sizes: Iterable[int] | None = None,
        scale: bool = False,
        mask: bool = True,
        **kwargs: Any,
    ) -> None:
        lists = check_inputs(q, k, k)
        T, most = len(lists["q"]), len(lists["q"][0])
        if len(lists["k"]) != T:
            raise ValueError(f"q has {T} rows and k has {len(lists['k'])}; expected as many")
        chosen = [4**i for i in range(1, 9) if 4**i <= most] if sizes is None else list(sizes)
        if not chosen or not all(1 <= d <= most for d in chosen):
            raise ValueError(f"sizes are {chosen}; q has {most} channels")
        super().__init__(
            q=_short(lists["q"]),
            k=_short(lists["k"]),
            tokens=name_list(tokens, T),
            sizes=sorted(chosen),
            scaled=scale,
            masked=mask,
            **kwargs,
        )

    @t.validate("size")
    def _check_size(self, proposal: Any) -> Any:
        return min(max(proposal["value"], 0), len(self.sizes) - 1)

    def weights(self, d: int, scaled: bool) -> torch.Tensor:
        """Return the weights (T, T) of the first d channels."""
        scores = tensor(self.q)[:, :d] @ tensor(self.k)[:, :d].T
        if scaled:
            scores = scores / math.sqrt(d)
        if self.masked:
            future = torch.ones_like(scores).triu(1).bool()
            scores = scores.masked_fill(future, -torch.inf)
        return torch.softmax(scores, -1)

    def static_html(self) -> str:
        """Return the mean of the largest weight and of the tokens read, for each size."""
        columns = ["largest weight", "tokens read", "largest weight, ÷ √d", "tokens read, ÷ √d"]
        lines = [
            [*_summary(self.weights(d, False)), *_summary(self.weights(d, True))]
            for d in self.sizes
        ]
        rows = [f"d = {d}" for d in self.sizes]
        title = "Means over the queries: the largest weight, and how many tokens are read"
        return f'<div class="gc-static">{html_table(title, rows, columns, lines)}</div>'

    def controls(self) -> list[ipywidgets.Widget]:
        """Return sliders for a seed and for the standard deviation of q and k."""
        seed = ipywidgets.IntSlider(0, 0, 50, description="seed")
        spread = ipywidgets.FloatSlider(1.0, min=0.1, max=3.0, step=0.1)
        spread.description, spread.continuous_update = "std of q, k", False

        def redraw(_: object) -> None:
            generator = torch.Generator().manual_seed(seed.value)
            drawn = spread.value * torch.randn(2, len(self.q), len(self.q[0]), generator=generator)
            with self.hold_sync():
                self.q, self.k = (_short(x) for x in drawn)

        seed.observe(redraw, "value")
        spread.observe(redraw, "value")
        return [ipywidgets.HBox([seed, spread])]


def _short(rows: Any) -> Any:
    """Round to three places: thousands of numbers go to the page."""
    return [[round(x, 3) for x in row] for row in numbers(rows)]


def _summary(weights: torch.Tensor) -> list[float]:
    entropy = -torch.special.xlogy(weights, weights).sum(dim=-1)
    return [float(weights.max(dim=-1).values.mean()), float(entropy.exp().mean())]
