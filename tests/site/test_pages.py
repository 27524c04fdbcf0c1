"""Every page: dark on a phone, and light on a laptop. Layout and colours do not meet."""

from __future__ import annotations

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .visit import LAPTOP, PHONE, Visit, pages

BUDGET = 600_000  # bytes, gzipped: all that a first visit to a page loads
PACKED = (".woff", ".woff2", ".png", ".jpg")
USED = ".course-widget, .course-quiz, .course-exercise-foot"


def violations(page: Page, within: str = "html") -> list[tuple[str, str, str]]:
    """Return what axe finds inside the elements of a selector: rule, element, reason."""
    # Without `preload` axe fetches no style sheet again, so that the page's own requests stand out.
    options = {"resultTypes": ["violations"], "preload": False}
    found = Axe().run(page, context=within, options=options)
    return [
        (each["id"], node["html"][:200], node["failureSummary"][:300])
        for each in found.response["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(("width", "theme"), [(PHONE, "dark"), (LAPTOP, "light")])
@pytest.mark.parametrize("name", pages())
def test_is_sound_and_accessible(visit: Visit, name: str, width: int, theme: str) -> None:
    """No console error, no request off the site, nothing for axe, nothing wider than the screen.

    As it is opened, and again when everything on it has been used.
    """
    page = visit.start(width=width, theme=theme)
    visit.open(name)
    visit.unfold()
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    if page.locator(USED).count():
        visit.use()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page, USED) == []
    assert visit.troubles == []


@pytest.mark.parametrize("name", pages())
def test_weighs_little(visit: Visit, name: str) -> None:
    """What a first visit loads stays within the budget."""
    visit.open(name)
    weights = {}
    for response in visit.responses:
        body, path = response.body(), response.url.split("?")[0]
        weights[response.url] = len(body if path.endswith(PACKED) else gzip.compress(body))
    heaviest = sorted(weights.items(), key=lambda item: -item[1])[:8]
    assert len(weights) > 10
    assert sum(weights.values()) < BUDGET, heaviest


@pytest.mark.parametrize("name", pages())
def test_describes_itself(visit: Visit, name: str) -> None:
    """A page has a title, one h1, a language and an icon; all but the search say what they hold."""
    page = visit.open(name)
    assert "GPT-2 from Scratch" in page.title()
    assert page.locator("main h1:visible").count() == 1
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("link[rel=icon]").count() == 1
    if name != "search":
        description = page.locator("meta[name=description]").get_attribute("content")
        assert len(description or "") > 30


def test_skip_link_is_first(visit: Visit) -> None:
    """The first Tab reaches the link that leads past the navigation."""
    page = visit.open("index")
    page.keyboard.press("Tab")
    focus = "document.activeElement.getAttribute('href')"
    assert page.evaluate(focus) == "#main-content"


@pytest.mark.parametrize("name", pages())
def test_wide_code_scrolls_by_keyboard(visit: Visit, name: str) -> None:
    """Each block of code that is wider than a phone can take the focus."""
    page = visit.start(width=PHONE)
    visit.open(name)
    stuck = page.evaluate(
        """[...document.querySelectorAll("main pre")]
            .filter(pre => pre.scrollWidth > pre.clientWidth + 1 && pre.tabIndex < 0)
            .map(pre => pre.textContent.slice(0, 60))"""
    )
    assert stuck == []


def test_theme_is_switched_and_kept(visit: Visit) -> None:
    """The switch walks from the system's theme to a chosen one, which a reload keeps."""
    page = visit.open("index")
    for _ in range(3):
        page.locator(".theme-switch-button:visible").first.click()
        if page.evaluate("document.documentElement.dataset.theme") == "dark":
            break
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
