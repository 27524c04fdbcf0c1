"""A record as Gradescope's results.json.

The format is described at https://gradescope-autograders.readthedocs.io/en/latest/specs/. A file
without any score is one that Gradescope does not take as a grade: that is what it gets when the
grader failed. An unreadable notebook has to carry a score, or its owner would not see the reason:
it is 0 of the chapter's points, and says on top that nothing was graded.
"""

from typing import Any, Literal

from autograder.hidden_tests import STRETCH
from autograder.record import Record
from autograder.report.shown import visible
from gptcourse.judge import Report

__all__ = ["Visibility", "failure", "results"]

Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]
Results = dict[str, Any]

_NOT_TRIED = ("missing", "not attempted", "not allowed")
_AGAIN = (
    "Not graded: the grader failed. This is not your fault, and it is not a zero.\n"
    "Instructor: look at the autograder's output, then choose “Regrade Submission”."
)


def results(record: Record, points: int, visibility: Visibility = "visible") -> Results:
    """Return the tree of results.json.

    Args:
        record: the grade.
        points: what the chapter is worth.
        visibility: when a student sees the tests and the points.
    """
    if record.status == "grader failed":
        return failure(record.reason)
    if record.status == "unreadable":
        return _unreadable(record.reason, points)
    # Like feedback pages, the text holds no hidden input. It is shown as text: it repeats pieces
    # of the notebook, which must not become HTML.
    tests = [_test(report, str(i), visibility) for i, report in enumerate(record.reports, 1)]
    said = [f"{record.earned} of {record.points} points.", *map(visible, record.repairs)]
    return _frame("graded", "\n".join(said)) | {
        "visibility": visibility,
        "execution_time": round(record.seconds),
        "tests": tests,
    }


def failure(reason: str) -> Results:
    """Return what to say when there is no grade: nothing in it is a score."""
    tree = _frame("grader failed", _AGAIN)
    tree["extra_data"]["reason"] = reason
    return tree


def _unreadable(reason: str, points: int) -> Results:
    text = f"Not graded: your file could not be read.\n{reason}\nHand in again: it costs nothing."
    test = {
        "name": "The notebook can be read",
        "number": "1",
        "status": "failed",
        "score": 0,
        "max_score": points,
        "output": text,
        "output_format": "text",
        "visibility": "visible",  # a student who does not see it cannot repair it
    }
    return _frame("unreadable", text) | {"visibility": "visible", "tests": [test]}


def _frame(status: str, output: str) -> Results:
    return {
        "output": output,
        "output_format": "text",
        "stdout_visibility": "hidden",
        "extra_data": {"status": status},
    }


def _test(report: Report, number: str, visibility: Visibility) -> Results:
    stretch = report.exercise in STRETCH
    points = {} if stretch else {"score": report.earned, "max_score": report.points}
    return points | {
        "name": f"{report.title} (stretch, not counted)" if stretch else report.title,
        "name_format": "text",
        "number": number,
        "status": "passed" if report.verdict == "passed" else "failed",
        "output": "\n".join(_lines(report)),
        "output_format": "text",
        "visibility": visibility,
        "tags": [report.exercise],
        "extra_data": {
            "verdict": report.verdict,
            "misconception": report.message.misconception if report.message else None,
        },
    }


def _lines(report: Report) -> list[str]:
    lines: list[str] = [report.verdict]
    if report.message:
        lines.append(visible(report.message.text))
        lines += [
            f"    {label}: {visible(value)}" for label, value in report.message.details.items()
        ]
    if report.verdict not in _NOT_TRIED:
        lines += [
            f"{'✓' if group.passed else '✗'} {group.name} "
            f"({group.points if group.passed else 0}/{group.points})"
            for group in report.groups
        ]
    return lines
