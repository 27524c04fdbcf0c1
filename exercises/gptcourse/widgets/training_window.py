"""TrainingWindow: a text slid into training examples, features and targets shifted by one."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import ipywidgets
import traitlets.traitlets as t

from .picture import Picture
from .plain import array, code, id_list, look_up, plain, symbol_list

_LONGEST = 400


class TrainingWindow(Picture):
    """A window of `block_size` tokens over a text, and the training examples that it gives.

    Args:
        text_or_tokens: a text, each character of which is a token; a list of tokens; or token
            ids (T,), which `decode` turns into text. The first 400 tokens are shown.
        block_size: the context length T; a window gives T training examples.
        decode: `decode([i])` is the text of token id i, as in your tokenizer's `decode`.

    Raises:
        ValueError: fewer than `block_size + 1` tokens; ids without a `decode`.
    """

    name = "training_window"
    tokens = t.List(t.Unicode()).tag(sync=True)
    block_size = t.Int(8).tag(sync=True)
    start = t.Int(0, help="where the window starts").tag(sync=True)
    features: t.List[list[str]] = t.List(help="rows of a batch, x").tag(sync=True)
    targets: t.List[list[str]] = t.List(help="rows of a batch, y").tag(sync=True)
    row = t.Int(0, help="which row of the batch is looked at").tag(sync=True)

    def __init__(
        self,
        text_or_tokens: str | Sequence[str] | Any,
        block_size: int = 8,
        decode: Callable[[list[int]], str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            tokens=_as_tokens(text_or_tokens, decode)[:_LONGEST], block_size=block_size, **kwargs
        )
        self._draw: Callable[[int], tuple[Any, Any]] | None = None
        self._symbols: list[str] = []

    @classmethod
    def from_batch(
        cls,
        x: Any,
        y: Any,
        symbols: Iterable[str],
        draw: Callable[[int], tuple[Any, Any]] | None = None,
    ) -> "TrainingWindow":
        """Show the rows of a batch as they are, whatever y may be.

        Args:
            x: features, as your `get_batch` returns them.
            y: targets, likewise.
            symbols: the symbols by token id.
            draw: `draw(block_size) -> (x, y)` gives the controls a button for a new batch.

        Shape:
            x, y: (B, T)

        Raises:
            ValueError: y has not the shape of x, or an id has no symbol.
        """
        names = symbol_list(symbols)
        features, targets = _as_rows(x, y, names)
        picture = cls(features[0], block_size=len(features[0]), features=features, targets=targets)
        picture._draw, picture._symbols = draw, names
        return picture

    @t.validate("block_size")
    def _check_block_size(self, proposal: Any) -> Any:
        size, longest = proposal["value"], len(self.tokens) - (0 if self.features else 1)
        if not 1 <= size <= max(longest, 1) or longest < 1:
            raise t.TraitError(
                f"block_size is {size}; {len(self.tokens)} tokens allow 1 to {longest}, "
                "since the last target lies one token past the window"
            )
        return size

    @t.validate("start")
    def _check_start(self, proposal: Any) -> Any:
        last = max(0, len(self.tokens) - self.block_size - 1)
        return min(max(proposal["value"], 0), last)

    @t.validate("row")
    def _check_row(self, proposal: Any) -> Any:
        return min(max(proposal["value"], 0), max(0, len(self.features) - 1))

    def pairs(self) -> list[tuple[list[str], list[str]]]:
        """Return (features, targets) of the window, or of each row of the batch."""
        if self.features:
            return list(zip(self.features, self.targets, strict=True))
        stop = self.start + self.block_size
        return [(self.tokens[self.start : stop], self.tokens[self.start + 1 : stop + 1])]

    def static_html(self) -> str:
        """Return features and targets under each other, and the examples of the first row."""
        tables = "".join(_static_pair(x, y) for x, y in self.pairs()[:4])
        x, y = self.pairs()[0]
        examples = "".join(
            f"<li>after {' '.join(map(code, x[: i + 1]))} comes {code(y[i])}</li>"
            for i in range(len(x))
        )
        return (
            f'<div class="gc-static">{tables}<p>One window of {len(x)} tokens gives {len(x)} '
            f"training examples:</p><ol>{examples}</ol></div>"
        )

    def controls(self) -> list[ipywidgets.Widget]:
        """Return a slider for the block size or, for a batch, for its row, and a new batch."""
        if not self.features:
            longest = min(32, len(self.tokens) - 1)
            size = ipywidgets.IntSlider(self.block_size, 1, longest, description="block_size")
            ipywidgets.link((self, "block_size"), (size, "value"))
            return [size]
        row = ipywidgets.IntSlider(self.row, 0, len(self.features) - 1, description="row")
        ipywidgets.link((self, "row"), (row, "value"))
        return [row] if self._draw is None else [ipywidgets.HBox([row, *self._draw_controls(row)])]

    def _draw_controls(self, row: ipywidgets.IntSlider) -> list[ipywidgets.Widget]:
        size = ipywidgets.IntSlider(self.block_size, 1, 32, description="block_size")
        size.continuous_update = False
        button = ipywidgets.Button(description="New batch")

        def redraw(_: object) -> None:
            assert self._draw is not None
            features, targets = _as_rows(*self._draw(size.value), self._symbols)
            with self.hold_sync():
                self.tokens, self.features, self.targets = features[0], features, targets
                self.block_size, self.start = len(features[0]), 0
            row.max = len(features) - 1

        size.observe(redraw, "value")
        button.on_click(redraw)
        return [size, button]


def _as_tokens(value: Any, decode: Callable[[list[int]], str] | None) -> list[str]:
    if isinstance(value, str):
        return list(value[:_LONGEST])
    items = plain(value)
    if isinstance(items, list) and items and all(isinstance(item, str) for item in items):
        return list(items)
    ids = id_list(value[:_LONGEST], "the tokens")
    if decode is None:
        raise ValueError("token ids need decode=, for instance your tokenizer's decode method")
    return [decode([i]) for i in ids]


def _as_rows(x: Any, y: Any, symbols: list[str]) -> tuple[list[list[str]], list[list[str]]]:
    for name, batch in (("x", x), ("y", y)):
        found = tuple(getattr(batch, "shape", ()))
        if name == "y" and found and found != tuple(getattr(x, "shape", found)):
            raise ValueError(f"y has shape {found}; expected the shape of x, {tuple(x.shape)}")
    features, targets = array(x, "x", 2), array(y, "y", 2)
    if (len(features), len(features[0])) != (len(targets), len(targets[0])):
        raise ValueError(
            f"y has shape ({len(targets)}, {len(targets[0])}); "
            f"expected the shape of x, ({len(features)}, {len(features[0])})"
        )
    return (
        [look_up(id_list(r, "x"), symbols) for r in features],
        [look_up(id_list(r, "y"), symbols) for r in targets],
    )


def _static_pair(x: list[str], y: list[str]) -> str:
    def cells(row: list[str]) -> str:
        return "".join(f"<td>{code(s)}</td>" for s in row)

    return (
        f'<div class="gc-scroll"><table><tbody><tr><th scope="row">features</th>{cells(x)}</tr>'
        f'<tr><th scope="row">targets</th>{cells(y)}</tr></tbody></table></div>'
    )
