"""The points of a run, in Markdown: python -m autograder.github.summary GRADES [MISSING].

With --notices it prints the points of the one submission as annotations of the run.
"""

import html
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from autograder.record import Record
from autograder.saved import read_saved

__all__ = ["main", "markdown", "notices"]

MAX_ROWS = 2_000  # a summary of a step has room for 1 MiB


def markdown(records: Iterable[Record], missing: Iterable[str] = ()) -> str:
    """Return a table with a row a submission. What was not graded has no points, and no zero."""
    lines = ["| Submission | Status | Points | What stands out |", "|---|---|--:|---|"]
    for record in sorted(records, key=lambda record: record.name)[:MAX_ROWS]:
        points = "" if record.earned is None else f"{record.earned} of {record.points}"
        cells = (record.name, record.status, points, _note(record))
        lines.append(f"| {' | '.join(map(_safe, cells))} |")
    absent = list(missing)
    if absent:
        lines += ["", "No notebook was found in:", ""]
        lines += [f"- {_safe(name)}" for name in absent[:MAX_ROWS]]
    return "\n".join(lines) + "\n"


def notices(record: Record) -> list[str]:
    """Return the points as workflow commands, under the titles that classroom tools look for."""
    if record.earned is None:
        return [f"::error title=Not graded::{_flat(record.reason)}"]
    points = json.dumps({"totalPoints": record.earned, "maxPoints": record.points})
    return [
        f"::notice title=Autograding complete::Points {record.earned}/{record.points}",
        f"::notice title=Autograding report::{points}",
    ]


def _note(record: Record) -> str:
    if record.reason:
        return record.reason
    told = []
    for report in record.reports:
        if report.verdict != "passed":
            named = report.message.misconception if report.message else None
            told.append(f"{report.exercise}: {report.verdict}" + (f" ({named})" if named else ""))
    return ", ".join(told)


def _safe(text: str) -> str:
    """Return a text that is neither HTML nor Markdown."""
    return re.sub(r"([\\`*_{}\[\]()#+!|~@:])", r"\\\1", html.escape(_flat(text)))


def _flat(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def main(arguments: list[str]) -> None:
    """Print what the arguments ask for."""
    folder, *rest = arguments
    records = [read_saved(path).record for path in sorted(Path(folder, "records").glob("*.json"))]
    if rest == ["--notices"]:
        for record in records:
            print("\n".join(notices(record)))
        return
    missing = [line for path in rest for line in Path(path).read_text("utf-8").splitlines()]
    print(markdown(records, missing))


if __name__ == "__main__":
    main(sys.argv[1:])
