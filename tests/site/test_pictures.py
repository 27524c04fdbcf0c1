"""Each picture on its real page, through its main job: by mouse, by keyboard and by finger.

The details are tested on a page of their own, in ``tests/widgets``. What is asserted here is
what the reader sees.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from .visit import LAPTOP, PHONE, Visit

FIRST, SECOND = "01-what-is-a-gpt", "02-bigrams"
T = 8  # the context length of both windows

# A tap returns before the click that the browser makes of it.
CLICKED = """button => ({
  made: new Promise((done, fail) => {
    button.addEventListener("click", done, { once: true });
    setTimeout(() => fail(new Error("the tap made no click")), 5000);
  })
})"""


@dataclass(frozen=True)
class Hand:
    """One way to work a page."""

    visit: Visit
    kind: str

    @property
    def page(self) -> Page:
        """The tab."""
        return self.visit.page

    def open(self, name: str, module: str) -> Locator:
        """Open a page at a width that goes with the hand and return its first such picture."""
        touch = self.kind == "touch"
        self.visit.start(width=PHONE if touch else LAPTOP, touch=touch)
        self.visit.open(name)
        return self.visit.picture(module)

    def press(self, control: Locator, key: str = "Enter") -> None:
        """Press a button or choose a radio button."""
        if self.kind == "keyboard":
            control.press(key)
        elif self.kind == "touch":
            clicked = control.evaluate_handle(CLICKED)
            control.tap()
            clicked.evaluate("async clicked => void (await clicked.made)")
        else:
            control.click()

    def drag(self, handle: Locator, by: int) -> None:
        """Pull a handle to the right by some pixels; by keyboard, press the right arrow thrice."""
        if self.kind == "keyboard":
            for _ in range(3):
                handle.press("ArrowRight")
            return
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        assert box is not None
        x, y = box["x"] + 40, box["y"] + box["height"] / 2
        if self.kind == "mouse":
            self.page.mouse.move(x, y)
            self.page.mouse.down()
            self.page.mouse.move(x + by, y, steps=5)
            self.page.mouse.up()
            return
        finger = self.page.context.new_cdp_session(self.page)
        for kind, at in [("touchStart", 0), *(("touchMove", by * i // 5) for i in range(1, 6))]:
            point = {"x": x + at, "y": y}
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        self.page.wait_for_timeout(200)  # a finger that is lifted in full swing would fling
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.fixture(params=["mouse", "keyboard", "touch"])
def hand(request: pytest.FixtureRequest, visit: Visit) -> Iterator[Hand]:
    """Return each hand in turn; at the end nothing may have gone wrong on the page."""
    yield Hand(visit, request.param)
    assert visit.troubles == []


def button(picture: Locator, name: str) -> Locator:
    """Return a button by its name."""
    return picture.get_by_role("button", name=name, exact=True)


def seen(tiles: Locator) -> list[str]:
    """Return what stands on tiles; those still to come are blank."""
    return [text for text in tiles.all_inner_texts() if text.strip()]


def number(pattern: str, text: str) -> float:
    """Return the number that a pattern's group finds in a text."""
    match = re.search(pattern, text)
    assert match is not None, text
    return float(match[1])


def place(element: Locator) -> Callable[[], float]:
    """Return a function that measures where an element begins on the page, in pixels."""
    return lambda: float(element.evaluate("e => e.getBoundingClientRect().top + scrollY"))


def test_a_round_of_the_game(hand: Hand) -> None:
    """A word is picked and paid for: the price is the share's, and the score says it."""
    game = hand.open(FIRST, "guess-next-word")
    score = game.locator(".gc-score")
    top = place(game.locator("figcaption"))
    before = top()
    expect(button(game, "Lock in")).to_have_attribute("aria-disabled", "true")
    hand.press(game.get_by_role("radio").nth(2), "Space")
    expect(game.locator(".gc-stake")).to_contain_text("you pay 1.00 bits")
    hand.press(button(game, "Lock in"))
    said = game.locator(".gc-stake").inner_text()
    truth = game.locator(".gc-option", has_text="✓ came next")
    assert f"It was “{game.locator('.gc-gap').inner_text()}”" in said
    assert truth.locator(".gc-word").inner_text().startswith(game.locator(".gc-gap").inner_text())
    for who, pays in [("you", "You pay"), ("model", "the model")]:
        price = number(rf"{pays} ([\d.]+) bits", said)
        share = number(r"([\d.]+)\s%", truth.locator(f".gc-{who}").inner_text()) / 100
        assert price == pytest.approx(-math.log2(share), abs=0.08)  # shares of 1 % show 2 digits
        assert f"{price:.2f} bits" in score.locator(f".gc-{who}").inner_text()
    assert abs(top() - before) < 40  # a line more or less, no score that pushes the page down
    hand.press(button(game, "Next word"))
    expect(game.locator(".gc-title").first).to_contain_text("Word 2 of")
    expect(score).to_contain_text("over 1 word")


def test_the_window_slides_and_lists_its_examples(hand: Hand) -> None:
    """The window moves on; features and targets are the text's; stepping lists every example."""
    picture = hand.open(FIRST, "training-window")
    text = picture.locator(".gc-tokens .gc-tile").all_inner_texts()
    rows = picture.locator("table tr")
    assert seen(rows.nth(1).locator(".gc-tile")) == text[:T]
    hand.drag(picture.locator(".gc-frame" if hand.kind == "keyboard" else ".gc-strip"), by=110)
    start = int(picture.locator(".gc-frame").get_attribute("aria-valuenow") or 0)
    assert start >= 3
    x, y = (seen(rows.nth(i).locator(".gc-tile")) for i in (1, 2))
    assert (x, y) == (text[start : start + T], text[start + 1 : start + T + 1])
    lists_every_example(hand, picture, x, y)


def test_the_batch_shows_each_row_and_its_examples(hand: Hand) -> None:
    """Another row of the batch is picked; targets are the features one on; stepping lists all."""
    picture = hand.open(SECOND, "training-window")
    expect(picture.locator(".gc-verdict")).to_contain_text("✓")
    rows = picture.locator("table tr")
    first = seen(rows.nth(1).locator(".gc-tile"))
    rows_of_batch = picture.get_by_label("Row of the batch")
    if hand.kind == "keyboard":
        rows_of_batch.press("ArrowDown")
    else:
        rows_of_batch.select_option("1")  # the list that opens is the system's own
    x, y = (seen(rows.nth(i).locator(".gc-tile")) for i in (1, 2))
    assert x != first
    assert len(y) == T
    assert x[1:] == y[:-1]
    lists_every_example(hand, picture, x, y)


def lists_every_example(hand: Hand, picture: Locator, x: list[str], y: list[str]) -> None:
    """Step through a window: one more example each time, and nothing under it moves."""
    examples = picture.locator(".gc-examples li")
    caption = place(picture.locator("figcaption"))
    before = caption()
    for t in range(T):
        assert seen(examples.nth(t).locator(".gc-tile")) == [*x[: t + 1], y[t]]
        if t + 1 < T:
            assert seen(examples.nth(t + 1).locator(".gc-tile")) == []
            hand.press(button(picture, "Step"))
    assert caption() == before


def test_the_loop_until_its_end(hand: Hand) -> None:
    """Each turn puts the token that is marked at the end of the context; nothing moves."""
    loop = hand.open(FIRST, "token-loop")
    context = loop.locator(".gc-context-tiles .gc-tile")
    step = button(loop, "Step")
    caption = place(loop.locator("figcaption"))
    tokens = seen(context)
    assert tokens
    assert loop.locator(".gc-top li").count() > 2  # the first answer is there from the start
    before, turns = caption(), 0
    while step.get_attribute("aria-disabled") == "false":
        hand.press(step)
        tokens.append(loop.locator(".gc-picked .gc-tile").inner_text())
        hand.press(step)
        assert seen(context) == tokens
        assert abs(caption() - before) < 40  # the sentence may take a line more
        turns += 1
    assert turns > 3
    expect(loop.locator(".gc-saying")).to_have_text(
        f"The loop returned {len(tokens)} tokens: {''.join(tokens)}"
    )
    hand.press(button(loop, "Reset"))
    assert seen(context) == tokens[:-turns]


def test_a_cell_of_the_table_is_read(hand: Hand) -> None:
    """A cell says which symbol comes after which, how often, and its share; so do the bars."""
    table = hand.open(SECOND, "bigram-table")
    cell = table.get_by_role("gridcell", name=re.compile("^after q comes u:"))
    if hand.kind == "mouse":
        cell.hover()
    elif hand.kind == "touch":
        cell.tap()
    else:
        table.locator(".gc-cell[tabindex='0']").focus()
        for key in ["Home", *["PageUp"] * 5, *["ArrowDown"] * 17, *["ArrowRight"] * 21]:
            hand.page.keyboard.press(key)
        expect(cell).to_be_focused()
    label = cell.get_attribute("aria-label") or ""
    times, share = re.findall(r"[\d.,]*\d", label.split(":")[1])
    expect(table.get_by_label("after", exact=True)).to_have_value("q")
    expect(table.get_by_label("comes", exact=True)).to_have_value("u")
    expect(table.locator(".gc-sentence strong")).to_have_text(f"{times} times, {share} %")
    expect(table.locator(".gc-followers li").first).to_contain_text(f"{share} %")


def test_a_name_is_sampled_with_its_bits(hand: Hand) -> None:
    """The button is on the first screen; each step shows its share, the sum is their price."""
    table = hand.open(SECOND, "bigram-table")
    sample = button(table, "Sample a name")
    if hand.kind != "touch":
        hand.page.evaluate("scrollTo(0, 0)")
        expect(sample).to_be_in_viewport(ratio=1)
    walk, made = table.locator(".gc-walk"), table.locator(".gc-made")
    map_top = place(table.locator(".gc-map"))
    before, old = map_top(), made.inner_text()
    hand.press(sample)
    assert made.inner_text() != old
    said = walk.inner_text()
    shares = [float(each) / 100 for each in re.findall(r"([\d.]+)\s%", said)]
    bits = number(r"([\d.]+) bits", said)
    # A share is shown to a tenth of a percent: what that hides in its bits is the tolerance.
    hidden = sum(math.log2(p / max(p - 0.0005, p / 2)) for p in shares)
    assert bits == pytest.approx(sum(-math.log2(p) for p in shares), abs=hidden + 0.01)
    assert int(number(r"(\d+) steps", said)) == len(shares)
    symbols = seen(walk.locator(".gc-tile"))
    name = "".join(symbols).strip("⏎") or "(empty)"
    assert made.locator("li").first.inner_text().split()[0] == name
    assert map_top() == before
