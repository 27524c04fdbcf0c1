"""The map of embeddings, as the chapter makes it, by mouse, keyboard and finger."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Position, expect

from gpt2.embeddings import nearest_tokens
from gptcourse.datasets import small_model, small_model_map, small_model_words
from gptcourse.widgets import EmbeddingMap

from .test_pictures import Hand, button
from .visit import LAPTOP, PHONE

MODULE = "embedding-map"
WORDS = small_model_words()
SYMBOLS = list(WORDS)
Show = Callable[..., tuple[Hand, Locator]]


@pytest.fixture(scope="module")
def pictured() -> EmbeddingMap:
    """Return the map as the chapter makes it."""
    E = small_model()[1]["wte.weight"][list(WORDS.values())]
    return EmbeddingMap(E, WORDS, nearest_tokens, at=" mother", tsne=small_model_map())


def listed(picture: Locator) -> list[tuple[str, str, str]]:
    """Return token, cosine and place on the map of each neighbour in the list."""
    rows = [row.locator("td").all_inner_texts() for row in picture.locator("tbody tr").all()]
    return [(token.replace("␣", " "), cosine.split()[-1], place) for token, cosine, place in rows]


def dots(picture: Locator) -> list[tuple[float, float]]:
    """Return where the points lie on the map, in its pixels."""
    script = "all => all.map(dot => [dot.cx.baseVal.value, dot.cy.baseVal.value])"
    return [(x, y) for x, y in picture.locator("circle").evaluate_all(script)]


def picked(picture: Locator) -> Locator:
    """Return the token that stands over the list."""
    return picture.locator(".gc-card .gc-tile")


def test_a_token_is_found_and_its_neighbours_are_listed(
    show: Show, kind: str, pictured: EmbeddingMap
) -> None:
    """The list is what nearest_tokens found; the places are counted on the map."""
    hand, picture = show(kind, MODULE, pictured)
    field = picture.get_by_role("searchbox")
    field.fill("morn")
    if kind == "keyboard":
        field.press("Enter")
    else:
        hand.press(button(picture, "␣morning"))
    at = SYMBOLS.index(" morning")
    expect(picked(picture)).to_have_text("␣morning")
    found = listed(picture)
    assert [token for token, _, _ in found] == [SYMBOLS[j] for j in pictured.neighbours[at]]
    assert [cosine for _, cosine, _ in found] == [f"{c / 100:.2f}" for c in pictured.cosines[at]]
    for name, points in [("Two directions", pictured.pca), ("Neighbours together", pictured.tsne)]:
        hand.press(button(picture, name))
        (x, y), far = points[at], 0
        distances = [(a - x) ** 2 + (b - y) ** 2 for a, b in points]
        for j, (_, _, place) in zip(pictured.neighbours[at], listed(picture), strict=True):
            nearer = sum(d < distances[j] for i, d in enumerate(distances) if i not in (at, j))
            assert int(place[:-2]) == nearer + 1
            far += nearer + 1 > len(WORDS) / 10
        assert picture.locator("line.gc-far").count() == far
        assert picture.locator("line").count() == 8
    hand.press(picture.locator("tbody button").first)
    expect(picked(picture)).to_have_text(found[0][0].replace(" ", "␣"))


def test_a_point_of_the_map_is_picked(show: Show, kind: str, pictured: EmbeddingMap) -> None:
    """A press picks the point under it; an arrow key the next one on that side."""
    _, picture = show(kind, MODULE, pictured)
    plane, places = picture.get_by_role("application"), dots(picture)
    if kind == "keyboard":
        before = places[SYMBOLS.index(" mother")]
        plane.press("ArrowUp")
        expect(picked(picture)).not_to_have_text("␣mother")
        word = picked(picture).inner_text()
        assert places[SYMBOLS.index(word.replace("␣", " "))][1] < before[1]
        expect(picture.get_by_role("status")).to_contain_text(f"{word}. Nearest: ")
        return
    gaps = [
        min((x - a) ** 2 + (y - b) ** 2 for a, b in places if (a, b) != (x, y)) for x, y in places
    ]
    i = gaps.index(max(gaps))  # the loneliest of them
    at: Position = {"x": places[i][0] + 4, "y": places[i][1] + 4}
    if kind == "touch":
        plane.tap(position=at)
    else:
        plane.click(position=at)
    expect(picked(picture)).to_have_text(SYMBOLS[i].replace(" ", "␣"))


def test_the_map_is_enlarged_and_moved(show: Show, kind: str, pictured: EmbeddingMap) -> None:
    """Zooming spreads the points; a drag moves them, and the way back leads back."""
    hand, picture = show(kind, MODULE, pictured)
    plane, places = picture.get_by_role("application"), dots(picture)
    expect(button(picture, "Whole map")).to_have_attribute("aria-disabled", "true")
    for _ in range(2):
        if kind == "keyboard":
            plane.press("+")
        else:
            hand.press(button(picture, "Zoom in"))
    (a, _), (b, _) = places[:2]
    (wide, _), (far, _) = dots(picture)[:2]
    assert far - wide == pytest.approx((b - a) * 1.6**2, abs=0.5)
    if kind != "keyboard":
        before = dots(picture)[0]
        hand.drag(plane, -30)
        after = dots(picture)[0]
        assert after == pytest.approx((before[0] - 30, before[1]), abs=1)
    hand.press(button(picture, "Whole map"))
    for place, old in zip(dots(picture), places, strict=True):
        assert place == pytest.approx(old, abs=0.2)


def test_a_word_that_is_not_there_is_said(show: Show, pictured: EmbeddingMap) -> None:
    """Nothing moves while one searches, whatever is found."""
    _, picture = show("mouse", MODULE, pictured)
    top = picture.get_by_role("application").bounding_box()
    for text in ("t", "zebra", ""):
        picture.get_by_role("searchbox").fill(text)
        assert picture.get_by_role("application").bounding_box() == top
        said = picture.get_by_text("“zebra” is not on this map")
        expect(said).to_have_count(int(text == "zebra"))


def test_the_maps_say_what_they_lose(show: Show, pictured: EmbeddingMap) -> None:
    """The axes and their shares stand at the map that has axes; the words at both."""
    _, picture = show("mouse", MODULE, pictured)
    across, up = pictured.shares
    assert picture.locator(".gc-axis").count() == 0
    expect(picture.get_by_text("Across and up mean nothing")).to_contain_text(
        f"{100 * (across + up):.1f}\N{NO-BREAK SPACE}%"
    )
    button(picture, "Two directions").click()
    assert picture.locator(".gc-axis").all_inner_texts() == [
        f"direction {n}: {100 * share:.1f}\N{NO-BREAK SPACE}%"
        for n, share in enumerate((across, up), 1)
    ]
    expect(button(picture, "Two directions")).to_have_attribute("aria-pressed", "true")


def test_wrong_neighbours_are_shown_with_a_remark(show: Show) -> None:
    """A learner who forgets the lengths sees it; with one map there is nothing to choose."""
    E = small_model()[1]["wte.weight"][list(WORDS.values())[:60]]
    wrong = EmbeddingMap(E, SYMBOLS[:60], lambda E, i, k: (E @ E[i]).topk(k).indices)
    _, picture = show("mouse", MODULE, wrong)
    assert wrong.wrong > 0
    expect(picture.get_by_text(f"For {wrong.wrong} of 60 tokens the list is not")).to_be_visible()
    assert "itself" in [place for _, _, place in listed(picture)]
    expect(button(picture, "Two directions")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [LAPTOP, PHONE])
def test_no_accessibility_fault_and_no_overflow(
    show: Show, pictured: EmbeddingMap, width: int, theme: str
) -> None:
    """Also while something is found, and with lines that are dashed."""
    hand, _ = show("mouse", MODULE, pictured)
    page = hand.visit.start(width=width, theme=theme)
    hand.visit.open("stage")
    picture = hand.visit.picture(MODULE)
    picture.get_by_role("searchbox").fill("th")
    button(picture, "Two directions").click()
    button(picture, "Zoom in").click()
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_state_is_small(pictured: EmbeddingMap) -> None:
    """It is loaded with the page."""
    state: Any = pictured.state()
    assert len(json.dumps(state, ensure_ascii=False).encode()) < 60_000
    assert pictured.wrong == 0
