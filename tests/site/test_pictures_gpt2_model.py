"""The sizes of a GPT and the places of its norms: by mouse, by keyboard and by finger."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from playwright.sync_api import Locator, expect

from gpt2.blocks import Block
from gpt2.model import GPT, count_parameters, gpt2_config
from gptcourse.widgets import GPTSizes, NormPlacement
from gptcourse.widgets.gpt_sizes import MODELS, parts, total

from .test_pages import violations
from .test_pictures import Hand, button

GPT2 = [name for name in MODELS if name != "GPT-3"]


@pytest.fixture(scope="module")
def norms() -> NormPlacement:
    """Return the picture: measuring takes half a second."""
    return NormPlacement()


def run(picture: NormPlacement, place: str, times: int) -> dict[str, Any]:
    """Return what was measured at a place of the norm for a size of the weights."""
    (found,) = [one for one in picture.runs if (one["place"], one["times"]) == (place, times)]
    return found


def test_counts_are_those_of_the_model() -> None:
    """All four sizes, and each part by its name in the model."""
    for name in GPT2:
        with torch.device("meta"):
            model = GPT(gpt2_config(name))
        sizes = {key: n for key, n in MODELS[name].items() if key != "n_head"}
        assert total(**sizes) == count_parameters(model)
        assert MODELS[name]["n_head"] == model.config.n_head
        found = parts(sizes["n_embd"], sizes["block_size"])
        block = model.transformer.h[0]
        for key in ("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"):
            assert found[key] == count_parameters(block.get_submodule(key))
        assert found["ln.1_2"] == count_parameters(block.ln_1) + count_parameters(block.ln_2)
    assert total(96, 12288, 2048) == 174_604_259_328
    with pytest.raises(ValueError, match="no model 'gpt-4'"):
        GPTSizes("gpt-4")


def areas(picture: Locator) -> dict[str, float]:
    """Return the share of the drawing that each part has."""
    found: dict[str, float] = {}
    for part, area in picture.locator(".gc-box").evaluate_all(
        "all => all.map(e => [e.dataset.part, e.width.baseVal.value * e.height.baseVal.value])"
    ):
        found[part] = found.get(part, 0) + area
    whole = sum(found.values())
    return {part: area / whole for part, area in found.items()}


def shown(hand: Hand, picture: Locator, L: int, C: int, N: int) -> None:
    """See that the total, the boxes and the table are those of a model."""
    whole = total(L, C, N)
    expect(picture.locator(".gc-sum")).to_have_text(f"{whole:,}")
    expected = {key: n * (L if "." in key else 1) for key, n in parts(C, N).items()}
    shares = {key: n / whole for key, n in expected.items()}
    assert areas(picture) == pytest.approx(shares, abs=1e-5)
    cells = picture.locator(".gc-parts tbody td:nth-child(3)").all_inner_texts()
    assert cells == [f"{n:,}" for n in expected.values()]
    assert hand.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_sizes_are_drawn_to_scale(show: Any, kind: str) -> None:
    """Published models, sizes of one's own, and what a box says."""
    hand, picture = show(kind, "gpt-sizes", GPTSizes())
    for name, sizes in MODELS.items():
        hand.press(button(picture, name))
        shown(hand, picture, sizes["n_layer"], sizes["n_embd"], sizes["block_size"])
        assert button(picture, name).get_attribute("aria-pressed") == "true"
    expect(picture).to_contain_text("175 billion")
    expect(picture).to_contain_text("1/1,403")
    hand.press(button(picture, "gpt2"))
    saying = picture.locator(".gc-saying")
    if kind == "keyboard":
        picture.get_by_role("slider", name="layers").press("ArrowRight")
        picture.get_by_role("slider", name="channels").press("ArrowLeft")
        shown(hand, picture, 13, 512, 1024)
        assert picture.locator(".gc-presets [aria-pressed=true]").count() == 0
        hand.press(button(picture, "MLP c_fc"))
        expect(saying).to_contain_text("512 × 2,048 + 2,048 = 1,050,624. 13 blocks have 13,658,112")
        assert violations(hand.page, ".gc-picture") == []
    else:
        hand.press(picture.locator("[data-part='attn.c_attn'][data-block='4']"))
        expect(saying).to_contain_text("attention c_attn of block 5")
        expect(saying).to_contain_text("768 × 2,304 + 2,304 = 1,771,776. 12 blocks have 21,261,312")
        expect(picture.get_by_role("status")).to_contain_text("1,771,776")


def test_norms_are_measured_on_real_blocks(norms: NormPlacement) -> None:
    """The reference's blocks from the same start agree; the claims about the places hold."""
    config: Any = SimpleNamespace(n_embd=64, n_head=4, block_size=64, dropout=0.0, bias=True)
    torch.manual_seed(0)
    blocks = [Block(config) for _ in range(24)]
    x = torch.randn(4, 64, 64)
    direction = torch.randn(4, 64, 64)
    for block in blocks:
        for p in (*block.attn.parameters(), *block.mlp.parameters()):
            p.data.mul_(2)
    streams = [x.requires_grad_()]
    for block in blocks:
        streams.append(block(streams[-1]))
    direction /= direction.square().mean().sqrt()
    found = torch.autograd.grad(streams[-1], streams[:-1], direction)
    measured = run(norms, "pre", 2)
    assert measured["stream"] == pytest.approx([s.std().item() for s in streams[1:]], rel=1e-3)
    sizes = [g.square().mean().sqrt().item() for g in found]
    assert measured["gradient"] == pytest.approx(sizes, rel=1e-3)
    for times in (1, 2, 3):
        pre, post = run(norms, "pre", times), run(norms, "post", times)
        assert pre["stream"][0] < pre["stream"][11] < pre["stream"][-1] < 20
        assert pre["straight"] == [1.0] * 24
        assert post["stream"] == pytest.approx([1.0] * 24, abs=1e-3)
        assert post["straight"][0] < 0.5
    assert run(norms, "post", 2)["straight"][0] < 1e-6
    assert run(norms, "none", 2)["stream"][-1] > 1e6
    assert "nan" in run(norms, "none", 3)["gradient"]
    with pytest.raises(ValueError, match="seed must be"):
        NormPlacement(seed=-1)


def height(axis: tuple[int, int], value: Any) -> float:
    """Return where on a logarithmic axis a value is, from 0 to 1; what is no number fills it."""
    x = float(value)
    if math.isnan(x):
        return 1.0
    return min(max((math.log10(x) - axis[0]) / (axis[1] - axis[0]), 0.0), 1.0)


def test_norms_are_drawn_as_measured(show: Any, kind: str, norms: NormPlacement) -> None:
    """Each of the nine choices; what leaves the scale, or is no number, says so."""
    hand, picture = show(kind, "norm-placement", norms)
    places = {"pre": "in front of each layer", "post": "behind each sum", "none": "nowhere"}
    for times in (1, 2, 3) if kind == "mouse" else (3,):
        name = "torch's" if times == 1 else f"times {times}"
        hand.press(picture.get_by_role("radio", name=name), "Space")
        for place, label in places.items():
            hand.press(picture.get_by_role("radio", name=label), "Space")
            measured = run(norms, place, times)
            drawn = picture.locator(".gc-bar, .gc-mark").evaluate_all(
                "all => all.map(e => [Number(e.style.getPropertyValue('--to')), e.className])"
            )
            expected = [height((0, 2), x) for x in measured["stream"]]
            for pair in zip(measured["gradient"], measured["straight"], strict=True):
                expected += [height((-3, 2), x) for x in pair]
            assert [at for at, _ in drawn] == pytest.approx(expected, abs=1e-4)
            broken = [*measured["stream"], *measured["gradient"]].count("nan")
            assert sum("gc-nan" in kind for _, kind in drawn) == broken
            assert picture.locator(".gc-broken").is_visible() == (broken > 0)
    slider, saying = picture.get_by_role("slider"), picture.locator(".gc-saying")
    if kind == "keyboard":
        slider.press("End")
    else:
        hand.press(picture.locator(".gc-column").nth(23))
    expect(saying).to_have_text(
        "Block 24. Stream after it: not a number. Gradient in front of it: not a number. "
        "The part that comes straight down: 1.00."
    )
    assert slider.input_value() == "24"
    assert hand.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    if kind == "keyboard":
        assert violations(hand.page, ".gc-picture") == []
