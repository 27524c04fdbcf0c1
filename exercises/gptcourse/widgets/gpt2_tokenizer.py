"""Gpt2Tokenizer: GPT-2's own tokens, of two texts side by side."""

import json
from collections.abc import Callable
from functools import cache
from html import escape
from typing import Any

import traitlets.traitlets as t

from gptcourse import datasets

from .gpt2_presets import PRESETS
from .picture import Picture
from .plain import id_list, name_of, visible

LIMIT = 1000


class Gpt2Tokenizer(Picture):
    """Two texts as GPT-2's tokens, with ids, and the counts that tell them apart.

    The tokens of the texts in its list are known from the start. For any other text the picture
    loads GPT-2's merges when the reader asks, and computes the exact ids itself.

    Args:
        texts: two texts, each at most 1,000 characters, or the name of a pair in the list, such
            as "sums".
        encode: a tokenizer's `encode`, str -> ids. Its ids are compared with the exact ones; in a
            notebook also those of every text that is typed.

    Raises:
        ValueError: there is no pair of that name, or `texts` is not two strings of that length.
    """

    name = "gpt2_tokenizer"
    assets = {"merges": "data/gpt2/vocab.bpe"}  # noqa: RUF012
    texts = t.List(t.Unicode()).tag(sync=True)
    presets: t.List[dict[str, Any]] = t.List().tag(sync=True)
    known: t.List[dict[str, Any]] = t.List(help="texts with exact ids").tag(sync=True)
    encoded = t.Dict(help="text -> what encode gave").tag(sync=True)
    encode_name = t.Unicode("encode").tag(sync=True)
    show = t.Enum(("text", "bytes", "ids"), "text").tag(sync=True)
    size = t.Int(help="the bytes of the asset").tag(sync=True)
    limit = t.Int(LIMIT, help="the longest text, in characters").tag(sync=True)

    def __init__(
        self,
        texts: Any = PRESETS[0].texts,
        encode: Callable[[str], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            texts=_two(texts),
            presets=[
                {"name": p.name, "texts": list(p.texts), "note": p.note, "langs": list(p.langs)}
                for p in PRESETS
            ],
            known=_known(),
            size=len(self.read_asset("merges")),
            **kwargs,
        )
        self._encode = encode
        if encode is None:
            return
        self.encode_name = name_of(encode, "encode")
        self.encoded = {text: self._run(text) for text in {*_texts(), *self.texts}}
        self.observe(self._run_again, "texts")

    def _run(self, text: str) -> dict[str, Any]:
        """Return what `encode` gives for a text; an error is shown, not raised."""
        assert self._encode is not None
        try:
            ids = self._encode(text)
            return {"ids": id_list(ids, "encode(text)") if len(ids) else [], "error": ""}
        except Exception as error:
            return {"ids": [], "error": f"{type(error).__name__}: {error}"}

    def _run_again(self, _: object) -> None:
        new = {text: self._run(text) for text in self.texts if text not in self.encoded}
        if new:
            kept = {text: self.encoded[text] for text in _texts() if text in self.encoded}
            self.encoded = {**kept, **new}

    def static_html(self) -> str:
        """Return the pairs of the list as a table: tokens, ids and counts."""
        names = ("text", "characters", "bytes", "tokens", "ids")
        head = "<tr>" + "".join(f"<th>{name}</th>" for name in names) + "</tr>"
        rows = "".join(map(_row, self.known))
        return f'<div class="gc-static gc-scroll"><table>{head}{rows}</table></div>'


def _two(texts: Any) -> list[str]:
    """Return two texts, given as such or by the name of a pair."""
    if isinstance(texts, str):
        for preset in PRESETS:
            if preset.name == texts:
                return list(preset.texts)
        names = ", ".join(repr(preset.name) for preset in PRESETS)
        raise ValueError(f"no pair of texts is named {texts!r}; there are {names}")
    pair = list(texts)
    if len(pair) != 2 or not all(isinstance(text, str) for text in pair):
        raise ValueError(f"texts must be two strings, not {texts!r}")
    for text in pair:
        if len(text) > LIMIT:
            raise ValueError(f"a text has {len(text)} characters; at most {LIMIT} are shown")
    return pair


@cache
def _texts() -> tuple[str, ...]:
    """Return every text of the list once."""
    return tuple(dict.fromkeys(text for preset in PRESETS for text in preset.texts))


def _known() -> list[dict[str, Any]]:
    """Return the texts of the list with their ids and the number of bytes of each token."""
    ids = dict(one for preset in PRESETS for one in preset.encoded())
    sizes = _sizes()
    return [{"text": s, "ids": ids[s], "sizes": [sizes[i] for i in ids[s]]} for s in _texts()]


@cache
def _sizes() -> dict[int, int]:
    """Return how many bytes each token has: encoder.json writes a byte as one character."""
    written, _ = datasets.gpt2_vocabulary()
    return {i: len(token) for token, i in json.loads(written).items()}


def _row(known: dict[str, Any]) -> str:
    """Return a text of the list as a row of the still picture."""
    text, ids = known["text"], known["ids"]
    counts = (len(text), len(text.encode("utf-8")), len(ids))
    cells = [f"<code>{escape(visible(text))}</code>", *map(str, counts), " ".join(map(str, ids))]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
