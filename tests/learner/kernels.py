"""Runs cells in a real kernel, and code in a real terminal process, as a learner does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

EXERCISES = Path(__file__).parents[2] / "exercises"

# fmt: off
RIGHT = """def softmax(x, dim=-1):
    return (x - x.logsumexp(dim=dim, keepdim=True)).exp()
"""
MAX_OVER_EVERYTHING = """def softmax(x, dim=-1):
    e = (x - x.max()).exp()
    return e / e.sum(dim, keepdim=True)
"""
STUB = '''def softmax(x, dim=-1):
    """Turn logits into probabilities."""
    raise NotImplementedError
'''
# fmt: on


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return what a learner's process sees: gptcourse, and nothing of the grader."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return keep | {
        "PYTHONPATH": str(EXERCISES),
        "GPTCOURSE_HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "OMP_NUM_THREADS": "1",
        **more,
    }


def terminal(code: str, home: Path, cwd: Path | None = None, **more: str) -> str:
    """Run code in a fresh Python process and return what it printed; it must succeed."""
    file = home / "script.py"
    home.mkdir(parents=True, exist_ok=True)
    file.write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(file)],
        cwd=cwd or home,
        env=environment(home, **more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def kernel(home: Path, cwd: Path | None = None, **more: str) -> Iterator["Kernel"]:
    """Start a kernel in a folder and stop it at the end."""
    home.mkdir(parents=True, exist_ok=True)
    client = NotebookClient(
        nbformat.v4.new_notebook(),
        timeout=120,
        kernel_name="python3",
        allow_errors=True,
        resources={"metadata": {"path": str(cwd or home)}},
    )
    with client.setup_kernel(env=environment(home, **more)):
        yield Kernel(client)


class Kernel:
    """A running kernel."""

    def __init__(self, client: NotebookClient) -> None:
        self.client = client
        self.cells = 0

    def run(self, source: str) -> list[Any]:
        """Run a cell and return its outputs."""
        cell = nbformat.v4.new_code_cell(source)
        self.client.nb.cells.append(cell)
        self.client.execute_cell(cell, self.cells)
        self.cells += 1
        return list(cell.outputs)


def html_of(outputs: list[Any]) -> str:
    """Return the HTML of the one card among outputs."""
    cards = [
        output["data"]["text/html"] for output in outputs if output.output_type == "display_data"
    ]
    assert len(cards) == 1, outputs
    return str(cards[0])
