"""What a student is told to do next: at most three steps."""

from dataclasses import dataclass

from autograder.record import Record
from autograder.report import course
from autograder.report.mistakes import UNTRIED

__all__ = ["Step", "next_steps"]


@dataclass(frozen=True)
class Step:
    """A sentence or two, with `code` between backticks, and perhaps a link behind it."""

    text: str
    link: str = ""
    url: str = ""


def next_steps(record: Record) -> list[Step]:
    """Return the steps. None, where the next step is the instructor's."""
    if record.status == "grader failed":
        return []
    if record.status == "unreadable":
        return [
            Step("Open the notebook where you wrote it, run `prepare_submission()` in its last "
                 "cell, and hand in the file that this names."),
        ]  # fmt: skip
    wrong = [r for r in record.reports if r.verdict not in ("passed", *UNTRIED)]
    undone = [r for r in record.reports if r.verdict in UNTRIED]
    if not wrong and not undone:
        return _all_passed(record)
    steps = []
    if wrong:
        name = wrong[0].exercise
        others = (
            f" Then the same for {_names([r.exercise for r in wrong[1:]])}." if wrong[1:] else ""
        )
        steps.append(
            Step(f"Read what is said about `{name}` below, change your code, and run "
                 f"`check({name})`. If you are stuck, `hint({name})` gives a nudge.{others}")
        )  # fmt: skip
    if undone:
        url = course.exercise_url(record.chapter, undone[0].exercise)
        steps.append(
            Step(f"Still to be written: {_names([r.exercise for r in undone])}.",
                 link=f"Where the chapter explains {undone[0].title}" if url else "", url=url)
        )  # fmt: skip
    steps.append(
        Step("If your course takes another version, run `prepare_submission()` and hand in again.")
    )
    return steps


def _all_passed(record: Record) -> list[Step]:
    following = course.next_chapter(record.chapter)
    if not following:
        return [Step("Everything passed. You have done all that there is.")]
    url = course.chapter_url(following)
    title = f"{course.chapter_number(following)}, {course.chapter_title(following)}"
    if not url:
        return [Step(f"Everything passed. {title}, comes next.")]
    return [Step("Everything passed. Next:", link=title, url=url)]


def _names(exercises: list[str]) -> str:
    quoted = [f"`{name}`" for name in exercises]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
