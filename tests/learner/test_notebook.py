"""Finding exercises in notebooks: three anchors, what learners and tools do to them, hostility."""

from typing import Any

import pytest

from gptcourse.magics import without_magics
from gptcourse.notebook import chapter_of, find_exercises, source_of

IDS = ["softmax", "perplexity"]


def cell(source: Any, exercise: str | None = None, **metadata: Any) -> dict[str, Any]:
    if exercise:
        metadata["gptcourse"] = {"exercise": exercise}
    return {"cell_type": "code", "source": source, "metadata": metadata}


def found(cells: Any) -> list[tuple[str, int, str]]:
    return [(f.exercise, f.cell_index, f.by) for f in find_exercises(cells, IDS)]


def test_each_anchor_alone_is_enough() -> None:
    assert found([cell("def softmax(x): ...", "softmax")]) == [("softmax", 0, "metadata")]
    assert found([cell("# exercise: softmax\ndef softmax(x): ...")]) == [("softmax", 0, "marker")]
    assert found([cell("def softmax(x): ...")]) == [("softmax", 0, "name")]
    assert found([cell("softmax = lambda x: x")]) == [("softmax", 0, "name")]


def test_nbgraders_own_metadata_is_an_anchor_when_it_marks_a_solution() -> None:
    solution = cell("def softmax(x): ...", nbgrader={"grade_id": "softmax", "solution": True})
    test = cell("check(softmax)", nbgrader={"grade_id": "softmax", "solution": False})
    assert found([test, solution]) == [("softmax", 1, "metadata")]


def test_the_strongest_anchor_wins_over_a_later_definition() -> None:
    cells = [cell("def softmax(x): ...", "softmax"), cell("def softmax(x): 'try'")]
    assert found(cells) == [("softmax", 0, "metadata")]


def test_a_cell_that_was_split_is_its_defining_half() -> None:
    cells = [
        cell("# exercise: softmax\nimport math", "softmax"),
        cell("def softmax(x): ...", "softmax"),
    ]
    assert found(cells) == [("softmax", 1, "metadata")]


def test_an_answer_moved_to_another_cell_is_found_there() -> None:
    cells = [cell("# exercise: softmax", "softmax"), cell("x = 1\ndef softmax(x): ...")]
    assert found(cells) == [("softmax", 1, "name")]


def test_merged_cells_hold_both() -> None:
    merged = (
        "# exercise: softmax\ndef softmax(x): ...\n\n# exercise: perplexity\ndef perplexity(x): ..."
    )
    assert found([cell(merged, "softmax")]) == [
        ("softmax", 0, "metadata"),
        ("perplexity", 0, "marker"),
    ]


def test_a_copied_cell_is_found_twice_in_order() -> None:
    cells = [cell("def softmax(x): 1", "softmax"), cell("def softmax(x): 2", "softmax")]
    assert found(cells) == [("softmax", 0, "metadata"), ("softmax", 1, "metadata")]


def test_a_cell_that_does_not_parse_is_found_and_says_why() -> None:
    (one,) = find_exercises([cell("def softmax(x):\n    return (x\n")], IDS)
    assert one.defined
    assert one.problem is not None
    assert "line 2" in one.problem


def test_what_only_mentions_the_name_is_not_an_answer() -> None:
    cells = [
        cell("class A:\n    def softmax(self): ..."),
        cell("text = '''\nno\n'''\nsoftmaxes = 1"),
        {"cell_type": "markdown", "source": "def softmax(x): ...", "metadata": {}},
    ]
    assert found(cells) == []


@pytest.mark.parametrize(
    "cells",
    [
        None,
        "cells",
        {"a": 1},
        [None, 3, "x", [], {}],
        [{"cell_type": ["code"], "source": 1, "metadata": []}],
        [{"cell_type": "code", "source": {"a": 1}, "metadata": None}],
        [{"cell_type": "code", "source": [None, 1], "metadata": {"gptcourse": None}}],
        [
            {
                "cell_type": "code",
                "source": "x",
                "metadata": {"gptcourse": {"exercise": ["softmax"]}},
            }
        ],
        [{"cell_type": "code", "source": "x", "metadata": {"gptcourse": [], "nbgrader": 4}}],
        [cell("(" * 100_000), cell("-" * 100_000 + "1"), cell("a\0b"), cell("x = '\ud800'")],
        [
            cell("%x\n" * 5_000),
            cell("1" + "+1" * 50_000),
            cell("if a: pass\n" + "elif a: pass\n" * 9_999),
        ],
    ],
)
def test_hostile_cells_are_read_as_nothing(cells: Any) -> None:
    assert find_exercises(cells, IDS) == []


@pytest.mark.parametrize("tree", [None, [], {}, {"metadata": 1}, {"metadata": {"gptcourse": [1]}}])
def test_hostile_metadata_names_no_chapter(tree: Any) -> None:
    assert chapter_of(tree) is None


def test_a_source_may_be_a_list_of_lines() -> None:
    assert source_of({"source": ["a\n", "b"]}) == "a\nb"


@pytest.mark.parametrize(
    ("source", "cleaned"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("if x:\n    !ls\ny = 2", "if x:\n    pass\ny = 2"),
        ("!pip install \\\n  torch\nx = 1", "pass\n\nx = 1"),
        ("files = !ls\nx = 1", "pass\nx = 1"),
        ("x?\n?x\nx??", "pass\npass\npass"),
        ("%%time\ndef softmax(x): ...", "\ndef softmax(x): ..."),
        ("%%bash\ndef softmax(x): ...", "\n"),
        ("y = (x\n     % 3)\n%time f()", "y = (x\n     % 3)\npass"),
        ("t = '''\n%no magic\n'''\n!ls", "t = '''\n%no magic\n'''\npass"),
        ("!echo (\nx = 1", "pass\nx = 1"),
        ("%load_ext a\ndef f(:\n", "pass\ndef f(:\n"),
        ("x = 1\r\n%pwd", "x = 1\npass"),
    ],
)
def test_magics_go_and_lines_stay(source: str, cleaned: str) -> None:
    assert without_magics(source) == cleaned
    assert len(cleaned.split("\n")) == len(source.split("\n"))
