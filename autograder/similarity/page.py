"""The page of pairs: self-contained, every value escaped by Jinja2, no script."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from autograder.report.shown import ticks, visible
from autograder.similarity.compare import MARGIN, Pair
from autograder.similarity.features import line_shapes

__all__ = ["similarity_page"]


@dataclass(frozen=True)
class _Line:
    text: str
    alike: bool


def similarity_page(
    pairs: Sequence[Pair], submissions: int, bar: float, unreadable: Sequence[tuple[str, str]] = ()
) -> str:
    """Return the page.

    Args:
        pairs: those that stand out.
        submissions: how many were compared.
        bar: the bits that a pair has to exceed.
        unreadable: name and reason of what could not be compared.
    """
    environment = Environment(
        loader=PackageLoader("autograder.similarity"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["visible"] = partial(visible, keep="\n\t")
    environment.filters["ticks"] = partial(ticks, keep="\n\t")
    environment.globals["side_by_side"] = _side_by_side
    style = (Path(__file__).parent / "templates" / "similarity.css").read_text(encoding="utf-8")
    return environment.get_template("similarity.html.j2").render(
        pairs=pairs,
        submissions=submissions,
        bar=bar,
        margin=MARGIN,
        unreadable=unreadable,
        style=Markup(style),
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def _side_by_side(first: str, second: str) -> tuple[list[_Line], list[_Line]]:
    """Return the lines of both, marked where the other has the same line but for names."""
    # A comment has no tokens: it is itself.
    texts = first, second
    shapes = [
        [
            shape or line.strip()
            for shape, line in zip(line_shapes(text), text.splitlines(), strict=True)
        ]
        for text in texts
    ]
    common = set(shapes[0]) & set(shapes[1]) - {""}

    def marked(text: str, shape: list[str]) -> list[_Line]:
        lines = text.splitlines()
        return [_Line(line, kind in common) for line, kind in zip(lines, shape, strict=True)]

    return marked(first, shapes[0]), marked(second, shapes[1])
