"""The pictures that draw matrices: every tab is free of faults, and the grid by keyboard."""

import pytest
import torch

from gptcourse.widgets import AttentionSaturation, AttentionScores, AttentionWeights

from . import samples_matrices as samples

TABS = {
    "attention_scores": ["q · k", "÷ √d", "mask", "softmax", "× v"],
    "row_lookup": ["one-hot × E", "E[id]", "backward"],
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", sorted(TABS))
def test_no_accessibility_fault_in_any_tab(show, name, theme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = show(name, width=390, theme=theme, reduced_motion="reduce")
    page.add_style_tag(content="html { background: var(--gc-paper, white) }")
    for tab in TABS[name]:
        page.get_by_role("button", name=tab, exact=True).click()
        result = axe.run(page)
        assert result.violations_count == 0, result.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_grid_moves_with_the_arrow_keys_and_stops_at_its_edges(show):
    page = show("attention_weights")
    cells = page.locator(".gc-m-cell")
    page.locator(".gc-m-cell[tabindex='0']").focus()
    for key, row, column in [
        ("PageUp", 0, 0),
        ("ArrowUp", 0, 0),
        ("ArrowLeft", 0, 0),
        ("ArrowRight", 0, 1),
        ("PageDown", 4, 1),
        ("ArrowDown", 4, 1),
        ("End", 4, 4),
        ("ArrowRight", 4, 4),
        ("Home", 4, 0),
    ]:
        page.keyboard.press(key)
        at = cells.evaluate_all("cells => cells.indexOf(document.activeElement)")
        assert divmod(at, 5) == (row, column)
        assert page.locator(".gc-m-cell[tabindex='0']").count() == 1
    assert "“it” reads “the”" in page.locator(".gc-saying").inner_text()


def test_the_picture_plays_to_its_end_and_says_the_last_step(show):
    page = show("row_lookup", reduced_motion="reduce")
    page.clock.install(time=0)
    page.clock.pause_at(60)
    page.get_by_role("button", name="Play", exact=True).click()
    page.clock.run_for(30_000)
    assert page.get_by_role("button", name="Step").get_attribute("aria-disabled") == "true"
    assert page.locator(".gc-m-cell.gc-empty").count() == 0


def test_new_numbers_are_drawn_when_python_sends_them(show):
    page = show("attention_scores")
    page.get_by_role("button", name="softmax", exact=True).click()
    page.evaluate("first.model.set('q', first.model.get('q').map((row) => row.map(() => 0)))")
    last = page.locator(".gc-scores [role=row]").nth(5).locator(".gc-m-cell").all_inner_texts()
    assert last == ["0.20"] * 5


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_row_slides_only_where_motion_is_wanted(show, motion):
    page = show("row_lookup", reduced_motion=motion)
    page.get_by_role("button", name="E[id]", exact=True).click()
    page.get_by_role("button", name="Step", exact=True).click()
    moving = page.evaluate("document.getAnimations().filter((a) => !a.transitionProperty).length")
    assert moving == (4 if motion == "no-preference" else 0)


def test_other_numbers_are_drawn_and_compared_with_the_learners_function():
    picture = samples.scores()
    before = picture.state()
    picture.controls()[0].value = 7
    assert picture.q != before["q"]
    q, k, v = (torch.tensor(x) for x in (picture.q, picture.k, picture.v))
    expected = samples.attend(q, k, v, torch.tensor(picture.mask))
    torch.testing.assert_close(torch.tensor(picture.yours["masked"]["rows"]), expected)
    torch.testing.assert_close(picture.output()[1], expected)


def test_saturation_is_drawn_anew_and_keeps_its_sizes():
    picture = samples.saturation()
    assert picture.sizes == [4, 16, 64]
    seed, spread = picture.controls()[0].children
    spread.value = 3.0
    assert torch.tensor(picture.q).std() > 2.5
    calm = picture.weights(4, scaled=True)
    seed.value = 2
    assert not torch.equal(picture.weights(4, scaled=True), calm)
    with pytest.raises(ValueError, match=r"sizes are \[128\]; q has 64 channels"):
        AttentionSaturation(*samples.drawn(2, 5, 64), sizes=[128])


def test_a_mask_is_shown_as_it_is_even_when_nothing_may_be_read(show):
    q, k, v = samples.drawn(3, 3, 2)
    picture = AttentionScores(q, k, v, mask=torch.zeros(3, 3).bool())
    page = show("attention_scores", state=picture.state())
    page.get_by_role("button", name="× v", exact=True).click()
    assert set(page.locator(".gc-result .gc-m-cell").all_inner_texts()) == {"nan"}


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (torch.ones(3), r"weights has shape \(3,\)"),
        (torch.ones(1, 2, 3, 3), r"weights has shape \(1, 2, 3, 3\)"),
        (torch.ones(4, 3), "4 rows and 3 columns"),
    ],
)
def test_weights_of_another_shape_are_refused(weights, message):
    with pytest.raises(ValueError, match=message):
        AttentionWeights(weights)


def test_weights_that_are_not_numbers_are_shown(show):
    page = show("attention_weights", state=AttentionWeights(torch.full((2, 2), torch.nan)).state())
    assert page.locator(".gc-m-cell").all_inner_texts() == ["nan"] * 4
    assert "2 of 2 rows do not sum to 1" in page.locator(".gc-note").inner_text()
