"""The pictures of chapter 3, mounted as on the site: by mouse, by keyboard and by finger."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from gpt2.bpe import train_bpe
from gptcourse.widgets import BPESteps

from .stage import staged
from .test_pages import violations
from .test_pictures import Hand, button, number, place, seen
from .visit import LAPTOP, PHONE

TEXT = "aaab cab é🙂 cab"
HANDS = ["mouse", "keyboard", "touch"]
Stage = Callable[..., Hand]


@pytest.fixture
def stage(browser: Browser, tmp_path: Path) -> Iterator[Stage]:
    """stage(picture, kind) -> a hand on a page with that picture."""
    with staged(browser, tmp_path) as open_stage:
        yield open_stage


def steps_of(hand: Hand) -> Locator:
    return hand.visit.picture("bpe-steps")


def merged(picture: Locator) -> list[list[str]]:
    """Return the merges listed so far: id, left, right, together."""
    lines = picture.locator(".gc-merges li:has(.gc-id)")
    return [
        [line.locator(".gc-id").inner_text(), *line.locator(".gc-tile").all_inner_texts()]
        for line in lines.all()
    ]


@pytest.mark.parametrize("kind", HANDS)
def test_merges_are_made_one_a_step(stage: Stage, kind: str) -> None:
    """Each step merges the pair in the frame; the list is that of train_bpe; nothing moves."""
    hand = stage(BPESteps("low lower lowest", train=train_bpe), kind)
    picture = steps_of(hand)
    _, merges = train_bpe("low lower lowest", 1000)
    numbers = picture.locator(".gc-numbers")
    before = place(picture.locator("figcaption"))
    top, step = before(), button(picture, "Step")
    expect(numbers).to_have_text("16 tokens in the text256 in the vocabulary")
    for n, (left, right) in enumerate(merges):
        pair = [token.decode().replace(" ", "␣") for token in (left, right)]
        framed = picture.locator(".gc-pairs .gc-next .gc-tile").all_inner_texts()
        assert framed == pair
        said = picture.locator(".gc-saying").inner_text()
        count = 1 if "comes once" in said else number(r"comes (\d+) times", said)
        in_text = picture.locator(".gc-tokens .gc-next")
        assert in_text.count() == count
        hand.press(step)
        assert merged(picture)[n] == [str(256 + n), *pair, "".join(pair)]
        expect(numbers).to_contain_text(f"{257 + n} in the vocabulary")
        assert picture.locator(".gc-tokens .gc-new").count() == count
        if n == 0:
            assert before() == top
    expect(picture.locator(".gc-saying")).to_contain_text(f"No pair is left after {len(merges)}")
    expect(step).to_have_attribute("aria-disabled", "true")
    tiles = seen(picture.locator(".gc-tokens .gc-tile"))
    assert tiles == ["low", "␣lower", "␣lowest"]
    hand.press(button(picture, "Back"))
    assert len(merged(picture)) == len(merges) - 1
    hand.press(button(picture, "Reset"))
    assert merged(picture) == []
    assert before() == top


def test_bytes_are_tokens_at_first(stage: Stage) -> None:
    """A byte that is no character alone is in hex; what merges make of them is the character."""
    picture = steps_of(stage(BPESteps(TEXT)))
    tiles = picture.locator(".gc-tokens .gc-tile")
    codes = ["C3", "A9", "F0", "9F", "99", "82"]
    shown = [*"aaab", "␣", *"cab", "␣", *codes, "␣", *"cab"]
    assert tiles.all_inner_texts() == shown
    while button(picture, "Step").get_attribute("aria-disabled") == "false":
        button(picture, "Step").click()
    assert tiles.all_inner_texts() == ["aaab", "␣cab", "␣é", "🙂", "␣cab"]


@pytest.mark.parametrize("kind", HANDS)
def test_the_reader_types_a_text(stage: Stage, kind: str) -> None:
    """The stepper begins again with the new text, and Python's merges of the old one go."""
    hand = stage(BPESteps("low lower lowest", train=train_bpe), kind)
    picture = steps_of(hand)
    expect(picture.locator(".gc-verdict")).to_have_text(re.compile("^✓ train_bpe learned the same"))
    hand.press(button(picture, "Step"))
    box = picture.get_by_label("Your text")
    box.focus()
    hand.page.keyboard.press("Control+A")
    hand.page.keyboard.type("xyxy")
    assert seen(picture.locator(".gc-tokens .gc-tile")) == list("xyxy")
    assert merged(picture) == []
    expect(picture.locator(".gc-verdict")).to_be_hidden()
    box.fill("")
    expect(picture.locator(".gc-saying")).to_have_text("There is no text: type some.")
    expect(button(picture, "Step")).to_have_attribute("aria-disabled", "true")
    box.fill("z" * 500)
    assert len(box.input_value()) in {400, 500}  # fill is no typing; typing ends at 400


def rare(text: str, vocab_size: int) -> Any:
    """Train, and make a second merge that the text does not ask for."""
    vocab, merges = train_bpe(text, vocab_size)
    return vocab, [merges[0], (b"a", b"b"), *merges[2:]]


def least(text: str, vocab_size: int) -> Any:
    """Train as one who takes the least of pairs equally frequent."""
    return {}, [(b"l", b"o")]


def broken(text: str, vocab_size: int) -> Any:
    """Raise an error."""
    raise KeyError(text)


@pytest.mark.parametrize(
    ("train", "said"),
    [
        (rare, "✗ Merge 2 of rare is “a” before “b”, 0 ×. At that point the most frequent pair is"),
        (
            least,
            "“l” before “o”, 3 ×. At that point the greatest of the pairs equally frequent is ",
        ),
        (lambda *a: (1, train_bpe(*a)[1][:2]), "ends after 2 merges. A pair is left then: “"),
        (lambda *a: (1, [*train_bpe(*a)[1], (b"?", b"!")]), "is “?” before “!”. No pair is left"),
        (broken, "✗ broken raised KeyError: 'low lower lowest'"),
        (lambda *a: (1, [("l", "o")]), r"raised ValueError: merges[0] is ('l', 'o'); expected two"),
    ],
)
def test_merges_that_differ_are_named(stage: Stage, train: Any, said: str) -> None:
    """The verdict says where Python's merges first differ, and how."""
    verdict = steps_of(stage(BPESteps("low lower lowest", train=train))).locator(".gc-verdict")
    expect(verdict).to_contain_text(said)
    expect(verdict).to_have_class(re.compile("gc-bad"))


def test_some_merges_alone_can_be_compared(stage: Stage) -> None:
    """A list that stops early is right as far as it goes."""
    merges = train_bpe("low lower lowest", 259)[1]
    verdict = steps_of(stage(BPESteps("low lower lowest", merges))).locator(".gc-verdict")
    expect(verdict).to_have_text("✓ merges learned the same 3 merges.")


def test_python_trains_again_when_the_text_changes() -> None:
    """In a notebook the learner's function is called for every text."""
    picture = BPESteps("abab", train=train_bpe)
    picture.text = "xyz"
    assert picture.learned["text"] == "xyz"
    assert picture.learned["merges"] == [[[121], [122]], [[120], [121, 122]]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"text": 3}, "text must be a string, not 3"),
        ({"text": "a" * 401}, "401 characters; at most 400"),
        ({"merges": [], "train": train_bpe}, "not both"),
        ({"merges": [(b"a",)]}, r"merges\[0\] is \(b'a',\); expected two bytes objects"),
    ],
)
def test_steps_say_what_is_wrong(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BPESteps(**arguments)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, LAPTOP])
def test_nothing_for_axe(stage: Stage, width: int, theme: str) -> None:
    """No violation and nothing wider than the screen, at first and in use."""
    hand = stage(BPESteps(TEXT, train=rare), width=width, theme=theme)
    page = hand.page
    page.wait_for_selector("[data-mounted]")
    assert violations(page) == []
    for _ in range(4):
        page.get_by_role("button", name="Step").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
