"""Search, exercises on the page, progress, and reading without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from autograder.hidden_tests import chapters as exercises_by_chapter

from .visit import PHONE, Visit, chapters

FIRST = "01-what-is-a-gpt"


def test_search_finds_a_word(visit: Visit) -> None:
    """The search page lists the first chapter for one of its words."""
    page = visit.open("search?q=perplexity")
    found = page.locator("#search-results a")
    expect(found.first).to_be_visible()
    assert any(FIRST in str(link.get_attribute("href")) for link in found.all())
    assert visit.troubles == []


def test_search_opens_by_keyboard(visit: Visit) -> None:
    """Control and K open the search field; Enter searches."""
    page = visit.open("index")
    page.keyboard.press("Control+k")
    page.keyboard.type("softmax")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=softmax")
    expect(page.locator("#search-results a").first).to_be_visible()


@pytest.mark.parametrize("name", chapters())
def test_each_exercise_is_on_its_page(visit: Visit, name: str) -> None:
    """Title, time, difficulty in words, points, stub; the commonest mistakes, the rest counted."""
    page = visit.open(name)
    wanted = exercises_by_chapter()[name]
    assert [s.get_attribute("id") for s in page.locator(".course-exercise").all()] == [
        f"exercise-{exercise.id}" for exercise in wanted
    ]
    for exercise in wanted:
        section = page.locator(f'[id="exercise-{exercise.id}"]')
        title = exercise.title.replace("'", "’")  # as it is set
        expect(section.locator("h2, h3, h4").first).to_contain_text(title)
        facts = section.locator(".course-exercise-facts")
        expect(facts).to_contain_text(f"{exercise.minutes} minutes")
        expect(facts).to_contain_text(f"({exercise.difficulty} of 5)")
        counts = "stretch" if exercise.stretch else f"{exercise.points} point"
        expect(facts).to_contain_text(counts)
        expect(section.locator("pre").last).to_contain_text("raise NotImplementedError")
        mistakes = section.locator(".course-mistakes")
        listed, known = mistakes.locator("li").count(), len(exercise.misconceptions)
        assert 0 < listed <= known
        if listed < known:
            assert f"knows {known - listed} more" in (mistakes.text_content() or "")


def test_progress_is_kept_and_shown(visit: Visit) -> None:
    """A mark made by keyboard is there after a reload, and the landing page counts it."""
    page = visit.open(FIRST)
    count = page.locator("input[data-exercise]").count()
    mark = page.locator("input[data-exercise]").first
    line = page.locator(".course-progress").first
    expect(line).to_contain_text(f"0 of {count} done")
    mark.focus()
    page.keyboard.press("Space")
    expect(line).to_contain_text(f"1 of {count} done")
    page.reload()
    expect(mark).to_be_checked()
    expect(line).to_contain_text(f"1 of {count} done")
    visit.open("index")
    expect(page.locator(".course-progress").first).to_contain_text(f"1 of {count} done")
    visit.open(FIRST)
    mark.click()
    expect(line).to_contain_text(f"0 of {count} done")
    assert visit.troubles == []


@pytest.mark.parametrize("name", chapters())
def test_reads_without_javascript(visit: Visit, name: str) -> None:
    """The text, the stubs, a still of each picture and the quizzes' reasons are there."""
    page = visit.start(width=PHONE, javascript=False)
    visit.open(name)
    for stub in page.locator(".course-exercise pre").all():
        expect(stub).to_be_visible()
    for still in page.locator(".course-widget-stage").all():
        assert still.inner_text().strip()
        expect(still).to_be_visible()
    for folded in page.locator(".course-mistakes, .course-quiz details").all():
        item = folded.locator("li").first
        expect(item).to_be_hidden()
        folded.locator("summary").click()
        expect(item).to_be_visible()
    expect(page.locator(".course-done").first).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


@pytest.mark.parametrize("name", chapters())
def test_pictures_are_mounted_when_near(visit: Visit, name: str) -> None:
    """A picture far down the page is not loaded before the reader comes near it."""
    page = visit.open(name)
    last = page.locator("figure.course-widget").last
    expect(last).not_to_have_attribute("data-mounted", "yes")
    last.scroll_into_view_if_needed()
    expect(last).to_have_attribute("data-mounted", "yes")
    assert visit.troubles == []
