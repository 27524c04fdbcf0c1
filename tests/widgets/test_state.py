"""What the pictures hold: state that is JSON, honest numbers, clear errors. No browser needed."""

import html.parser
import json
import math
import re
import subprocess
import sys

import pytest
import torch
import traitlets

from gptcourse import widgets
from gptcourse.widgets import BigramTable, GuessNextWord, Picture, TokenLoop, TrainingWindow

from . import samples

VOID = {"br", "path"}


class Balanced(html.parser.HTMLParser):
    """Collects the text of HTML whose tags must all be closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += f"{data} "


@pytest.mark.parametrize("name", sorted(samples.ALL))
def test_state_is_json_and_rebuilds_the_picture(name):
    picture = samples.sample(name)
    state = json.loads(json.dumps(picture.state()))
    assert state
    assert not {"layout", "comm", "_esm"} & state.keys()
    for trait, value in state.items():
        setattr(picture, trait, value)
    assert picture.state() == state


@pytest.mark.parametrize("name", sorted(samples.ALL))
def test_static_html_is_readable(name):
    parser = Balanced()
    parser.feed(samples.sample(name).static_html())
    assert parser.open == []
    assert len(parser.text.split()) > 20


def test_static_html_escapes_what_it_shows():
    game = samples.game().static_html()
    assert "<the>" not in game
    assert "&lt;the&gt;" in game
    table = BigramTable([[1, 2], [3, 4]], ["<b>", "&"]).static_html()
    assert "<b>" not in table


@pytest.mark.parametrize("name", sorted(samples.ALL))
def test_module_is_one_file_that_asks_for_nothing(name):
    module = str(samples.sample(name)._esm)
    assert not re.search(r"^import ", module, re.MULTILINE)
    assert re.findall(r"^export .*", module, re.MULTILINE) == ["export default { render };"]
    assert "http" not in module + str(samples.sample(name)._css)
    assert "innerHTML" not in module


def test_importing_the_course_does_not_import_the_pictures():
    program = (
        "import sys, gptcourse.widgets; "
        "assert not {'anywidget', 'ipywidgets', 'gptcourse.widgets.picture'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_all_names_are_there():
    assert sorted(widgets.__all__) == sorted(dir(widgets))
    assert issubclass(widgets.GuessNextWord, Picture)
    with pytest.raises(AttributeError, match="Nothing"):
        _ = widgets.Nothing


@pytest.mark.parametrize("dtype", [torch.int32, torch.int64, torch.float16, torch.bfloat16])
def test_table_takes_any_dtype(dtype):
    counts = samples.bigram_counts().clamp(max=9)
    table = BigramTable(counts.to(dtype), samples.SYMBOLS)
    assert table.counts == counts.tolist()


def test_table_leaves_the_counts_as_they_are_and_takes_lists():
    counts = torch.tensor([[0, 2], [1, 1]], requires_grad=False)
    BigramTable(counts, "ab").with_controls()
    assert counts.tolist() == [[0, 2], [1, 1]]
    assert BigramTable([[0, 2], [1, 1]], "ab").counts == [[0, 2], [1, 1]]
    assert BigramTable(counts.double().requires_grad_(), "ab").counts == [[0, 2], [1, 1]]


def test_table_divides_rows_and_a_row_of_zeros_is_uniform():
    table = BigramTable([[1, 3], [0, 0]], "ab")
    assert table.probabilities == [[0.25, 0.75], [0.5, 0.5]]


def test_table_shows_the_learners_probabilities_even_when_wrong():
    def columns(counts, smoothing=0.0):
        return counts / counts.sum(0)

    table = BigramTable(torch.tensor([[1.0, 3.0], [1.0, 1.0]]), "ab", probs=columns)
    assert table.probabilities == [[0.5, 0.75], [0.5, 0.25]]


def test_table_smoothing_calls_the_learners_function():
    table = samples.table()
    view, slider = table.controls()[0].children
    slider.value = 10.0
    expected = samples.share(samples.bigram_counts(), 10.0)
    torch.testing.assert_close(
        torch.tensor(table.probabilities), expected.float(), rtol=0, atol=1e-6
    )
    assert (table.view, view.value) == ("probabilities", "probabilities")
    view.value = "counts"
    assert table.view == "counts"
    with pytest.raises(ValueError, match="probs=bigram_probs"):
        BigramTable([[1]], "a").set_smoothing(1.0)


@pytest.mark.parametrize(
    ("counts", "symbols", "message"),
    [
        ([[1, 2]], "ab", r"shape \(1, 2\); expected \(V, V\)"),
        ([1, 2], "ab", r"shape \(2,\); expected 2"),
        ([[1, 2], [3]], "ab", "the rows differ in length"),
        ([[1, 2], [3, 4]], "abc", "3 symbols for 2 token ids"),
        ([[1, -2], [3, 4]], "ab", "at least 0; found -2"),
        ([[1, math.nan], [3, 4]], "ab", "finite"),
        ([[1, 2], [3, 4]], [1, 2], "symbols must be strings; found 1"),
    ],
)
def test_table_says_what_is_wrong(counts, symbols, message):
    with pytest.raises(ValueError, match=message):
        BigramTable(counts, symbols)


def test_table_finds_its_boundary():
    square = [[1, 1], [1, 1]]
    assert BigramTable(square, ["a", "."]).boundary == 1
    assert BigramTable(square, ["\n", "."]).boundary == 0
    assert BigramTable(square, ["a", "b"]).boundary is None
    with pytest.raises(ValueError, match="boundary 'x'"):
        BigramTable(square, "ab", boundary="x")


def test_window_features_and_targets_are_shifted_by_one():
    window = TrainingWindow("abcdef", block_size=3)
    assert window.pairs() == [(["a", "b", "c"], ["b", "c", "d"])]
    window.start = 99
    assert window.start == 2
    assert window.pairs() == [(["c", "d", "e"], ["d", "e", "f"])]


def test_window_takes_ids_words_and_text():
    ids = torch.tensor([2, 0, 1])
    assert TrainingWindow(ids, 2, decode=lambda i: "abc"[i[0]]).tokens == ["c", "a", "b"]
    assert TrainingWindow(["to", "be", "or"], 2).tokens == ["to", "be", "or"]
    with pytest.raises(ValueError, match="need decode="):
        TrainingWindow(ids, 2)
    with pytest.raises(traitlets.TraitError, match="block_size is 3; 3 tokens allow 1 to 2"):
        TrainingWindow("abc", 3)


def test_batch_is_shown_as_it_is():
    window = samples.batch(shift=0)
    assert window.features == window.targets
    x = torch.tensor([[0, 1, 2]])
    with pytest.raises(ValueError, match=r"y has shape \(1,\); expected the shape of x, \(1, 3\)"):
        TrainingWindow.from_batch(x, torch.tensor([2]), "abcd")
    with pytest.raises(ValueError, match="token id 3 has no symbol"):
        TrainingWindow.from_batch(x, x + 1, "abc")


def test_batch_is_drawn_anew_by_the_learners_function():
    asked = []

    def draw(block_size):
        asked.append(block_size)
        x = torch.arange(2 * block_size).view(2, block_size) % 4
        return x, (x + 1) % 4

    window = TrainingWindow.from_batch(*draw(3), "abcd", draw=draw)
    _row, size, button = window.controls()[0].children
    size.value = 5
    assert window.features[0] == list("abcda")
    assert window.targets[0] == list("bcdab")
    button.click()
    assert asked == [3, 5, 5]


def test_window_slider_sets_the_block_size():
    window = samples.window()
    slider = window.controls()[0]
    slider.value = 5
    assert window.block_size == 5
    window.block_size = 7
    assert slider.value == 7


def test_loop_records_every_call_of_the_learners_own_loop():
    seen = []

    def model(ids):
        seen.append(ids[0].tolist())
        return samples.next_logits(ids)

    prompt = samples.ids_of("to")[None]
    loop = TokenLoop.from_model(model, prompt, samples.SYMBOLS, 4, generate=samples.greedy)
    expected = samples.greedy(samples.next_logits, prompt, 4)[0].tolist()
    assert [len(ids) for ids in seen] == [2, 3, 4, 5]
    assert [samples.SYMBOLS[i] for i in expected] == loop.output
    for step, context, choice in zip(loop.steps, seen, expected[2:], strict=True):
        assert step["context"] == [samples.SYMBOLS[i] for i in context]
        assert step["choice"] == samples.SYMBOLS[choice]
        assert step["choice"] == step["top"][0][0]
        total = sum(p for _, p in step["top"]) + step["rest"]
        assert total == pytest.approx(1, abs=1e-5)
        assert len(step["top"]) + step["others"] == len(samples.SYMBOLS)


def never_appends(model, prompt, n):
    for _ in range(n):
        model(prompt)
    return prompt


def takes_the_least(model, prompt, n):
    for _ in range(n):
        prompt = torch.cat([prompt, model(prompt)[:, -1:].argmin(-1)], dim=1)
    return prompt


def keeps_three(model, prompt, n):
    out = prompt
    for _ in range(n):
        out = torch.cat([out, model(out[:, -3:])[:, -1:].argmax(-1)], dim=1)
    return out


def test_loop_shows_a_wrong_loop_as_it_ran():
    prompt = samples.ids_of("to")[None]
    args = (samples.next_logits, prompt, samples.SYMBOLS, 3)
    still = TokenLoop.from_model(*args, generate=never_appends)
    assert [step["choice"] for step in still.steps] == [None] * 3
    least = TokenLoop.from_model(*args, generate=takes_the_least)
    shown = [symbol for symbol, _ in least.steps[0]["top"]]
    assert least.steps[0]["choice"] == shown[-1] == least.output[2]
    short = TokenLoop.from_model(*args, generate=keeps_three)
    assert [len(step["context"]) for step in short.steps] == [2, 3, 3]
    assert [step["choice"] for step in short.steps] == short.output[2:]


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (
            lambda ids: samples.next_logits(ids)[:, -1],
            r"returned \(1, \d+\); expected .*\(1, T, V",
        ),
        (lambda ids: samples.next_logits(ids) * math.nan, "not finite"),
    ],
)
def test_loop_says_what_is_wrong_with_the_model(model, message):
    with pytest.raises(ValueError, match=message):
        TokenLoop.from_model(model, samples.ids_of("to"), samples.SYMBOLS, 2, samples.greedy)
    with pytest.raises(traitlets.TraitError, match="never called the model"):
        TokenLoop.from_model(
            samples.next_logits, [0], samples.SYMBOLS, 2, generate=lambda model, ids, n: ids
        )


def test_loop_runs_again_from_another_prompt():
    loop = samples.loop()
    text, length, message = loop.controls()[0].children
    assert text.value == "to"
    text.value = "the"
    assert "".join(loop.output).startswith("the")
    length.value = 2
    assert len(loop.output) == 5
    text.value = "the#"
    assert message.value == "No token for '#'"
    assert len(loop.output) == 5


def test_game_from_text_is_drawn_from_the_last_tenth_and_its_numbers_are_the_models():
    from gptcourse.widgets.word_model import WORD, WordModel

    text = _plays()
    game = GuessNextWord.from_text(text, rounds=5, seed=3)
    cut = text.rfind("\n", 0, len(text) * 9 // 10) + 1
    model = WordModel([m.group().lower() for m in WORD.finditer(text[:cut])])
    for r in game.rounds:
        assert r["context"] + r["candidates"][r["truth"]] in text[cut - 2000 :]
        assert len(set(r["candidates"])) == 6
        history = [m.group().lower() for m in WORD.finditer(r["context"])]
        raw = [model.probability(word, history) for word in r["candidates"]]
        assert r["model"] == pytest.approx([p / sum(raw) for p in raw], abs=1e-5)
    assert GuessNextWord.from_text(text, rounds=5, seed=3).rounds == game.rounds
    assert GuessNextWord.from_text(text, rounds=5, seed=4).rounds != game.rounds


def test_game_is_drawn_anew_by_its_controls():
    game = GuessNextWord.from_text(_plays(), rounds=4, seed=0)
    game.answers = [{"choice": 0, "sure": 0.5, "bits": 1.0}]
    count, seed = game.controls()[0].children
    count.value = 6
    assert (len(game.rounds), game.answers) == (6, [])
    before = game.rounds
    seed.value = 9
    assert game.rounds != before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"truth": 6}, "truth is 6"),
        ({"model": [0.5, 0.5]}, "one probability for each"),
        ({"model": [0.9] * 6}, "sum 1"),
        ({"candidates": ["a"] * 6}, "different candidates"),
    ],
)
def test_game_says_what_is_wrong(change, message):
    good = samples.game().rounds[0]
    with pytest.raises(traitlets.TraitError, match=message):
        GuessNextWord([good | change])
    with pytest.raises(traitlets.TraitError, match="at least one round"):
        GuessNextWord([])
    with pytest.raises(ValueError, match="too short for 12 rounds"):
        GuessNextWord.from_text(samples.LINES)


def _plays() -> str:
    from gptcourse.datasets import shakespeare

    return shakespeare()[:300_000]
