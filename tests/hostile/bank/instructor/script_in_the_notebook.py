"""Puts scripts into Markdown, outputs, titles, tags, attachments and kernel names.

attacks: softmax
claim: pages
"""

from tests.hostile.bank import alone
from tests.sample_class.notebook import write

SCRIPT = "<script>document.title = 'owned'</script><img src=x onerror=alert(1)>"


def hand_in(folder):
    notebook = alone("softmax", f"def softmax(x, dim=-1):\n    return x  # {SCRIPT}")
    data = {"text/html": SCRIPT, "application/javascript": "alert(1)", "text/plain": SCRIPT}
    for cell in notebook["cells"]:
        cell["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
        cell["metadata"] = {"tags": [SCRIPT], "name": SCRIPT, "gptcourse": {"exercise": SCRIPT}}
    notebook["cells"] += [{"cell_type": "markdown", "source": SCRIPT, "metadata": {},
                           "attachments": {SCRIPT: {"image/svg+xml": SCRIPT}}}]  # fmt: skip
    notebook["metadata"] = {"title": SCRIPT, "authors": [{"name": SCRIPT}],
                            "kernelspec": {"name": SCRIPT, "display_name": SCRIPT}}  # fmt: skip
    path = folder / "instructor.script_in_the_notebook.ipynb"
    write(path, notebook)
    return path
