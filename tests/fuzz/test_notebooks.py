"""Whatever file is handed in is read or refused with a reason, in bounded time and memory."""

import json
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.hidden_tests import CATALOGUE
from autograder.submission import Submission, Unreadable, read_submission
from gptcourse.reading import NotANotebook, read_notebook
from tests.fuzz.conftest import PROFILE
from tests.fuzz.trees import json_values, mutations, texts
from tests.sample_class.arriving import FORMS
from tests.sample_class.notebook import CHAPTERS, solved, stub

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

SECONDS = 30.0  # the machine may be busy: an honest notebook takes 0.05 s
CODE = st.lists(texts, max_size=12).map("".join)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "n.ipynb"


def read(file: Path, data: bytes) -> Submission | None:
    """Read bytes as a submission, and use all of it as the grader does."""
    file.write_bytes(data)
    start = time.monotonic()
    try:
        submission = read_submission(file)
    except Unreadable:
        return None
    for exercise in CATALOGUE:
        for chunk in submission.chunks(exercise.target):
            compile(chunk["source"], "cell", "exec", dont_inherit=True, flags=0x400)  # as a tree
            assert submission.line(f"cell {chunk['cell']}", 1) is not None
        assert submission.knows(exercise.target) in (True, False)
    for name in ("", "cell 1", "cell 99999", "cell 0", "a\0"):
        assert submission.line(name, -1) == ""
        assert isinstance(submission.knows(name), bool)
    known = {exercise.id for exercise in CATALOGUE}
    assert submission.broken.keys() | submission.clues.keys() <= known
    assert all(len(text) < 600 for text in submission.repairs)
    assert time.monotonic() - start < SECONDS
    return submission


def as_bytes(tree: Any) -> bytes:
    return json.dumps(tree).encode()


@PROFILE
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace")))
@example(b"\xff\xfe\x00")
@example(b'{"cells": [{"cell_type": "code", "source": "\xff"}]}')
def test_any_bytes(file: Path, data: bytes) -> None:
    assert read(file, data) is None


@PROFILE
@given(json_values)
def test_any_json(file: Path, tree: Any) -> None:
    read(file, as_bytes(tree))


@PROFILE
@given(st.data(), st.sampled_from(CHAPTERS), st.booleans())
def test_notebooks_with_any_node_changed(
    file: Path, data: st.DataObject, chapter: str, is_solved: bool
) -> None:
    tree = data.draw(mutations(lambda: (solved if is_solved else stub)(chapter)))
    read(file, as_bytes(tree))


@PROFILE
@given(st.lists(st.tuples(CODE, st.sampled_from(["code", "raw", "markdown"])), max_size=6))
@example([("def softmax(x):\n  '''", "code"), ("'''", "code"), ("    return x", "code")])
def test_any_code(file: Path, cells: list[tuple[str, str]]) -> None:
    mark = {"gptcourse": {"exercise": "softmax"}}
    tree = {"cells": [{"cell_type": k, "source": s, "metadata": mark} for s, k in cells]}
    read(file, as_bytes(tree))


@PROFILE
@given(st.sampled_from(sorted(FORMS.keys() - {"60 MB of outputs"})), st.data())
def test_bytes_of_notebooks_changed(file: Path, name: str, data: st.DataObject) -> None:
    raw = bytearray(FORMS[name].make())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.sampled_from([0, 1, 1, 4, 500]))
        raw[at : at + length] = data.draw(st.binary(max_size=4))
    read(file, bytes(raw))


@PROFILE
@given(mutations(lambda: solved(CHAPTERS[0])), st.sampled_from(["utf-16", "utf-32", "cp1252"]))
def test_what_reading_returns_has_a_shape(tree: Any, encoding: str) -> None:
    try:
        reading = read_notebook(json.dumps(tree, ensure_ascii=False).encode(encoding, "replace"))
    except NotANotebook:
        return
    assert all(isinstance(cell, dict) for cell in reading.content["cells"])
    json.dumps(reading.content)  # what prepare_submission writes


def a_million(start: str, part: str, end: str) -> str:
    return start + part * (10**6 // len(part)) + end


@pytest.mark.parametrize(
    "source",
    [
        a_million("", "(", ""),
        a_million("", "x = 1\n", "")[:500_000],
        a_million("x = ", "-", "1")[:500_000],
        a_million("# exercise: softmax\n", "def softmax(x): 1\n", "")[:150_000],
        a_million("def softmax(x):\n  1\n", "softmax = softmax\n", "")[:50_000],
        a_million("def softmax(x):\n  1\n", "foo bar\n", "")[:60_000],
        a_million("def softmax(x):\n  1\n", "x = '''\n", "")[:20_000],
        a_million("def softmax(x):\n  1\n", "(\n", "")[:20_000],
        a_million("def softmax(x):\n  1\n", "%x\n", "y z")[:20_000],
        a_million("def softmax(x):\n  1\n", " " * 999 + "\n", "?")[:500_000],
    ],
    ids=lambda source: source[:24],
)
def test_code_that_costs_the_most(file: Path, source: str) -> None:
    whole = [{"cell_type": "code", "source": source}]
    lines = [{"cell_type": "code", "source": line} for line in source.split("\n")[:4_000]]
    for cells in (whole, lines):
        read(file, as_bytes({"cells": cells}))


@pytest.mark.parametrize(
    "data",
    [
        b'{"cells": [' + b'"' * 5_000_000,
        b'{"cells": [' + b'\\"' * 5_000_000,
        b'{"cells": [' + b'"outputs": [' * 400_000,
        b'{"cells": [{"outputs": [' + b'"\\\\",' * 2_000_000 + b"]}]}",
        b'{"cells": [{"outputs": ' + b"[" * 5_000_000,
        b'{"cells": [{"outputs": ["' + b"x" * 60_000_000,
        b'{"cells": [' + b"9" * 5_000_000 + b"]}",
        b'{"cells": [' + b'{"a":0},' * 400_000 + b"0]}",
        b"\xff\xfe" + b"[\0" * 5_000_000,
    ],
    ids=range(9),
)
def test_files_that_cost_the_most(file: Path, data: bytes) -> None:
    assert read(file, data) is None


def test_memory_is_bounded(file: Path) -> None:
    data = b'{"cells": [' + b'{"a":0},' * 60_000 + b"0]}"
    tracemalloc.start()
    try:
        assert read(file, data) is None
        assert tracemalloc.get_traced_memory()[1] < 120 * len(
            data
        )  # so 16 MB take 2 GB at most: brackets are counted
    finally:
        tracemalloc.stop()
