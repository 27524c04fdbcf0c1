"""What surrounds a page: its header button, and the scripts it does not load."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

_CITATION_ROLE = re.compile(
    r'(<div[^>]*?) role="(?:list|doc-biblioentry)"((?: class="citation-list")?>)'
)

# Parts of the names of files that no page loads.
_UNWANTED = ("thebe", "://")

_COLAB = "https://colab.research.google.com/github"

# The theme adds its header buttons at 501; after it, ours stand alone.
_AFTER_THE_THEME = 900


def colab_link(config: Config, notebook: str | None) -> str | None:
    """Return the address that opens a notebook of the repository in Colab.

    Args:
        config: Sphinx's, with the repository's address and branch from ``_config.yml``.
        notebook: path from the repository's root, from the page's ``colab:``; may be None.
    """
    if not notebook:
        return None
    options = config.html_theme_options
    owner, name = options["repository_url"].rstrip("/").rsplit("/", 2)[1:]
    return f"{_COLAB}/{owner}/{name}/blob/{options['repository_branch']}/{quote(notebook)}"


def _header(
    app: Sphinx,
    pagename: str,
    template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Leave one header button: the Colab one that opens this page's notebook."""
    link = colab_link(app.config, app.env.metadata.get(pagename, {}).get("colab"))
    button = {
        "type": "link",
        "url": link,
        "text": "Open in Colab",
        "tooltip": "Open this chapter's notebook in Colab",
        "icon": "fas fa-arrow-up-right-from-square",
        "label": "course-colab",
    }
    context["header_buttons"] = [button] if link else []
    context["repository_url"] = app.config.html_theme_options["repository_url"]


def _scripts(
    app: Sphinx,
    pagename: str,
    template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Drop what the page has no use for: Thebe, scripts from another site, unused grids."""
    unused = _UNWANTED if 'class="sd-' in context.get("body", "") else (*_UNWANTED, "design")
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context.get(kind, []) if not _unwanted(file, unused)]


def _unwanted(file: Any, words: tuple[str, ...]) -> bool:
    name = str(getattr(file, "filename", file) or "")
    body = str(getattr(file, "attributes", {}).get("body", ""))
    return any(word in name for word in words) or "THEBE" in body


def _citations(
    app: Sphinx,
    pagename: str,
    template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Take away roles that docutils gives a bibliography and ARIA no longer allows."""
    context["body"] = _CITATION_ROLE.sub(r"\1\2", context.get("body", ""))


def _without_thebe(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Take away the settings that sphinx-thebe writes into each page."""
    for written in list(doctree.findall(nodes.raw)):
        if "x-thebe-config" in written.astext():
            written.parent.remove(written)


def _lazy_images(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Let a browser fetch an image when the reader comes near it."""
    for image in doctree.findall(nodes.image):
        image["loading"] = "lazy"


def setup(app: Sphinx) -> None:
    """Connect both to the page's making."""
    app.connect("doctree-resolved", _lazy_images)
    app.connect("doctree-resolved", _without_thebe, priority=_AFTER_THE_THEME)
    app.connect("html-page-context", _header, priority=_AFTER_THE_THEME)
    app.connect("html-page-context", _scripts, priority=_AFTER_THE_THEME)
    app.connect("html-page-context", _citations, priority=_AFTER_THE_THEME)
