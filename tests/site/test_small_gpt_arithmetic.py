"""What the GPT in the page computes, against torch, the course's own tokenizer and its filters."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page

from gpt2.filters import apply_temperature, top_k_filter, top_p_filter
from gptcourse import datasets
from gptcourse.widgets.picture import HERE

from . import small_gpt as small
from .stage import served

MODULES = ("gpt_model.js", "gpt_sampling.js", "gpt_tokenizer.js", "gpt_weights.js", "bpe.js")
NAMES = ("tiny", "full")
OPEN = """async (name) => {
  const all = ["model", "sampling", "tokenizer", "weights"].map((m) => import(`./gpt_${m}.js`));
  Object.assign(window, ...(await Promise.all(all)));
  const file = async (path) => (await fetch(path)).arrayBuffer();
  const { config } = await (await fetch(`${name}/model.json`)).json();
  const weights = arrange(readSafetensors(await file(`${name}/model.safetensors`)), config);
  window.fresh = () => new Reading(weights, config);
  window.tokens = readTokenizer(new TextDecoder().decode(await file("merges.bpe")));
  window.logits = (r, places) => places.map((t) => [...r.logits(t)]);
}"""
# All in one go; from nothing for each position; and there and back again, over another text.
WAYS = {
    "the cache": """([ids, places]) => {
      const r = fresh();
      ids.forEach((id) => r.read(id));
      return logits(r, places);
    }""",
    "no cache": """([ids, places]) => places.map((t) => {
      const r = fresh();
      ids.slice(0, t + 1).forEach((id) => r.read(id));
      return logits(r, [t])[0];
    })""",
    "a cut cache": """([ids, places]) => {
      const [r, cut] = [fresh(), Math.floor(ids.length / 2)];
      [...ids.slice(0, cut), 7, 8, 9].forEach((id) => r.read(id));
      r.length = cut;
      ids.slice(cut).forEach((id) => r.read(id));
      return logits(r, places);
    }""",
}
INSIDE = """(ids) => {
  const r = fresh();
  ids.forEach((id) => r.read(id));
  const layers = r.weights.blocks.map((_, n) => n);
  const heads = Array.from({ length: r.heads }, (_, n) => n);
  const last = ids.length - 1;
  const stations = Array.from({ length: 2 * layers.length + 1 }, (_, s) => s);
  return {
    streams: ids.map((_, t) => stations.map((s) => [...r.stream(t, s)])),
    weights: layers.map((n) => heads.map((head) => [...r.attended(last, n, head)])),
  };
}"""
# The median: what else the machine does stretches some of the tokens.
CLOCK = """(ids) => {
  const r = fresh();
  for (const id of ids) r.read(id);
  r.length = 0;
  const times = ids.map((id) => {
    const began = performance.now();
    r.read(id);
    return performance.now() - began;
  });
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}"""
FILTER = """(cases) => cases.map(([logits, options, number]) => {
  const found = filterLogits(Float32Array.from(logits), options);
  const probs = logits.map(() => 0);
  found.shares.forEach((share, rank) => (probs[found.ids[rank]] = share));
  const drawn = found.ids[fallsOn(found.shares, number)];
  return { probs, drawn, ids: [...found.ids] };
})"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Serve the modules beside a tiny model and one of full size, the shipped if it is there."""
    folder: Path = tmp_path_factory.mktemp("gpt")
    for module in MODULES:
        shutil.copy(HERE / module, folder)
    shutil.copy(small.DATA / "small_model" / "merges.bpe", folder)
    small.make(folder / "tiny", small.TINY)
    if (small.SHIPPED / "model.safetensors").exists():
        shutil.copytree(small.SHIPPED, folder / "full")
    else:
        small.make(folder / "full", small.SIZES)
    (folder / "index.html").write_text("<!doctype html><link rel=icon href='data:,'>")
    with served(folder) as address:
        yield folder, address


@pytest.fixture(scope="module", params=NAMES)
def opened(
    request: pytest.FixtureRequest, browser: Browser, models: tuple[Path, str]
) -> Iterator[tuple[Page, Any]]:
    """Return a page that has a model, and the same model in torch."""
    folder, address = models
    page = browser.new_page()
    page.goto(address)
    page.evaluate(OPEN, request.param)
    yield page, small.read(folder / request.param)
    page.close()


def prompts(model: Any) -> list[list[int]]:
    """Return texts as ids, and ids of all kinds to the last position."""
    N = model.config.block_size
    draw = random.Random(1)
    return [
        *(small.encode(text)[:N] for text in small.TEXTS[:2]),
        [4095],
        [draw.randrange(model.config.vocab_size) for _ in range(N)],
    ]


@pytest.mark.parametrize("way", sorted(WAYS))
@torch.no_grad()
def test_logits_are_those_of_torch(opened: tuple[Page, Any], way: str) -> None:
    """To 0.01, of logits that differ by much more than that, on the last position too."""
    page, model = opened
    for ids in prompts(model):
        places = sorted({*range(0, len(ids), 9), len(ids) - 1})
        expected = model(torch.tensor([ids]))[0][0, places]
        found = torch.tensor(page.evaluate(WAYS[way], [ids, places]))
        assert expected.std() > 0.5
        torch.testing.assert_close(found, expected, rtol=0, atol=0.01)
        assert (found - expected).abs().max() < 0.001 * expected.abs().max()


@torch.no_grad()
def test_what_is_shown_inside_is_what_torch_has_there(opened: tuple[Page, Any]) -> None:
    """The residual stream at each of its stations, and the weights of each head."""
    page, model = opened
    ids = small.encode(small.TEXTS[1])[: model.config.block_size]
    found = page.evaluate(INSIDE, ids)
    stages, T = model.transformer, len(ids)
    x = stages.wte.weight[ids] + stages.wpe.weight[:T]
    streams = [x]
    for n, block in enumerate(stages.h):
        normed = block.ln_1(x)
        q, k, _ = block.attn.c_attn(normed).view(T, 3, model.config.n_head, -1).unbind(1)
        scores = torch.einsum("hd,shd->hs", q[-1], k) / q.size(-1) ** 0.5
        weights = torch.tensor(found["weights"][n])
        torch.testing.assert_close(weights, scores.softmax(-1), rtol=0, atol=1e-4)
        streams.append(x + block.attn(normed[None])[0])
        x = streams[-1] + block.mlp(block.ln_2(streams[-1]))
        streams.append(x)
    shown = torch.tensor(found["streams"])  # (T, stations, C)
    torch.testing.assert_close(shown, torch.stack(streams, 1), rtol=1e-3, atol=2e-3)


def test_milliseconds_a_token(opened: tuple[Page, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """They are noted, not judged: the machine may be busy."""
    page, model = opened
    milliseconds = page.evaluate(CLOCK, prompts(model)[-1])
    with capsys.disabled():
        print(f"\n{model.config.n_embd} channels: {milliseconds:.1f} ms a token")
    assert milliseconds > 0


@pytest.fixture(scope="module")
def page(browser: Browser, models: tuple[Path, str]) -> Iterator[Page]:
    """Return a page with the smallest model."""
    page = browser.new_page()
    page.goto(models[1])
    page.evaluate(OPEN, "tiny")
    yield page
    page.close()


def test_tokens_are_those_of_python(page: Page) -> None:
    """Ids and back again; and ids that cut through characters, as Python reads them."""
    draw = random.Random(2)
    play = datasets.shakespeare()
    texts = [*small.TEXTS, "", *(play[i : i + 300] for i in range(0, len(play), 120_000))]
    found = page.evaluate("texts => texts.map(tokens.encode)", texts)
    assert found == [small.encode(text) for text in texts]
    assert page.evaluate("all => all.map(tokens.decode)", found) == texts
    assert page.evaluate("[tokens.end, tokens.bytes.length]") == [4095, 4096]
    ids = [[draw.randrange(4096) for _ in range(6)] for _ in range(200)]
    ids += [[draw.randrange(128, 256) for _ in range(6)] for _ in range(200)]
    assert page.evaluate("all => all.map(tokens.decode)", ids) == [
        small.tokenizer().decode(one) for one in ids
    ]


def test_every_number_of_16_bits_is_read(page: Page) -> None:
    halves = torch.arange(65536, dtype=torch.int32).to(torch.int16).view(torch.float16)
    program = "() => [...singles(Uint16Array.from({ length: 65536 }, (_, i) => i))].map(String)"
    found = torch.tensor([float(x.replace("Infinity", "inf")) for x in page.evaluate(program)])
    torch.testing.assert_close(found, halves.float(), rtol=0, atol=0, equal_nan=True)


def test_what_is_cut_off_is_what_the_course_cuts_off(page: Page) -> None:
    """Temperature, top-k and top-p against the reference's, equals among the logits too."""
    torch.manual_seed(3)
    draw = random.Random(3)
    cases: list[Any] = []
    for n in range(200):
        logits = 3 * torch.randn(40)
        if n % 4 == 0:
            logits = logits.round()
        options = {
            "temperature": draw.choice([0, 0.1, 0.7, 1, 2]),
            "topK": draw.choice([0, 1, 3, 10, 39, 40, 99]),
            "topP": draw.choice([0.05, 0.5, 0.9, 0.95, 1]),
        }
        cases.append((logits.tolist(), options, draw.random()))
    for (logits, options, number), found in zip(cases, page.evaluate(FILTER, cases), strict=True):
        left = apply_temperature(torch.tensor([logits]).double(), options["temperature"])
        if options["topK"]:
            left = top_k_filter(left, options["topK"])
        probs = top_p_filter(left, options["topP"])[0].softmax(-1)
        equal = len(set(logits)) < len(logits)
        if not equal:  # of equals at the edge of top-p any may stay
            torch.testing.assert_close(torch.tensor(found["probs"]).double(), probs)
        assert sorted(found["probs"]) == pytest.approx(sorted(probs.tolist()))
        order = torch.tensor(found["probs"])[found["ids"]].cumsum(0)
        assert found["drawn"] == found["ids"][int((order <= number).sum())]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("(b) => b.slice(0, 5)", "the file is cut short"),
        ("(b) => b.slice(0, 100)", "cut short, or no safetensors file"),
        ("(b) => b.slice(0, -5)", "the file is cut short in transformer."),
        ("(b) => new TextEncoder().encode('<!doctype html><title>404').buffer", "no safetensors"),
    ],
)
def test_a_broken_file_is_named(page: Page, change: str, message: str) -> None:
    program = f"""async () => {{
      const file = await (await fetch("tiny/model.safetensors")).arrayBuffer();
      try {{ readSafetensors(({change})(file)); }} catch (error) {{ return error.message; }}
    }}"""
    assert message in page.evaluate(program)


def test_another_models_file_is_named(page: Page) -> None:
    program = """async (config) => {
      const file = await (await fetch("tiny/model.safetensors")).arrayBuffer();
      try { arrange(readSafetensors(file), config); } catch (error) { return error.message; }
    }"""
    said = page.evaluate(program, small.TINY | {"n_layer": 3})
    assert said == "the file has no transformer.h.2.ln_1.weight"
    said = page.evaluate(program, small.TINY | {"block_size": 32})
    assert said == "transformer.wpe.weight has shape (24,16), not (32,16)"
