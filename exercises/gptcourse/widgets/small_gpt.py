"""SmallGPT: a GPT of the course that runs in the page, every stage of it open to look at."""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from typing import Any

import traitlets.traitlets as t

from .picture import Picture

SIZES = "data/small_gpt/model.json"
PROMPTS = ("Alice was beginning", "And God said", "The white whale", '"I do not know," said')
LIMIT = 600  # characters that can be typed
ELSEWHERE = (
    "Its weights are not in the installed package. The picture lives on the course’s site, at the"
    " end of the chapter on training."
)


class SmallGPT(Picture):
    """A GPT that reads a prompt and writes on, token after token, in the reader's browser.

    It has GPT-2's architecture and 2.6 million parameters. Its weights are loaded when the reader
    presses a button that says how large they are. They are on the course's site and in its
    repository, and not in the installed package: there the picture says so.

    Args:
        prompt: the text that it goes on with, at most 600 characters. Empty: it begins a text.
        temperature: from 0 to 2.
        top_k: how many tokens may be drawn; None: all of them.
        top_p: the probability that those which may be drawn have together, over 0 and at most 1.
        seed: where the random numbers begin, a whole number from 0 to 4,294,967,295. The same
            prompt, settings and seed give the same text.

    Raises:
        ValueError: an argument is none of these.
    """

    name = "small_gpt"
    assets = {  # noqa: RUF012
        "merges": "data/small_model/merges.bpe",
        "weights": "data/small_gpt/model.safetensors",
    }
    prompt = t.Unicode().tag(sync=True)
    prompts = t.List(t.Unicode(), list(PROMPTS)).tag(sync=True)
    temperature = t.Float().tag(sync=True)
    top_k = t.Int(help="0: all tokens").tag(sync=True)
    top_p = t.Float().tag(sync=True)
    seed = t.Int().tag(sync=True)
    config: t.Dict[str, int] = t.Dict(help="sizes of the model; empty: not here").tag(sync=True)
    size = t.Int(help="the bytes of the assets").tag(sync=True)
    limit = t.Int(LIMIT, help="the longest prompt, in characters").tag(sync=True)

    def __init__(
        self,
        prompt: str = PROMPTS[0],
        *,
        temperature: float = 0.8,
        top_k: int | None = 50,
        top_p: float = 1.0,
        seed: int = 1,
        **kwargs: Any,
    ) -> None:
        if not isinstance(prompt, str) or len(prompt) > LIMIT:
            raise ValueError(f"prompt must be a string of at most {LIMIT} characters")
        if not 0 <= temperature <= 2:
            raise ValueError(f"temperature must be from 0 to 2, not {temperature!r}")
        if top_k is not None and not (isinstance(top_k, int) and top_k >= 1):
            raise ValueError(f"top_k must be a whole number, at least 1, or None, not {top_k!r}")
        if not 0 < top_p <= 1:
            raise ValueError(f"top_p must be over 0 and at most 1, not {top_p!r}")
        if not (isinstance(seed, int) and 0 <= seed < 2**32):
            raise ValueError(f"seed must be a whole number from 0 to 2**32 - 1, not {seed!r}")
        config = read_sizes()
        super().__init__(
            prompt=prompt,
            temperature=float(temperature),
            top_k=top_k or 0,
            top_p=float(top_p),
            seed=seed,
            config=config,
            size=sum(len(self.read_asset(name)) for name in self.assets) if config else 0,
            **kwargs,
        )

    def static_html(self) -> str:
        """Return the stages that the picture shows, with the sizes of what they make."""
        here = "This picture runs a GPT in your browser, which needs JavaScript."
        if not self.config:
            return f'<div class="gc-static"><p>{here} {ELSEWHERE}</p></div>'
        c = self.config
        V, C = c["vocab_size"], c["n_embd"]
        stages = [
            ("Tokens", f"T ids, each under {V:,}; T is at most {c['block_size']}"),
            ("Embedding", f"a row of the token table plus one of the positions: T times {C}"),
            *(
                (
                    f"Block {n}",
                    f"{c['n_head']} heads read earlier positions, then an MLP: T times {C}",
                )
                for n in range(c["n_layer"])
            ),
            ("Logits", f"one number for each of {V:,} tokens"),
            ("Draw", "temperature, top-k and top-p, then one token"),
        ]
        rows = "".join(
            f'<tr><th scope="row">{name}</th><td>{escape(what)}</td></tr>' for name, what in stages
        )
        return (
            f'<div class="gc-static gc-scroll"><p>{here} It has {parameters(c):,} parameters, and'
            f" its weights are {self.size / 1e6:.1f} MB. What happens to a text in it:</p>"
            f"<table>{rows}</table></div>"
        )


def read_sizes() -> dict[str, int]:
    """Return the sizes of the model, or nothing where its weights are not."""
    package = files("gptcourse")
    if not (package / SmallGPT.assets["weights"]).is_file():
        return {}
    config: dict[str, int] = json.loads((package / SIZES).read_text(encoding="utf-8"))["config"]
    return config


def parameters(config: dict[str, int]) -> int:
    """Return how many parameters a GPT of these sizes has."""
    V, N, C = config["vocab_size"], config["block_size"], config["n_embd"]
    return (V + N) * C + config["n_layer"] * (12 * C * C + 13 * C) + 2 * C
