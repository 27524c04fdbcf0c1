"""What editors, downloads and students do to a notebook with a right answer."""

import json
from collections.abc import Callable
from typing import Any

from tests.sample_class.honest import ONE
from tests.sample_class.notebook import Notebook, changed, exercise_cell, solved, with_answer

MARK = "# exercise: softmax\n"
HEAD = "def softmax(x, dim=-1):\n"
FIRST = "    e = (x - x.amax(dim, keepdim=True)).exp()\n"
LAST = "    return e / e.sum(dim, keepdim=True)\n"
RIGHT = HEAD + FIRST + LAST


def text(notebook: Any) -> bytes:
    return json.dumps(notebook).encode()


def cell(source: Any, kind: str = "code", **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "outputs": [], "source": source} | more


def short() -> Notebook:
    """Return the solved notebook without the exercises but the first: there is less to run."""

    def cut(notebook: Notebook) -> None:
        ids = [cell.get("id", "") for cell in notebook["cells"]]
        del notebook["cells"][ids.index("softmax-check") + 1 :]

    return changed(solved(ONE), cut)


def answer(source: str) -> Callable[[], bytes]:
    """Return a maker of the notebook with another answer in the cell of softmax."""
    return lambda: text(with_answer(short(), "softmax", source))


def cells(*sources: str, marks: bool = True, above: bool = False) -> Callable[[], bytes]:
    """Return a maker of the notebook with several cells in the place of softmax's."""

    def edit(notebook: Notebook) -> None:
        first = exercise_cell(notebook, "softmax")
        at = notebook["cells"].index(first)
        new = [cell(source) for source in sources]
        if marks:
            new[-1 if above else 0]["metadata"] = first["metadata"]
        notebook["cells"][at : at + 1] = new

    return lambda: text(changed(short() if marks else solved(ONE), edit))


def answer_as(kind: str, source: str, **metadata: Any) -> Callable[[], bytes]:
    """Return a maker of the notebook with softmax's cell as another type of cell."""

    def edit(notebook: Notebook) -> None:
        first = exercise_cell(notebook, "softmax")
        kept = metadata or first["metadata"]
        first.clear()
        first.update(cell_type=kind, source=source, metadata=kept)

    return lambda: text(changed(solved(ONE) if metadata else short(), edit))


def edited(edit: Callable[[Notebook], None]) -> Callable[[], bytes]:
    return lambda: text(changed(solved(ONE), edit))


def saved_as(encoding: str, mark: bytes = b"") -> Callable[[], bytes]:
    """Return a maker of the notebook with a letter outside ASCII, in another encoding."""

    def make() -> bytes:
        notebook = with_answer(short(), "softmax", MARK + "# für später\n" + RIGHT)
        source = json.dumps(notebook, ensure_ascii=False)
        return mark + source.encode(encoding, "replace")

    return make


def old(major: int) -> Callable[[], bytes]:
    def make() -> bytes:
        old_cells = []
        for each in solved(ONE)["cells"]:
            source = each.pop("source")
            name = "input" if each["cell_type"] == "code" else "source"
            old_cells.append({"cell_type": each["cell_type"], name: "".join(source)})
        half = len(old_cells) // 2
        sheets = [{"cells": old_cells[:half]}, {"cells": old_cells[half:]}]
        return text({"nbformat": major, "worksheets": sheets})

    return make


def bare(notebook: Notebook) -> None:
    """Leave of each cell its type and source."""
    for key in [key for key in notebook if key != "cells"]:
        del notebook[key]
    for each in notebook["cells"]:
        kept = {"cell_type": each["cell_type"], "source": "".join(each["source"])}
        each.clear()
        each.update(kept)


def as_vs_code(notebook: Notebook) -> None:
    for each in notebook["cells"]:
        each.pop("id")
        each["metadata"] |= {"vscode": {"languageId": "python"}}
    notebook["metadata"]["kernelspec"] = {"name": "venv-ähnlich", "display_name": ".venv (3.13)"}


def as_colab(notebook: Notebook) -> None:
    notebook["metadata"]["colab"] = {"name": "Kopie von 作业 1.ipynb", "provenance": []}
    for each in notebook["cells"]:
        each["metadata"] |= {"id": "qX1", "colab": {"base_uri": "https://localhost"}}


def with_many_outputs(notebook: Notebook) -> None:
    picture = {"output_type": "display_data", "data": {"image/png": "A" * 60_000_000}}
    data = [{"x": [1, 2], "outputs": "]}"} for _ in range(60_000)]
    plot = {"output_type": "display_data", "data": {"application/vnd.plotly.v1+json": data}}
    notebook["cells"][-1]["outputs"] = [picture, plot]
    notebook["metadata"]["widgets"] = {"state": {str(i): {} for i in range(60_000)}}


def unknown_kernel(notebook: Notebook) -> None:
    notebook["metadata"]["kernelspec"] = {"name": "julia-1.9", "language": "julia"}
    notebook["metadata"]["language_info"] = {"name": "julia"}


def script(notebook: Notebook) -> bytes:
    code = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    return "\n\n".join(f"# %%\n{source}" for source in code).encode()
