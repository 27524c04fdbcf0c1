"""The wheel: what is in it, that no solution is, and that it installs and works alone, offline."""

import ast
import inspect
import re
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import reference
from autograder.exercise import Misconception, Variant
from autograder.hidden_tests import CATALOGUE
from gptcourse.key import available
from tests.learner.kernels import EXERCISES, RIGHT, environment

ROOT = EXERCISES.parent
NETWORK_REFUSED = """
import socket
def refuse(*args, **kwargs):
    raise AssertionError("a socket was opened")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
"""
# Shorter statements are everyone's: `return x`, `n = len(ids)`.
SHORTEST = 24


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, EXERCISES],
        check=True,
        capture_output=True,
        timeout=120,
    )
    (file,) = out.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def content(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_only_the_site_serves_is_not_in_it(content: dict[str, bytes]) -> None:
    """The weights of the GPT in the page would double what a learner loads."""
    assert "gptcourse/data/small_model/weights.safetensors" in content
    assert "gptcourse/data/small_gpt/model.safetensors" not in content


def statements(source: str) -> Iterator[str]:
    """Yield each statement inside a function, docstrings left out, in one normal form."""
    for function in ast.walk(ast.parse(textwrap.dedent(source))):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.stmt) and node is not function and not _tells_nothing(node):
                    yield ast.unparse(node)


def _tells_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def secret_sources() -> Iterator[str]:
    """Yield the source of every reference and of every wrong and right answer kept as a test."""
    for path in sorted((ROOT / "solutions" / "gpt2").glob("*.py")):
        yield path.read_text(encoding="utf-8")
    for exercise in CATALOGUE:
        text = reference.source(exercise)
        answers: list[Misconception | Variant] = [*exercise.misconceptions, *exercise.variants]
        for answer in answers:
            if answer.function is None:
                yield reference.apply_edits(text, answer.edits)
            else:
                yield inspect.getsource(answer.function)


def secrets() -> set[str]:
    """Return every statement that gives something away, in its normal form."""
    found = {s for source in secret_sources() for s in statements(source) if len(s) >= SHORTEST}
    return found - {"raise NotImplementedError"}


def test_the_check_for_secrets_sees_them() -> None:
    body = "return e / e.sum(dim, keepdim=True)"
    assert body in secrets()
    assert body in set(statements(f"def f(e, dim):\n    {body.replace(' ', '  ', 1)}"))


def test_no_solution_is_in_a_function_of_the_wheel(content: dict[str, bytes]) -> None:
    shipped = {
        statement: name
        for name, data in content.items()
        if name.endswith(".py")
        for statement in statements(data.decode("utf-8"))
    }
    assert shipped, "nothing was compared"
    assert {text: shipped[text] for text in secrets() & set(shipped)} == {}


def test_no_solution_is_in_any_file_as_text(content: dict[str, bytes]) -> None:
    # A whole line of text: of a loop or a condition the first line alone says nothing yet.
    lines = {re.sub(r"\s", "", text).encode() for text in secrets() if "\n" not in text}
    assert lines, "nothing was compared"
    found = {
        (name, line.decode())
        for name, data in content.items()
        if not name.endswith(("names.txt", "shakespeare.txt"))
        for squeezed in [re.sub(rb"\s", b"", data)]
        for line in lines
        if line in squeezed
    }
    assert found == set()


def test_nothing_of_the_grader_is_in_it(content: dict[str, bytes]) -> None:
    tops = {name.split("/")[0] for name in content}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"gptcourse"}
    names = " ".join(content)
    assert "hidden_tests" not in names
    assert ".ipynb" not in names
    assert "__pycache__" not in names


def test_all_that_is_needed_is_in_it(content: dict[str, bytes]) -> None:
    for exercise in available():
        assert f"gptcourse/answer_keys/{exercise}.safetensors" in content
    source = {
        f"gptcourse/{file.relative_to(EXERCISES / 'gptcourse').as_posix()}"
        for file in (EXERCISES / "gptcourse").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    # Five megabytes, which the site has: the picture says so.
    source.remove("gptcourse/data/small_gpt/model.safetensors")
    assert source <= set(content)
    assert any(name.endswith(".js") for name in source)
    assert any(name.endswith(".css") for name in source)


def test_it_asks_for_what_colab_has_and_pins_nothing(content: dict[str, bytes]) -> None:
    metadata = next(data.decode() for name, data in content.items() if name.endswith("/METADATA"))
    assert re.findall(r"^Requires-Dist: (.+)$", metadata, re.MULTILINE) == [
        "anywidget>=0.9",
        "ipywidgets>=7.7",
        "numpy",
        "regex",
        "safetensors",
        "torch>=2.2",
    ]
    assert "Requires-Python: >=3.10\n" in metadata
    assert "MIT" in metadata


@pytest.mark.parametrize("source", ["wheel", "folder"])
def test_it_installs_and_works_alone_and_offline(
    source: str, wheel: Path, tmp_path: Path, home: Path
) -> None:
    target = tmp_path / "installed"
    what = wheel if source == "wheel" else EXERCISES
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"),
            *("--no-build-isolation", "--disable-pip-version-check", "--target", target, what),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    code = (
        NETWORK_REFUSED + "import gptcourse\nfrom gptcourse import check, datasets, progress\n"
        "print(gptcourse.__file__)\n" + RIGHT + "assert check(softmax)\nprogress()\n"
        "assert len(datasets.names()) == 30294 and len(datasets.shakespeare()) == 1115394\n"
        "from gptcourse.widgets import BigramTable\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(home) | {"PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(target))
    assert "Softmax: passed" in done.stdout
