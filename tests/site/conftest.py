"""The built site, served, and a browser to look at it."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from . import stage
from .test_pictures import Hand
from .visit import Visit

ROOT = Path(__file__).resolve().parents[2]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing of each request."""


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the folder of the built site; build it unless it is up to date."""
    build = ROOT / "_build"
    build.mkdir(exist_ok=True)
    with (build / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one worker of pytest-xdist builds, the others wait
        command = [sys.executable, str(ROOT / "book" / "_ext" / "build.py"), "--if-needed"]
        made = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-3000:]
    return build / "html"


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Serve the site and return its address, with a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Return a fresh visitor: no storage, a laptop, a light theme."""
    visitor = Visit(browser, address)
    yield visitor
    visitor.close()


@pytest.fixture(params=["mouse", "keyboard", "touch"])
def kind(request: pytest.FixtureRequest) -> str:
    """Return each way to work a page in turn."""
    return str(request.param)


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """show(kind, module, picture) -> the hand and the picture, on a page without anything else.

    At the end nothing may have gone wrong on any of the pages.
    """
    visits: list[Visit] = []
    with stage.served(tmp_path) as address:

        def show_it(kind: str, module: str, picture: Any) -> tuple[Hand, Any]:
            stage.write(tmp_path, picture)
            visits.append(Visit(browser, address))
            hand = Hand(visits[-1], kind)
            return hand, hand.open("stage", module)

        yield show_it
        for visit in visits:
            visit.close()
    assert [trouble for visit in visits for trouble in visit.troubles] == []
