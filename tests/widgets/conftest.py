"""A folder with a harness page, a server for it, and what opens it."""

import functools
import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import gptcourse.widgets

from .samples import sample


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def serve(tmp_path: Path) -> Iterator:
    """serve(name, state=None) -> the address of a page that shows a sample picture."""
    handler = functools.partial(_Quiet, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def page_of(name: str, **state: object) -> str:
        picture = sample(name)
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        shutil.copy(Path(__file__).parent / "harness.html", folder / "index.html")
        (folder / "picture.js").write_text(str(picture._esm), encoding="utf-8")
        (folder / "picture.css").write_text(str(picture._css), encoding="utf-8")
        shared = Path(gptcourse.widgets.__file__).with_name("picture.css")
        shutil.copy(shared, folder / "shared.css")
        for asset in picture.assets:
            (folder / f"asset-{asset}").write_bytes(picture.read_asset(asset))
        (folder / "state.json").write_text(json.dumps({**picture.state(), **state}))
        return f"http://127.0.0.1:{server.server_port}/{name}/"

    yield page_of
    server.shutdown()
    server.server_close()


@pytest.fixture
def show(browser, serve) -> Iterator:
    """show(name, width=…, theme=…, touch=…) -> a page with the picture on it.

    At the end of the test the page must have asked for nothing elsewhere and logged no error.
    """
    contexts, faults, asked = [], [], []

    def open_page(name: str, width=1280, theme="light", touch=False, state=None, **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, has_touch=touch, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else 0)
        page.on("request", lambda request: asked.append(request.url))
        address = serve(name, **(state or {}))
        page.goto(address)
        page.wait_for_selector("body[data-ready]")
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
    assert [url for url in asked if not url.startswith(("http://127.0.0.1:", "data:"))] == []
