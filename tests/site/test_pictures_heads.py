"""The heads of the small model in the page: by mouse, by keyboard and by finger."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from playwright.sync_api import Locator, expect
from torch import nn

from book._ext.course_site import widget_files
from gpt2.heads import CausalSelfAttention
from gptcourse.widgets import AttentionHeads
from gptcourse.widgets import small_model as small
from gptcourse.widgets.attention_heads import PRESETS

from .test_pages import violations
from .test_pictures import Hand, button

ALICE = PRESETS["said Alice"]
OTHER = "It was the best of times, it was the worst of times"


class Wrong(CausalSelfAttention):
    """A layer in which one thing is changed; `probed` and `output` build it like any other."""

    causal, order, scale = True, (0, 1, 2), 1.0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        B, T, width = x.shape
        parts = self.c_attn(x).chunk(3, dim=-1)
        q, k, v = (parts[i].view(B, T, 4, -1).transpose(1, 2) for i in self.order)
        scores = q @ k.mT / q.size(-1) ** 0.5 * self.scale
        if self.causal:
            scores = scores.masked_fill(torch.ones(T, T).triu(1).bool(), -torch.inf)
        out = (scores.softmax(-1) @ v).transpose(1, 2).reshape(B, T, width)
        mixed: torch.Tensor = self.c_proj(out)
        return mixed


def wrong(**change: Any) -> type[Wrong]:
    return type("CausalSelfAttention", (Wrong,), change)


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


def test_the_learners_layer_is_compared(show: Any) -> None:
    picture = AttentionHeads(attention=CausalSelfAttention)
    _, seen = show("mouse", "attention-heads", picture)
    expect(seen.locator(".gc-note")).to_have_text(
        "✓ CausalSelfAttention: with the model's weights, both layers return what the model's "
        "return. The weights drawn are those with which it reads."
    )
    check(seen, ALICE, 5, 15)


def test_a_layer_that_reads_the_future_is_seen(show: Any) -> None:
    picture = AttentionHeads(attention=wrong(causal=False), layer=0, head=0)
    hand, seen = show("mouse", "attention-heads", picture)
    expect(seen.locator(".gc-note")).to_contain_text(
        "✗ CausalSelfAttention: with the model's weights, the output of layer 0 differs"
    )
    hand.press(seen.locator(".gc-row-of-tokens button").first)
    assert seen.locator(".gc-leak").count() > 0


@pytest.mark.parametrize(
    "change", [{"order": (1, 0, 2)}, {"order": (0, 2, 1)}, {"scale": 0.5}, {"causal": False}]
)
def test_other_layers_differ(change: dict[str, Any]) -> None:
    yours = AttentionHeads(attention=wrong(**change)).yours
    assert not yours["right"]
    assert re.search(
        r"output of layer 0 differs .* at \d+ of 16 positions, first", yours["verdict"]
    )
    assert len(yours["weights"]) == 8
    assert AttentionHeads(attention=wrong()).yours["right"]


def gives(value: Any) -> Callable[..., nn.Module]:
    return type("Own", (CausalSelfAttention,), {"forward": lambda self, x: value})


@pytest.mark.parametrize(
    ("attention", "message"),
    [
        (lambda config: nn.Linear(2, 2), "it has the parameters ['bias', 'weight']; expected"),
        (gives(None), "it returned NoneType"),
        (gives(torch.zeros(1, 2)), "it returned shape (1, 2); expected shape (1, 16, 64)"),
        (lambda config: 1 / 0, "ZeroDivisionError"),
        (gives(torch.full((1, 16, 64), torch.nan)), "differs from the model's at 16 of 16"),
    ],
)
def test_whatever_a_layer_does_there_is_a_picture(attention: Any, message: str) -> None:
    picture = AttentionHeads(attention=attention)
    assert message in picture.yours["verdict"]
    assert picture.state()["yours"]["weights"] == []


def test_another_text_is_read_by_the_learners_layer_too() -> None:
    picture = AttentionHeads(attention=CausalSelfAttention)
    picture.text = OTHER
    assert picture.yours["text"] == OTHER
    assert picture.yours["right"]
    picture.text = ""
    assert picture.yours["verdict"] == ""


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
