"""A page with nothing but some pictures on it, mounted as on the site: no build is needed."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from book._ext.course_site import widget_files

from .test_pictures import Hand
from .visit import LAPTOP, PHONE, ROOT, Visit

SCRIPT = ROOT / "book" / "_assets" / "js" / "widget.js"
HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Pictures</title>
<link rel="icon" href="data:,">
<style>body { margin: 1rem auto; max-width: 60rem; font-family: sans-serif }
figure { margin: 0 } html[data-theme="dark"] { background: #14181e; color: #e8ecf2 }</style>
<main><h1>Pictures</h1>"""
THEME = """<script>document.documentElement.dataset.theme =
  matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"</script>"""


def write(folder: Path, *pictures: Any) -> None:
    """Write `stage.html` and all its files into a folder."""
    widgets = folder / widget_files.FOLDER
    widgets.mkdir(parents=True, exist_ok=True)
    parts = [HEAD, THEME]
    for number, picture in enumerate(pictures):
        files = widget_files.describe(picture)
        parts.append(files.figure(widgets, f"{widget_files.FOLDER}/", f"widget-{number}"))
        parts.append(f'<div class="course-widget-stage">{picture.static_html()}</div>')
        parts.append("<figcaption>What to do and to see.</figcaption></figure>")
    parts.append('</main><script type="module" src="widget.js"></script></html>')
    shutil.copy(SCRIPT, folder / "widget.js")
    (folder / "stage.html").write_text("\n".join(parts), encoding="utf-8")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing of each request."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder; gives its address, with a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@contextmanager
def staged(browser: Browser, folder: Path) -> Iterator[Callable[..., Hand]]:
    """Give open(picture, kind="mouse") -> a hand on a page with that picture alone.

    At the end nothing may have gone wrong on the page that was opened last.
    """
    with served(folder) as address:
        visit = Visit(browser, address)

        def open_stage(picture: Any, kind: str = "mouse", **options: Any) -> Hand:
            write(folder, picture)
            touch = kind == "touch"
            visit.start(**{"width": PHONE if touch else LAPTOP, "touch": touch, **options})
            visit.open("stage")
            return Hand(visit, kind)

        yield open_stage
        visit.close()
        assert visit.troubles == []
