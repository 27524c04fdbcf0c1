"""What a student reads in nbgrader's pages: comments in Markdown, outputs in HTML.

nbgrader shows a comment as Markdown in the feedback and as text in the formgrader, so what stands
outside of backticks is escaped for both. The HTML keeps to tags that nbconvert's sanitizer lets
pass, with every value escaped.
"""

import re

from markupsafe import Markup

from autograder.record import Record
from autograder.report.shown import ticks, visible
from gptcourse.judge import Report

__all__ = ["comment", "output_html", "overview", "plain_markdown"]

_CODE = re.compile(r"`([^`]+)`")
_MARKS = re.compile(r"([\\`*_\[\]#|~$])")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_NOTHING_TO_SHOW = ("missing", "not attempted", "not allowed")


def comment(report: Report) -> str:
    """Return the comment on an answer, in Markdown; of a right one, nothing."""
    if report.verdict == "passed" or report.message is None:
        return ""
    return f"{_points(report)}: {plain_markdown(report.message.text)}"


def overview(record: Record) -> str:
    """Return what there is to say about the whole notebook, in Markdown."""
    if record.status != "graded":
        return f"**Not graded, and no zero.** {plain_markdown(record.reason)}"
    lines = [f"**{record.earned} of {record.points} points**"]
    if record.repairs:
        lines += ["What had to be repaired:", ""]
        lines += [f"- {plain_markdown(repair)}" for repair in record.repairs]
    return "\n".join((lines[0], "", *lines[1:]))


def output_html(report: Report) -> Markup:
    """Return the diagnosis and what was earned for what."""
    html = Markup("<strong>{}</strong>").format(_points(report))
    if report.message is not None:
        html += Markup("<ul><li>{}</li>").format(ticks(report.message.text))
        for label, value in report.message.details.items():
            html += Markup("<li>{}: <code>{}</code></li>").format(
                visible(label), visible(str(value))
            )
        html += Markup("</ul>")
    if report.verdict not in _NOTHING_TO_SHOW:
        rows = [
            Markup("<li>{} {} ({}/{})</li>").format(
                "✓" if group.passed else "✗",
                group.name,
                group.points if group.passed else 0,
                group.points,
            )
            for group in report.groups
        ]
        html += Markup("<ul>{}</ul>").format(Markup("").join(rows))
    return html


def plain_markdown(text: str) -> str:
    """Return a text as Markdown that shows it as it is, what stands between backticks as code."""
    flat = visible(text).replace("\n", " ")
    parts = _CODE.split(flat)
    return "".join(f"`{part}`" if i % 2 else _escaped(part) for i, part in enumerate(parts))


def _escaped(text: str) -> str:
    marked = _MARKS.sub(r"\\\1", text).replace("://", ":\\//")  # an address would become a link
    return "".join(_HTML.get(c, c) for c in marked)


def _points(report: Report) -> str:
    return f"{report.verdict}, {report.earned} of {report.points} points"
