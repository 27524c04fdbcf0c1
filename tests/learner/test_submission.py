"""prepare_submission: which notebook, what is missing in it, and what is written."""

import json
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from gptcourse import CourseError, prepare_submission
from gptcourse.catalogue import chapters
from tests.learner.kernels import MAX_OVER_EVERYTHING, RIGHT, STUB, html_of, kernel

CHAPTER = "01-what-is-a-gpt"
WRITTEN = CHAPTER + "-submission.ipynb"


@pytest.fixture(autouse=True)
def no_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)


def code_cell(source: str, exercise: str | None = None) -> dict[str, Any]:
    metadata = {"gptcourse": {"exercise": exercise}} if exercise else {}
    output = {"output_type": "stream", "name": "stdout", "text": "secret"}
    return {
        "cell_type": "code",
        "id": f"cell-{abs(hash(source)) % 10**8}",
        "metadata": metadata,
        "source": source,
        "outputs": [output],
        "execution_count": 3,
    }


def write(folder: Path, *cells: dict[str, Any], name: str = "mine.ipynb", **metadata: Any) -> Path:
    path = folder / name
    tree = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"gptcourse": {"chapter": CHAPTER, "version": 1}, **metadata},
        "cells": list(cells),
    }
    path.write_text(json.dumps(tree), encoding="utf-8")
    return path


def notes(submission: Any) -> dict[str, str]:
    return {part.exercise: "; ".join(part.notes) for part in submission.parts}


def test_it_writes_a_copy_without_outputs_and_leaves_the_original(tmp_path: Path) -> None:
    path = write(
        tmp_path, code_cell(RIGHT, "softmax"), widgets={"state": 1}, kernelspec={"name": "x"}
    )
    before = path.read_bytes()
    submission = prepare_submission(path)
    assert submission.path == tmp_path / WRITTEN
    assert path.read_bytes() == before
    handed_in = json.loads(submission.path.read_text(encoding="utf-8"))
    assert handed_in["cells"][0]["source"] == RIGHT
    assert handed_in["cells"][0]["metadata"] == {"gptcourse": {"exercise": "softmax"}}
    assert handed_in["cells"][0]["outputs"] == []
    assert handed_in["cells"][0]["execution_count"] is None
    assert "widgets" not in handed_in["metadata"]
    assert handed_in["metadata"]["kernelspec"] == {"name": "x"}
    assert sorted(file.name for file in tmp_path.iterdir()) == [WRITTEN, "mine.ipynb"]


def test_it_says_of_each_exercise_what_is_the_matter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(
        tmp_path,
        code_cell(STUB, "softmax"),
        code_cell("def cross_entropy(x:\n", "cross_entropy"),
        code_cell("def perplexity(a, b):\n    return 1", "perplexity"),
        code_cell("def perplexity(a, b):\n    return 2", "perplexity"),
    )
    submission = prepare_submission(path)
    said = notes(submission)
    assert not submission
    assert said["softmax"].startswith("not written yet")
    assert said["cross_entropy"].startswith("not readable: line 1")
    assert said["perplexity"].startswith("twice, in cells 3 and 4 from the top")
    assert said["generate_greedy"] == "missing: no cell defines it"
    shown = " ".join(capsys.readouterr().out.split())
    assert f"0 of {len(chapters()[CHAPTER])} exercises ready" in shown
    assert WRITTEN in shown


HEAD, BODY = RIGHT.split("\n", 1)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([code_cell(HEAD, "softmax"), code_cell(BODY)], "cut apart; read as one. Merge them"),
        (
            [code_cell(RIGHT, "softmax") | {"cell_type": "markdown"}],
            "as a markdown cell; it was read as code. Make it a code cell",
        ),
        ([code_cell(RIGHT + "print softmax\n", "softmax")], "is no Python at line 3"),
        (
            [code_cell(RIGHT.replace("softmax", "my_softmax"), "softmax")],
            "number 1 from the top, defines `my_softmax` and not `softmax`: rename it",
        ),
        (
            [code_cell("# " + RIGHT.replace("\n", "\n# "), "softmax")],
            "missing: no cell defines it. In cell 1 it is commented out",
        ),
        (
            [code_cell(RIGHT, "softmax"), code_cell(MAX_OVER_EVERYTHING)],
            "twice, in cells 1 and 2 from the top: the last one counts",
        ),
        ([code_cell(STUB, "softmax"), code_cell("def softmax(x:")], "not readable: line 1"),
    ],
)
def test_it_warns_of_what_the_grader_would_have_to_repair(
    tmp_path: Path, cells: list[dict[str, Any]], said: str
) -> None:
    submission = prepare_submission(write(tmp_path, *cells, code_cell("def perplexity(a): 1")))
    assert not submission.parts[0].ready
    assert said in submission.parts[0].notes[0]


def test_what_was_odd_about_the_file_is_said_and_mended(tmp_path: Path) -> None:
    path = write(tmp_path, code_cell(RIGHT, "softmax"))
    path.write_text(json.dumps({"ipynb": json.loads(path.read_text())}), encoding="utf-16")
    submission = prepare_submission(path)
    assert submission.parts[0].ready
    assert [note.split(";")[0] for note in submission.notes] == [
        "It is saved as UTF-16",
        "The notebook lay inside another file's wrapping",
    ]
    assert json.loads(submission.path.read_text("utf-8"))["cells"][0]["source"] == RIGHT


def test_a_class_says_which_methods_are_not_written(tmp_path: Path) -> None:
    half = (
        "class CharTokenizer:\n"
        "    def encode(self, text):\n        return []\n"
        "    def decode(self, ids):\n        '''Text.'''\n        raise NotImplementedError\n"
    )
    path = write(tmp_path, code_cell(half), gptcourse={"chapter": "02-bigrams"})
    assert notes(prepare_submission(path))["CharTokenizer"].startswith("not written yet: decode")


def test_lost_metadata_costs_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, code_cell(RIGHT), gptcourse=None)
    submission = prepare_submission(path)
    assert submission.chapter == CHAPTER
    assert submission.parts[0].ready


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not json", "not valid JSON"),
        ("[" * 100_000, "nested too deep"),
        ('{"cells": [', "cut off in line 1"),
        ("<html></html>", "a web page"),
        ('{"worksheets": []}', "holds no exercise"),
        ('{"cells": 7}', "it has no cells"),
        ('{"cells": []}', "holds no exercise"),
    ],
)
def test_what_is_no_notebook_is_said(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "odd.ipynb"
    path.write_text(text)
    with pytest.raises(CourseError, match=words):
        prepare_submission(path)


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="No such file"):
        prepare_submission(tmp_path / "none.ipynb")


def test_too_large_without_outputs_names_the_cell(tmp_path: Path) -> None:
    path = write(tmp_path, code_cell(RIGHT, "softmax"), code_cell("x = '" + "a" * 11_000_000 + "'"))
    with pytest.raises(CourseError, match=r"11 MB.*number 2 from the top"):
        prepare_submission(path)
    assert not (tmp_path / WRITTEN).exists()


def test_large_outputs_are_no_problem(tmp_path: Path) -> None:
    cell = code_cell(RIGHT, "softmax")
    cell["outputs"][0]["text"] = "a" * 12_000_000
    assert prepare_submission(write(tmp_path, cell)).path.stat().st_size < 10_000


def test_the_submission_is_never_its_own_source(tmp_path: Path) -> None:
    path = write(tmp_path, code_cell(RIGHT), name=WRITTEN)
    with pytest.raises(CourseError, match="a submission already"):
        prepare_submission(path)


def test_the_only_notebook_of_the_folder_is_taken_and_two_are_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match="Pass its path"):
        prepare_submission()
    write(tmp_path, code_cell(RIGHT))
    (tmp_path / "other.ipynb").write_text("{}")
    assert prepare_submission().path == tmp_path / WRITTEN
    # The file just written does not count as a second notebook.
    assert prepare_submission().path == tmp_path / WRITTEN
    write(tmp_path, code_cell(RIGHT), name="second.ipynb")
    with pytest.raises(CourseError, match=r"\(mine.ipynb, second.ipynb\)"):
        prepare_submission()


def test_jupyter_says_which_notebook_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, code_cell(STUB), name="other.ipynb")
    path = write(tmp_path, code_cell(RIGHT))
    monkeypatch.chdir(tmp_path)
    for session in (str(path), "somewhere/else/mine.ipynb"):
        monkeypatch.setenv("JPY_SESSION_NAME", session)
        assert prepare_submission().parts[0].ready


def test_vs_code_says_which_notebook_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, code_cell(RIGHT))
    monkeypatch.setitem(globals(), "__vsc_ipynb_file__", str(path))
    assert prepare_submission().path == tmp_path / WRITTEN


def test_colab_hands_over_what_is_in_the_editor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Colab itself is nowhere but at Google: its one call stands in, with the reply it gives.
    content = json.loads(write(tmp_path, code_cell(RIGHT)).read_text())
    content["metadata"]["colab"] = {"name": "Copy of 01.ipynb"}
    message = types.ModuleType("google.colab._message")
    message.blocking_request = (  # type: ignore[attr-defined]
        lambda request_type, request="", timeout_sec=5: {"ipynb": content}
    )
    for name in ("google", "google.colab"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, "google.colab._message", message)
    monkeypatch.chdir(tmp_path)
    assert prepare_submission().path == tmp_path / WRITTEN


def test_in_a_kernel_it_checks_what_ran_and_sees_what_is_not_saved(
    tmp_path: Path, home: Path
) -> None:
    with kernel(home, cwd=tmp_path) as notebook:
        notebook.run("from gptcourse import prepare_submission")
        notebook.run(RIGHT)
        write(tmp_path, code_cell(RIGHT, "softmax"))
        card = html_of(notebook.run("s = prepare_submission()"))
        assert "passed, 4 of 4 points" in card
        assert "saved is another version" not in card
        assert "missing: no cell defines it" in card

        # A last value does not show the card a second time.
        assert len(notebook.run("prepare_submission()")) == 1

        write(tmp_path, code_cell(MAX_OVER_EVERYTHING, "softmax"))
        card = html_of(notebook.run("s = prepare_submission()"))
        assert "saved is another version than you ran" in card

        notebook.run(MAX_OVER_EVERYTHING)
        outputs = notebook.run("s = prepare_submission()")
        assert "wrong, 2 of 4 points" in html_of(outputs)
        assert "2 of 20 points in the public checks" in outputs[0]["data"]["text/plain"]

        (words,) = notebook.run("prepare_submission('none.ipynb')")
        assert words["traceback"] == [words["evalue"]]


def test_it_says_what_the_grader_will_not_run(tmp_path: Path) -> None:
    imports = "import gc, sys\nimport torch"
    answer = "# exercise: softmax\ndef softmax(x, dim=-1):\n    return gc.get_objects()[0]"
    cells = (code_cell(imports), code_cell(answer, "softmax"))
    part = notes(prepare_submission(write(tmp_path, *cells)))["softmax"]
    assert "will not be run: it uses `gc.get_objects`" in part
    honest = answer.replace("gc.get_objects()[0]", "torch.softmax(x, dim)")
    cells = (code_cell(imports), code_cell(honest, "softmax"))
    assert "will not be run" not in notes(prepare_submission(write(tmp_path, *cells)))["softmax"]
