"""What all tests share: the browser, and how they are spread over the cores.

One browser serves a whole process, since Playwright's synchronous API starts once in it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Folders whose fixtures take minutes and serve all of their tests: each goes to one core, and
# first, so that none is left alone at the end. Elsewhere a module goes to one core.
TOGETHER = ("nbgrader", "hostile")
LONG = (*TOGETHER, "invariants", "faults")


def folder(item: pytest.Item) -> str:
    """Return the folder of tests in which a test lies."""
    return item.path.relative_to(Path(__file__).parent).parts[0]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Say what belongs together, before pytest-xdist asks."""
    where = folder(item)
    group = where if where in TOGETHER else f"{where}-{item.path.stem}"
    item.add_marker(pytest.mark.xdist_group(group))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes long begin."""
    items.sort(key=lambda item: LONG.index(folder(item)) if folder(item) in LONG else len(LONG))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a headless Chromium."""
    if CHROMIUM is None:
        pytest.skip("no chromium on PATH: install the package `chromium`")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield chromium
        chromium.close()
