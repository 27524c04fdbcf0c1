"""Where a class stands: counts over its records, by chapter and by exercise."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from statistics import median, quantiles

from autograder.hidden_tests import CATALOGUE
from autograder.record import Record
from autograder.report.mistakes import UNTRIED, Mistake, for_the_lecture, ranked
from gptcourse.judge import Report

__all__ = ["Chapter", "ClassSummary", "ExerciseCount", "is_to_read", "summarise"]

BINS = 10
SLOWEST = 5


@dataclass(frozen=True)
class ExerciseCount:
    """An exercise in a class. Each submission is in one of full, some, none and untried.

    Attributes:
        mean: points, over those who tried.
        verdicts: of those with no points or some.
        unexplained: submissions that lose points in a way that is no known mistake.
        stopped: submissions that have done nothing from this exercise on.
    """

    id: str
    title: str
    points: int
    full: int
    some: int
    none: int
    untried: int
    mean: float
    verdicts: Counter[str]
    unexplained: list[Record]
    stopped: list[Record]

    @property
    def tried(self) -> int:
        """How many have worked on it."""
        return self.full + self.some + self.none


@dataclass(frozen=True)
class Chapter:
    """The graded submissions of one chapter.

    Attributes:
        bins: (label, number of submissions) for each range of points.
        quarters: points that a quarter, half and three quarters of the submissions reach at most.
        untouched: submissions with nothing done.
        mistakes: all known mistakes, most frequent first.
        lecture: those to talk about.
        most_stop: where most have stopped, if anyone has.
    """

    stem: str
    records: list[Record]
    points: int
    bins: list[tuple[str, int]]
    quarters: tuple[float, float, float]
    untouched: list[Record]
    exercises: list[ExerciseCount]
    mistakes: list[Mistake]
    lecture: list[Mistake]
    most_stop: ExerciseCount | None


@dataclass(frozen=True)
class ClassSummary:
    """A class.

    Attributes:
        to_read: graded, and with an answer that was not run for what it uses.
        broke: graded, and with calls that were stopped or gave no answer.
    """

    records: list[Record]
    chapters: list[Chapter]
    unreadable: list[Record]
    failed: list[Record]
    to_read: list[tuple[Record, list[str]]]
    broke: list[tuple[Record, list[str]]]
    repaired: list[Record]
    slowest: list[Record]

    @property
    def graded(self) -> int:
        """How many have points."""
        return sum(len(chapter.records) for chapter in self.chapters)


def summarise(records: Sequence[Record]) -> ClassSummary:
    """Count. Each file is a submission of its own, also where one student handed in several."""
    records = sorted(records, key=lambda record: record.name)
    graded = [record for record in records if record.status == "graded"]
    stems = sorted({record.chapter for record in graded})
    return ClassSummary(
        records=records,
        chapters=[_chapter(s, [r for r in graded if r.chapter == s]) for s in stems],
        unreadable=[record for record in records if record.status == "unreadable"],
        failed=[record for record in records if record.status == "grader failed"],
        to_read=_with_failures(graded, to_read=True),
        broke=_with_failures(graded, to_read=False),
        repaired=[record for record in graded if record.repairs],
        slowest=sorted(graded, key=lambda record: -record.seconds)[:SLOWEST],
    )


def is_to_read(failure: str) -> bool:
    """Say whether it is about an answer that was refused, and not about a call that was stopped."""
    return ": not run; it uses " in failure


def _with_failures(records: Sequence[Record], *, to_read: bool) -> list[tuple[Record, list[str]]]:
    """Return the records with those of their failures that ask to read an answer, or the others."""
    chosen = (
        (record, [f for f in record.failures if is_to_read(f) == to_read]) for record in records
    )
    return [(record, failures) for record, failures in chosen if failures]


def _chapter(stem: str, records: list[Record]) -> Chapter:
    exercises = [_exercise(name, records) for name in _order(records)]
    earned = [record.earned or 0 for record in records]
    points = max((record.points or 0 for record in records), default=0)
    mistakes = ranked(records)
    stops = [exercise for exercise in exercises if exercise.stopped]
    return Chapter(
        stem=stem,
        records=records,
        points=points,
        bins=_bins(earned, points),
        quarters=_quarters(earned),
        untouched=[r for r in records if all(e.verdict in UNTRIED for e in r.reports)],
        exercises=exercises,
        mistakes=mistakes,
        lecture=for_the_lecture(mistakes),
        most_stop=max(stops, key=lambda exercise: len(exercise.stopped), default=None),
    )


def _order(records: Sequence[Record]) -> list[str]:
    """Return the exercises in the catalogue's order; those it has no more, at the end."""
    seen = dict.fromkeys(report.exercise for record in records for report in record.reports)
    known = [exercise.id for exercise in CATALOGUE if exercise.id in seen]
    return known + [name for name in seen if name not in known]


def _exercise(name: str, records: Sequence[Record]) -> ExerciseCount:
    pairs = [(record, e) for record in records for e in record.reports if e.exercise == name]
    reports = [report for _, report in pairs]
    tried = [report for report in reports if report.verdict not in UNTRIED]
    full = sum(report.verdict == "passed" for report in tried)
    none = sum(report.verdict != "passed" and report.earned == 0 for report in tried)
    return ExerciseCount(
        id=name,
        title=reports[0].title,
        points=max(report.points for report in reports),
        full=full,
        some=len(tried) - full - none,
        none=none,
        untried=len(reports) - len(tried),
        mean=sum(report.earned for report in tried) / len(tried) if tried else 0.0,
        verdicts=Counter(report.verdict for report in tried if report.verdict != "passed"),
        unexplained=[record for record, report in pairs if _unexplained(report)],
        stopped=[record for record in records if _stopped_at(record) == name],
    )


def _unexplained(report: Report) -> bool:
    named = report.message is not None and report.message.misconception is not None
    return report.verdict == "wrong" and not named


def _stopped_at(record: Record) -> str | None:
    """Return the first exercise of those at the end that a student who began has left undone."""
    left = list(takewhile(lambda report: report.verdict in UNTRIED, reversed(record.reports)))
    return left[-1].exercise if 0 < len(left) < len(record.reports) else None


def _bins(earned: Sequence[int], points: int) -> list[tuple[str, int]]:
    """Count submissions in ranges of points, as equal as whole points allow; full marks apart."""
    width = max(1, -(-points // BINS))
    starts = range(0, points, width)
    bins = []
    for start in starts:
        last = min(start + width, points) - 1
        label = f"{start}" if last == start else f"{start}–{last}"
        bins.append((label, sum(start <= e <= last for e in earned)))
    return [*bins, (f"{points}", sum(e >= points for e in earned))]


def _quarters(earned: Sequence[int]) -> tuple[float, float, float]:
    if len(earned) < 2:
        return (float(median(earned or [0])),) * 3
    low, middle, high = quantiles(earned, n=4, method="inclusive")
    return low, middle, high
