"""Run the cells of the pages, several pages at a time: ``python book/_ext/execute.py CACHE``.

Sphinx runs one page after the other. What is in its cache it does not run again, so the pages are
run before, in as many kernels as there are cores. A page that fails is left to Sphinx, which says
where.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig

if TYPE_CHECKING:
    from nbformat import NotebookNode

BOOK = Path(__file__).resolve().parents[1]
SECONDS = 300  # for a cell; Sphinx has its own limit for what it runs


def main(cache_folder: str) -> None:
    """Run every page that has cells and is not in the cache."""
    # There is a kernel a core already: threads of torch would wait for each other.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    cache = get_cache(cache_folder)
    waiting: list[tuple[Path, NotebookNode]] = []
    for path in sorted(BOOK.glob("*.md"), reverse=True):  # the later ones take longer
        notebook = _read(path)
        if notebook is not None and not _is_cached(cache, notebook):
            waiting.append((path, notebook))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for (path, notebook), result in zip(waiting, pool.map(_run, waiting), strict=True):
            if result.err is None:
                done = CacheBundleIn(notebook, str(path), data={"execution_seconds": result.time})
                cache.cache_notebook_bundle(done, check_validity=False, overwrite=True)
                print(f"{path.name}: {result.time:.0f} s", flush=True)


def _read(path: Path) -> NotebookNode | None:
    text = path.read_text(encoding="utf-8")
    reader = create_nb_reader(str(path), MdParserConfig(), NbParserConfig(), text)
    return None if reader is None else reader.read(text)


def _is_cached(cache: Any, notebook: NotebookNode) -> bool:
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


def _run(page: tuple[Path, NotebookNode]) -> Any:
    """Run the cells in place and return jupyter-cache's result."""
    path, notebook = page
    return single_nb_execution(
        notebook, cwd=str(path.parent), timeout=SECONDS, allow_errors=False, meta_override=True
    )


if __name__ == "__main__":
    main(sys.argv[1])
