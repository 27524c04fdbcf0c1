"""Records as the grader makes them, without a grader: for counting and for pages of any size."""

from collections.abc import Iterable

from autograder.hidden_tests import find
from autograder.record import Record
from gptcourse.judge import GroupResult, Message, Report, Verdict
from tests.sample_class.crowd import RIGHT, STUB, Made


def report(
    exercise_id: str, verdict: Verdict, mistake: str | None = None, text: str = "A message."
) -> Report:
    """Return a report with the exercise’s groups; of a wrong one, the first has passed."""
    exercise = find(exercise_id)
    half = verdict == "wrong"
    groups = [
        GroupResult(name, points, verdict == "passed" or (half and place == 0))
        for place, (name, points) in enumerate(exercise.groups.items())
    ]
    message = (
        None if verdict == "passed" else Message(text, {"yours": "1", "expected": "2"}, mistake)
    )
    return Report(exercise_id, exercise.title, verdict, groups, message)


def record(name: str, reports: Iterable[Report], chapter: str, **fields: object) -> Record:
    return Record(name, "graded", "00" * 32, chapter, reports=list(reports), **fields)  # type: ignore[arg-type]


def of_crowd(made: Made) -> Record:
    """Return a record as if each mistake had been recognised."""
    reports = []
    for exercise, answer in made.answers.items():
        if answer == RIGHT:
            reports.append(report(exercise, "passed"))
        elif answer == STUB:
            reports.append(report(exercise, "not attempted"))
        else:
            mistake = next(m for m in find(exercise).misconceptions if m.name == answer)
            text = f"A known mistake: {mistake.what} {mistake.look}"
            reports.append(report(exercise, "wrong", answer, text))
    return record(made.name, reports, made.chapter, seconds=0.1 + made.number % 97 / 10)
