"""submission + answer keys + sandbox -> the record of one submission.

Nothing in here raises because of what a learner handed in.
"""

import builtins
import collections
import re
import time
import types
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from autograder.hidden_tests import chapters
from autograder.sandbox import Died, Job, Sandbox
from autograder.sandbox.protocol import Chunk
from autograder.submission import MAX_LINES, Submission, Unreadable, read_submission
from gptcourse.judge import GroupResult, Message, Report, Verdict, judge
from gptcourse.key import AnswerKey
from gptcourse.magics import parse
from gptcourse.reach import reaches

__all__ = ["Record", "Status", "grade_submission"]

Status = Literal["graded", "unreadable", "grader failed"]
Outcome = dict[str, Any]
SECONDS_PER_SUBMISSION = 60.0
# Types of Python and its libraries that answers return by mistake.
_TYPES = (
    {name for name, value in vars(builtins).items() if isinstance(value, type)}
    | {
        f"{module.__name__}.{name}"
        for module in (torch, torch.nn, torch.return_types, np, collections, types)
        for name, value in vars(module).items()
        if isinstance(value, type)
    }
    | {"function", "generator", "method", "builtin_function_or_method", "module"}
)
_EXCEPTIONS = {
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}


@dataclass(frozen=True)
class Record:
    """The result of one submission. `points` is None unless it was graded.

    Attributes:
        name: what the instructor sees: the path below the folder that was graded.
        status: a zero is never used to say that something broke.
        reason: why it is unreadable or the grader failed, and what to do.
        repairs: what was not as handed out.
        failures: for the instructor: what the sandbox says of calls that gave no answer, and what
            was not run.
    """

    name: str
    status: Status
    sha256: str = ""
    chapter: str = ""
    reason: str = ""
    repairs: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def earned(self) -> int | None:
        """Points earned, or None if it was not graded."""
        return sum(r.earned for r in self.reports) if self.status == "graded" else None

    @property
    def points(self) -> int | None:
        """Points there are, or None if it was not graded."""
        return sum(r.points for r in self.reports) if self.status == "graded" else None

    def to_json(self) -> dict[str, Any]:
        """Return the record as a JSON object."""
        return asdict(self) | {"earned": self.earned, "points": self.points}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Record":
        """Read a record that `to_json` made."""
        fields = {key: value for key, value in data.items() if key not in ("earned", "points")}
        fields["reports"] = [_report(report) for report in fields["reports"]]
        return cls(**fields)


def _report(data: Mapping[str, Any]) -> Report:
    message = data["message"]
    return Report(
        exercise=data["exercise"],
        title=data["title"],
        verdict=data["verdict"],
        groups=[GroupResult(**group) for group in data["groups"]],
        message=Message(**message) if message else None,
    )


def grade_submission(
    path: Path, name: str, keys: Mapping[str, AnswerKey], sandbox: Sandbox
) -> Record:
    """Grade one notebook.

    Args:
        path: the notebook.
        name: what to call it.
        keys: exercise id -> hidden answer key.
        sandbox: where its code runs. A SandboxError passes through: it is not the learner's.
    """
    start = time.monotonic()
    try:
        submission = read_submission(path)
    except Unreadable as problem:
        return Record(name, "unreadable", reason=str(problem))
    failures: list[str] = []
    reports = []
    for exercise in chapters()[submission.chapter]:
        key = keys[exercise.id]
        if exercise.id in submission.broken:
            reports.append(_broken(key, submission.broken[exercise.id]))
            continue
        chunks = submission.chunks(key.target)
        # Judged is exactly what would run.
        if means := _means(chunks):
            reports.append(_refused(key, means))
            failures.append(f"{key.exercise}: not run; it uses {', '.join(means)}")
            continue
        outcomes = _run(chunks, submission, key, sandbox, failures, start + SECONDS_PER_SUBMISSION)
        report = _judge(outcomes, key, submission, failures)
        reports.append(_with_clue(report, submission.clues.get(exercise.id, "")))
    return Record(
        name=name,
        status="graded",
        sha256=submission.sha256,
        chapter=submission.chapter,
        repairs=submission.repairs,
        reports=reports,
        failures=failures,
        seconds=round(time.monotonic() - start, 3),
    )


def _run(
    chunks: tuple[Chunk, ...],
    submission: Submission,
    key: AnswerKey,
    sandbox: Sandbox,
    failures: list[str],
    until: float,
) -> dict[str, Outcome]:
    """Run each group of cases in a process of its own, as long as there is time."""
    if not chunks:
        return {case.name: {"missing": key.target} for case in key.cases}
    outcomes: dict[str, Outcome] = {}
    for group in key.groups:
        names = [case.name for case in key.cases if case.group == group]
        if time.monotonic() > until:
            failures.append(f"{key.exercise}, “{group}”: not run: the notebook's time was up")
            outcomes |= {name: {"died": "timed out"} for name in names}
            continue
        reply = sandbox.run(Job(chunks, key.target, tuple(key.calls(group))))  # type: ignore[arg-type]
        if isinstance(reply, Died):
            failures.append(f"{key.exercise}, “{group}”: {reply.reason}: {reply.detail}")
            outcomes |= {name: {"died": reply.reason} for name in names}
        else:
            outcomes |= {
                name: _plain(outcome, submission.knows)
                for name, outcome in zip(names, reply.outcomes, strict=True)
            }
    return outcomes


def _judge(
    outcomes: dict[str, Outcome], key: AnswerKey, submission: Submission, failures: list[str]
) -> Report:
    try:
        return judge(outcomes, key, submission.line)
    except Exception as error:  # values are hostile: what cannot be compared is not an answer
        failures.append(f"{key.exercise}: cannot be compared: {type(error).__name__}")
        return judge({case.name: {"died": "bad reply"} for case in key.cases}, key)


def _with_clue(report: Report, clue: str) -> Report:
    """Say of an answer that is not there what stands in its place."""
    if not clue or report.message is None or report.verdict not in ("missing", "not attempted"):
        return report
    return replace(report, message=Message(f"{report.message.text} {clue}"))


def _means(chunks: tuple[Chunk, ...]) -> list[str]:
    try:
        return reaches(parse(chunk["source"]) for chunk in chunks)
    except (SyntaxError, RecursionError):
        return ["code that is nested too deep to be read"]


def _broken(key: AnswerKey, why: str) -> Report:
    text = "The cell does not parse, so nothing in it could be run."
    return _nothing(key, "error", Message(text, {"your cell": why}))


def _refused(key: AnswerKey, means: list[str]) -> Report:
    text = (
        f"It was not run, for it uses {', '.join(means[:4])}. The exercises need torch and the "
        "ordinary tools of Python. Take that out; if your answer does need it, ask who grades it."
    )
    return _nothing(key, "not allowed", Message(text))


def _nothing(key: AnswerKey, verdict: Verdict, message: Message) -> Report:
    groups = [GroupResult(name, points, passed=False) for name, points in key.groups.items()]
    return Report(key.exercise, key.title, verdict, groups, message)


def _plain(outcome: Outcome, knows: Callable[[str], bool]) -> Outcome:
    """Rebuild an outcome with exact types and bounded sizes; anything else is a bad reply.

    Names of exceptions and functions reach the student's page, so they must be Python's or stand
    in the notebook: else they could carry hidden inputs out.
    """
    clean: Outcome = {
        "modified": _names(outcome.get("modified")),
        "used": _names(outcome.get("used")),
    }
    if isinstance(outcome.get("outputs"), dict):
        return clean | {"outputs": _with_known_types(outcome["outputs"], knows)}
    if isinstance(outcome.get("missing"), str):
        return clean | {"missing": outcome["missing"][:100]}
    raised = outcome.get("raised")
    if not isinstance(raised, dict):
        return {"died": "bad reply"}
    kind = raised.get("type")
    if not isinstance(kind, str) or not (kind in _EXCEPTIONS or knows(kind)):
        kind = "Exception"
    message, frames = raised.get("message"), raised.get("frames")
    return clean | {
        "raised": {
            "type": kind,
            # It may repeat hidden inputs: it is compared, and nobody sees it.
            "message": message[:2000] if isinstance(message, str) else "",
            "frames": [_frame(f, knows) for f in frames[-5:] if _is_frame(f)]
            if isinstance(frames, list)
            else [],
        }
    }


def _with_known_types(value: Any, knows: Callable[[str], bool]) -> Any:
    """Take out of a tree the names of types that could carry hidden inputs out."""
    if isinstance(value, list):
        return [_with_known_types(item, knows) for item in value]
    if not isinstance(value, dict):
        return value
    if "unsupported" in value:
        name = value["unsupported"]
        known = isinstance(name, str) and (name in _TYPES or knows(name.rpartition(".")[2]))
        return {"unsupported": name if known else "object"}
    return {key: _with_known_types(item, knows) for key, item in value.items()}


def _names(value: Any) -> list[str]:
    if not isinstance(value, list):
        return []
    return [name for name in value[:50] if isinstance(name, str) and len(name) <= 80]


def _is_frame(frame: Any) -> bool:
    return (
        isinstance(frame, list)
        and len(frame) == 3
        and isinstance(frame[0], str)
        and re.fullmatch(r"cell \d{1,5}", frame[0]) is not None
        and type(frame[1]) is int
        and 0 <= frame[1] <= MAX_LINES
        and isinstance(frame[2], str)
    )


def _frame(frame: list[Any], knows: Callable[[str], bool]) -> list[Any]:
    return frame if knows(frame[2]) else [*frame[:2], ""]
