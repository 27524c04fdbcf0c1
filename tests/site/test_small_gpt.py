"""The GPT in the page: it is loaded by a button, writes, and shows each stage of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import Locator, expect

from gpt2.filters import apply_temperature, top_k_filter, top_p_filter
from gpt2.generation import generate_cached
from gptcourse.widgets import SmallGPT
from gptcourse.widgets import small_gpt as module

from . import small_gpt as small
from . import stage
from .test_pages import violations
from .test_pictures import Hand, button
from .visit import LAPTOP, PHONE, Visit

PROMPT = "Alice was beginning"
LOAD = re.compile(r"Load the model \(\d\.\d MB\)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a tiny model of random weights."""
    return small.make(tmp_path_factory.mktemp("tiny"), small.TINY)


@pytest.fixture(autouse=True)
def tiny(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the picture show the tiny model; return it in torch."""
    assets = {**SmallGPT.assets, "weights": str(folder / "model.safetensors")}
    monkeypatch.setattr(SmallGPT, "assets", assets)
    monkeypatch.setattr(module, "SIZES", str(folder / "model.json"))
    return small.read(folder)


def files(hand: Hand) -> list[str]:
    """Return the names of the model's files that the page has loaded."""
    names = [r.url.split("/")[-1] for r in hand.visit.responses]
    return [name.split("-")[0] for name in names if re.match("merges|model", name)]


def loaded(show: Any, kind: str = "mouse", **options: Any) -> tuple[Hand, Locator]:
    """Open the picture and press its button."""
    hand, picture = show(kind, "small-gpt", SmallGPT(**options))
    hand.press(picture.get_by_role("button", name=LOAD))
    expect(button(picture, "Step")).to_be_visible(timeout=20_000)
    return hand, picture


def tokens(picture: Locator) -> list[int]:
    """Return the ids under the tokens of the strip."""
    return [int(text) for text in picture.locator(".gc-strip .gc-id").all_inner_texts()]


def tab(picture: Locator, name: str) -> Locator:
    return picture.locator(".gc-tab", has_text=name)


@torch.no_grad()
def logits_of(model: Any, ids: list[int]) -> torch.Tensor:
    """Return the logits of what comes after the last id."""
    last: torch.Tensor = model(torch.tensor([ids]))[0][0, -1]
    return last


def draws(seed: int) -> Any:
    """Yield the numbers of mulberry32, the generator of the pictures, by its own definition."""
    state = seed
    while True:
        state = (state + 0x6D2B79F5) % 2**32
        z = ((state ^ (state >> 15)) * (state | 1)) % 2**32
        z ^= (z + ((z ^ (z >> 7)) * (z | 61)) % 2**32) % 2**32
        yield ((z ^ (z >> 14)) % 2**32) / 2**32


@torch.no_grad()
def written(model: Any, ids: list[int], n: int, options: dict[str, Any]) -> list[int]:
    """Write n tokens as the page does it: the shares in falling order, end to end, and a number."""
    ids, numbers = list(ids), draws(options.get("seed", 1))
    for _ in range(n):
        logits = apply_temperature(logits_of(model, ids)[None].double(), options["temperature"])
        if options.get("top_k"):
            logits = top_k_filter(logits, options["top_k"])
        shares, order = top_p_filter(logits, options["top_p"])[0].softmax(-1).sort(descending=True)
        ids.append(int(order[int((shares.cumsum(0) <= next(numbers)).sum())]))
    return ids


def test_nothing_is_loaded_before_the_button(show: Any, kind: str) -> None:
    """The button says the size; then both files come once."""
    hand, picture = show(kind, "small-gpt", SmallGPT())
    expect(picture.get_by_text("2 blocks, 2 heads, 16 channels, 24 positions")).to_be_visible()
    hand.page.wait_for_timeout(500)
    assert files(hand) == []
    load = picture.get_by_role("button", name=LOAD)
    size = sum(len(SmallGPT.read_asset(name)) for name in SmallGPT.assets)
    assert load.inner_text() == f"Load the model ({size / 1e6:.1f} MB)"
    hand.press(load)
    expect(button(picture, "Step")).to_be_visible(timeout=20_000)
    assert sorted(files(hand)) == ["merges", "model"]
    if kind == "keyboard":
        expect(button(picture, "Step")).to_be_focused()
    assert tokens(picture) == small.encode(PROMPT)


@pytest.mark.parametrize(
    "options",
    [
        {"temperature": 0.0, "top_p": 1.0},
        {"temperature": 0.8, "top_k": 50, "top_p": 1.0, "seed": 7},
        {"temperature": 1.5, "top_k": None, "top_p": 0.9, "seed": 4_000_000_000},
        {"temperature": 1.0, "top_k": 5, "top_p": 0.5, "seed": 0},
    ],
)
def test_it_writes_what_torch_writes(show: Any, tiny: Any, options: dict[str, Any]) -> None:
    """With torch's logits, the course's filters and the documented numbers the text is the same."""
    hand, picture = loaded(show, prompt=PROMPT, **options)
    prompt = small.encode(PROMPT)
    for _ in range(6):
        hand.press(button(picture, "Step"))
    expected = written(tiny, prompt, 6, options)
    assert tokens(picture) == expected
    text = picture.locator(".gc-text").evaluate("e => e.textContent")
    assert text == PROMPT + small.tokenizer().decode(expected[len(prompt) :])
    if options["temperature"] == 0:
        assert expected == generate_cached(tiny, torch.tensor([prompt]), 6, 0.0)[0].tolist()


def test_back_step_and_reset(show: Any, kind: str) -> None:
    """A token taken back is drawn again; a run is repeated; another seed gives another."""
    hand, picture = loaded(show, kind, temperature=2.0, top_k=None)
    begun = len(tokens(picture))
    expect(button(picture, "Back")).to_have_attribute("aria-disabled", "true")
    for _ in range(5):
        hand.press(button(picture, "Step"))
    first = tokens(picture)
    assert len(first) == begun + 5
    for _ in range(3):
        hand.press(button(picture, "Back"))
    assert tokens(picture) == first[:-3]
    for _ in range(3):
        hand.press(button(picture, "Step"))
    assert tokens(picture) == first
    hand.press(button(picture, "Reset"))
    assert tokens(picture) == first[:begun]
    picture.get_by_label("Seed").fill("2")
    picture.get_by_label("Seed").press("Enter")
    for _ in range(5):
        hand.press(button(picture, "Step"))
    assert tokens(picture) != first


def test_play_pauses_and_ends_where_the_positions_end(show: Any, kind: str) -> None:
    hand, picture = loaded(show, kind)
    hand.press(button(picture, "Play"))
    picture.locator(".gc-strip button").nth(7).wait_for()
    hand.press(button(picture, "Pause"))
    there = len(tokens(picture))
    hand.page.wait_for_timeout(400)
    assert len(tokens(picture)) == there
    hand.press(button(picture, "Play"))
    expect(picture.locator(".gc-count")).to_contain_text(
        "24 of 24 positions are used", timeout=20_000
    )
    expect(picture.locator(".gc-count")).to_contain_text("the model has no place for more")
    expect(button(picture, "Step")).to_have_attribute("aria-disabled", "true")
    assert len(tokens(picture)) == 24


def test_the_draw_is_shown_as_it_is(show: Any, tiny: Any) -> None:
    """Shares, what the sliders leave, and the token on which the number falls."""
    hand, picture = loaded(show, temperature=1.0, top_k=3)
    ids = small.encode(PROMPT)
    shares, order = logits_of(tiny, ids).softmax(-1).sort(descending=True)
    rows = picture.locator(".gc-candidates tbody tr")
    shown = [float(text.split()[0]) for text in rows.locator("td:nth-child(2)").all_inner_texts()]
    assert shown[:10] == pytest.approx((100 * shares[:10]).tolist(), abs=0.06)
    left = rows.locator("td:nth-child(4)").all_inner_texts()
    kept = 100 * shares[:3] / shares[:3].sum()
    assert [float(text.split()[0]) for text in left[:3]] == pytest.approx(kept.tolist(), abs=0.06)
    assert set(left[3:10]) == {"cut off by top-k"}
    number = next(draws(1))
    expect(picture.locator(".gc-saying")).to_contain_text(f"The number {number:.4f} falls on")
    expect(tab(picture, "Draw")).to_contain_text("3 left")
    hand.press(button(picture, "Step"))
    drawn = tokens(picture)[-1]
    assert drawn in order[:3].tolist()
    hand.press(picture.locator(".gc-strip button").nth(len(ids) - 1))
    expect(picture.locator(".gc-saying")).to_contain_text("which stands there")
    hand.press(picture.locator(".gc-strip button").first)
    expect(picture.locator(".gc-saying")).to_contain_text("The prompt goes on with")
    picture.get_by_label("Top-p").press("Home")
    expect(picture.locator(".gc-saying")).to_contain_text("Top-p leaves 1.")
    picture.get_by_label("Temperature").press("Home")
    expect(picture.locator(".gc-saying")).to_contain_text("Temperature 0 leaves the greatest")
    picture.get_by_label("Top-k").press("End")
    expect(picture.get_by_label("Top-k")).to_have_attribute("aria-valuetext", "all")


@torch.no_grad()
def test_each_stage_opens(show: Any, tiny: Any, kind: str) -> None:
    """Lengths of the stream, what a head reads, and the logits, at a token that is chosen."""
    hand, picture = loaded(show, kind)
    ids, stages = small.encode(PROMPT), tiny.transformer
    at = len(ids) - 2
    hand.press(picture.locator(".gc-strip button").nth(at))
    x = stages.wte.weight[ids] + stages.wpe.weight[: len(ids)]
    lengths = [x[at].norm().item()]
    for block in stages.h:
        x = block(x[None])[0]
        lengths.append(x[at].norm().item())
    sizes = picture.locator(".gc-tab .gc-size").all_inner_texts()
    assert [float(text.split()[1]) for text in sizes[:3]] == pytest.approx(lengths, abs=0.06)
    hand.press(tab(picture, "Embedding"))
    rows = picture.locator(".gc-vectors")
    expect(rows.locator(".gc-title")).to_have_text(
        [f"row {ids[at]:,} of wte", f"row {at} of wpe", "sum: enters block 0"]
    )
    found = [float(text) for text in rows.locator(".gc-size").all_inner_texts()]
    tables = (stages.wte.weight[ids[at]], stages.wpe.weight[at])
    assert found == pytest.approx([*(row.norm().item() for row in tables), lengths[0]], abs=0.006)
    hand.press(tab(picture, "Block 1"))
    hand.press(picture.get_by_role("button", name="Head 1.1"))
    normed = stages.h[1].ln_1(
        stages.h[0]((stages.wte.weight[ids] + stages.wpe.weight[: len(ids)])[None])[0]
    )
    q, k, _ = stages.h[1].attn.c_attn(normed).view(len(ids), 3, 2, -1).unbind(1)
    weights = (k[: at + 1, 1] @ q[at, 1] / q.size(-1) ** 0.5).softmax(0)
    labels = [
        tile.get_attribute("aria-label") or "" for tile in picture.locator(".gc-strip button").all()
    ]
    read = [float(label.split("read with ")[1]) for label in labels[: at + 1]]
    assert read == pytest.approx(weights.tolist(), abs=0.006)
    assert "read with" not in labels[at + 1]
    hand.press(tab(picture, "Logits"))
    logits = logits_of(tiny, ids[: at + 1])
    shown = picture.locator(".gc-candidates td:nth-child(3)").all_inner_texts()[:10]
    numbers = [float(text.replace("−", "-")) for text in shown]
    assert numbers == pytest.approx(logits.topk(10).values.tolist(), abs=0.011)


def test_the_keyboard_walks_through_tokens_and_stages(show: Any) -> None:
    hand, picture = loaded(show, "keyboard")
    strip = picture.locator(".gc-strip button")
    strip.last.focus()
    for key, place in [("ArrowLeft", -2), ("Home", 0), ("ArrowLeft", 0), ("ArrowRight", 1)]:
        hand.page.keyboard.press(key)
        place %= strip.count()
        expect(strip.nth(place)).to_be_focused()
        expect(strip.nth(place)).to_have_attribute("aria-pressed", "true")
    tab(picture, "Draw").focus()
    hand.page.keyboard.press("ArrowLeft")
    expect(tab(picture, "Logits")).to_have_attribute("aria-pressed", "true")


def test_any_prompt_is_read(show: Any) -> None:
    """All of Unicode, nothing at all, and more than the model has places for."""
    _, picture = loaded(show)
    box, strip = picture.get_by_label("or type your own"), picture.locator(".gc-strip .gc-id")
    for text in ["é🙂 한", "a", "ab", "<|end"]:
        box.fill(text)
        expect(strip).to_have_text([str(i) for i in small.encode(text)])
        assert picture.locator(".gc-text").evaluate("e => e.textContent") == text
    expect(picture.get_by_label("Prompt")).to_have_value("your own")
    box.fill("")
    expect(strip).to_have_text(["4095"])
    assert picture.locator(".gc-text").inner_text() == ""
    box.fill("one two three four " * 10)
    ids = small.encode("one two three four " * 10)
    expect(strip).to_have_text([str(i) for i in ids[-12:]])
    expect(picture.locator(".gc-count")).to_contain_text(f"first {len(ids) - 12} tokens are left")
    picture.get_by_label("Prompt").select_option("And God said")
    expect(strip).to_have_text([str(i) for i in small.encode("And God said")])


@pytest.mark.parametrize("trouble", ["missing", "cut", "another", "no net"])
def test_what_goes_wrong_is_said_and_can_be_tried_again(show: Any, trouble: str) -> None:
    hand, picture = show("mouse", "small-gpt", SmallGPT())
    body = SmallGPT.read_asset("weights")
    said = {"missing": "404", "cut": "cut short", "another": "no transformer.", "no net": "fetch"}
    answers = {
        "missing": {"status": 404},
        "cut": {"body": body[:5000]},
        "another": {"body": (2).to_bytes(8, "little") + b"{}"},
    }

    def answer(route: Any) -> None:
        if trouble == "no net":
            route.abort()
        else:
            route.fulfill(**answers[trouble])

    hand.page.route("**/model-*", answer)
    load = picture.get_by_role("button", name=LOAD)
    load.click()
    note = picture.locator(".gc-offer .gc-quiet")
    expect(note).to_contain_text("The model did not load: ")
    assert said[trouble] in note.inner_text()
    expect(picture.get_by_role("status")).to_have_text(note.inner_text())
    hand.page.unroute("**/model-*")
    load.click()
    expect(button(picture, "Step")).to_be_visible(timeout=20_000)
    assert [one for one in hand.visit.troubles if "404" not in one and "ERR_" not in one] == []
    hand.visit.troubles.clear()


def test_progress_is_shown(show: Any) -> None:
    """While the file comes the bar stands, with how much is there; a second press does nothing."""
    hand, picture = show("mouse", "small-gpt", SmallGPT())
    waiting: list[Any] = []
    hand.page.route("**/model-*", lambda route: waiting.append(route))
    load = picture.get_by_role("button", name=LOAD)
    load.click()
    bar = picture.get_by_role("progressbar", name="Loading the model")
    merges = len(SmallGPT.read_asset("merges"))
    expect(bar).to_have_js_property("value", merges)
    expect(picture.locator(".gc-offer .gc-quiet")).to_have_text(re.compile(r"0\.0 of \d\.\d MB"))
    load.evaluate("button => button.click()")
    assert len(waiting) == 1
    waiting[0].continue_()
    expect(button(picture, "Step")).to_be_visible(timeout=20_000)


@pytest.mark.parametrize(
    ("width", "theme"), [(PHONE, "dark"), (PHONE, "light"), (LAPTOP, "light"), (LAPTOP, "dark")]
)
def test_nothing_for_axe(browser: Any, tmp_path: Path, width: int, theme: str) -> None:
    """No violation and nothing wider than the screen, at each stage."""
    with stage.staged(browser, tmp_path) as open_stage:
        hand = open_stage(SmallGPT(), width=width, theme=theme)
        page = hand.page
        page.wait_for_selector("[data-mounted]")
        assert violations(page) == []
        page.get_by_role("button", name=LOAD).click()
        for _ in range(12):
            page.get_by_role("button", name="Step", exact=True).click()
        for name in ("Embedding", "Block 1", "Logits", "Draw"):
            page.locator(".gc-tab", has_text=name).click()
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_two_on_a_page_and_a_clean_end(browser: Any, tmp_path: Path) -> None:
    """The second picture finds the model that the first has loaded."""
    stage.write(tmp_path, SmallGPT(), SmallGPT("And God said"))
    with stage.served(tmp_path) as address:
        visit = Visit(browser, address)
        visit.open("stage")
        pictures = visit.page.locator("figure.course-widget")
        for i in (0, 1):
            pictures.nth(i).get_by_role("button", name=LOAD).click()
            expect(button(pictures.nth(i), "Step")).to_be_visible(timeout=20_000)
        assert tokens(pictures.nth(0)) == small.encode(PROMPT)
        assert tokens(pictures.nth(1)) == small.encode("And God said")
        visit.close()
        assert visit.troubles == []


def test_without_its_weights_the_picture_says_where_it_lives(
    show: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a notebook with the installed package: no error, no button."""
    there = SmallGPT.assets
    monkeypatch.setattr(SmallGPT, "assets", {**there, "weights": "data/small_gpt/none"})
    picture = SmallGPT()
    assert picture.config == {}
    assert "lives on the course’s site" in picture.static_html()
    monkeypatch.setattr(SmallGPT, "assets", there)
    _, shown = show("mouse", "small-gpt", picture)
    expect(shown).to_contain_text("lives on the course’s site")
    assert shown.get_by_role("button").count() == 0


def test_in_a_notebook_python_sends_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where they are, that is: in a clone of the course. The request is the one of the module."""
    sent: list[Any] = []
    picture = SmallGPT()
    monkeypatch.setattr(picture, "send", lambda *message: sent.append(message))
    picture._handle_custom_msg({"asset": "weights", "progress": True}, [])
    ((content, (buffer,)),) = sent
    assert content["asset"] == "weights"
    assert "loaded" not in content
    assert buffer == SmallGPT.read_asset("weights")


def test_state_is_json_and_module_asks_for_nothing() -> None:
    picture = SmallGPT()
    assert json.loads(json.dumps(picture.state())) == picture.state()
    assert len(json.dumps(picture.state())) < 1000
    text = str(picture._esm)
    assert not re.search(r"^import ", text, re.MULTILINE)
    assert re.findall(r"^export .*", text, re.MULTILINE) == ["export default { render };"]
    assert "http" not in text + str(picture._css)
    assert "innerHTML" not in text


def test_still_picture_has_the_sizes(tiny: Any) -> None:
    parameters = sum(p.numel() for p in tiny.parameters())
    still = SmallGPT().static_html()
    assert f"{parameters:,} parameters" in still
    assert still.count("<tr>") == 6


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"prompt": "a" * 601}, "at most 600 characters"),
        ({"prompt": 3}, "a string"),
        ({"temperature": -0.1}, "temperature must be from 0 to 2, not -0.1"),
        ({"top_k": 0}, "top_k must be a whole number, at least 1, or None, not 0"),
        ({"top_p": 0}, "top_p must be over 0 and at most 1, not 0"),
        ({"seed": -1}, "seed must be a whole number"),
    ],
)
def test_it_says_what_is_wrong(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        SmallGPT(**options)
