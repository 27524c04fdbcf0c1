"""The heads of the small model in the page: by mouse, by keyboard and by finger."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch
from playwright.sync_api import Locator, expect

from book._ext.course_site import widget_files
from gptcourse.widgets import AttentionHeads
from gptcourse.widgets import small_model as small
from gptcourse.widgets.attention_heads import PRESETS

from .test_pages import violations
from .test_pictures import Hand, button

ALICE = PRESETS["said Alice"]
OTHER = "It was the best of times, it was the worst of times"


def expected(text: str) -> tuple[list[str], torch.Tensor]:
    """Return the tokens of a text and the weights of the eight heads."""
    tokens = small.encode(text)[: small.BLOCK]
    names = [token.decode().replace(" ", "␣") for _, token in tokens]
    return names, torch.cat(small.run([i for i, _ in tokens])[1])


def tiles(picture: Locator) -> tuple[list[str], list[float]]:
    """Return the tokens, and the weights that stand under those that may be read."""
    row = picture.locator(".gc-row-of-tokens")
    weights = row.locator(".gc-weight").all_inner_texts()
    return row.locator(".gc-name").all_inner_texts(), [float(x) for x in weights if x]


def check(picture: Locator, text: str, n: int, at: int) -> None:
    """See that the picture shows what head n reads at a token."""
    names, weights = expected(text)
    found = tiles(picture)
    assert found[0] == names
    assert found[1] == pytest.approx(weights[n, at, : at + 1].tolist(), abs=0.0056)
    best = int(weights[n, at].argmax())
    what = "itself" if best == at else f"“{names[best]}” at {best}"
    saying = picture.locator(".gc-saying").inner_text()
    assert saying.startswith(f"“{names[at]}” at {at} reads {what} with "), saying


def loaded(hand: Hand) -> list[str]:
    """Return the names of the model's files that the page has loaded."""
    names = [r.url.split("/")[-1] for r in hand.visit.responses]
    return [name for name in names if re.match("merges|weights", name)]


def test_listed_sentences_need_nothing(show: Any, kind: str) -> None:
    """Each head at the last token, from the state alone."""
    hand, picture = show(kind, "attention-heads", AttentionHeads())
    check(picture, ALICE, 5, 15)
    for n in range(8):
        hand.press(button(picture, f"Head {n // 4}.{n % 4}"))
        check(picture, ALICE, n, 15)
    picture.get_by_label("Sentence").select_option("the king")
    check(picture, PRESETS["the king"], 7, 15)
    assert loaded(hand) == []


def test_a_token_is_chosen(show: Any, kind: str) -> None:
    hand, picture = show(kind, "attention-heads", AttentionHeads())
    row = picture.locator(".gc-row-of-tokens button")
    if kind == "keyboard":
        row.nth(15).focus()
        for _ in range(3):
            hand.page.keyboard.press("ArrowLeft")
        expect(row.nth(12)).to_be_focused()
    else:
        hand.press(row.nth(12))
    check(picture, ALICE, 5, 12)
    assert row.nth(12).get_attribute("aria-pressed") == "true"
    assert tiles(picture)[1] == pytest.approx(expected(ALICE)[1][5, 12, :13].tolist(), abs=0.0056)


def test_pointing_shows_and_leaving_gives_back(show: Any) -> None:
    hand, picture = show("mouse", "attention-heads", AttentionHeads())
    hand.press(picture.locator(".gc-row-of-tokens button").nth(9))
    picture.locator(".gc-row-of-tokens button").nth(4).hover()
    check(picture, ALICE, 5, 4)
    picture.locator(".gc-saying").hover()
    check(picture, ALICE, 5, 9)


def test_the_heads_by_the_arrow_keys(show: Any) -> None:
    hand, picture = show("keyboard", "attention-heads", AttentionHeads())
    button(picture, "Head 1.1").focus()
    for key, name in [("ArrowUp", "0.1"), ("ArrowUp", "0.1"), ("End", "1.3"), ("ArrowLeft", "1.2")]:
        hand.page.keyboard.press(key)
        expect(button(picture, f"Head {name}")).to_be_focused()
        expect(picture.locator("[aria-pressed=true].gc-thumb")).to_have_text(name)
    check(picture, ALICE, 6, 15)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_lines_bars_and_means_are_those_of_the_weights(show: Any, name: str) -> None:
    hand, picture = show("mouse", "attention-heads", AttentionHeads(name))
    tokens, weights = expected(PRESETS[name])
    T = len(tokens)
    same = torch.tensor([[s < t and tokens[s] == tokens[t] for s in range(T)] for t in range(T)])
    behind = torch.tensor(
        [[s < t and s > 0 and same[t, s - 1] for s in range(T)] for t in range(T)]
    )
    for n in range(8):
        hand.press(button(picture, f"Head {n // 4}.{n % 4}"))
        shown = (1000 * weights[n, -1, :-1]).round()  # the state has three places
        assert picture.locator(".gc-lines path").count() == int((shown >= 20).sum())
        bars = [float(x) for x in picture.locator(".gc-length").all_inner_texts()]
        best = weights[n, -1].sort(descending=True).values
        assert bars == pytest.approx([*best[:5].tolist(), best[5:].sum().item()], abs=0.011)
        means = [float(x) for x in picture.locator(".gc-habits dd").all_inner_texts()]
        assert means == pytest.approx(
            [
                weights[n].diagonal().mean().item(),
                weights[n].diagonal(-1).mean().item(),
                *((weights[n] * at).sum(1)[at.any(1)].mean().item() for at in (same, behind)),
            ],
            abs=0.0056,
        )


def test_typing_loads_the_model_once(show: Any, kind: str) -> None:
    """The weights of another sentence are those of torch; 64 tokens are read, and it says so."""
    hand, picture = show(kind, "attention-heads", AttentionHeads())
    box, hint = picture.get_by_label("or type your own"), picture.locator(".gc-hint p")
    expect(hint).to_have_text("The first letter that you type loads the model, once: 630 kB.")
    box.fill(OTHER)
    expect(hint).to_contain_text("computed here", timeout=20_000)
    check(picture, OTHER, 5, len(expected(OTHER)[0]) - 1)
    hand.press(button(picture, "Head 0.2"))
    check(picture, OTHER, 2, len(expected(OTHER)[0]) - 1)
    box.fill(OTHER * 6)
    expect(hint).to_contain_text("The model has 64 positions: the last ")
    check(picture, OTHER * 6, 2, 63)
    box.fill("")
    expect(hint).to_contain_text("Type a sentence")
    box.fill("a")
    check(picture, "a", 2, 0)
    assert len(loaded(hand)) == 2


def test_what_does_not_load_can_be_tried_again(show: Any) -> None:
    hand, picture = show("mouse", "attention-heads", AttentionHeads())
    hand.page.route(re.compile("weights-"), lambda route: route.fulfill(status=204))
    picture.get_by_label("or type your own").fill(OTHER)
    expect(picture.locator(".gc-hint p")).to_contain_text("did not load", timeout=20_000)
    hand.page.unroute(re.compile("weights-"))
    hand.press(button(picture, "Load the model"))
    expect(picture.locator(".gc-hint p")).to_contain_text("computed here", timeout=20_000)


def test_the_matrix_has_all_weights(show: Any, kind: str) -> None:
    hand, picture = show(kind, "attention-heads", AttentionHeads())
    hand.press(button(picture, "All weights as a matrix"))
    cells = picture.locator(".gc-m-cell")
    weights = expected(ALICE)[1][5]
    found = torch.tensor([float(x) for x in cells.all_inner_texts()]).view(16, 16)
    torch.testing.assert_close(found, weights, rtol=0, atol=0.0056)
    if kind == "keyboard":
        picture.locator(".gc-m-cell[tabindex='0']").focus()
        for key in ["PageUp", "ArrowDown", "ArrowDown", "ArrowDown"]:
            hand.page.keyboard.press(key)
    else:
        hand.press(cells.nth(3 * 16 + 1))
    check(picture, ALICE, 5, 3)
    assert violations(hand.page) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"text": ""}, "1 to 1000 characters"),
        ({"text": 3}, "1 to 1000 characters"),
        ({"text": "a" * 1001}, "1 to 1000 characters"),
        ({"layer": 2}, "no head 1 in layer 2"),
        ({"head": 4}, "no head 4"),
    ],
)
def test_it_says_what_is_wrong(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        AttentionHeads(**arguments)


def test_the_state_is_small() -> None:
    assert len(widget_files.describe(AttentionHeads()).state[1]) < 20_000
