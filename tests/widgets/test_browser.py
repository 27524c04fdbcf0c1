"""Each picture in Chromium: mouse, touch, keyboard, both themes, both widths, axe."""

import math
import re

import pytest

from . import samples

NAMES = sorted(samples.ALL)


def press(page, name, times=1):
    for _ in range(times):
        page.get_by_role("button", name=name, exact=True).click()


def freeze(page):
    """From here on time passes only in `page.clock.run_for`."""
    page.clock.install(time=0)
    page.clock.pause_at(60)


def status(page):
    return page.get_by_role("status").first


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", NAMES)
def test_no_accessibility_fault_and_no_overflow(show, name, width, theme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = show(name, width=width, theme=theme, reduced_motion="reduce")
    page.add_style_tag(content="html { background: var(--gc-paper, white) }")
    for move in (None, "Step", "Lock in", "Probabilities", re.compile("^Sample a")):
        if move is not None:
            button = page.get_by_role("button", name=move)
            if button.count() == 0:
                continue
            if move == "Lock in":
                page.get_by_role("radio").nth(1).check()
            button.click()
        if name == "large_table" and move is not None:
            continue  # 4,225 cells take axe seconds; the small table has the same controls
        result = axe.run(page)
        assert result.violations_count == 0, result.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("name", NAMES)
def test_two_on_a_page_and_a_clean_end(show, name):
    page = show(name)
    before = page.evaluate("Object.keys(window).sort().join()")
    page.evaluate(
        """async () => {
          const state = await (await fetch("state.json")).json();
          globalThis.first.second = mount("second", state);
        }"""
    )
    assert page.locator(".gc-picture").count() == 2
    shared = page.evaluate(
        """() => [...document.querySelectorAll("#first [name]")].filter((one) =>
             document.querySelector(`#second [name="${one.name}"]`)).length"""
    )
    assert shared == 0
    assert page.locator("#first [id], #second [id]").count() == 0
    left = page.evaluate(
        """() => {
          const second = globalThis.first.second;
          second.unmount();
          return Object.values(second.model.handlers).flat().length;
        }"""
    )
    assert left == 0
    assert page.locator(".gc-picture").count() == 1
    assert page.evaluate("Object.keys(window).sort().join()") == before


@pytest.mark.parametrize("name", NAMES)
def test_every_stop_of_the_tab_key_is_seen(show, name):
    page = show(name)
    page.keyboard.press("Tab")
    stops = 0
    while page.evaluate("document.activeElement !== document.body") and stops < 40:
        seen = page.evaluate(
            """() => {
              const element = document.activeElement;
              const drawn = (e) => e && getComputedStyle(e).outlineStyle === "solid";
              return drawn(element) || drawn(element.closest("label"));
            }"""
        )
        assert seen, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        stops += 1
        page.keyboard.press("Tab")
    assert 1 < stops < 40


def test_game_pays_the_bits_of_the_reader_and_of_the_model(show):
    page = show("guess_next_word")
    assert page.get_by_role("button", name="Lock in").get_attribute("aria-disabled") == "true"
    page.get_by_role("radio").nth(3).check()
    page.get_by_role("slider").fill("60")
    press(page, "Lock in")
    said = f"You pay {-math.log2(0.6):.2f} bits, the model {-math.log2(0.4):.2f} bits"
    assert said in page.locator(".gc-stake").inner_text()
    assert "✓ came next" in page.locator(".gc-truth").inner_text()
    assert f"{math.log2(6):.2f} bits" in page.locator(".gc-score").inner_text()
    answer = page.evaluate("first.model.get('answers')[0]")
    assert answer["choice"] == 3
    assert answer["bits"] == pytest.approx(-math.log2(0.6))


def test_game_with_the_keyboard_alone_to_its_end(show):
    page = show("guess_next_word")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("slider").get_attribute("aria-valuetext") == "51.0\N{NO-BREAK SPACE}%"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    # "question" came: the rest, 49 %, was split over the five words not picked.
    assert f"You pay {-math.log2(0.49 / 5):.2f} bits" in page.locator(".gc-stake").inner_text()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.type") == "radio"
    assert "Word 2 of 2" in page.locator(".gc-title").first.inner_text()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Lock in").press("Enter")
    assert page.locator(".gc-score tbody tr").count() == 2
    press(page, "Play again")
    assert page.evaluate("first.model.get('answers').length") == 0


def test_game_shows_text_as_text(show):
    page = show("guess_next_word")
    assert "that is <the>" in page.locator(".gc-context").inner_text()
    assert page.locator("the").count() == 0


def test_window_steps_through_its_examples_and_then_slides(show):
    page = show("training_window")
    now = page.locator(".gc-examples li.gc-now")
    assert now.inner_text().split() == ["t", "→", "comes", "o"]
    press(page, "Step", 2)
    assert now.inner_text().split() == ["t", "o", "␣", "→", "comes", "b"]
    press(page, "Back")
    assert now.inner_text().split() == ["t", "o", "→", "comes", "␣"]
    press(page, "Step", 7)
    assert page.evaluate("first.model.get('start')") == 1
    assert now.inner_text().split() == ["o", "→", "comes", "␣"]
    press(page, "Reset")
    assert page.evaluate("first.model.get('start')") == 0


def test_window_slides_with_keys_and_mouse_and_finger(show):
    page = show("training_window")
    frame = page.get_by_role("slider", name="Window over the text")
    frame.focus()
    for key, start in [("ArrowRight", 1), ("PageDown", 0), ("PageUp", 8), ("Home", 0)]:
        frame.press(key)
        assert page.evaluate("first.model.get('start')") == start
        assert frame.get_attribute("aria-valuenow") == str(start)
    frame.press("End")
    assert page.evaluate("first.model.get('start')") == len(samples.LINES) - 9
    frame.press("Home")
    box = page.locator(".gc-strip").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 40, steps=5)
    page.mouse.up()
    dragged = page.evaluate("first.model.get('start')")
    assert dragged >= 2
    page.mouse.move(box["x"] + 300, box["y"] + 40)
    assert page.evaluate("first.model.get('start')") == dragged


def test_rules_of_a_picture_hold_when_the_shared_sheet_comes_again(show):
    page = show("training_window")
    outside = page.locator(".gc-outside").first
    colour = outside.evaluate("e => getComputedStyle(e).borderTopColor")
    assert colour == "rgba(0, 0, 0, 0)"


def test_window_takes_another_block_size(show):
    page = show("training_window")
    page.get_by_label("block_size").fill("3")
    assert page.locator(".gc-examples li").count() == 3
    assert "One window of 3 tokens gives 3 training examples" in page.inner_text("main")


def test_window_plays_and_pauses(show):
    page = show("training_window")
    freeze(page)
    press(page, "Play")
    page.clock.run_for(2500)
    shown = page.locator(".gc-examples li:not(.gc-later)").count()
    assert shown >= 3
    press(page, "Pause")
    page.clock.run_for(5000)
    assert page.locator(".gc-examples li:not(.gc-later)").count() == shown


def test_batch_that_is_not_shifted_is_seen_to_be_wrong(show):
    right, wrong = show("training_batch"), show("wrong_batch")
    assert "✓ At all 15 places" in right.locator(".gc-verdict").inner_text()
    assert right.locator(".gc-wrong").count() == 0
    assert "✗ At 15 of 15 places" in wrong.locator(".gc-verdict").inner_text()
    assert wrong.get_by_role("img", name="not the next feature").count() == 5
    wrong.get_by_label("Row of the batch").select_option("2")
    assert wrong.evaluate("first.model.get('row')") == 2


def test_loop_shows_what_happened_step_by_step(show):
    page = show("token_loop")
    first = samples.loop().steps[0]
    context = page.locator(".gc-context-tiles")
    assert context.inner_text().split() == ["t", "o"]
    assert page.locator(".gc-top li").count() == 7
    height = page.locator(".gc-stage").bounding_box()["height"]
    press(page, "Step")
    assert page.locator(".gc-picked").count() == 1
    assert f"{100 * first['p']:.1f}\N{NO-BREAK SPACE}%" in page.locator(".gc-picked").inner_text()
    press(page, "Step")
    assert len(context.inner_text().split()) == 3
    assert "was put at the end" in page.locator(".gc-saying").inner_text()
    press(page, "Back")
    assert context.inner_text().split() == ["t", "o"]
    press(page, "Step", 7)
    assert "returned 6 tokens" in page.locator(".gc-saying").inner_text()
    assert page.locator(".gc-stage").bounding_box()["height"] == height  # nothing moved
    assert page.get_by_role("button", name="Step").get_attribute("aria-disabled") == "true"
    press(page, "Reset")
    assert "Turn 1 of 4" in page.inner_text("main")


def test_loop_plays_at_the_chosen_speed(show):
    page = show("token_loop")
    page.get_by_label("Speed").select_option("4 ×")
    freeze(page)
    press(page, "Play")
    page.clock.run_for(6000)
    assert "returned 6 tokens" in page.locator(".gc-saying").inner_text()


def test_loop_that_never_grows_says_so(show):
    still = samples.loop().steps[0] | {"choice": None, "p": None}
    page = show("token_loop", state={"steps": [still, still], "output": ["t", "o"]})
    press(page, "Step")
    assert "did not grow" in page.locator(".gc-saying").inner_text()
    press(page, "Step")
    assert "Nothing was put at the end" in page.locator(".gc-saying").inner_text()


def test_table_reads_the_cell_under_the_mouse(show):
    page = show("bigram_table")
    a, b = samples.SYMBOLS.index("t"), samples.SYMBOLS.index("h")
    cell = page.get_by_role("gridcell", name=re.compile("^after t comes h:"))
    cell.hover()
    times = int(samples.bigram_counts()[a, b])
    share = float(samples.share(samples.bigram_counts())[a, b])
    said = f"{times} times, {100 * share:.1f}\N{NO-BREAK SPACE}%"
    assert page.locator(".gc-sentence strong").inner_text() == said
    assert page.get_by_label("after", exact=True).evaluate("e => e.value") == "t"


def test_table_moves_with_the_arrow_keys(show):
    page = show("bigram_table")
    V = len(samples.SYMBOLS)
    page.locator(".gc-cell[tabindex='0']").focus()
    here = "document.activeElement.at.join()"
    page.keyboard.press("Home")
    row, column = map(int, page.evaluate(here).split(","))
    assert column == 0
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(here) == f"{row},0"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(here) == f"{row + 1},1"
    page.keyboard.press("End")
    assert page.evaluate(here) == f"{row + 1},{V - 1}"
    assert page.locator(".gc-cell[tabindex='0']").count() == 1
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("after")


def test_table_reads_the_cell_under_a_finger_and_by_name(show):
    page = show("bigram_table", width=390, touch=True)
    page.get_by_role("gridcell", name=re.compile("^after o comes r:")).tap()
    assert page.get_by_label("after", exact=True).evaluate("e => e.value") == "o"
    page.get_by_label("comes", exact=True).select_option("f")
    page.wait_for_timeout(500)
    assert status(page).inner_text() == page.locator(".gc-sentence strong").inner_text()


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_table_walks_from_row_to_row_and_pays_its_bits(show, motion):
    page = show("bigram_table", reduced_motion=motion)
    freeze(page)
    page.get_by_role("button", name="Sample a line").press("Enter")
    if motion == "no-preference":
        page.clock.run_for(1000)
        assert page.locator(".gc-walking").count() == 1
        assert page.locator(".gc-drawn").count() == 1
        page.clock.run_for(60_000)
    walk = page.locator(".gc-walk").inner_text()
    steps = [float(p) / 100 for p in re.findall(r"([\d.]+)\s%", walk)]
    number, total = re.search(r"(\d+) steps, ([\d.]+) bits", walk).groups()
    assert len(steps) == int(number)
    assert float(total) == pytest.approx(sum(-math.log2(p) for p in steps), abs=0.02 * len(steps))
    # Each step is a pair that was counted, and the walk goes on where the last step ended.
    symbols = page.locator(".gc-walk .gc-tile").all_inner_texts()
    names = [{"⏎": "\n", "␣": " "}.get(s, s) for s in symbols]
    P = samples.share(samples.bigram_counts())
    for a, b, p in zip(names, names[1:], steps, strict=False):
        drawn = P[samples.SYMBOLS.index(a), samples.SYMBOLS.index(b)]
        assert float(drawn) == pytest.approx(p, abs=0.0006)
    assert names[0] == "\n"
    assert names[-1] == "\n" or len(steps) == 40


def test_table_samples_in_proportion(show):
    P = [[0.0, 0.75, 0.25], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    state = {
        "counts": [[0, 3, 1], [3, 0, 0], [1, 0, 0]],
        "probabilities": P,
        "symbols": [".", "a", "b"],
        "boundary": 0,
        "seed": 1,
    }
    page = show("bigram_table", state=state, reduced_motion="reduce")
    drawn = page.evaluate(
        """() => {
          const button = document.querySelector(".gc-sampler button");
          return Array.from({ length: 2000 }, () => {
            button.click();
            return document.querySelector(".gc-made code").textContent;
          });
        }"""
    )
    assert set(drawn) == {"a", "b"}
    # Four standard deviations of a fair draw of 2,000 are 0.039.
    assert drawn.count("a") / 2000 == pytest.approx(0.75, abs=0.039)


def test_table_shows_new_probabilities_when_python_sends_them(show):
    page = show("bigram_table")
    size = len(samples.SYMBOLS)
    page.evaluate("P => first.model.set('probabilities', P)", [[1 / size] * size] * size)
    press(page, "Probabilities")
    assert f"{100 / size:.1f}\N{NO-BREAK SPACE}%" in page.locator(".gc-followers").inner_text()
