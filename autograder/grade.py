"""submission + answer keys + sandbox -> the record of one submission.

Nothing in here raises because of what a learner handed in.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from autograder.hidden_tests import chapters
from autograder.outcomes import Outcome, rebuilt
from autograder.record import Record
from autograder.sandbox import Died, Job, Sandbox
from autograder.sandbox.protocol import Chunk
from autograder.submission import Submission, Unreadable, read_submission
from gptcourse.judge import GroupResult, Message, Report, Verdict, judge
from gptcourse.key import AnswerKey
from gptcourse.magics import parse
from gptcourse.reach import reaches

__all__ = ["grade_submission"]

# So many groups of a notebook may time out; what comes then is not run. They are counted, since
# the seconds that each takes depend on who else uses the machine.
TIMEOUTS = 6
SECONDS_PER_SUBMISSION = 600.0  # in all; on a busy machine honest ones need minutes


class _Clock:
    """The time of one submission."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.timeouts = 0

    def seconds(self) -> float:
        return time.monotonic() - self.began

    def is_up(self) -> bool:
        return self.timeouts >= TIMEOUTS or self.seconds() >= SECONDS_PER_SUBMISSION


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
    clock = _Clock()
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
        if means := _means(chunks, submission.chapter):
            reports.append(_refused(key, means))
            failures.append(f"{key.exercise}: not run; it uses {', '.join(means)}")
            continue
        outcomes = _run(chunks, submission, key, sandbox, failures, clock)
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
        seconds=round(clock.seconds(), 3),
    )


def _run(
    chunks: tuple[Chunk, ...],
    submission: Submission,
    key: AnswerKey,
    sandbox: Sandbox,
    failures: list[str],
    clock: _Clock,
) -> dict[str, Outcome]:
    """Run each group of cases in a process of its own, as long as there is time."""
    if not chunks:
        return {case.name: {"missing": key.target} for case in key.cases}
    outcomes: dict[str, Outcome] = {}
    for group in key.groups:
        names = [case.name for case in key.cases if case.group == group]
        if clock.is_up():
            failures.append(f"{key.exercise}, “{group}”: not run: the notebook's time was up")
            outcomes |= {name: {"died": "timed out"} for name in names}
            continue
        reply = sandbox.run(Job(chunks, key.target, tuple(key.calls(group))))  # type: ignore[arg-type]
        if isinstance(reply, Died):
            failures.append(f"{key.exercise}, “{group}”: {reply.reason}: {reply.detail}")
            outcomes |= {name: {"died": reply.reason} for name in names}
            clock.timeouts += reply.reason == "timed out"
        else:
            outcomes |= {
                name: rebuilt(outcome, submission.knows)
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


def _means(chunks: tuple[Chunk, ...], chapter: str) -> list[str]:
    try:
        return reaches((parse(chunk["source"]) for chunk in chunks), chapter)
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
