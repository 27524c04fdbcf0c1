"""The small model as Python and as the page compute it, against the model of the run's script."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page

from gpt2.heads import CausalSelfAttention
from gptcourse import datasets
from gptcourse.widgets import small_model as small
from gptcourse.widgets.attention_heads import PRESETS
from gptcourse.widgets.picture import HERE

from .stage import served

MODULES = ("small_model.js", "attention.js", "bpe.js")
FILES = HERE.parent / "data" / "small_model"
RUN = """async (texts) => {
  const { LONGEST, readSmallModel } = await import("./small_model.js");
  const read = async (name) => (await fetch(name)).arrayBuffer();
  const model = readSmallModel(await read("merges.bpe"), await read("weights.safetensors"));
  return texts.map((text) => {
    const tokens = model.encode(text);
    const ids = tokens.map(({ id }) => id);
    const heads = model.heads(ids.slice(0, LONGEST));
    return { ids, bytes: tokens.map(({ bytes }) => bytes), heads };
  });
}"""
HALVES = """async () => {
  const { fromHalf } = await import("./small_model.js");
  return Array.from({ length: 65536 }, (_, half) => String(fromHalf(half)));
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Return an empty page beside the modules and the model's files."""
    folder: Path = tmp_path_factory.mktemp("small")
    for module in MODULES:
        shutil.copy(HERE / module, folder)
    for name in ("merges.bpe", "weights.safetensors"):
        shutil.copy(FILES / name, folder)
    (folder / "index.html").write_text("<!doctype html><link rel=icon href='data:,'>")
    with served(folder) as address:
        page = browser.new_page()
        page.goto(address)
        yield page
        page.close()


def texts() -> list[str]:
    """Return the listed sentences, pieces of Shakespeare, random words, and bytes of all kinds."""
    draw = random.Random(0)
    words = list(datasets.small_model_words())
    play = datasets.shakespeare()
    return [
        *PRESETS.values(),
        *(play[i : i + 150] for i in range(0, len(play), 150_000)),
        *("".join(draw.choices(words, k=draw.randrange(1, 64))) for _ in range(8)),
        "Ünïcödé, don't!  \n\tx²=４ 🙂 <|endoftext|>",
        "a",
        "x" * 300,
    ]


def test_every_number_of_16_bits_is_read(page: Page) -> None:
    halves = torch.arange(65536, dtype=torch.int32).to(torch.int16).view(torch.float16)
    found = torch.tensor([float(x.replace("Infinity", "inf")) for x in page.evaluate(HALVES)])
    torch.testing.assert_close(found, halves.float(), rtol=0, atol=0, equal_nan=True)


def test_the_page_computes_what_python_computes(page: Page) -> None:
    """Ids are equal, and weights to 1e-5: the page computes in 64 bits, torch in 32."""
    for text, found in zip(texts(), page.evaluate(RUN, texts()), strict=True):
        tokens = small.encode(text)
        assert found["ids"] == [i for i, _ in tokens], text
        assert [x.encode("latin-1") for x in found["bytes"]] == [token for _, token in tokens]
        expected = torch.cat(small.run(found["ids"][: small.BLOCK])[1])
        heads = torch.tensor(found["heads"], dtype=torch.float32)
        torch.testing.assert_close(heads, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("text", [*PRESETS.values(), "x" * 300])
def test_the_reference_layer_is_the_models(text: str) -> None:
    """Its outputs are those that `run` has, and probing finds the weights with which it reads."""
    ids = [i for i, _ in small.encode(text)][: small.BLOCK]
    close: Any = {"rtol": 0, "atol": 2e-5}
    for n, (x, weights, out) in enumerate(zip(*small.run(ids), strict=True)):
        torch.testing.assert_close(small.output(CausalSelfAttention, n, x), out, **close)
        torch.testing.assert_close(small.probed(CausalSelfAttention, n, x), weights, **close)


def test_tokens_join_to_the_text() -> None:
    for text in texts():
        assert b"".join(token for _, token in small.encode(text)) == text.encode()
