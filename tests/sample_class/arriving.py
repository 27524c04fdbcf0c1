"""Notebooks as they really arrive, with what has to be said of each."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from tests.sample_class.honest import ONE
from tests.sample_class.notebook import solved
from tests.sample_class.spoil import (
    FIRST,
    HEAD,
    LAST,
    MARK,
    RIGHT,
    answer,
    answer_as,
    as_colab,
    as_vs_code,
    bare,
    cells,
    edited,
    old,
    saved_as,
    script,
    text,
    unknown_kernel,
    with_many_outputs,
)


@dataclass(frozen=True)
class Arriving:
    """A file, and what has to be said of it.

    Attributes:
        make: returns its bytes.
        verdict: of softmax; all other exercises that are there pass.
        said: words in a repair or in the message of softmax; "" if there is nothing to say.
    """

    make: Callable[[], bytes]
    verdict: str = "passed"
    said: str = ""


STUB = MARK + HEAD + "    '''Text.'''\n    raise NotImplementedError\n"

FORMS: dict[str, Arriving] = {
    # Files
    "from VS Code": Arriving(edited(as_vs_code)),
    "from Colab": Arriving(edited(as_colab)),
    "types and sources alone": Arriving(edited(bare)),
    "a BOM": Arriving(saved_as("utf-8", b"\xef\xbb\xbf")),
    "UTF-16": Arriving(saved_as("utf-16"), said="UTF-16"),
    "UTF-16 without a BOM": Arriving(saved_as("utf-16-le"), said="UTF-16"),
    "Windows-1252": Arriving(saved_as("cp1252"), said="not saved as UTF-8"),
    "NULs at the end": Arriving(lambda: text(solved(ONE)) + b"\0" * 4096),
    "characters at the end": Arriving(
        lambda: text(solved(ONE)) + b"\n</body></html>", said="Behind the notebook's end"
    ),
    "Colab's wrapper": Arriving(lambda: text({"ipynb": solved(ONE)}), said="wrapping"),
    "Jupyter's wrapper": Arriving(
        lambda: text({"type": "notebook", "content": solved(ONE), "name": "x"}), said="wrapping"
    ),
    "text in text": Arriving(lambda: text(json.dumps(solved(ONE))), said="wrapping"),
    "a list of cells": Arriving(lambda: text(solved(ONE)["cells"]), said="wrapping"),
    "a script": Arriving(lambda: script(solved(ONE)), said="Python script"),
    "format 3": Arriving(old(3), said="ten years ago"),
    "format 2": Arriving(old(2), said="ten years ago"),
    "60 MB of outputs": Arriving(edited(with_many_outputs)),
    "unknown kernel": Arriving(edited(unknown_kernel)),
    "no cell types": Arriving(
        edited(lambda n: [c.pop("cell_type") for c in n["cells"] if c["cell_type"] == "code"])  # type: ignore[arg-type,return-value]
    ),
    # Cells
    "cut below the signature": Arriving(cells(MARK + HEAD, FIRST + LAST), said="cut apart"),
    "cut below the docstring": Arriving(
        cells(MARK + HEAD + "    '''Text.'''\n", FIRST + LAST), said="cut apart"
    ),
    "cut in the middle": Arriving(cells(MARK + HEAD + FIRST, "\n" + LAST), said="cut apart"),
    "cut in three": Arriving(cells(MARK + HEAD, FIRST, LAST), said="cut apart"),
    "cut with a blank cell between": Arriving(
        cells(MARK + HEAD + FIRST, "  \n", LAST), said="cut apart"
    ),
    "cut inside brackets": Arriving(
        cells(MARK + HEAD + "    e = (x - x.amax(dim,", "    keepdim=True)).exp()\n" + LAST),
        said="cut apart",
    ),
    "the body alone below the stub": Arriving(
        cells(STUB, FIRST + LAST), "not attempted", "begins indented"
    ),
    "helper in a cell below": Arriving(
        cells(MARK + HEAD + "    return _s(x, dim)", "def _s(x, dim):\n" + FIRST + LAST)
    ),
    "indented as a whole": Arriving(
        cells("\n".join("  " + line for line in (MARK + RIGHT).split("\n")))
    ),
    "a raw cell": Arriving(answer_as("raw", MARK + RIGHT), said="as a raw cell"),
    "a fenced text cell": Arriving(
        answer_as("markdown", f"```python\n{MARK}{RIGHT}```"), said="as a markdown cell"
    ),
    "a text cell without marks": Arriving(
        answer_as("markdown", RIGHT, lost=True), "missing", "no code cell"
    ),
    "twice, the same": Arriving(cells(MARK + RIGHT, MARK + RIGHT), said="the same"),
    "twice, then broken": Arriving(
        cells(MARK + RIGHT, "def softmax(x, dim:\n    pass"), said="also in cell"
    ),
    "the stub again below": Arriving(cells(MARK + RIGHT, STUB)),
    "broken, above the stub": Arriving(
        cells("def softmax(x, dim:\n    pass", STUB, above=True), "error", "does not parse"
    ),
    # Names
    "another name, marks kept": Arriving(
        answer(MARK + RIGHT.replace("softmax", "my_softmax")), said="is called `my_softmax`"
    ),
    "another name, comment lost": Arriving(
        answer("def helper(x):\n    return x\n" + RIGHT.replace("softmax", "SoftMax2")),
        said="is called `SoftMax2`",
    ),
    "another name, no marks": Arriving(
        cells(RIGHT.replace("softmax", "my_softmax"), marks=False), "missing", "rename it"
    ),
    "two other names": Arriving(
        answer(MARK + RIGHT.replace("softmax", "f") + "\n" + RIGHT.replace("softmax", "g")),
        "missing",
        "Call your answer `softmax`",
    ),
    "commented out": Arriving(
        answer(MARK + "# " + RIGHT.replace("\n", "\n# ")), "missing", "commented out"
    ),
    "below %%writefile": Arriving(
        answer("%%writefile softmax.py\n" + MARK + RIGHT), "missing", "%%writefile"
    ),
    # Lines
    "a Python 2 print below": Arriving(
        answer(MARK + RIGHT + "\nprint softmax(x, dim=0)"), said="was left out"
    ),
    "words above": Arriving(
        answer("This is my answer:\n" + MARK + RIGHT), said="is no Python at line 1"
    ),
    "a wrong line inside": Arriving(
        answer(MARK + HEAD + FIRST + "print e\n" + LAST), "error", "does not parse"
    ),
    "tabs and spaces": Arriving(
        answer(MARK + HEAD + FIRST + "\treturn e / e.sum(dim, keepdim=True)"),
        "error",
        "does not parse",
    ),
    "marks of a merge": Arriving(
        answer(f"{MARK}<<<<<<< mine\n{RIGHT}=======\n{RIGHT}>>>>>>> theirs\n"),
        "error",
        "does not parse",
    ),
    "NUL in a cell": Arriving(answer(MARK + HEAD + FIRST + "\0" + LAST), said="NUL"),
    "Windows line ends": Arriving(answer((MARK + RIGHT).replace("\n", "\r\n"))),
    "Mac line ends": Arriving(answer((MARK + RIGHT).replace("\n", "\r"))),
    "magics": Arriving(
        answer("%%time\n" + MARK + "!pip install -q einops\n" + RIGHT + "softmax?\nx.exp()?\n")
    ),
    "input()": Arriving(answer(MARK + "who = input('Name: ')\n" + RIGHT)),
    # Python
    "under if": Arriving(
        answer(MARK + "if True:\n" + "\n".join("    " + line for line in RIGHT.split("\n")))
    ),
    "under try, with the stub above": Arriving(
        cells(
            STUB,
            "try:\n"
            + "\n".join("    " + line for line in RIGHT.split("\n"))
            + "\nexcept NameError:\n    pass",
        )
    ),
    "wrapped by itself": Arriving(
        answer(
            MARK + RIGHT + "\ndef same(f):\n    return lambda *a, **k: f(*a, **k)\n"
            "softmax = same(softmax)"
        )
    ),
    "wrapped by another name": Arriving(
        cells(MARK + RIGHT, "_old = softmax", "def softmax(x, dim=-1):\n    return _old(x, dim)")
    ),
    "decorated": Arriving(answer(MARK + "def same(f):\n    return f\n\n@same\n" + RIGHT)),
    "annotations of the future": Arriving(
        cells(
            "from __future__ import annotations",
            MARK + "def softmax(x: Array, dim: int | Axis = -1) -> Array:\n" + FIRST + LAST,
            above=True,
        )
    ),
    "everything imported": Arriving(
        cells(
            "from math import *\nfrom torch import *",
            MARK + HEAD + "    e = exp(x - amax(x, dim, True))\n" + LAST,
            above=True,
        )
    ),
    "one import of two names": Arriving(
        cells(
            "from torch import exp as softmax, amax",
            MARK + HEAD + "    e = (x - amax(x, dim, True)).exp()\n" + LAST,
            above=True,
        ),
        said="defined 2 times",
    ),
    "global state": Arriving(
        cells(
            "def prepare():\n    global TINY\n    TINY = 0.0\nprepare()\ncalls = []\n"
            "table = dict(a=1)\ntable.update(keep=True)",
            MARK
            + HEAD
            + "    global count\n    count = len(calls)\n    calls.append(TINY)\n"
            + FIRST.replace("True", "table['keep']")
            + LAST,
            above=True,
        )
    ),
    "walrus": Arriving(
        answer(MARK + "(keep := True)\n" + HEAD + FIRST.replace("True", "keep") + LAST)
    ),
    "two on a line": Arriving(
        answer(
            MARK
            + "n = 0; n = n + 1; keep = bool(n)\n"
            + HEAD
            + "    assert n == 1\n"
            + FIRST.replace("True", "keep")
            + LAST
        )
    ),
    "used above its last definition": Arriving(
        cells(MARK + "def softmax(x, dim=-1):\n    return x", "p = softmax(torch.ones(2))", RIGHT),
        said="defined 2 times",
    ),
}
