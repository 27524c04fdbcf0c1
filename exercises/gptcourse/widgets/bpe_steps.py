"""BPESteps: byte-pair encoding learned from the reader's own text, one merge a step."""

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

import traitlets.traitlets as t

from .picture import Picture
from .plain import name_of, visible

DEFAULT = "low lower lowest newer wider newest widest slow slower slowest"
LIMIT = 400

Pair = tuple[bytes, bytes]
Train = Callable[[str, int], tuple[dict[int, bytes], list[Pair]]]


class BPESteps(Picture):
    """A text as tokens, and the pair that is merged next, until no pair is left.

    The picture computes its own merges from the text. Given `train` or `merges`, it compares these
    with its own, and says where they first differ.

    Args:
        text: what to learn from, at most 400 characters.
        merges: pairs of bytes, as `train_bpe` returned them for this text.
        train: `train_bpe`, called as `train(text, vocab_size)`; it returns the vocabulary and the
            merges. In a notebook it is called again whenever the text changes.

    Raises:
        ValueError: `text` is no string or too long; `merges` is not a list of pairs of bytes; or
            both `merges` and `train` are given.
    """

    name = "bpe_steps"
    text = t.Unicode().tag(sync=True)
    limit = t.Int(LIMIT, help="the longest text, in characters").tag(sync=True)
    learned = t.Dict(allow_none=True, default_value=None).tag(sync=True)

    def __init__(
        self,
        text: str = DEFAULT,
        merges: Iterable[Pair] | None = None,
        train: Train | None = None,
        **kwargs: Any,
    ) -> None:
        if not isinstance(text, str):
            raise ValueError(f"text must be a string, not {text!r}")
        if len(text) > LIMIT:
            raise ValueError(f"the text has {len(text)} characters; at most {LIMIT} are shown")
        if merges is not None and train is not None:
            raise ValueError("give merges or train, not both")
        super().__init__(text=text, **kwargs)
        if merges is not None:
            pairs = _codes(merges)
            self.learned = _learned(text, "merges", pairs, complete=False)
        self._train = train
        if train is not None:
            self._run()
            self.observe(self._run, "text")

    def _run(self, _: object = None) -> None:
        """Train on the text until no pair is left; an error is shown, not raised."""
        text = self.text
        assert self._train is not None
        name = name_of(self._train, "train")
        try:
            _, merges = self._train(text, 256 + len(text.encode("utf-8")))
            self.learned = _learned(text, name, _codes(merges), complete=True)
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            self.learned = {**_learned(text, name, [], complete=True), "error": said}

    def static_html(self) -> str:
        """Return the text and, where they are known, its merges as a table."""
        text = f"<p>The text: <code>{escape(visible(self.text))}</code></p>"
        begin = "<p>At first each byte is a token, with an id from 0 to 255.</p>"
        pairs = self.learned["merges"] if self.learned else []
        head = "<tr><th>new id</th><th>left</th><th>right</th><th>together</th></tr>"
        rows = "".join(_row(256 + i, *map(bytes, pair)) for i, pair in enumerate(pairs))
        table = f'<div class="gc-scroll"><table>{head}{rows}</table></div>' if rows else ""
        return f'<div class="gc-static">{text}{begin}{table}</div>'


def _codes(merges: Any) -> list[list[list[int]]]:
    """Return pairs of bytes as pairs of lists of codes, which JSON can say."""
    found: list[list[list[int]]] = []
    for i, pair in enumerate(merges):
        if not (
            isinstance(pair, (tuple, list))
            and len(pair) == 2
            and all(isinstance(token, (bytes, bytearray)) for token in pair)
        ):
            raise ValueError(f"merges[{i}] is {pair!r}; expected two bytes objects")
        found.append([list(token) for token in pair])
    return found


def _learned(text: str, name: str, merges: list[list[list[int]]], complete: bool) -> dict[str, Any]:
    """Return what the module compares: `complete` says that the training went on to the end."""
    return {"text": text, "name": name, "merges": merges, "complete": complete, "error": ""}


def _row(new_id: int, left: bytes, right: bytes) -> str:
    tokens = (left, right, left + right)
    cells = "".join(f"<td><code>{escape(_shown(token))}</code></td>" for token in tokens)
    return f"<tr><td>{new_id}</td>{cells}</tr>"


def _shown(token: bytes) -> str:
    """Return the text of a token, or its bytes in hex where they are no text."""
    try:
        return visible(token.decode("utf-8"))
    except UnicodeDecodeError:
        return token.hex(" ").upper()
