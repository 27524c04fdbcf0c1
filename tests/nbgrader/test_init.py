"""`autograder nbgrader init`: what it writes, and what it refuses."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.hidden_tests import CATALOGUE, find
from autograder.nbgrader.clear import ClearToStub
from autograder.nbgrader.source import BEGIN, BEGIN_REMOVED, END, marked_cell, source_notebook
from autograder.notebooks import solved_cell, stub_cell
from tests.nbgrader.course import CHAPTER
from tests.sample_class.notebook import CHAPTERS


def init(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["nbgrader", "init", *map(str, words)])
    return result.exit_code, result.output


def test_it_lays_out_every_chapter_and_says_what_comes_next(tmp_path: Path) -> None:
    code, said = init(tmp_path / "course")
    assert code == 0
    for chapter in CHAPTERS:
        path = tmp_path / "course" / "source" / chapter / f"{chapter}.ipynb"
        assert path.read_text(encoding="utf-8") == source_notebook(chapter)
    for word in ("generate_assignment", "zip_collect", "autograde", "generate_feedback", "export"):
        assert f"nbgrader {word}" in said
    seed = tmp_path / "course" / "secret-seed"
    assert seed.stat().st_mode & 0o077 == 0
    assert len(seed.read_text().strip()) == 64


def test_a_seed_that_is_given_stays_where_it_is(tmp_path: Path) -> None:
    seed = tmp_path / "seed"
    seed.write_text("0123456789abcdef")
    code, _ = init(tmp_path / "course", "--seed-file", seed, "--chapter", CHAPTER)
    assert code == 0
    assert not (tmp_path / "course" / "secret-seed").exists()
    assert repr(str(seed)) in (tmp_path / "course" / "nbgrader_config.py").read_text()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    config = tmp_path / "nbgrader_config.py"
    config.write_text("mine")
    code, said = init(tmp_path)
    assert code == 1
    assert "is there already" in said
    assert config.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["nbgrader_config.py"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--chapter", "07-nothing"), "There are: 01-what-is-a-gpt"),
        (("--db", "gradebook"), "postgresql://user"),
        (("--db", "postgresql://x@127.0.0.1:1/x"), "does not answer"),
    ],
)
def test_a_wrong_call_is_told_what_to_do(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    code, said = init(tmp_path / "course", *words)
    assert code == 1
    assert says in said
    assert not (tmp_path / "course").exists()


@pytest.mark.parametrize("exercise", [exercise.id for exercise in CATALOGUE])
def test_clearing_the_solution_leaves_the_stub(exercise: str) -> None:
    source = marked_cell(find(exercise), solved_cell(find(exercise)))
    assert BEGIN in source
    cell = _cell(source)
    clear = ClearToStub(code_stub={"python": "raise NotImplementedError"})
    clear.preprocess_cell(cell, {"language": "python"}, 0)
    assert cell.source == stub_cell(find(exercise))


def test_a_helper_goes_without_a_stub() -> None:
    cell = _cell(f"# top\n{BEGIN_REMOVED}\ndef helper(): ...\n{END}\ndef f():\n    {BEGIN}\n    "
                 f"return 1\n    {END}\n    {BEGIN_REMOVED}\n    x\n    {END}")  # fmt: skip
    ClearToStub(code_stub={"python": "stub"}).preprocess_cell(cell, {"language": "python"}, 0)
    assert cell.source == "# top\ndef f():\n    stub\n"


def _cell(source: str):  # type: ignore[no-untyped-def]
    from nbformat.v4 import new_code_cell

    metadata = {"nbgrader": {"grade": False, "grade_id": "x", "solution": True, "locked": False}}
    return new_code_cell(source, metadata=metadata)


def test_an_exercise_is_an_answer_and_a_locked_check() -> None:
    cells = json.loads(source_notebook(CHAPTER))["cells"]
    by_id = {c["metadata"]["nbgrader"]["grade_id"]: c for c in cells if "nbgrader" in c["metadata"]}
    for exercise in (each for each in CATALOGUE if each.chapter == CHAPTER):
        answer = by_id[exercise.id]["metadata"]["nbgrader"]
        check = by_id[f"{exercise.id}-check"]["metadata"]["nbgrader"]
        assert answer["solution"]
        assert not answer["grade"]
        assert (check["grade"], check["locked"], check["points"]) == (True, True, exercise.points)


def test_help_needs_no_nbgrader() -> None:
    blocked = "import sys; sys.modules['nbgrader'] = None\nfrom autograder.cli import main\nmain()"
    for words in (["nbgrader", "--help"], ["nbgrader", "init", "--help"]):
        import sys

        result = subprocess.run(
            [sys.executable, "-c", blocked, *words], capture_output=True, text=True, timeout=60
        )
        assert result.returncode == 0, result.stderr
        assert "Usage" in result.stdout
