"""What the class report counts."""

from collections import Counter
from pathlib import Path

import pytest

from autograder.hidden_tests import find
from autograder.record import Record
from autograder.report.mistakes import for_the_lecture, ranked
from autograder.report.summary import summarise
from tests.report.made import of_crowd, record, report
from tests.sample_class.crowd import RIGHT, STUB, Made, crowd
from tests.sample_class.notebook import CHAPTERS, exercises

ONE, TWO = CHAPTERS[:2]
FIRST, SECOND, THIRD, FOURTH = (exercise.id for exercise in exercises(ONE))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Made]:
    return crowd(tmp_path_factory.mktemp("class"), 150, seed=5, chapters=CHAPTERS)


def test_a_crowd_is_the_same_again_and_starts_like_a_smaller_one(tmp_path: Path) -> None:
    crowd(tmp_path / "a", 12, seed=1)
    crowd(tmp_path / "b", 30, seed=1)
    crowd(tmp_path / "c", 12, seed=2)
    small, large, other = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in "abc"
    )
    assert len(small) == 12
    assert small.items() <= large.items()
    assert small != other


def test_mistakes_are_counted_and_ranked(made: list[Made]) -> None:
    planned = Counter(
        (exercise, answer)
        for one in made
        for exercise, answer in one.answers.items()
        if answer not in (RIGHT, STUB)
    )
    assert len(planned) > 20
    summary = summarise([of_crowd(one) for one in made])
    assert [chapter.stem for chapter in summary.chapters] == sorted(CHAPTERS)
    found = [mistake for chapter in summary.chapters for mistake in chapter.mistakes]
    assert {(m.exercise, m.name): len(m.records) for m in found} == planned
    for chapter in summary.chapters:
        counts = [len(mistake.records) for mistake in chapter.mistakes]
        assert counts == sorted(counts, reverse=True)
    for mistake in found:
        tried = sum(one.answers.get(mistake.exercise, STUB) != STUB for one in made)
        assert mistake.tried == tried
        known = next(m for m in find(mistake.exercise).misconceptions if m.name == mistake.name)
        assert (mistake.what, mistake.look) == (known.what, known.look)


def test_each_submission_is_in_one_kind_for_each_exercise(made: list[Made]) -> None:
    for chapter in summarise([of_crowd(one) for one in made]).chapters:
        for exercise in chapter.exercises:
            assert exercise.tried + exercise.untried == len(chapter.records)
            answers = [one.answers[exercise.id] for one in made if one.chapter == chapter.stem]
            assert exercise.untried == answers.count(STUB)
            assert exercise.full == answers.count(RIGHT)
        assert sum(number for _, number in chapter.bins) == len(chapter.records)


def test_not_attempted_is_apart_from_wrong_and_a_failure_from_a_zero() -> None:
    records = [
        record("wrong", [report(FIRST, "error"), report(SECOND, "not allowed")], ONE),
        record("stub", [report(FIRST, "not attempted"), report(SECOND, "missing")], ONE),
        record("half", [report(FIRST, "wrong"), report(SECOND, "passed")], ONE),
        Record("pdf", "unreadable", reason="It is not a notebook."),
        Record("gone", "grader failed", reason="the sandbox is gone"),
    ]
    summary = summarise(records)
    assert summary.graded == 3
    assert [r.name for r in summary.unreadable] == ["pdf"]
    assert [r.name for r in summary.failed] == ["gone"]
    (chapter,) = summary.chapters
    first, second = chapter.exercises
    assert (first.full, first.some, first.none, first.untried) == (0, 1, 1, 1)
    assert (second.full, second.some, second.none, second.untried) == (1, 0, 1, 1)
    assert first.verdicts == {"error": 1, "wrong": 1}
    assert [r.name for r in first.unexplained] == ["half"]
    assert [r.name for r in chapter.untouched] == ["stub"]


def test_where_a_student_stopped() -> None:
    def answers(*verdicts: str) -> list[object]:
        names = (FIRST, SECOND, THIRD, FOURTH)
        return [report(name, verdict) for name, verdict in zip(names, verdicts, strict=True)]  # type: ignore[arg-type]

    left = "not attempted"
    records = [
        record("a", answers("passed", "wrong", left, left), ONE),  # type: ignore[arg-type]
        record("b", answers("passed", left, "missing", left), ONE),  # type: ignore[arg-type]
        record("c", answers("passed", left, left, left), ONE),  # type: ignore[arg-type]
        record("d", answers("passed", left, "passed", "passed"), ONE),  # type: ignore[arg-type]
        record("e", answers(left, left, left, left), ONE),  # type: ignore[arg-type]
    ]
    (chapter,) = summarise(records).chapters
    assert [[r.name for r in e.stopped] for e in chapter.exercises] == [[], ["b", "c"], ["a"], []]
    assert chapter.most_stop
    assert chapter.most_stop.id == SECOND


def test_the_lecture_is_about_shares_and_not_about_one_exercise() -> None:
    """Many make a mistake where all tried; of the few who tried another, half make theirs."""
    records = [
        record(
            str(number),
            [
                report(FIRST, "wrong", ("a", "b", "c", "none")[min(number // 4, 3)]),
                report(SECOND, "wrong", "d") if number < 3 else report(SECOND, "not attempted"),
                report(THIRD, "wrong", "alone") if number == 19 else report(THIRD, "passed"),
            ],
            ONE,
        )
        for number in range(20)
    ]
    mistakes = ranked(records)
    assert [m.name for m in mistakes][:2] == ["none", "a"]
    lecture = for_the_lecture(mistakes)
    assert [m.name for m in lecture] == ["d", "none", "a"]
    assert lecture[0].share == 1.0


def test_what_the_grader_says_is_sorted_by_what_to_do() -> None:
    read = f"{FIRST}: not run; it uses `gc.freeze`"
    died = f"{FIRST}, “a group”: not run: the notebook's time was up"
    records = [
        record("both", [report(FIRST, "passed")], ONE, failures=[died, read]),
        record("fine", [report(FIRST, "passed")], ONE, repairs=["mended"], seconds=9.0),
    ]
    summary = summarise(records)
    assert summary.to_read == [(records[0], [read])]
    assert summary.broke == [(records[0], [died])]
    assert summary.repaired == [records[1]]
    assert [r.name for r in summary.slowest] == ["fine", "both"]


def test_a_record_of_an_older_course_is_counted_too() -> None:
    """Its exercise, its mistake and its chapter are in no catalogue any more."""
    old = report(FIRST, "wrong", "a-mistake-of-then", "What was said then.")
    gone = type(old)("gone", "Gone", "wrong", old.groups, old.message)
    (chapter,) = summarise([record("old", [gone, old], "99-gone")]).chapters
    assert [exercise.id for exercise in chapter.exercises] == [FIRST, "gone"]
    assert {mistake.what for mistake in chapter.mistakes} == {"What was said then."}
