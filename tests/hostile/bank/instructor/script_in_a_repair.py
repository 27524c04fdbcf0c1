"""Makes the reader repair and complain, with scripts where it might repeat what it found.

attacks: softmax
claim: pages
"""

from tests.hostile.bank import alone
from tests.sample_class.notebook import write

SCRIPT = "<script>document.title = 'owned'</script>"


def hand_in(folder):
    notebook = alone("softmax", f"def softmax(x, dim=-1:\n    return '{SCRIPT}")
    other = alone("cross_entropy", f"def cross_entropy(x, x):\n    '{SCRIPT}'\n    \u202e{SCRIPT}")
    twice = alone("perplexity", f"def perplexity(*a): return '{SCRIPT}'")["cells"]
    notebook["cells"] += [*other["cells"], *twice, *twice]
    notebook["nbformat"] = SCRIPT
    path = folder / "instructor.script_in_a_repair.ipynb"
    write(path, notebook)
    return path
