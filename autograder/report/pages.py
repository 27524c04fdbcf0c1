"""The HTML pages: feedback for a student, and the report on a class for the instructor.

Self-contained files that make no request. Every value is escaped by Jinja2, and the page's own
policy lets the browser run nothing but our script and apply nothing but our styles, by their hash.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from autograder.hidden_tests import STRETCH
from autograder.record import Record
from autograder.report import course
from autograder.report.mistakes import UNTRIED
from autograder.report.names import labels
from autograder.report.next_steps import next_steps
from autograder.report.shown import ticks, visible
from autograder.report.summary import Chapter, is_to_read, summarise
from autograder.saved import submission_id
from gptcourse.judge import Report

__all__ = ["class_page", "feedback_file", "feedback_page"]

_WORDS = {
    "passed": "✓ passed",
    "wrong": "✗ wrong",
    "error": "✗ stopped with an error",
    "timed out": "✗ timed out",
    "missing": "– missing",
    "not attempted": "– not attempted",
    "not allowed": "✗ not allowed",
}
_REASONS = {
    "wrong": "wrong",
    "error": "stopped with an error",
    "timed out": "timed out",
    "not allowed": "used what is not allowed",
}
_MARKS = {
    "passed": "",
    "wrong": "✗",
    "error": "!",
    "timed out": "…",
    "not allowed": "⊘",
    "not attempted": "–",
    "missing": "∅",
}


@dataclass(frozen=True)
class _Inline:
    """A style sheet or a script as it stands in the page, and its name in the page's policy."""

    text: Markup
    hash: str


@cache
def _inline(name: str) -> _Inline:
    text = (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return _Inline(Markup(text), f"sha256-{digest}")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        auto_reload=False,  # a run of hours does not mix the pages of two versions
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "count": _count,
        "percent": _percent,
        "short": _short,
        "ticks": ticks,
        "visible": visible,
    }
    environment.globals |= {
        "stretch": STRETCH,
        "chapter_number": course.chapter_number,
        "chapter_title": course.chapter_title,
        "exercise_url": course.exercise_url,
        "marks": ", ".join(f"{mark} {verdict}" for verdict, mark in _MARKS.items() if mark),
        "reasons": _REASONS,
        "script": _inline("report.js"),
        "style": _inline("report.css"),
        "tone": _tone,
        "words": _WORDS,
    }
    return environment


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\u202f%" if share >= 0.01 or share == 0 else "<1\u202f%"


def _short(number: float) -> str:
    """Write a number with at most one decimal."""
    return f"{number:.1f}".removesuffix(".0")


def _tone(report: Report) -> str:
    """Say which of four kinds a result is: it decides on the colour."""
    if report.verdict in UNTRIED:
        return "left"
    if report.verdict == "passed":
        return "all"
    return "some" if report.earned else "zero"


def feedback_file(record: Record) -> str:
    """Return the name of the feedback page's file."""
    return f"{submission_id(record.name)}.html"


def feedback_page(record: Record) -> str:
    """Return the page for the student."""
    template = _environment().get_template("feedback.html.j2")
    return template.render(
        record=record,
        label=labels([record.name])[record.name],
        steps=next_steps(record),
        title=course.chapter_title(record.chapter),
        url=course.chapter_url(record.chapter),
    )


def class_page(records: Sequence[Record]) -> str:
    """Return the report on a class. Its links lead to `feedback/` beside it."""
    names = labels([record.name for record in records])
    template = _environment().get_template("class.html.j2")
    return template.render(
        summary=summarise(records),
        label=lambda record: names[record.name],
        file=lambda record: f"feedback/{feedback_file(record)}",
        cells=_cells,
        finds=_finds,
        notes=_notes,
    )


def _cells(record: Record, chapter: Chapter) -> list[tuple[str, str]]:
    """Return (kind, text) for each exercise: the points, and why some are missing."""
    reports = {report.exercise: report for report in record.reports}
    return [_cell(reports.get(exercise.id)) for exercise in chapter.exercises]


def _cell(report: Report | None) -> tuple[str, str]:
    if report is None:
        return "left", ""
    mark = _MARKS[report.verdict]
    untried = report.verdict in UNTRIED
    return _tone(report), mark if untried else f"{report.earned} {mark}".strip()


def _finds(record: Record) -> str:
    """Return the words by which a row is found beside those that it shows."""
    named = [
        f"{report.exercise}:{report.message.misconception}"
        for report in record.reports
        if report.message and report.message.misconception
    ]
    verdicts = sorted({report.verdict for report in record.reports} - {"passed"})
    return visible(" ".join([*named, *verdicts]))


def _notes(record: Record) -> str:
    to_read = any(map(is_to_read, record.failures))
    stopped = not all(map(is_to_read, record.failures))
    notes = {"to be read": to_read, "stopped": stopped, "repaired": bool(record.repairs)}
    return ", ".join(note for note, holds in notes.items() if holds)
