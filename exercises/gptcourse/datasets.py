"""The small real texts that ship with the course; `data/SOURCES.md` says where each is from."""

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

__all__ = [
    "gpt2_vocabulary",
    "loss_curves",
    "names",
    "shakespeare",
    "small_model",
    "small_model_map",
    "small_model_words",
]


@cache
def _read(name: str) -> str:
    return (files("gptcourse") / "data" / name).read_text(encoding="utf-8")


def names() -> list[str]:
    """Return 30,294 US first names of 2016, lower case a to z, the most frequent first.

    Source: US Social Security Administration, CC0.
    """
    return _read("names.txt").split()


def shakespeare() -> str:
    """Return tiny Shakespeare: 1,115,394 characters of plays. Public domain."""
    return _read("shakespeare.txt")


def gpt2_vocabulary() -> tuple[str, str]:
    """Return the texts of encoder.json and vocab.bpe, as OpenAI published them. MIT licence."""
    return _read("gpt2/encoder.json"), _read("gpt2/vocab.bpe")


def small_model() -> tuple[str, dict[str, "Tensor"]]:
    """Return the merges and the weights of a model with two layers of attention and no MLP.

    It has read 18 old books; `runs/small-model.txt` says how. The merges are a text like
    vocab.bpe: the first one makes token 256, and 4095 is "<|endoftext|>"; tokens 0 to 255 are the
    bytes. The weights are float32 under GPT-2's names: wte.weight (4096, 64), wpe.weight
    (64, 64), h.0 and h.1, each with ln_1 and attn (4 heads), and ln_f; the head is wte.
    """
    from safetensors.torch import load  # torch takes seconds, and the texts need none of it

    weights = load(
        (files("gptcourse") / "data" / "small_model" / "weights.safetensors").read_bytes()
    )
    return _read("small_model/merges.bpe"), {name: w.float() for name, w in weights.items()}


def small_model_words() -> dict[str, int]:
    """Return the 500 most frequent words of the small model's books that are one of its tokens.

    Word, with the space in front of it -> its token id, the most frequent first.
    """
    return {word: i for word, i, _ in _small_model_words()}


def small_model_map() -> list[tuple[int, int]]:
    """Return a place on a flat map for each of `small_model_words()`, made by t-SNE."""
    return [place for _, _, place in _small_model_words()]


def loss_curves() -> dict[str, Any]:
    """Return the validation losses of real training runs.

    "protocol" says how all were made and measured. Each of "runs" has a "name", "what" it is in
    a sentence, "points", which are [step, seconds, loss], and the "final" loss.
    """
    found: dict[str, Any] = json.loads(_read("loss_curves.json"))
    return found


def _small_model_words() -> list[tuple[str, int, tuple[int, int]]]:
    lines = (line.split() for line in _read("small_model/words.txt").splitlines())
    return [(word.replace("\u0120", " "), int(i), (int(x), int(y))) for i, _, x, y, word in lines]
