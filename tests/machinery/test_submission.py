"""What is taken from a notebook, and what is left."""

import ast
from pathlib import Path

import pytest

from autograder.folder import find_notebooks, name_notebooks
from autograder.report.table import safe_cell
from autograder.saved import submission_id
from autograder.slicing import in_order, needed
from autograder.submission import (
    Unreadable,
    read_submission,
)
from tests.sample_class.files import FILES
from tests.sample_class.honest import ONE, long_training, perfect, syntax_error
from tests.sample_class.notebook import Notebook, solved, with_answer, with_cell, write

PROGRAM = """
import math, torch
from torch import nn
K = 3
table = {}
for i in range(K): table[i] = i
def helper(x): return x + K + len(table)
def unused(x): return nn.ReLU()(x)
print(helper(1))
history = [helper(i) for i in range(10**9)]
class Model(nn.Module):
    size = K
    def forward(self, x): return helper(x)
Model.extra = math.pi
(a, b), *rest = [(1, 2), 3]
if torch.cuda.is_available():
    device = "cuda"
else:
    device = "cpu"
try:
    import einops
except ImportError:
    einops = None
def last(x, d=device): return einops
""".strip().split("\n")


def lines(*names: str) -> str:
    body = ast.parse("\n".join(PROGRAM)).body
    return "\n".join(ast.unparse(body[i]) for i in needed(body, names))


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("helper", ["K = 3", "table[i] = i"], ["history", "print", "Model", "einops"]),
        ("Model", ["Model.extra", "def helper", "import math"], ["unused", "history"]),
        ("last", ["device = 'cpu'", "import einops", "einops = None"], ["Model", "K = 3"]),
        ("b", ["(a, b)"], ["K = 3"]),
        ("nowhere", [], ["import"]),
    ],
)
def test_needed(name: str, inside: list[str], outside: list[str]) -> None:
    text = lines(name)
    for piece in inside:
        assert piece in text
    for piece in outside:
        assert piece not in text


def test_parameters_and_locals_are_not_names_of_the_notebook() -> None:
    program = ast.parse(
        "prompt = 1\nx = 2\ndef f(prompt):\n    x = prompt\n    return [y for y in x]"
    )
    assert needed(program.body, ["f"]) == [2]


def test_statements_are_put_in_an_order_in_which_they_run() -> None:
    body = ast.parse(
        "def f(x: T = K): return g(x)\ndef g(x): return x\nK = 1\nimport T\nz = f(1)"
    ).body
    assert in_order(body) == [1, 2, 3, 0, 4]
    assert in_order(body[1:4]) == [0, 1, 2]
    circle = ast.parse("a = b\nb = a").body
    assert in_order(circle) == [0, 1]


def ordered(program: str) -> str:
    body = ast.parse(program).body
    return "; ".join(ast.unparse(body[i]) for i in in_order(body))


def test_a_patch_comes_behind_what_it_patches() -> None:
    assert ordered("M.f = g\nclass M: pass\ndef g(): 1").startswith("class M")
    assert ordered("x.append(1)\nx = []") == "x = []; x.append(1)"
    assert ordered("x += 1\nx = 0") == "x = 0; x += 1"
    assert ordered("for i in 'a': t[i] = i\nfor i in 'b': t[i] = i\nt = {}").startswith("t = {}")


@pytest.mark.parametrize(
    ("program", "numbers"),
    [
        ("t = {}\nt.update(a=1)\nprint(t)\ndef f(): return t", [0, 1, 3]),
        ("class f: pass\ndef g(s): pass\nsetattr(f, 'g', g)\nf()", [0, 1, 2]),
        ("def make():\n    global t\n    t = 1\nmake()\ndef f(): return t", [0, 1, 2]),
        ("from a import *\ndef f(): return exp(1)", [0, 1]),
        ("from a import *\ndef f(): return len([])", [1]),
    ],
)
def test_what_is_called_for_its_effect_is_taken(program: str, numbers: list[int]) -> None:
    assert needed(ast.parse(program).body, ["f"]) == numbers


def read(tmp_path: Path, notebook: Notebook) -> str:
    write(tmp_path / "n.ipynb", notebook)
    submission = read_submission(tmp_path / "n.ipynb")
    return "\n".join(chunk["source"] for chunk in submission.chunks("softmax"))


def test_training_is_left_out(tmp_path: Path) -> None:
    text = read(tmp_path, long_training())
    assert "def softmax" in text
    assert "sleep" not in text
    assert "check(" not in text


def test_helpers_in_other_cells_are_taken(tmp_path: Path) -> None:
    notebook = with_answer(
        solved(ONE),
        "softmax",
        "# exercise: softmax\ndef softmax(x, dim=-1):\n    return shifted(x, dim)",
    )
    helper = "SHIFT = 0\ndef shifted(x, dim):\n    return x + SHIFT"
    text = read(tmp_path, with_cell(notebook, helper, at=-1))
    assert "SHIFT = 0" in text
    assert "def shifted" in text


def test_the_stub_below_does_not_win(tmp_path: Path) -> None:
    stub = "def softmax(x, dim=-1):\n    '''Text.'''\n    raise NotImplementedError"
    text = read(tmp_path, with_cell(solved(ONE), stub, at=-1))
    assert "amax" in text
    assert "NotImplementedError" not in text


def test_a_syntax_error_names_cell_and_line(tmp_path: Path) -> None:
    write(tmp_path / "n.ipynb", syntax_error())
    broken = read_submission(tmp_path / "n.ipynb").broken
    assert list(broken) == ["softmax"]
    assert "line 2" in broken["softmax"]


def test_line_numbers_are_the_cells(tmp_path: Path) -> None:
    write(tmp_path / "n.ipynb", perfect())
    submission = read_submission(tmp_path / "n.ipynb")
    chunk = submission.chunks("softmax")[-1]
    number = next(
        i for i, line in enumerate(chunk["source"].split("\n"), 1) if "def softmax" in line
    )
    assert "def softmax" in submission.line(f"cell {chunk['cell']}", number)
    assert submission.line("cell 999999", 1) == submission.line("/etc/passwd", 1) == ""


@pytest.mark.parametrize("name", sorted(FILES))
def test_unreadable_files_say_what_to_do(tmp_path: Path, name: str) -> None:
    FILES[name](tmp_path / "n.ipynb")
    with pytest.raises(Unreadable, match=r"[Hh]and|right notebook"):
        read_submission(tmp_path / "n.ipynb")


def test_folders_are_searched_without_following_links(tmp_path: Path) -> None:
    write(tmp_path / "class" / "b" / "x.ipynb", perfect())
    write(tmp_path / "class" / "a.ipynb", perfect())
    write(tmp_path / "class" / ".ipynb_checkpoints" / "a-checkpoint.ipynb", perfect())
    write(tmp_path / "elsewhere" / "secret.ipynb", perfect())
    (tmp_path / "class" / "out").symlink_to(tmp_path / "elsewhere")
    found = name_notebooks(find_notebooks([tmp_path / "class"]))
    assert sorted(name for name, _ in found) == ["a.ipynb", "b/x.ipynb"]


def test_ids_are_safe_and_different() -> None:
    names = ["a/b.ipynb", "a_b.ipynb", "../../etc/passwd", "学生 一.ipynb", "é.ipynb"]
    names += ["e\u0301.ipynb", "x" * 400, "CON", "a\x00b", "\udcff.ipynb", "-rf", "=1+1"]
    ids = [submission_id(name) for name in names]
    assert len(set(ids)) == len(names)
    for identity in ids:
        assert len(identity) < 80
        assert identity.isascii()
        assert not identity.startswith((".", "-"))
        assert "/" not in identity


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\n=1", "|x", "%x"])
def test_formulas_are_texts(text: str) -> None:
    assert safe_cell(text).startswith("'")


def test_plain_cells_stay() -> None:
    assert safe_cell("ada@example.org 1+1") == "ada@example.org 1+1"
