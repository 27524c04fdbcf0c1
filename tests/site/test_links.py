"""Links: those inside the site lead somewhere, those to Colab open a notebook that exists."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
import yaml

from .visit import ROOT, chapters, pages


class _Reader(HTMLParser):
    """Collects the links and the anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the address of a link and the id of an element."""
        values = dict(attrs)
        if values.get("id"):
            self.anchors.append(str(values["id"]))
        for name in ("href", "src", "data-module", "data-state"):
            if values.get(name):
                self.links.append(str(values[name]))


def read(site: Path, name: str) -> _Reader:
    """Return what a page links to and its anchors."""
    return _Reader((site / f"{name}.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", pages())
def test_internal_links_resolve(site: Path, name: str) -> None:
    """Each file and each anchor that a page names is there; no anchor is there twice."""
    page = read(site, name)
    assert len(page.anchors) == len(set(page.anchors))
    missing = []
    for link in page.links:
        path, anchor = urldefrag(link.split("?")[0])
        if ":" in path:
            continue
        target = site / unquote(path) if path else site / f"{name}.html"
        if not target.exists() or (anchor and anchor not in read(site, target.stem).anchors):
            missing.append(link)
    assert missing == []


@pytest.mark.parametrize("name", chapters())
def test_colab_opens_this_chapters_notebook(site: Path, name: str) -> None:
    """Every link to Colab on a chapter's page names its notebook, which exists."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    repository = config["repository"]["url"].removeprefix("https://github.com/")
    prefix = f"https://colab.research.google.com/github/{repository}/blob/main/"
    links = [link for link in read(site, name).links if "colab" in link]
    assert set(links) == {f"{prefix}exercises/{name}.ipynb"}
    assert len(links) > 1
    assert (ROOT / "exercises" / f"{name}.ipynb").exists()


def test_only_chapters_offer_colab(site: Path) -> None:
    """The other pages have no notebook, and no button."""
    for name in set(pages()) - set(chapters()):
        assert [link for link in read(site, name).links if "colab" in link] == []
