"""Judges outcomes by an answer key: the verdict, the points, and the one most useful message.

Order of search for the message: cannot be called or raised; not done yet; a forbidden shortcut; a
misconception that explains everything; input changed; wrong type, shape or dtype; not finite; a
misconception that explains part; the first difference. A misconception comes early because
naming the cause helps more than describing a symptom.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Literal

from torch import Tensor

from gptcourse.compare import Difference, first_difference, same_exception, same_outcome
from gptcourse.key import AnswerKey, KeyCase, Mistake
from gptcourse.wording import SourceLine, describe_case

__all__ = ["GroupResult", "Message", "Report", "Verdict", "judge"]

Outcome = dict[str, Any]
Verdict = Literal[
    "passed", "wrong", "not attempted", "error", "timed out", "missing", "not allowed"
]


@dataclass(frozen=True)
class Message:
    """What the learner is told.

    Attributes:
        text: one to three sentences.
        details: label -> value: the call, the two values, the learner's own line.
        misconception: the name of the mistake, where one was recognised.
    """

    text: str
    details: dict[str, str] = field(default_factory=dict)
    misconception: str | None = None


@dataclass(frozen=True)
class GroupResult:
    """One named part of the exercise."""

    name: str
    points: int
    passed: bool


@dataclass(frozen=True)
class Report:
    """The result of one exercise."""

    exercise: str
    title: str
    verdict: Verdict
    groups: list[GroupResult]
    message: Message | None

    @property
    def earned(self) -> int:
        """Points earned: the sum over the groups that passed, nothing for a forbidden shortcut."""
        if self.verdict == "not allowed":
            return 0
        return sum(group.points for group in self.groups if group.passed)

    @property
    def points(self) -> int:
        """Points there are."""
        return sum(group.points for group in self.groups)


@dataclass(frozen=True)
class _Judged:
    case: KeyCase
    outcome: Outcome
    problem: Difference | str | None


def judge(
    outcomes: Mapping[str, Outcome], key: AnswerKey, source_line: SourceLine | None = None
) -> Report:
    """Judge the outcomes of all cases.

    Args:
        outcomes: name of the case -> outcome. A case that is not there never came back; an
            outcome {"died": reason} says why.
        key: public keys may show inputs and values in messages, hidden ones never show an input.
        source_line: looks up the text of a learner's line by file and number, for tracebacks.
    """
    judged = [_judge_case(case, outcomes.get(case.name, {"died": "exited"})) for case in key.cases]
    groups = [
        GroupResult(name, points, all(j.problem is None for j in judged if j.case.group == name))
        for name, points in key.groups.items()
    ]
    used = {op for j in judged for op in j.outcome.get("used", [])}
    shortcut = next((name for name, ops in key.shortcuts.items() if used.intersection(ops)), None)
    failed = [j for j in judged if j.problem is not None]
    if shortcut:
        verdict: Verdict = "not allowed"
        message: Message | None = Message(
            f"This exercise is to be solved without `{shortcut}`: it is what you are building."
        )
    elif not failed:
        verdict, message = "passed", None
    else:
        verdict = _verdict(judged)
        message = _message(verdict, judged, failed, key, source_line)
    return Report(key.exercise, key.title, verdict, groups, message)


def _judge_case(case: KeyCase, outcome: Outcome) -> _Judged:
    problem: Difference | str | None
    for word in ("died", "missing", "raised"):
        if word in outcome:
            # A right answer may be an exception: the contract says so in "Raises".
            if word == "raised" and same_outcome(outcome, case.expected, case):
                return _Judged(case, outcome, None)
            return _Judged(case, outcome, word)
    if "outputs" not in outcome:
        return _Judged(case, outcome, "died")
    if "raised" in case.expected:
        return _Judged(case, outcome, "did not raise")
    problem = first_difference(outcome["outputs"], case.expected["outputs"], case)
    if problem is None and set(outcome.get("modified", [])) - set(case.expected["modified"]):
        problem = "modified"
    return _Judged(case, outcome, problem)


def _is_unwritten(judged: _Judged) -> bool:
    return judged.problem == "raised" and judged.outcome["raised"]["type"] == "NotImplementedError"


def _verdict(judged: list[_Judged]) -> Verdict:
    if all(j.problem == "missing" for j in judged):
        return "missing"
    if all(_is_unwritten(j) for j in judged):
        return "not attempted"
    if any(j.outcome.get("died") == "timed out" for j in judged):
        return "timed out"
    stopped = any(j.problem in ("raised", "died") and not _is_unwritten(j) for j in judged)
    nothing_passed = all(j.problem is not None for j in judged)
    return "error" if stopped and nothing_passed else "wrong"


def _message(
    verdict: Verdict,
    judged: list[_Judged],
    failed: list[_Judged],
    key: AnswerKey,
    source_line: SourceLine | None,
) -> Message:
    if verdict == "missing":
        return Message(f"No cell defines `{key.target}`.")
    if verdict == "not attempted":
        return Message(f"`{key.exercise}` still raises NotImplementedError: it is yours to write.")
    mistake = _explains_everything(judged, key)
    if mistake:
        return _named(mistake, "A known mistake: ", failed[0], key, source_line)
    first = next((j for j in failed if j.problem == "died"), failed[0])
    if first.problem != "died":
        first = next((j for j in failed if j.problem == "raised"), failed[0])
    if isinstance(first.problem, Difference) and first.problem.kind in ("value", "frequency"):
        mistake, example = _explains_part(failed, key)
        if mistake and example:
            start = f"In “{example.case.group}”, a known mistake: "
            return _named(mistake, start, example, key, source_line)
    text, details = _describe(first, key, source_line)
    return Message(text, details)


def _named(
    mistake: Mistake, start: str, example: _Judged, key: AnswerKey, source_line: SourceLine | None
) -> Message:
    _, details = _describe(example, key, source_line)
    return Message(f"{start}{mistake.what} {mistake.look}", details, mistake.name)


def _explains_everything(judged: list[_Judged], key: AnswerKey) -> Mistake | None:
    """Return the mistake whose outcomes are the learner's on every case.

    Where several only raise, and raise the same, the message of the exception decides.
    """
    possible = [
        mistake
        for mistake in key.mistakes
        if all(
            same_outcome(j.outcome, j.case.mistaken[mistake.name], j.case)
            if mistake.name in j.case.mistaken
            else j.problem is None
            for j in judged
        )
    ]
    for mistake in possible:
        if all(
            same_exception(j.outcome, j.case.mistaken[mistake.name])
            for j in judged
            if "raised" in j.outcome and mistake.name in j.case.mistaken
        ):
            return mistake
    return possible[0] if possible else None


def _explains_part(
    failed: list[_Judged], key: AnswerKey
) -> tuple[Mistake, _Judged] | tuple[None, None]:
    """Return the mistake that explains most failed cases by values that cannot be a coincidence."""
    best: tuple[int, Mistake, _Judged] | None = None
    for mistake in key.mistakes:
        explained = [
            j
            for j in failed
            if mistake.name in j.case.mistaken
            and _evidence(j.case.mistaken[mistake.name], j.case.expected) >= 4
            and same_outcome(j.outcome, j.case.mistaken[mistake.name], j.case)
        ]
        if explained and (best is None or len(explained) > best[0]):
            best = (len(explained), mistake, explained[0])
    return (best[1], best[2]) if best else (None, None)


def _evidence(mistaken: Any, expected: Any) -> int:
    """Weigh how unlikely it is to meet a mistake's values by chance.

    Only what differs from the right values counts: a fraction for 4, a whole number for 1, and
    each number once.
    """
    return sum(4 if value % 1 else 1 for value in set(_telling(mistaken, expected)))


def _telling(mistaken: Any, expected: Any) -> Iterator[float]:
    """Yield the finite numbers of a tree that are not those of the other."""
    if isinstance(mistaken, Tensor):
        mistaken = mistaken.flatten()[:1000].tolist()
        expected = expected.flatten()[:1000].tolist() if isinstance(expected, Tensor) else None
    if isinstance(mistaken, dict):
        other = expected if isinstance(expected, dict) else {}
        for key, value in mistaken.items():
            yield from _telling(value, other.get(key))
    elif isinstance(mistaken, list):
        others = expected if isinstance(expected, list) and len(expected) == len(mistaken) else []
        for value, other in zip_longest(mistaken, others):
            yield from _telling(value, other)
    elif type(mistaken) in (int, float) and mistaken != expected and math.isfinite(mistaken):
        yield mistaken


def _describe(
    judged: _Judged, key: AnswerKey, source_line: SourceLine | None
) -> tuple[str, dict[str, str]]:
    """Say what happened in one case, with the values that may be shown."""
    return describe_case(judged.case, judged.outcome, judged.problem, key, source_line)
