"""AttentionHeads: what the heads of a small trained model read in a sentence."""

from __future__ import annotations

from typing import Any

import torch
import traitlets.traitlets as t

from . import small_model as small
from .matrix import called
from .picture import Picture
from .plain import code

PRESETS = {
    "said Alice": '"I do not know," said Alice. "I do not know," said',
    "the king": "The king said to his servants, Bring the bread; and the king said",
    "Ahab": "Captain Ahab looked at the sea. The sea was dark, and Captain Ahab",
}
LIMIT = 1000  # characters that can be typed; 64 tokens have some 220
_CLOSE = 1e-3


class AttentionHeads(Picture):
    """Who reads whom in a sentence, by each of the eight heads of a small trained model.

    The weights for the sentences of its list are known from the start. For any other the picture
    loads the model when the reader types, and computes them itself.

    Args:
        text: the sentence that is shown first, or the name of one in the list, such as "Ahab".
        attention: a class of layers like GPT-2's, for instance your own `CausalSelfAttention`. It
            gets the model's weights, reads each sentence, and what it reads is shown; what comes
            out is held against the model's own.
        layer: the layer whose head is chosen first, 0 or 1.
        head: that head, 0 to 3.

    Raises:
        ValueError: a text that is empty, too long or no string, or no such head.
    """

    name = "attention_heads"
    assets = {  # noqa: RUF012
        "merges": "data/small_model/merges.bpe",
        "weights": "data/small_model/weights.safetensors",
    }
    text = t.Unicode().tag(sync=True)
    head = t.Int(help="0 to 7, layer 0 first").tag(sync=True)
    at = t.Int(-1, help="the token that reads; -1 is the last").tag(sync=True)
    known: t.List[dict[str, Any]] = t.List(help="sentences with weights").tag(sync=True)
    yours: t.Dict[str, Any] = t.Dict(help="what the learner's layer reads").tag(sync=True)
    size = t.Int(help="the bytes of the assets").tag(sync=True)
    limit = t.Int(LIMIT, help="the longest text, in characters").tag(sync=True)

    def __init__(
        self,
        text: str = "said Alice",
        attention: Any = None,
        *,
        layer: int = 1,
        head: int = 1,
        **kwargs: Any,
    ) -> None:
        if layer not in range(small.N_LAYER) or head not in range(small.N_HEAD):
            raise ValueError(f"there is no head {head} in layer {layer}: two layers, four heads")
        if not isinstance(text, str) or not text or len(text) > LIMIT:
            raise ValueError(f"text must be a string of 1 to {LIMIT} characters, not {text!r:.80}")
        first = PRESETS.get(text, text)
        listed = {sentence: name for name, sentence in PRESETS.items()}
        texts = list(dict.fromkeys([*listed, first]))
        super().__init__(
            text=first,
            head=layer * small.N_HEAD + head,
            known=[_weights(one) | {"text": one, "name": listed.get(one, "")} for one in texts],
            size=sum(len(self.read_asset(name)) for name in self.assets),
            **kwargs,
        )
        self._attention = attention
        if attention is not None:
            self._read()
            self.observe(self._read, "text")

    @t.validate("head")
    def _check_head(self, proposal: Any) -> Any:
        return min(max(proposal["value"], 0), small.N_LAYER * small.N_HEAD - 1)

    def _read(self, _: object = None) -> None:
        """Let the learner's layer read the sentence; a notebook's random numbers stay theirs."""
        with torch.random.fork_rng(devices=[]):
            self.yours = _read_by(self._attention, self.text)

    def static_html(self) -> str:
        """Return a table: what each head reads most at each token of the sentence."""
        found = next(one for one in self.known if one["text"] == self.text)
        names = [_spoken(token) for token in found["tokens"]]
        heads = [f"{n // small.N_HEAD}.{n % small.N_HEAD}" for n in range(len(found["weights"]))]
        top = "".join(f'<th scope="col">head {name}</th>' for name in heads)
        lines = ""
        for row, name in enumerate(names):
            cells = ""
            for weights in (head[row] for head in found["weights"]):
                most = max(range(len(weights)), key=weights.__getitem__)
                cells += f"<td>{code(names[most])} {weights[most] / 1000:.2f}</td>"
            lines += f'<tr><th scope="row">{row} {code(name)}</th>{cells}</tr>'
        return (
            '<div class="gc-static gc-scroll"><table><caption>What each token reads most, by each '
            f"head, and its weight (0.1 stands for head 1 of layer 0)</caption><thead><tr><td></td>"
            f"{top}</tr></thead><tbody>{lines}</tbody></table></div>"
        )


def _weights(text: str) -> dict[str, Any]:
    """Return the tokens of a text and what each head gives to each, in thousandths."""
    tokens = small.encode(text)[: small.BLOCK]
    _, found, _ = small.run([i for i, _ in tokens])
    heads = [head for layer in found for head in layer.mul(1000).round().int().tolist()]
    return {
        "ids": [i for i, _ in tokens],
        "tokens": [token.decode("latin-1") for _, token in tokens],  # a byte is a character
        "weights": [[row[: t + 1] for t, row in enumerate(head)] for head in heads],
    }


def _read_by(attention: Any, text: str) -> dict[str, Any]:
    """Return what a learner's layer reads, and how what comes out differs from the model's."""
    found: dict[str, Any] = {"text": text, "weights": [], "right": False}
    tokens = small.encode(text)[: small.BLOCK]
    if not tokens:
        return found | {"verdict": ""}
    name = called(attention)
    inputs, _, outputs = small.run([i for i, _ in tokens])
    try:
        verdict = ""
        worst = 0.0
        for n, (x, expected) in enumerate(zip(inputs, outputs, strict=True)):
            off = (small.output(attention, n, x) - expected).abs().amax(dim=1).nan_to_num(1e9)
            worst = max(worst, off.max().item())
            bad = (off > _CLOSE).nonzero().flatten().tolist()
            if bad and not verdict:
                first = _spoken(tokens[bad[0]][1].decode("latin-1"))
                places = f"{len(bad)} of {len(tokens)} positions, first at {bad[0]} (“{first}”)"
                verdict = (
                    f"{name}: with the model's weights, the output of layer {n} differs from the "
                    f"model's at {places}."
                )
        right = f"{name}: with the model's weights, both layers return what the model's return."
        found |= {"right": not verdict, "verdict": verdict or right}
        heads = [small.probed(attention, n, x) for n, x in enumerate(inputs)]
        thousandths = [head.mul(1000).nan_to_num(0).clamp(-1e6, 1e6).round() for head in heads]
        found["weights"] = [head for layer in thousandths for head in layer.int().tolist()]
    except Exception as error:
        said = f"{name} raised {type(error).__name__}: {error}"
        return found | {"right": False, "verdict": found.get("verdict") or said}
    return found


def _spoken(token: str) -> str:
    """Return a token, given as bytes in latin-1, as text."""
    return token.encode("latin-1").decode("utf-8", errors="replace")
