"""The questions: by mouse, by keyboard, and after a reload."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from .visit import Visit, chapters


def right_one(quiz: Locator) -> int:
    """Return the place of the right choice."""
    reasons = quiz.locator("details li").all()
    return [reason.get_attribute("data-right") for reason in reasons].index("yes")


@pytest.mark.parametrize("name", chapters())
def test_every_choice_is_answered(visit: Visit, name: str) -> None:
    """Each choice of each question gets its verdict and its own reason."""
    page = visit.open(name)
    quizzes = page.locator("[data-quiz]").all()
    assert quizzes
    for quiz in quizzes:
        status = quiz.locator("[role=status]")
        for place, choice in enumerate(quiz.locator(".course-choice").all()):
            choice.click()
            expect(status).to_be_empty()
            quiz.get_by_role("button", name="Check").click()
            verdict = "Right." if place == right_one(quiz) else "Not this one."
            why = quiz.locator("details li .course-why").nth(place).text_content()
            expect(status).to_have_text(f"{verdict} {why}")
            expect(quiz.locator("details")).to_be_visible(visible=verdict == "Right.")
    assert visit.troubles == []


def test_by_keyboard_and_kept(visit: Visit) -> None:
    """Arrows choose without giving the answer away; Enter checks; a reload keeps the answer."""
    page = visit.open(chapters()[0])
    quiz = page.locator("[data-quiz]").first
    right, status = right_one(quiz), quiz.locator("[role=status]")
    radios = quiz.locator("input[type=radio]")
    radios.first.focus()
    page.keyboard.press("Space")
    for _ in range(right):
        page.keyboard.press("ArrowDown")
    expect(radios.nth(right)).to_be_checked()
    expect(status).to_be_empty()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(status).to_contain_text("Right.")
    page.reload()
    expect(radios.nth(right)).to_be_checked()
    expect(status).to_contain_text("Right.")
    assert visit.troubles == []


def test_check_waits_for_a_choice(visit: Visit) -> None:
    """With nothing chosen there is nothing to check."""
    page = visit.open(chapters()[0])
    expect(page.locator("[data-quiz]").first.get_by_role("button", name="Check")).to_be_disabled()
