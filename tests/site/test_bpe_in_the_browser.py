"""What the pictures of chapter 3 compute in the page, against the reference and tiktoken."""

from __future__ import annotations

import random
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tiktoken
from playwright.sync_api import Browser, Page

from gpt2.bpe import GPT2_PATTERN, pretokenize, train_bpe
from gpt2.bpe_tokenizer import bpe_encode, load_gpt2_tokenizer
from gptcourse import datasets
from gptcourse.widgets.picture import HERE

from .stage import served

# What all four (Python, regex, tiktoken, the browser) agree on: characters of Unicode 14.
ASSIGNED = [
    chr(c)
    for c in range(sys.maxunicode + 1)
    if unicodedata.category(chr(c)) not in ("Cn", "Cs", "Co")
]
SMALL = ["ab", "aab \n", "aáあ🙂 ", "01 .a's"]
ENCODE = """async (texts) => {
  const { readGpt2 } = await import("./bpe.js");
  const file = await (await fetch("vocab.bpe")).text();
  const encoder = readGpt2(file);
  return texts.map((text) => encoder.encode(text));
}"""
TRAIN = """async (texts) => {
  const { BYTES, Training, pretokenize } = await import("./bpe.js");
  const bytes = (token) => Array.from(token, (byte) => BYTES.indexOf(byte));
  return texts.map((text) => {
    const training = new Training(text);
    while (training.step());
    const merges = training.merges.map(({ pair }) => pair.map((id) => bytes(training.vocab[id])));
    const back = training.merges.length;
    for (let i = 0; i < back; i++) training.back();
    return { merges, pieces: pretokenize(text), tokens: training.length() };
  });
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Return an empty page beside the module and GPT-2's merges."""
    folder: Path = tmp_path_factory.mktemp("bpe")
    shutil.copy(HERE / "bpe.js", folder)
    shutil.copy(HERE.parent / "data" / "gpt2" / "vocab.bpe", folder)
    (folder / "index.html").write_text("<!doctype html><link rel=icon href='data:,'>")
    with served(folder) as address:
        page = browser.new_page()
        page.goto(address)
        yield page
        page.close()


@pytest.fixture(scope="module")
def gpt2() -> tiktoken.Encoding:
    """Return GPT-2's encoding, made from the shipped files: nothing is downloaded."""
    tokenizer = load_gpt2_tokenizer(*datasets.gpt2_vocabulary())
    ranks = {token: i for i, token in tokenizer.vocab.items() if i < 50256}
    return tiktoken.Encoding(
        "gpt2-offline",
        pat_str=GPT2_PATTERN,
        mergeable_ranks=ranks,
        special_tokens={"<|endoftext|>": 50256},
    )


def random_texts(seed: int, number: int) -> list[str]:
    """Return texts of few different characters, and of characters from all of Unicode."""
    draw = random.Random(seed)
    near = [chr(c) for c in range(0x250)]
    space = [c for c in ASSIGNED if unicodedata.category(c)[0] in "ZC"]
    alphabets: list[Any] = [*SMALL, ASSIGNED, near, space + list("a1.")]
    return [
        "".join(draw.choices(draw.choice(alphabets), k=draw.randrange(60))) for _ in range(number)
    ]


def samples() -> list[str]:
    """Return pieces of the shipped texts, and texts that a reader would try."""
    text, names = datasets.shakespeare(), "\n".join(datasets.names())
    return [
        *(text[i : i + 2000] for i in range(0, len(text), 90_000)),
        *(names[i : i + 1000] for i in range(0, len(names), 60_000)),
        Path(__file__).read_text(encoding="utf-8"),
        "",
        "<|endoftext|>",
        "\ufeff 👍🏽 👩‍👩‍👧 e\u0301 \x85\x1c x²  １２",
        " " * 70,
        "I'LL I'll we’ll",
    ]


def test_ids_are_those_of_tiktoken(page: Page, gpt2: tiktoken.Encoding) -> None:
    """On the shipped texts and on random Unicode, and the reference gives them too."""
    texts = samples() + random_texts(1, 800)
    found = page.evaluate(ENCODE, texts)
    for text, ids in zip(texts, found, strict=True):
        assert ids == gpt2.encode_ordinary(text), text


def test_pieces_and_merges_are_those_of_the_reference(page: Page) -> None:
    """On texts with many ties, in all scripts, until no pair is left; and Back undoes them all."""
    texts = ["", "a", "low lower lowest newer wider", *random_texts(2, 200)]
    texts += [datasets.shakespeare()[i : i + 400] for i in range(0, 200_000, 20_000)]
    for text, found in zip(texts, page.evaluate(TRAIN, texts), strict=True):
        _, merges = train_bpe(text, 100_000)
        assert found["pieces"] == pretokenize(text), text
        learned = [(bytes(left), bytes(right)) for left, right in found["merges"]]
        assert learned == merges, text
        assert found["tokens"] == len(text.encode())


def test_an_encoder_of_a_small_vocabulary(page: Page) -> None:
    """Merges alone are enough: the ids follow from them as in the reference."""
    text = datasets.shakespeare()
    vocab, merges = train_bpe(text[:20_000], 256 + 300)
    written = [[left.decode("latin-1"), right.decode("latin-1")] for left, right in merges]
    program = """async ([merges, text]) => {
      const { Encoder } = await import("./bpe.js");
      return Encoder.ofMerges(merges).encode(text);
    }"""
    found = page.evaluate(program, [written, text[50_000:52_000] + "é🙂"])
    assert found == bpe_encode(text[50_000:52_000] + "é🙂", vocab, merges)
