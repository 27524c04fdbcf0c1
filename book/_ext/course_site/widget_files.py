"""The files a picture needs on the site: its module, its style, its state, and its assets.

Each is named by its content, so pages share them and a browser may keep them for ever. An asset
is loaded only when the reader does something that needs it.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
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
    """The files of a picture, as (name, bytes)."""

    module: tuple[str, bytes]
    style: tuple[str, bytes]
    state: tuple[str, bytes]
    assets: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def figure(self, folder: Path, address: str, anchor: str) -> str:
        """Write the files into a folder, and return the start of a figure that uses them.

        Args:
            folder: where the files go; it exists.
            address: how the page reaches the folder, with a slash at the end.
            anchor: the figure's id.
        """
        for name, content in (self.module, self.style, self.state, *self.assets.values()):
            (folder / name).write_bytes(content)
        assets = {key: address + name for key, (name, _) in self.assets.items()}
        loaded = f' data-assets="{escape(json.dumps(assets))}"' if assets else ""
        # The still picture needs the style too: a link, no script.
        return (
            f'<figure class="course-widget" id="{escape(anchor)}"'
            f' data-module="{escape(address + self.module[0])}"'
            f' data-state="{escape(address + self.state[0])}"{loaded}>'
            f'<link rel="stylesheet" href="{escape(address + self.style[0])}">'
        )


class Figure(nodes.General, nodes.Element):
    """A ``<figure>`` with a picture; writing it writes the picture's files."""


def describe(picture: Any) -> Files:
    """Return the files of a ``gptcourse.widgets.picture.Picture``.

    Raises:
        AttributeError: the object is not a picture.
        ValueError: its state has a value that JSON cannot say (NaN, infinity).
    """
    words = r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"  # BPESteps is bpe-steps
    stem = re.sub(words, "-", type(picture).__name__).lower()
    state = json.dumps(picture.state(), allow_nan=False, ensure_ascii=False, sort_keys=True)
    assets = getattr(type(picture), "assets", {})
    return Files(
        module=_named(stem, str(picture._esm).encode(), "js"),
        style=_named(stem, str(picture._css).encode(), "css"),
        state=_named(stem, state.encode(), "json"),
        assets={
            name: _named(Path(path).stem, content, _suffix(path, content))
            for name, path in assets.items()
            for content in [picture.read_asset(name)]
        },
    )


def _named(stem: str, content: bytes, suffix: str) -> tuple[str, bytes]:
    digest = hashlib.sha256(content).hexdigest()[:10]
    return f"{stem}-{digest}.{suffix}", content


def _suffix(path: str, content: bytes) -> str:
    """Return the suffix of an asset: a server that does not know one sends it uncompressed."""
    suffix = Path(path).suffix.lstrip(".")
    if suffix in {"json", "txt"}:
        return suffix
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return suffix or "bin"
    return "txt"


def _visit(self: HTML5Translator, node: Figure) -> None:
    folder = Path(self.builder.outdir) / FOLDER
    folder.mkdir(exist_ok=True)
    root = "../" * self.builder.current_docname.count("/")  # addresses are relative to the page
    files: Files = node["files"]
    self.body.append(files.figure(folder, f"{root}{FOLDER}/", node["anchor"]))


def _depart(self: HTML5Translator, node: Figure) -> None:
    self.body.append("</figure>")


def _skip(self: nodes.NodeVisitor, node: Figure) -> None:
    pass


def setup(app: Sphinx) -> None:
    """Register the node."""
    nothing = (_skip, _skip)
    app.add_node(Figure, html=(_visit, _depart), latex=nothing, text=nothing)
