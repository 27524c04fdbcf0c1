"""The small real texts that ship with the course; `data/SOURCES.md` says where each is from."""

from functools import cache
from importlib.resources import files

__all__ = ["gpt2_vocabulary", "names", "shakespeare"]


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
