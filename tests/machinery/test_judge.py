"""The comparator's traps, the order of the messages, and hostile outcomes."""

from typing import Any

import pytest
import torch
from torch import Tensor

from gptcourse.judge import Report, judge
from gptcourse.key import AnswerKey, KeyCase, Mistake

RIGHT = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])
MISTAKEN = torch.tensor([2.0, 3.0, 4.0, 5.0, 7.0])


def outcome(value: Any, **more: Any) -> dict[str, Any]:
    return {"outputs": {"output": value}, "modified": [], "used": []} | more


def key(expected: Any = RIGHT, mistaken: Any = MISTAKEN, *, public: bool = True) -> AnswerKey:
    cases = [
        KeyCase(
            name=name,
            group=name,
            probe="p.p",
            inputs={"x": torch.tensor([9.25])},
            expected=outcome(expected),
            mistaken={"plus-one": outcome(mistaken)},
            atol=1e-5,
            rtol=1e-5,
            frequencies=[],
        )
        for name in ("first", "second")
    ]
    return AnswerKey(
        exercise="f",
        chapter="01",
        title="F",
        public=public,
        groups={"first": 2, "second": 3},
        mistakes=[Mistake("plus-one", "One is added.", "Look at the first number.")],
        hints=["a hint"],
        shortcuts={"torch.softmax": ["aten::_softmax"]},
        cases=cases,
    )


def judged(first: Any, second: Any = None, **options: Any) -> Report:
    second = first if second is None else second
    outcomes = {"first": first, "second": second}
    return judge(
        {n: o if isinstance(o, dict) else outcome(o) for n, o in outcomes.items()}, key(**options)
    )


def test_right() -> None:
    report = judged(RIGHT)
    assert (report.verdict, report.earned, report.message) == ("passed", 5, None)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (torch.ones(1), "shape"),
        (torch.ones(5, 1), "shape"),
        (RIGHT.int(), "data type"),
        (RIGHT.tolist(), "returned a list"),
        (1.0, "returned a float"),
        (None, "returned None"),
        (outcome({"unsupported": "numpy.ndarray"}), "numpy.ndarray"),
        (torch.full((5,), float("nan")), "not finite"),
        (torch.tensor([1.0, 2.0, 3.0, 4.0, float("inf")]), "not finite"),
        (RIGHT + 1e-3, "differs"),
        (torch.zeros(0), "shape"),
        (RIGHT.to(torch.complex64), "data type"),
        (torch.tensor([1, 2, 3, 4, 5], dtype=torch.uint16), "data type"),
    ],
)
def test_wrong_values_are_wrong(value: Any, words: str) -> None:
    report = judged(value)
    assert report.verdict == "wrong"
    assert report.earned == 0
    assert report.message is not None
    assert words in report.message.text


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_the_width_of_a_float_is_free(dtype: torch.dtype) -> None:
    assert judged(RIGHT.to(dtype)).verdict == "passed"


@pytest.mark.parametrize("dtype", [torch.int32, torch.uint8, torch.uint16, torch.uint64])
def test_the_width_of_an_integer_is_free(dtype: torch.dtype) -> None:
    assert judged(RIGHT.to(dtype), expected=RIGHT.long()).verdict == "passed"
    assert judged((RIGHT + 1).to(dtype), expected=RIGHT.long()).verdict == "wrong"


def test_infinity_may_be_the_answer() -> None:
    expected = torch.tensor([float("inf"), 1.0])
    assert judged(expected.clone(), expected=expected).verdict == "passed"
    assert judged(-expected, expected=expected).verdict == "wrong"


def test_the_mistake_is_named() -> None:
    report = judged(MISTAKEN)
    assert report.message is not None
    assert report.message.misconception == "plus-one"
    assert "One is added." in report.message.text


def test_a_mistake_in_one_place_is_named_there() -> None:
    report = judged(RIGHT, MISTAKEN)
    assert report.earned == 2
    assert report.message is not None
    assert report.message.misconception == "plus-one"
    assert "second" in report.message.text


def test_few_numbers_are_no_evidence() -> None:
    same: Tensor = torch.ones(5)
    report = judged(same * 3, same, expected=same, mistaken=same * 3)
    assert report.message is not None
    assert report.message.misconception is None


def test_changed_input_costs_points() -> None:
    report = judged(outcome(RIGHT, modified=["x"]))
    assert report.verdict == "wrong"
    assert report.message is not None
    assert "`x`" in report.message.text


def test_a_shortcut_is_not_allowed() -> None:
    report = judged(outcome(RIGHT, used=["aten::_softmax"]))
    assert (report.verdict, report.earned) == ("not allowed", 0)
    assert report.message is not None
    assert "torch.softmax" in report.message.text


def test_verdicts() -> None:
    def raised(kind: str) -> dict[str, Any]:
        return {
            "raised": {"type": kind, "message": "secret 9.25", "frames": []},
            "modified": [],
            "used": [],
        }

    assert judged(raised("NotImplementedError")).verdict == "not attempted"
    assert judged(raised("ValueError")).verdict == "error"
    assert judged(raised("ValueError"), RIGHT).verdict == "wrong"
    assert judged({"died": "timed out"}).verdict == "timed out"
    assert judged({"died": "exited"}).verdict == "error"
    assert judged({"missing": "f"}).verdict == "missing"
    assert judge({}, key()).verdict == "error"
    assert "9.25" not in str(judged(raised("ValueError"), public=False))
    assert "9.25" in str(judged(raised("ValueError")))


def test_hidden_keys_show_no_input_and_no_text() -> None:
    for value in (RIGHT + 1e-3, "9.25 tensor([9.25])", [9.25], {"9.25": 1}):
        assert "9.25" not in str(judged(value, public=False)), value


HOSTILE: list[dict[str, Any]] = [
    {},
    {"outputs": {}},
    {"outputs": {"output": {"unsupported": 7}}, "modified": ["output"] * 9},
    {"outputs": {"output": [[[[]]]]}},
    {"outputs": {"output": 10**400}},
    {"outputs": {"output": "\x1b[2J" * 1000}},
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("expected", [RIGHT, 1.5, "text", [1], {"a": 1}, 7, None, True])
def test_hostile_outcomes_get_nothing(value: dict[str, Any], expected: Any) -> None:
    outcomes = {"first": value, "second": value}
    report = judge(outcomes, key(expected=expected, mistaken=expected, public=False))
    assert report.earned == 0
