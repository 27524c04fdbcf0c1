"""The HTML pages: feedback for a student, and the list of a class for the instructor.

Self-contained files: no script, no request. Every value is escaped by Jinja2.
"""

import re
from collections.abc import Iterable
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from autograder.grade import Record

__all__ = ["class_page", "feedback_page"]

_WORDS = {
    "passed": "✓ passed",
    "wrong": "✗ wrong",
    "error": "✗ stopped with an error",
    "timed out": "✗ timed out",
    "missing": "– missing",
    "not attempted": "– not attempted",
    "not allowed": "✗ not allowed",
}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["ticks"] = _ticks
    environment.filters["visible"] = _visible
    environment.globals["words"] = _WORDS
    return environment


def _ticks(text: str) -> Markup:
    """Escape a text and set what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(_visible(text)))))


def _visible(text: str) -> str:
    """Replace characters that would be invisible or would turn the direction of the text."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def feedback_page(record: Record) -> str:
    """Return the page for the student."""
    return _environment().get_template("feedback.html.j2").render(record=record)


def class_page(rows: Iterable[tuple[Record, str]]) -> str:
    """Return the list of a class, given records with the names of their feedback files."""
    rows = sorted(rows, key=lambda row: row[0].name)
    return _environment().get_template("class.html.j2").render(rows=rows)
