"""NormPlacement: how large the stream and its gradient are in 24 blocks, by where the norm is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import ipywidgets
import torch
import torch.nn.functional as F
import traitlets.traitlets as t
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from ..earlier import CausalSelfAttention
from .picture import Picture

C, HEADS, BLOCKS = 64, 4, 24
SHAPE = (4, 64, C)  # (B, T, C) of the input
WEIGHTS = (1, 2, 3)
PLACES = ("pre", "post", "none")
_NAMES = {"pre": "in front of each layer", "post": "behind each sum", "none": "nowhere"}
_SHOWN = (1, 2, 6, 12, 18, 24)  # the blocks that the table for a page has


class NormPlacement(Picture):
    """How large the stream is after each block, and the gradient in front of it.

    The same layers run with the norm in front of each (pre-norm), with the norm behind each sum
    (post-norm) and without one. Their weights are torch's, times 1, 2 and 3. Backward goes one
    fixed random direction at the output, of root mean square 1. What of it comes down without
    passing through a layer is measured too.

    Args:
        seed: of the weights and the input.

    Raises:
        ValueError: the seed is not a whole number of at least 0.
    """

    name = "norm_placement"
    runs: t.List[dict[str, Any]] = t.List(help="what was measured in each").tag(sync=True)
    place = t.Enum(PLACES, "pre").tag(sync=True)
    times = t.Enum(WEIGHTS, 2, help="by what the weights are multiplied").tag(sync=True)
    block = t.Int(BLOCKS // 2, help="the chosen block, from 1").tag(sync=True)

    def __init__(self, seed: int = 0, **kwargs: Any) -> None:
        super().__init__(runs=measure(seed), **kwargs)

    @t.validate("block")
    def _check_block(self, proposal: Any) -> Any:
        return min(max(proposal["value"], 1), BLOCKS)

    def static_html(self) -> str:
        """Return a table: the stream and the gradient at some blocks, in each of the runs."""
        head = "".join(f'<th scope="col">{n}</th>' for n in _SHOWN)
        names = {
            "stream": "stream after the block",
            "gradient": "gradient in front of it",
            "straight": "of this, past the layers",
        }
        lines = ""
        for run in self.runs:
            about = f"norm {_NAMES[run['place']]}, weights times {run['times']}"
            for key, name in names.items():
                cells = "".join(f"<td>{_text(run[key][n - 1])}</td>" for n in _SHOWN)
                lines += f'<tr><th scope="row">{about}: {name}</th>{cells}</tr>'
        return (
            '<div class="gc-static gc-scroll"><table><caption>Standard deviation of the stream, '
            "and root mean square of the gradient, at some of 24 blocks; the gradient is 1 behind "
            f"the last one</caption><thead><tr><td></td>{head}</tr></thead><tbody>{lines}</tbody>"
            "</table></div>"
        )

    def controls(self) -> list[ipywidgets.Widget]:
        """Return a slider for the seed of weights and input."""
        seed = ipywidgets.IntSlider(0, 0, 20, description="seed", continuous_update=False)

        def redraw(_: object) -> None:
            self.runs = measure(seed.value)

        seed.observe(redraw, "value")
        return [seed]


class _MLP(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.wide, self.narrow = nn.Linear(C, 4 * C), nn.Linear(4 * C, C)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.narrow(F.gelu(self.wide(x), approximate="tanh"))
        return out


def measure(seed: int = 0) -> list[dict[str, Any]]:
    """Return what is measured in each place for each size of the weights.

    A run has `stream`, the standard deviation after each block; `gradient`, the root mean square
    in front of each block; and `straight`, the same of the part that passes through no layer.
    What is no finite number is text, as JSON has none.

    Raises:
        ValueError: the seed is not a whole number of at least 0.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ValueError(f"seed must be a whole number of at least 0, not {seed!r}")
    config = SimpleNamespace(n_embd=C, n_head=HEADS, block_size=SHAPE[1], dropout=0.0, bias=True)
    with _alone(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        layers: list[nn.Module] = []
        for _ in range(BLOCKS):
            layers += [CausalSelfAttention(config), _MLP()]
        x, direction = torch.randn(SHAPE), torch.randn(SHAPE)
        direction /= direction.square().mean().sqrt()
        first = [[p.detach().clone() for p in layer.parameters()] for layer in layers]
        runs = []
        for times in WEIGHTS:
            for layer, start in zip(layers, first, strict=True):
                for p, values in zip(layer.parameters(), start, strict=True):
                    p.data.copy_(times * values)
            for place in PLACES:
                runs.append({"place": place, "times": times, **_run(layers, place, x, direction)})
    return runs


@contextmanager
def _alone() -> Iterator[None]:
    """Use one thread, and torch's plain attention: the fused one has no gradient this large."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.enable_grad(), sdpa_kernel(SDPBackend.MATH):
            yield
    finally:
        torch.set_num_threads(threads)


def _run(layers: list[nn.Module], place: str, x: Tensor, direction: Tensor) -> dict[str, Any]:
    stream, past = x.clone().requires_grad_(), x.clone().requires_grad_()
    before, before_past, sizes = [stream], [past], []
    for n, layer in enumerate(layers):
        out = layer(F.layer_norm(stream, (C,)) if place == "pre" else stream)
        # The same numbers again, with the layers' outputs as constants.
        stream, past = stream + out, past + out.detach()
        if place == "post":
            stream, past = F.layer_norm(stream, (C,)), F.layer_norm(past, (C,))
        if n % 2:
            sizes.append(stream.detach().double().std().item())
            before.append(stream)
            before_past.append(past)
    found = {
        "gradient": torch.autograd.grad(stream, before[:-1], direction),
        "straight": torch.autograd.grad(past, before_past[:-1], direction),
    }
    means = {
        key: [_number(g.double().square().mean().sqrt().item()) for g in gradients]
        for key, gradients in found.items()
    }
    return {"stream": [_number(size) for size in sizes], **means}


def _number(x: float) -> float | str:
    """Return four digits of a number; one that is not finite as text."""
    return float(f"{x:.4g}") if abs(x) < float("inf") else str(x)


def _text(x: float | str) -> str:
    return x if isinstance(x, str) else f"{x:.3g}"
