"""A notebook that shows each picture with its controls, run by a real kernel."""

import os
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from . import samples

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def executed():
    client = pytest.importorskip("nbclient").NotebookClient
    cells = [new_code_cell("from tests.widgets import samples")]
    cells += [
        new_code_cell(f"picture = samples.sample({name!r})\npicture.with_controls()")
        for name in sorted(samples.ALL)
    ]
    cells += [new_code_cell("slider = samples.window().with_controls().children[0]; slider")]
    notebook = new_notebook(cells=cells)
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    client(notebook, timeout=120, kernel_name="python3").execute(
        cwd=root, env={**os.environ, "PYTHONPATH": path}
    )
    return notebook


@pytest.mark.parametrize("i", range(len(samples.ALL)), ids=sorted(samples.ALL))
def test_each_picture_is_shown_with_its_controls(executed, i):
    (output,) = executed.cells[i + 1].outputs
    models = executed.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    box = models[output.data[WIDGET]["model_id"]]
    children = [models[ref.removeprefix("IPY_MODEL_")] for ref in box["state"]["children"]]
    assert children[-1]["model_name"] == "AnyModel"
    assert "export default { render }" in children[-1]["state"]["_esm"]
    assert ".gc-picture" in children[-1]["state"]["_css"]
    name = sorted(samples.ALL)[i]
    expected = samples.sample(name).state()
    assert {k: children[-1]["state"][k] for k in expected} == expected
    assert len(children) == len(samples.sample(name).controls()) + 1


def test_notebook_is_valid(executed):
    nbformat.validate(executed)
