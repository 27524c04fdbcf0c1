"""`check`: runs the public cases on a learner's function or class and says what to look at."""

import contextlib
import linecache
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gptcourse import records, runner
from gptcourse.card import Card, Fold, Item
from gptcourse.catalogue import after, key_of
from gptcourse.display import show
from gptcourse.judge import Message, Report, judge
from gptcourse.key import AnswerKey
from gptcourse.naming import resolve
from gptcourse.prints import Prints, collected

__all__ = ["Result", "check", "examine"]

SAY_SO_AFTER_SECONDS = 2.0
# Of the details of a message, those that are part of it; the rest opens on demand.
_SHOWN = ("error", "your line")


@dataclass(frozen=True)
class Result(Report):
    """The report of a check. It is true when the exercise passed, and shows itself once."""

    def __bool__(self) -> bool:
        return self.verdict == "passed"

    def __repr__(self) -> str:
        return f"<{self.exercise}: {self.verdict}, {self.earned} of {self.points} points>"

    def _ipython_display_(self) -> None:
        """Show nothing: `check` has shown the card when IPython displays a cell's last value."""


def check(obj: Any, exercise: str | None = None) -> Result:
    """Check your answer to an exercise and show what to look at.

    Args:
        obj: your function or class, not called: `check(softmax)`. Its name works too, as a text.
        exercise: which exercise it is, where your name differs: `check(mine, "softmax")`.

    Returns:
        The report: true when everything passed, with `verdict`, `earned`, `points`, `groups` and
        `message`.

    Raises:
        CourseError: it cannot be told what to check.
    """
    found, learner_object = resolve(obj, exercise, sys._getframe(1).f_globals)
    key = key_of(found)
    with _patience(found):
        result, prints = examine(learner_object, key)
    if result.verdict != "not attempted":
        records.update(found, lambda record: _noted(record, result))
    card = card_of(result, prints)
    show(card.html(), card.plain())
    return result


def examine(learner_object: Any, key: AnswerKey) -> tuple[Result, Prints]:
    """Run every case of a key on an object and judge. Shows and records nothing."""
    outcomes: dict[str, dict[str, Any]] = {}
    stopped: dict[str, Any] | None = None
    with collected() as prints:
        for case, call in zip(key.cases, key.calls(), strict=True):
            try:
                outcomes[case.name] = runner.run_case(learner_object, **call)
            except KeyboardInterrupt as error:
                stopped = runner.raised(error)
                break
    unrun = {case.name: {"died": "timed out"} for case in key.cases if case.name not in outcomes}
    report = judge(outcomes | unrun, key, _source_line)
    if stopped:
        report = replace(report, verdict="timed out", message=_stopped(stopped))
    return Result(**vars(report)), prints


def card_of(result: Result, prints: Prints) -> Card:
    """Return the card that shows a result."""
    message = result.message
    details = dict(message.details) if message else {}
    shown = {label: details.pop(label) for label in _SHOWN if label in details}
    folds = []
    if details:
        both = "yours" in details and "called with" in details
        folds.append(Fold("The input and the two values" if both else "Details", details))
    if prints.text.strip():
        folds.append(Fold(prints.title(), {"": prints.beginning()}))
    untried = result.verdict in ("not attempted", "not allowed")
    return Card(
        title=result.title,
        status=f"{_status(result)} · {_points(result)}",
        tone="good" if result else "neutral" if result.verdict == "not attempted" else "bad",
        text=message.text if message else "",
        shown=Fold("", shown) if shown else None,
        items=tuple(
            Item(
                None if untried else group.passed,
                group.name,
                _share(group.passed and not untried, group.points),
            )
            for group in result.groups
        ),
        folds=tuple(folds),
        footer=_footer(result),
    )


def _status(result: Result) -> str:
    """Return the verdict in words; "an error" only where the message below it shows one."""
    if result.verdict in ("wrong", "error"):
        raised = result.message is not None and "error" in result.message.details
        return "not yet: an error" if raised else "not yet"
    return {"timed out": "not yet: stopped"}.get(result.verdict, result.verdict)


def _points(result: Result) -> str:
    return f"{result.earned} of {result.points} point{'' if result.points == 1 else 's'}"


def _share(passed: bool, points: int) -> str:
    return f"{points if passed else 0} of {points}"


def _footer(result: Result) -> str:
    if result:
        following = after(result.exercise)
        if following is None:
            return "That was the last exercise."
        chapter = key_of(following).chapter
        elsewhere = f", in {chapter}" if chapter != key_of(result.exercise).chapter else ""
        return f"Next: `{following}`{elsewhere}."
    return f'`hint("{result.exercise}")` gives a hint.'


def _noted(record: records.Record, result: Result) -> records.Record:
    return replace(
        record,
        passed=record.passed or bool(result),
        best=max(record.best, result.earned),
        tries=record.tries + 1,
    )


def _stopped(interrupt: Mapping[str, Any]) -> Message:
    details = {}
    for file, line, function in interrupt["frames"][-1:]:
        details["your line"] = f"{_source_line(file, line).strip()}  (line {line} of {function})"
    return Message("You stopped the check. This is where your code was:", details)


def _source_line(file: str, line: int) -> str:
    """Return the text of a line; a notebook keeps its cells in linecache too."""
    return linecache.getline(file, line)


@contextlib.contextmanager
def _patience(exercise: str) -> Iterator[None]:
    """Say that the check is still running, once, when it takes long."""
    # The stream is taken now: while the cases run, print goes elsewhere.
    stream = sys.stdout
    timer = threading.Timer(
        SAY_SO_AFTER_SECONDS,
        lambda: print(f"Still checking {exercise}. Interrupt to stop.", file=stream, flush=True),
    )
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
