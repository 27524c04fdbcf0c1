"""`check` as a function: what it finds, what it returns, what it prints in a terminal."""

import time
import warnings
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from autograder import reference
from autograder.hidden_tests import find
from gptcourse import CourseError, check
from gptcourse.catalogue import key_of
from gptcourse.checking import examine
from gptcourse.key import available


def softmax(x: Tensor, dim: int = -1) -> Tensor:
    return (x - x.logsumexp(dim=dim, keepdim=True)).exp()


def max_over_everything(x: Tensor, dim: int = -1) -> Tensor:
    e = (x - x.max()).exp()
    return e / e.sum(dim, keepdim=True)


def test_a_right_answer_is_true_and_has_all_points(capsys: pytest.CaptureFixture[str]) -> None:
    result = check(softmax)
    assert result
    assert result.earned == result.points == 4
    assert "passed · 4 of 4 points" in capsys.readouterr().out


def test_a_mistake_is_named_and_the_rest_keeps_its_points(
    capsys: pytest.CaptureFixture[str],
) -> None:
    result = check(max_over_everything, "softmax")
    shown = " ".join(capsys.readouterr().out.split())
    assert not result
    assert result.message is not None
    assert result.message.misconception == "max-over-everything"
    assert "not yet · 2 of 4 points" in shown
    assert "The shift is the maximum of the whole tensor" in shown
    assert "✓ turns a row of logits into probabilities (1 of 1)" in shown
    assert "✗ survives very large and very small logits (0 of 2)" in shown


def test_the_name_of_a_global_works(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("softmax")
    assert "passed" in capsys.readouterr().out


def test_a_name_that_is_not_defined_says_so() -> None:
    with pytest.raises(CourseError, match="`perplexity` is not defined yet"):
        check("perplexity")


def test_a_stub_is_not_attempted(capsys: pytest.CaptureFixture[str]) -> None:
    def stub(x: Tensor, dim: int = -1) -> Tensor:
        raise NotImplementedError

    assert check(stub, "softmax").verdict == "not attempted"
    assert "yours to write" in capsys.readouterr().out


def test_what_is_forbidden_is_seen_and_earns_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    result = check(torch.softmax)
    assert (result.verdict, result.earned) == ("not allowed", 0)
    assert "`torch.softmax`" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (torch.ones(3), r"a tensor of shape \(3,\).*check\(softmax\)"),
        (0.5, "a value of type `float`"),
        (None, "That is None"),
        (lambda x: x, "A lambda has no name"),
        ("sofmax", "Did you mean `softmax`"),
        (nn.Linear(1, 1), "an object of the type `Linear`"),
        (time.gmtime, r"No exercise is called `gmtime`. progress\(\) lists"),
    ],
)
def test_what_cannot_be_checked_is_said(wrong: Any, words: str) -> None:
    with pytest.raises(CourseError, match=words):
        check(wrong)


def test_a_class_is_found_by_itself_by_its_method_and_not_by_its_object() -> None:
    class CharTokenizer:
        def encode(self, text: str) -> list[int]:
            raise NotImplementedError

    by_class = check(CharTokenizer)
    by_method = check(CharTokenizer.encode, "CharTokenizer")
    assert by_class.exercise == by_method.exercise == "CharTokenizer"
    with pytest.raises(CourseError, match="Pass the class itself"):
        check(CharTokenizer())


def test_prints_are_shown_once_and_cut(capsys: pytest.CaptureFixture[str]) -> None:
    def talks(x: Tensor, dim: int = -1) -> Tensor:
        print("\n".join(f"line {i}" for i in range(30)))
        return softmax(x, dim)

    assert check(talks, "softmax")
    shown = capsys.readouterr().out
    assert "the first 20 of" in shown
    assert shown.count("line 19\n") == 1
    assert "line 20" not in shown


def test_warnings_are_no_failures() -> None:
    def warns(x: Tensor, dim: int = -1) -> Tensor:
        warnings.warn("look out", stacklevel=1)
        return softmax(x, dim)

    with pytest.warns(UserWarning, match="look out"):
        assert check(warns, "softmax")


def test_an_error_shows_the_learners_own_line_and_no_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def breaks(x: Tensor, dim: int = -1) -> Tensor:
        raise ValueError("\x1b[31mred\ud800")

    assert check(breaks, "softmax").verdict == "error"
    shown = capsys.readouterr().out
    assert 'raise ValueError("\\x1b[31mred\\ud800")' in shown
    assert "of breaks" in shown
    assert "\x1b" not in shown


def test_an_interrupt_ends_the_check_with_the_line_it_was_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def endless(x: Tensor, dim: int = -1) -> Tensor:
        raise KeyboardInterrupt  # what Python raises when the kernel is interrupted

    result = check(endless, "softmax")
    shown = capsys.readouterr().out
    assert result.verdict == "timed out"
    assert "You stopped the check" in shown
    assert "raise KeyboardInterrupt" in shown


def test_a_long_check_says_that_it_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gptcourse.checking.SAY_SO_AFTER_SECONDS", 0.05)

    def slow(x: Tensor, dim: int = -1) -> Tensor:
        time.sleep(0.03)
        return softmax(x, dim)

    assert check(slow, "softmax")
    assert capsys.readouterr().out.count("Still checking softmax") == 1


@pytest.mark.parametrize("exercise", available())
def test_a_right_answer_is_told_at_once(exercise: str) -> None:
    key = key_of(exercise)
    # Processor time: the wall clock would time the other tests that run beside this one.
    began = time.process_time()
    result, _ = examine(reference.load(find(exercise)), key)
    took = time.process_time() - began
    assert result, result.message
    assert took < 2.5  # half a second on a quiet machine; other tests run beside this one
