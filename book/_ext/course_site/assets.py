"""The course's own CSS, scripts, fonts and templates.

The folder is ``_assets``: Jupyter Book puts every script of a folder named ``_static`` on every
page.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

BOOK = Path(__file__).resolve().parents[2]
STYLES = ("fonts", "theme", "course", "print")
SCRIPTS = ("progress", "quiz", "widget", "scroll")


def _paths(app: Sphinx, config: Config) -> None:
    config.templates_path.append(str(BOOK / "_assets" / "templates"))


def _files(app: Sphinx) -> None:
    app.config.html_static_path.append(str(BOOK / "_assets"))
    for name in STYLES:
        app.add_css_file(f"css/{name}.css", priority=900)
    for name in SCRIPTS:
        app.add_js_file(f"js/{name}.js", type="module")


def setup(app: Sphinx) -> None:
    """Add them when the builder is ready."""
    app.connect("config-inited", _paths)
    app.connect("builder-inited", _files)
