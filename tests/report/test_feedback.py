"""The student's page: what happened, what to do next, and never a false zero."""

import re
from pathlib import Path

import pytest

from autograder.record import Record
from autograder.report.pages import feedback_page
from autograder.report.write import read_records, write_feedback, write_reports
from gptcourse.judge import Verdict
from tests.report.made import record, report
from tests.sample_class.notebook import CHAPTERS, exercises

ONE, TWO = CHAPTERS[:2]
FIRST, SECOND, THIRD, FOURTH = (exercise.id for exercise in exercises(ONE))


def text_of(page: str) -> str:
    """Return the words that are read, each space one space."""
    body = re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", "", body).split())


def graded(*verdicts: Verdict) -> Record:
    names = (FIRST, SECOND, THIRD, FOURTH)
    reports = [report(name, verdict) for name, verdict in zip(names, verdicts, strict=True)]
    return record("ada.ipynb", reports, ONE, repairs=["`softmax`: the cell has lost its marks."])


def test_it_says_points_verdicts_groups_and_repairs() -> None:
    one = graded("passed", "wrong", "error", "not attempted")
    words = text_of(feedback_page(one))
    assert f"{one.earned} of {one.points} points" in words
    assert "passed · 4 of 4" in words
    assert "stopped with an error · 0 of" in words
    for group in exercises(ONE)[1].groups:
        assert group in words
    assert "the cell has lost its marks" in words
    assert "cost no points" in words


def test_the_next_step_is_the_first_that_is_wrong_and_what_is_left() -> None:
    page = feedback_page(graded("passed", "wrong", "error", "not attempted"))
    words = text_of(page)
    assert f"Read what is said about {SECOND} below" in words
    assert f"hint({SECOND}) gives a nudge. Then the same for {THIRD}." in words
    assert f"Still to be written: {FOURTH}." in words
    assert f"/{ONE}.html#exercise-{FOURTH}" in page


def test_who_has_everything_right_is_sent_on() -> None:
    page = feedback_page(graded("passed", "passed", "passed", "passed"))
    assert "Everything passed. Next: Chapter 2" in text_of(page)
    assert f"/{TWO}.html" in page
    assert "hand in again" not in page


def test_the_links_lead_to_the_site_of_the_course() -> None:
    """The address stands in one file, and the anchors are those of the built pages."""
    import yaml

    from autograder.notebooks import ROOT

    site = yaml.safe_load((ROOT / "_config.yml").read_text())["html"]["baseurl"]
    links = re.findall(r'href="([^"]*)"', feedback_page(graded("wrong", *["missing"] * 3)))  # type: ignore[arg-type]
    assert len(links) >= 4
    assert all(link.startswith(site) for link in links)
    built = ROOT / "_build" / "html" / f"{ONE}.html"
    if built.exists():
        anchors = {link.partition("#")[2] for link in links} - {""}
        assert anchors <= set(re.findall(r'id="([^"]*)"', built.read_text(encoding="utf-8")))


@pytest.mark.parametrize("status", ["unreadable", "grader failed"])
def test_what_is_not_graded_has_no_points(tmp_path: Path, status: str) -> None:
    one = Record("ada.ipynb", status, reason="the reason of it")  # type: ignore[arg-type]
    words = text_of(feedback_page(one))
    assert "not a zero" in words
    assert "points" not in words
    assert ("the reason of it" in words) == (status == "unreadable")
    write_reports(tmp_path, [one])
    assert f'"{status}","",""' in (tmp_path / "grades.csv").read_text()


def test_a_failure_is_kept_for_the_report_until_there_is_a_grade(tmp_path: Path) -> None:
    """It has no file in records/, for the next run has to try again."""
    failed = Record("ada.ipynb", "grader failed", reason="the sandbox is gone")
    write_feedback(tmp_path, failed)
    write_feedback(tmp_path, Record("bo.ipynb", "unreadable", reason="It is empty."))
    assert read_records(tmp_path) == ([failed], [])
    write_feedback(tmp_path, graded("passed", "passed", "passed", "passed"))
    assert read_records(tmp_path) == ([], [])
