"""The files a picture needs on the site: its module, its style, its state.

Each is named by its content, so pages share them and a browser may keep them for ever.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

FOLDER = "_widgets"


@dataclass(frozen=True)
class Files:
    """The three files of a picture, as (name, text)."""

    module: tuple[str, str]
    style: tuple[str, str]
    state: tuple[str, str]


class Figure(nodes.General, nodes.Element):
    """A ``<figure>`` with a picture; writing it writes the picture's files."""


def describe(picture: Any) -> Files:
    """Return the files of a ``gptcourse.widgets.picture.Picture``.

    Raises:
        AttributeError: the object is not a picture.
        ValueError: its state has a value that JSON cannot say (NaN, infinity).
    """
    stem = re.sub(r"(?<!^)(?=[A-Z])", "-", type(picture).__name__).lower()
    state = json.dumps(picture.state(), allow_nan=False, ensure_ascii=False, sort_keys=True)
    return Files(
        module=_named(stem, str(picture._esm), "js"),
        style=_named(stem, str(picture._css), "css"),
        state=_named(stem, state, "json"),
    )


def _named(stem: str, text: str, suffix: str) -> tuple[str, str]:
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    return f"{stem}-{digest}.{suffix}", text


def _visit(self: HTML5Translator, node: Figure) -> None:
    files: Files = node["files"]
    # Addresses are relative to the page. The still picture needs the style too: a link, no script.
    folder = Path(self.builder.outdir) / FOLDER
    folder.mkdir(exist_ok=True)
    root = "../" * self.builder.current_docname.count("/")
    links = {}
    for kind in ("module", "style", "state"):
        name, text = getattr(files, kind)
        (folder / name).write_text(text, encoding="utf-8")
        links[kind] = escape(f"{root}{FOLDER}/{name}")
    self.body.append(
        f'<figure class="course-widget" id="{escape(node["anchor"])}"'
        f' data-module="{links["module"]}" data-state="{links["state"]}">'
        f'<link rel="stylesheet" href="{links["style"]}">'
    )


def _depart(self: HTML5Translator, node: Figure) -> None:
    self.body.append("</figure>")


def _skip(self: nodes.NodeVisitor, node: Figure) -> None:
    pass


def setup(app: Sphinx) -> None:
    """Register the node."""
    nothing = (_skip, _skip)
    app.add_node(Figure, html=(_visit, _depart), latex=nothing, text=nothing)
