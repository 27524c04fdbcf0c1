"""Strategies: JSON of every shape, and trees in which any place was changed."""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

__all__ = ["json_values", "leaves", "mutations", "places", "texts"]

Path = tuple[Any, ...]

_WORDS = ["cells", "worksheets", "cell_type", "code", "source", "metadata", "gptcourse", "exercise",
          "softmax", "ipynb", "content", "input", "outputs", "# exercise: softmax\ndef softmax(x):",
          "    return x\n", "def softmax(x):\n", "class CharTokenizer:\n", "%%time\n", "x?\n",
          "<<<<<<< a\n", "'''", "(", "\\\n", "\t", "\0", "\ud800", "\u2028", "\x0c", "async def ",
          "softmax = softmax", "from __future__ import annotations\n", "from torch import *\n",
          "raise NotImplementedError", "# exercise: ", "global x", "9" * 5_000, "-" * 3_000 + "1",
          "(" * 300, "\n" * 50, "if x:\n" * 50, "lambda: " * 200]  # fmt: skip
texts = st.sampled_from(_WORDS) | st.text(max_size=20) | st.lists(
    st.sampled_from(_WORDS) | st.text(max_size=5), max_size=8).map("".join)  # fmt: skip
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 1e308, float("nan"), float("inf")])
    | st.floats()
    | texts
)
json_values = st.recursive(
    leaves, lambda t: st.lists(t, max_size=4) | st.dictionaries(texts, t, max_size=4), max_leaves=9
)


def places(tree: Any, path: Path = ()) -> list[Path]:
    """Return the path of every node below the root."""
    found: list[Path] = []
    if isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            found.append((*path, key))
            found += places(value, (*path, key))
    return found


@st.composite
def mutations(draw: st.DrawFn, make: Callable[[], Any], values: Any = json_values) -> Any:
    """Draw a tree in which one to six nodes were dropped, replaced, doubled, moved or nested."""
    tree = copy.deepcopy(make())
    for _ in range(draw(st.integers(1, 6))):
        paths = places(tree)
        if not paths:
            break
        *above, key = draw(st.sampled_from(paths))
        node = tree
        for step in above:
            node = node[step]
        what = draw(st.sampled_from(["drop", "replace", "double", "nest", "graft", "splice"]))
        if what == "drop":
            del node[key]
        elif what == "replace":
            node[key] = draw(values)
        elif what == "double" and isinstance(node, list):
            node.insert(draw(st.integers(0, len(node))), copy.deepcopy(node[key]))
        elif what == "nest":
            for _ in range(draw(st.sampled_from([1, 3, 40]))):
                node[key] = [node[key]]
        elif what == "graft":
            value: Any = tree
            for step in draw(st.sampled_from(paths)):
                value = value[step]
            node[key] = copy.deepcopy(value)
        elif isinstance(node[key], str):
            text, at = node[key], draw(st.integers(0, len(node[key])))
            node[key] = text[:at] + draw(texts) + text[at + draw(st.integers(0, 5)) :]
    return tree
