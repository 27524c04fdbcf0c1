"""GPTSizes: where the parameters of a GPT are."""

from __future__ import annotations

from html import escape
from typing import Any

import traitlets.traitlets as t

from .picture import Picture

VOCAB_SIZE = 50257
LAYERS = 96  # the most that the slider gives
CHANNELS = (128, 192, 256, 384, 512, 768, 1024, 1280, 1600, 2048, 3072, 4096, 6144, 8192, 12288)

# GPT-2: Radford et al. 2019 and the configurations that OpenAI published with the weights.
# GPT-3: Brown et al. 2020, table 2.1 and section 2.1; the paper rounds its size to 175 billion.
MODELS: dict[str, dict[str, int]] = {
    "gpt2": {"n_layer": 12, "n_embd": 768, "n_head": 12, "block_size": 1024},
    "gpt2-medium": {"n_layer": 24, "n_embd": 1024, "n_head": 16, "block_size": 1024},
    "gpt2-large": {"n_layer": 36, "n_embd": 1280, "n_head": 20, "block_size": 1024},
    "gpt2-xl": {"n_layer": 48, "n_embd": 1600, "n_head": 25, "block_size": 1024},
    "GPT-3": {"n_layer": 96, "n_embd": 12288, "n_head": 96, "block_size": 2048},
}


class GPTSizes(Picture):
    """The parameters of a GPT as boxes, each as large as what it holds.

    The reader chooses a published model, or numbers of layers and channels, and the boxes are
    counted anew.

    Args:
        model: the model that is shown first: "gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl" or
            "GPT-3".

    Raises:
        ValueError: there is no such model.
    """

    name = "gpt_sizes"
    models: t.List[dict[str, Any]] = t.List().tag(sync=True)
    channels = t.List(t.Int(), help="those that the slider gives").tag(sync=True)
    layers = t.Int(help="the most that the slider gives").tag(sync=True)
    vocab_size = t.Int(VOCAB_SIZE).tag(sync=True)
    n_layer = t.Int().tag(sync=True)
    n_embd = t.Int().tag(sync=True)
    block_size = t.Int().tag(sync=True)
    part = t.Unicode("wte", help="the chosen box").tag(sync=True)
    block = t.Int(0, help="the block in which it is, if it is in one").tag(sync=True)

    def __init__(self, model: str = "gpt2", **kwargs: Any) -> None:
        if model not in MODELS:
            raise ValueError(f"there is no model {model!r}; there are {', '.join(MODELS)}")
        sizes = {name: MODELS[model][name] for name in ("n_layer", "n_embd", "block_size")}
        super().__init__(
            models=[{"name": name, **one} for name, one in MODELS.items()],
            channels=list(CHANNELS),
            layers=LAYERS,
            **(sizes | kwargs),
        )

    @t.validate("part")
    def _check_part(self, proposal: Any) -> Any:
        return proposal["value"] if proposal["value"] in parts(1, 1) else "wte"

    @t.validate("n_layer", "n_embd", "block_size")
    def _check_size(self, proposal: Any) -> Any:
        if proposal["value"] < 1:
            raise t.TraitError(f"{proposal['trait'].name} is {proposal['value']}; at least 1")
        return proposal["value"]

    def static_html(self) -> str:
        """Return a table: what is where in each of the models."""
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in MODELS)
        lines: dict[str, list[str]] = {}
        for sizes in MODELS.values():
            for name, value in _summary(**sizes).items():
                lines.setdefault(name, []).append(f"<td>{value}</td>")
        body = "".join(
            f'<tr><th scope="row">{name}</th>{"".join(cells)}</tr>' for name, cells in lines.items()
        )
        return (
            '<div class="gc-static gc-scroll"><table><caption>Where the parameters of five models '
            f"are</caption><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table>"
            "</div>"
        )


def parts(n_embd: int, block_size: int, vocab_size: int = VOCAB_SIZE) -> dict[str, int]:
    """Return the number of parameters in each part; those with a dot are in every block."""
    C = n_embd
    return {
        "wte": vocab_size * C,
        "wpe": block_size * C,
        "attn.c_attn": C * 3 * C + 3 * C,
        "attn.c_proj": C * C + C,
        "mlp.c_fc": C * 4 * C + 4 * C,
        "mlp.c_proj": 4 * C * C + C,
        "ln.1_2": 4 * C,
        "ln_f": 2 * C,
    }


def total(n_layer: int, n_embd: int, block_size: int, vocab_size: int = VOCAB_SIZE) -> int:
    """Return the number of all parameters; the head is the token table, and counts once."""
    found = parts(n_embd, block_size, vocab_size)
    return sum(n * (n_layer if "." in name else 1) for name, n in found.items())


def _summary(n_layer: int, n_embd: int, n_head: int, block_size: int) -> dict[str, str]:
    found = parts(n_embd, block_size)
    one = {
        kind: sum(n for name, n in found.items() if name.startswith(f"{kind}."))
        for kind in ("attn", "mlp", "ln")
    }
    all_ = total(n_layer, n_embd, block_size)
    return {
        "layers": str(n_layer),
        "channels": f"{n_embd:,}",
        "heads": str(n_head),
        "positions": f"{block_size:,}",
        "token table": f"{found['wte']:,}",
        "position table": f"{found['wpe']:,}",
        "attention, in each block": f"{one['attn']:,}",
        "MLP, in each block": f"{one['mlp']:,}",
        "norms, in each block": f"{one['ln']:,}",
        "last norm": f"{found['ln_f']:,}",
        "together": f"{all_:,}",
        "in the blocks": f"{n_layer * sum(one.values()) / all_:.1%}",
    }
