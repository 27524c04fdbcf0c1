"""What all tests share: the browser, and how they are spread over the cores.

One browser serves a whole process, since Playwright's synchronous API starts once in it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# There is a worker a core already: threads of torch would wait for each other, and spin.
os.environ.setdefault("OMP_NUM_THREADS", "1")

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

# Folders whose fixtures take minutes and serve all of their tests: each goes to one core. What is
# said of an exercise goes to one core, as its answer keys take time to make. Elsewhere a module
# goes to one core. What takes long comes first, and the exercises, many and short, last: so no
# core is left with a long one while the others have nothing to do.
TOGETHER = ("nbgrader", "hostile")
LONG = (
    *TOGETHER,
    "grading",
    "site",
    "notebooks",
    "scale",
    "faults",
    "elsewhere",
    "model",
    "learner",
)
LAST = "invariants"


def folder(path: str) -> str:
    """Return the folder of tests in which a test lies, given by its id."""
    return Path(path.split("::")[0]).parts[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes long begin."""
    order = {name: number for number, name in enumerate(LONG)} | {LAST: len(LONG) + 1}
    items.sort(key=lambda item: order.get(folder(item.nodeid), len(LONG)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Spread the tests over the cores: an exercise, a folder from above, or a module at a time."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFolder(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            where = folder(nodeid)
            if where == "invariants":
                return nodeid.partition("[")[2].partition("-")[0].rstrip("]")  # the exercise
            return where if where in TOGETHER else nodeid.split("::")[0]

    return ByFolder(config, log)


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
