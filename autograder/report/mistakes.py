"""Which known mistakes a class makes, how often, and which are worth a word in the lecture."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.hidden_tests import find
from autograder.record import Record
from gptcourse.judge import Report

__all__ = ["UNTRIED", "Mistake", "for_the_lecture", "ranked"]

# Verdicts of exercises on which a student has not worked: apart from what is wrong.
UNTRIED = ("not attempted", "missing")
MOST, MOST_OF_ONE = 5, 2


@dataclass(frozen=True)
class Mistake:
    """A known mistake in a class.

    Attributes:
        what: one sentence that names it.
        look: one sentence on what one sees because of it.
        records: the submissions that were told so.
        tried: how many submissions have tried the exercise.
    """

    exercise: str
    title: str
    name: str
    what: str
    look: str
    records: list[Record]
    tried: int

    @property
    def share(self) -> float:
        """Of those who tried the exercise."""
        return len(self.records) / self.tried


def ranked(records: Sequence[Record]) -> list[Mistake]:
    """Return the known mistakes, those that most students make first."""
    found: dict[tuple[str, str], list[tuple[Record, Report]]] = defaultdict(list)
    tried: dict[str, int] = defaultdict(int)
    for record in records:
        for report in record.reports:
            tried[report.exercise] += report.verdict not in UNTRIED
            if report.message and report.message.misconception:
                found[report.exercise, report.message.misconception].append((record, report))
    mistakes = [
        _mistake(name, places, max(tried[exercise], len(places)))
        for (exercise, name), places in found.items()
    ]
    return sorted(mistakes, key=lambda m: (-len(m.records), -m.share, m.exercise, m.name))


def _mistake(name: str, places: list[tuple[Record, Report]], tried: int) -> Mistake:
    report = places[0][1]
    what, look = _sentences(report, name)
    records = [record for record, _ in places]
    return Mistake(report.exercise, report.title, name, what, look, records, tried)


def _sentences(report: Report, name: str) -> tuple[str, str]:
    """Return what the catalogue says; of a record of an older course, what the student was told."""
    try:
        for mistake in find(report.exercise).misconceptions:
            if mistake.name == name:
                return mistake.what, mistake.look
    except KeyError:
        pass
    return (report.message.text if report.message else name), ""


def for_the_lecture(mistakes: Sequence[Mistake]) -> list[Mistake]:
    """Return the few that are made by the largest share of those who tried the exercise.

    At most two of one exercise: a lecture has room for a few points. A mistake that one student
    of many makes is for a talk with this student.
    """
    chosen: list[Mistake] = []
    for mistake in sorted(mistakes, key=lambda m: (-m.share, -len(m.records), m.exercise, m.name)):
        same = sum(each.exercise == mistake.exercise for each in chosen)
        if same < MOST_OF_ONE and (len(mistake.records) > 1 or mistake.tried < 10):
            chosen.append(mistake)
        if len(chosen) == MOST:
            break
    return chosen
