"""GPT-2's tokenizer in the page, mounted as on the site: by mouse, by keyboard and by finger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from gpt2.bpe_tokenizer import BPETokenizer, load_gpt2_tokenizer
from gptcourse import datasets
from gptcourse.widgets import Gpt2Tokenizer
from gptcourse.widgets.gpt2_presets import PRESETS

from .stage import staged
from .test_pages import violations
from .test_pictures import Hand, button
from .visit import LAPTOP, PHONE

HANDS = ["mouse", "keyboard", "touch"]
Stage = Callable[..., Hand]


@pytest.fixture
def stage(browser: Browser, tmp_path: Path) -> Iterator[Stage]:
    """stage(picture, kind) -> a hand on a page with that picture."""
    with staged(browser, tmp_path) as open_stage:
        yield open_stage


@pytest.fixture(scope="module")
def tokenizer() -> BPETokenizer:
    """Return GPT-2's tokenizer, the reference's."""
    return load_gpt2_tokenizer(*datasets.gpt2_vocabulary())


def tokenizer_of(hand: Hand) -> Locator:
    return hand.visit.picture("gpt2-tokenizer")


def requests(hand: Hand) -> list[str]:
    """Return the names of the files of merges that the page has loaded."""
    return [r.url.split("/")[-1] for r in hand.visit.responses if "vocab-" in r.url]


def test_the_listed_ids_are_exact(tokenizer: BPETokenizer) -> None:
    """What stands in the list is what GPT-2 gives."""
    for preset in PRESETS:
        for text, ids in preset.encoded():
            assert ids == tokenizer.encode(text)
            assert tokenizer.decode(ids) == text


def side(picture: Locator, i: int) -> tuple[str, list[str], list[str]]:
    """Return the counts, the tiles and the ids of one text."""
    part = picture.locator("section").nth(i)
    tiles = part.locator(".gc-one .gc-tile").all_inner_texts()
    counts = part.locator(".gc-numbers").inner_text()
    return counts, tiles, part.locator(".gc-one .gc-id").all_inner_texts()


@pytest.mark.parametrize("kind", HANDS)
def test_listed_texts_need_nothing(stage: Stage, kind: str) -> None:
    """Each pair of the list is drawn from the state, in three ways; nothing is loaded."""
    hand = stage(Gpt2Tokenizer("sums"), kind)
    picture = tokenizer_of(hand)
    counts, tiles, ids = side(picture, 1)
    assert " ".join(counts.split()) == "18 characters 18 bytes 8 tokens 2.25 characters per token"
    assert tiles == ["12", "75", "␣+", "␣6", "773", "␣=", "␣8", "041"]
    assert ids == ["1065", "2425", "1343", "718", "46871", "796", "807", "50049"]
    picker, shown = picture.get_by_label("Compare"), picture.get_by_label("Tiles show")
    for preset in PRESETS:
        if kind == "keyboard":
            picker.press("Home")
            for _ in range(PRESETS.index(preset)):
                picker.press("ArrowDown")
        else:
            picker.select_option(preset.name)
        for i, (_, expected) in enumerate(preset.encoded()):
            assert side(picture, i)[2] == list(map(str, expected))
    picker.select_option("an emoji")
    assert side(picture, 1)[1] == ["F0\n9F\n91", "8D", "F0\n9F", "8F", "BD"]
    assert picture.locator("section").nth(1).locator(".gc-whole").all_inner_texts() == ["👍", "🏽"]
    shown.select_option("ids")
    assert side(picture, 0)[1] == ["41840", "235"]
    picker.select_option("a space in front")
    shown.select_option("bytes")
    assert side(picture, 1)[1] == ["20 54 6F 6B 79 6F"]
    assert requests(hand) == []


@pytest.mark.parametrize("kind", HANDS)
def test_the_button_loads_the_vocabulary_once(
    stage: Stage, kind: str, tokenizer: BPETokenizer
) -> None:
    """The size stands on the button; one request; then any text has its ids, as it is typed."""
    hand = stage(Gpt2Tokenizer(), kind)
    picture = tokenizer_of(hand)
    hand.press(button(picture, "Load GPT-2’s vocabulary (456 kB)"))
    loaded = button(picture, "GPT-2’s vocabulary is loaded")
    expect(loaded).to_have_attribute("aria-disabled", "true", timeout=20_000)
    loaded.evaluate("button => button.click()")  # which does nothing
    for text in ["Ünïcödé, don't!  \n\tx²=４", "<|endoftext|>", "🏳️‍🌈 한 ñ", ""]:
        picture.get_by_label("Second text").fill(text)
        assert side(picture, 1)[2] == list(map(str, tokenizer.encode(text)))
    expect(picture.get_by_label("Compare")).to_have_value("your own texts")
    assert len(requests(hand)) == 1


def test_typing_loads_the_vocabulary(stage: Stage, tokenizer: BPETokenizer) -> None:
    """The first letter fetches it; the listed text on the other side stays."""
    hand = stage(Gpt2Tokenizer("sums"))
    picture = tokenizer_of(hand)
    picture.get_by_label("First text").press("End")
    hand.page.keyboard.type("ab")
    ids = list(map(str, tokenizer.encode("127 + 677 = 804ab")))
    expect(picture.locator("section").nth(0).locator(".gc-id")).to_have_text(ids, timeout=20_000)
    assert len(side(picture, 1)[2]) == 8
    assert len(requests(hand)) == 1


def test_a_failed_load_can_be_tried_again(stage: Stage) -> None:
    """The reader hears of it, the list still works, and the button tries again."""
    hand = stage(Gpt2Tokenizer())
    picture = tokenizer_of(hand)
    hand.page.route("**/vocab-*", lambda route: route.abort())
    button(picture, "Load GPT-2’s vocabulary (456 kB)").click()
    expect(picture.locator(".gc-bar-row .gc-quiet")).to_contain_text("It did not load")
    hand.page.unroute("**/vocab-*")
    button(picture, "Load GPT-2’s vocabulary (456 kB)").click()
    expect(button(picture, "GPT-2’s vocabulary is loaded")).to_be_visible(timeout=20_000)
    assert [said for said in hand.visit.troubles if "ERR_FAILED" not in said] == []
    hand.visit.troubles.clear()


@pytest.mark.parametrize(
    ("change", "said", "place"),
    [
        (lambda ids: ids, "✓ change gives the same ids.", None),
        (lambda ids: [*ids[:2], 7, *ids[3:]], "7 ids. At position 2 it has 7, GPT-2 has 718.", 2),
        (lambda ids: ids[:3], "3 ids. At position 3 it has nothing, GPT-2 has 3324.", 3),
        (lambda ids: [*ids, 9], "8 ids. At position 7 it has 9, GPT-2 has nothing.", None),
        (lambda ids: 1 / 0, "✗ change raised ZeroDivisionError: division by zero", None),
        (lambda ids: ["a"], "✗ change raised ValueError: encode(text) must hold", None),
    ],
)
def test_an_encode_that_differs_is_named(
    stage: Stage, tokenizer: BPETokenizer, change: Any, said: str, place: int | None
) -> None:
    """The verdict says where the ids first differ, and that token is marked."""

    def wrong(text: str) -> Any:
        return change(tokenizer.encode(text))

    wrong.__name__ = "change"
    picture = tokenizer_of(stage(Gpt2Tokenizer("sums", encode=wrong)))
    part = picture.locator("section").first
    expect(part.locator(".gc-verdict")).to_contain_text(said)
    marks = part.locator(".gc-one").evaluate_all(
        "all => all.flatMap((e, i) => (e.classList.contains('gc-wrong') ? [i] : []))"
    )
    assert marks == ([] if place is None else [place])


def test_python_encodes_what_is_typed(tokenizer: BPETokenizer) -> None:
    """In a notebook the learner's encode is called for every text, and the list's are kept."""
    picture = Gpt2Tokenizer(encode=tokenizer.encode)
    picture.texts = ["new", ""]
    assert picture.encoded["new"]["ids"] == tokenizer.encode("new")
    assert picture.encoded[""]["ids"] == []
    assert picture.encoded["Tokyo"]["ids"] == [19042, 8226]
    picture.texts = ["newer", ""]
    assert "new" not in picture.encoded


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("nothing", "no pair of texts is named 'nothing'; there are 'a space in front'"),
        (["a"], r"texts must be two strings, not \['a'\]"),
        (["a", 3], "two strings"),
        (["a", "b" * 1001], "1001 characters; at most 1000"),
    ],
)
def test_the_tokenizer_says_what_is_wrong(texts: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Gpt2Tokenizer(texts)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, LAPTOP])
def test_nothing_for_axe(stage: Stage, width: int, theme: str) -> None:
    """No violation and nothing wider than the screen, at first and in use."""
    hand = stage(Gpt2Tokenizer(), width=width, theme=theme)
    page = hand.page
    page.wait_for_selector("[data-mounted]")
    assert violations(page) == []
    page.get_by_label("Compare").select_option("English and Korean")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
