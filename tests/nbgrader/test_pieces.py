"""The clean notebook, the comments and the outputs, from hostile input."""

import json
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.filters import markdown2html
from nbgrader.nbgraderformat import MetadataValidator

from autograder.hidden_tests import chapters
from autograder.nbgrader.expected import Expected
from autograder.nbgrader.feedback import comment, output_html, overview, plain_markdown
from autograder.nbgrader.rebuild import rebuilt
from autograder.record import Record
from gptcourse.judge import GroupResult, Message, Report
from tests.nbgrader.course import CHAPTER
from tests.sample_class.build import build
from tests.sample_class.notebook import CHAPTERS

EVIL = "`<b>` <script>alert(1)</script> [x](javascript:alert(1)) ![y](http://h/z) $\\href{a}{b}$ `"


def expected() -> list[Expected]:
    """What the gradebook holds of the first chapter, and a question to be answered in words."""
    cells = []
    for exercise in chapters()[CHAPTER]:
        cells.append(Expected(exercise.id, "code", "stub", False, False, True, False, None))
        check = f"check({exercise.id})"
        cells.append(Expected(f"{exercise.id}-check", "code", check, True, True, False, False, 4.0))
    cells.append(Expected("essay", "markdown", "Write.", False, True, True, False, 3.0))
    return cells


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("class")
    build(folder, followers=False, chapters=CHAPTERS[:2])
    return sorted(folder.iterdir())


def test_every_submission_becomes_a_notebook_that_nbgrader_takes(files: list[Path]) -> None:
    for path in files:
        notebook = rebuilt(path, expected())
        nbformat.validate(notebook)
        MetadataValidator().validate_nb(notebook)
        known = [c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata]
        assert sorted(c.grade_id for c in known) == sorted(c.name for c in expected()), path
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            scored = cell.metadata.get("nbgrader", {}).get("grade")
            data = [output.data for output in cell.outputs]
            assert data == ([{"text/plain": "0.0"}] if scored else []), path


def test_an_answer_stands_before_its_check(files: list[Path]) -> None:
    path = next(path for path in files if path.stem.endswith("metadata lost"))
    cells = rebuilt(path, expected()).cells
    ids = [cell.metadata.nbgrader.grade_id for cell in cells if "nbgrader" in cell.metadata]
    for exercise in chapters()[CHAPTER]:
        at = ids.index(exercise.id)
        assert ids[at + 1] == f"{exercise.id}-check"
        answer = next(c for c in cells if c.metadata.get("nbgrader", {}).get("grade_id") == ids[at])
        assert f"def {exercise.id}(" in answer.source


@pytest.mark.parametrize("schema", [99, 0, "x", None, {}])
def test_metadata_of_nbgraders_is_not_believed(tmp_path: Path, schema: object) -> None:
    meta = {"grade_id": "softmax-check", "grade": True, "points": 1e9, "locked": False,
            "solution": False, "schema_version": schema}  # fmt: skip
    check = {"cell_type": "code", "metadata": {"nbgrader": meta}, "source": "full marks"}
    answer = {"cell_type": "code", "metadata": {"nbgrader": {}},
              "source": "def softmax(x, dim=-1):\n    return x"}  # fmt: skip
    essay = {"cell_type": "markdown", "source": "Mine <script>x</script>",
             "metadata": {"nbgrader": {"grade_id": "essay"}}}  # fmt: skip
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps({"cells": [check, check, answer, essay, essay]}))
    cells = rebuilt(path, expected()).cells
    known = {c.metadata.nbgrader.grade_id: c for c in cells if "nbgrader" in c.metadata}
    assert known["softmax-check"].source == "check(softmax)"
    assert known["softmax-check"].metadata.nbgrader.points == 4.0
    assert known["softmax"].source == answer["source"]
    assert known["essay"].source.startswith("Mine &lt;script&gt;")
    assert "full marks" not in {cell.source for cell in cells}


def report(text: str) -> Report:
    groups = [GroupResult(text, 2, passed=True), GroupResult("b", 2, passed=False)]
    return Report("softmax", text, "wrong", groups, Message(text, {text: text}))


def assert_harmless(html: str) -> None:
    page = BeautifulSoup(html, "html.parser")
    allowed = {"p", "code", "strong", "em", "ul", "li", "br"}
    assert {tag.name for tag in page.find_all(True)} <= allowed, html
    assert not [tag for tag in page.find_all(True) if tag.attrs], html


def test_what_a_student_wrote_is_shown_and_not_run() -> None:
    html = markdown2html(comment(report(EVIL)))
    assert_harmless(html)
    assert "alert(1)" in BeautifulSoup(html, "html.parser").get_text()
    assert_harmless(str(output_html(report(EVIL))))
    for record in (Record("x", "unreadable", reason=EVIL), Record("x", "graded", repairs=[EVIL])):
        assert_harmless(markdown2html(overview(record)))


@settings(deadline=None)  # the machine may be busy
@given(
    st.lists(st.sampled_from([*"`<>&[]()!*_\\$#|~ ab\n1.-:/='\"", "http://x", "<b>"]), max_size=30)
)
def test_no_text_becomes_markup(parts: list[str]) -> None:
    assert_harmless(markdown2html("wrong: " + plain_markdown("".join(parts))))
