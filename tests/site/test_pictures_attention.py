"""The pictures of attention: their numbers against torch, and by mouse, keyboard and finger."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Locator, Page, expect

from gpt2.attention import causal_mask, scaled_dot_product_attention
from gptcourse.widgets import AttentionSaturation, AttentionScores, AttentionWeights
from gptcourse.widgets.picture import HERE

from . import stage
from .test_pictures import button, place

TOKENS = ["the", "cat", "sat", "and", "it"]
T, S, D = 5, 5, 4
ATTEND = """async (cases) => {
  const { attend, tokensRead } = await import("./attention.js");
  return cases.map((one) => {
    const { weights, out } = attend(one);
    return { weights, out, read: weights.map(tokensRead) };
  });
}"""


def inputs(queries: int = T, keys: int = S, d: int = D, seed: int = 3) -> tuple[Any, ...]:
    """Return q, k and v with one decimal place, so that what is shown adds up to the last digit."""
    generator = torch.Generator().manual_seed(seed)
    shapes = [(queries, d), (keys, d), (keys, 4)]
    return tuple((10 * torch.randn(*s, generator=generator)).round() / 10 for s in shapes)


def reads_the_columns(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Attention with the softmax along the wrong dimension."""
    scores = q @ k.mT / math.sqrt(q.size(-1))
    return (scores if mask is None else scores.masked_fill(~mask, -1e9)).softmax(dim=0) @ v


def scores(attention: Any = scaled_dot_product_attention) -> AttentionScores:
    q, k, v = inputs()
    return AttentionScores(q, k, v, TOKENS, mask=causal_mask(T), attention=attention)


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Return an empty page beside the module that computes."""
    folder = tmp_path_factory.mktemp("attention")
    shutil.copy(HERE / "attention.js", folder)
    (folder / "index.html").write_text("<!doctype html><link rel=icon href='data:,'>")
    with stage.served(folder) as address:
        page = browser.new_page()
        page.goto(address)
        yield page
        page.close()


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("size", [0.1, 1.0, 30.0])
@pytest.mark.parametrize("shape", [(1, 1, 1), (5, 5, 4), (3, 8, 16), (8, 8, 256)])
def test_the_page_computes_what_the_reference_computes(
    page: Page, shape: tuple[int, int, int], size: float, masked: bool
) -> None:
    q, k, v = (size * x if i < 2 else x for i, x in enumerate(inputs(*shape)))
    mask = causal_mask(*shape[:2]) if masked else None
    case: dict[str, Any] = {"q": q.tolist(), "k": k.tolist(), "v": v.tolist()}
    case["mask"] = None if mask is None else mask.tolist()
    expected = scaled_dot_product_attention(q.double(), k.double(), v.double(), mask)
    unit = torch.eye(shape[1], dtype=torch.float64)
    weights = scaled_dot_product_attention(q.double(), k.double(), unit, mask)
    (found,) = page.evaluate(ATTEND, [case])
    exact: dict[str, Any] = {"rtol": 0, "atol": 1e-5}
    torch.testing.assert_close(torch.tensor(found["out"], dtype=torch.float64), expected, **exact)
    torch.testing.assert_close(
        torch.tensor(found["weights"], dtype=torch.float64), weights, **exact
    )
    entropy = -torch.special.xlogy(weights, weights).sum(dim=-1)
    assert found["read"] == pytest.approx(entropy.exp().tolist(), abs=1e-5)
    (cut,) = page.evaluate(ATTEND, [case | {"d": 1, "scaled": False}])
    one = scaled_dot_product_attention(q[:, :1].double(), k[:, :1].double(), v.double(), mask)
    torch.testing.assert_close(torch.tensor(cut["out"], dtype=torch.float64), one, **exact)


def texts(grid: Locator) -> list[list[str]]:
    """Return what stands in the cells of a matrix, row by row."""
    lines = grid.locator("[role=row]").all()[1:]
    return [line.locator(".gc-m-cell").all_inner_texts() for line in lines]


def numbers(grid: Locator) -> torch.Tensor:
    """Return the numbers of a matrix that is full."""
    signed = [[x.replace("−", "-").replace("∞", "inf") for x in row] for row in texts(grid)]
    return torch.tensor([[float(x) for x in row] for row in signed])


def shown(value: torch.Tensor) -> dict[str, Any]:
    return {"actual": value, "rtol": 0, "atol": 0.0051}


def test_the_scores_are_built_cell_by_cell(show: Any, kind: str) -> None:
    """Each step fills one cell with the sum of its products; then come the four other stages."""
    q, k, v = inputs()
    hand, picture = show(kind, "attention-scores", scores())
    grid, saying = picture.get_by_role("grid").first, picture.locator(".gc-saying")
    step = button(picture, "Step")
    for n in range(3):
        filled = [x for row in texts(grid) for x in row if x]
        assert len(filled) == n + 1
        terms = [float(a * b) for a, b in zip(q[0], k[n], strict=True)]
        assert f"= {sum(terms):.2f}." in saying.inner_text().replace("−", "-")
        hand.press(step)
    hand.press(button(picture, "÷ √d"))
    torch.testing.assert_close(expected=q @ k.T / 2, **shown(numbers(grid)))
    hand.press(button(picture, "mask"))
    masked = (q @ k.T / 2).masked_fill(~causal_mask(T), -torch.inf)
    torch.testing.assert_close(expected=masked, **shown(numbers(grid)))
    assert grid.locator(".gc-out").count() == T * (T - 1) // 2
    hand.press(button(picture, "softmax"))
    torch.testing.assert_close(expected=masked.softmax(-1), **shown(numbers(grid)))
    hand.press(button(picture, "× v"))
    out = picture.get_by_role("grid").nth(1)
    torch.testing.assert_close(expected=masked.softmax(-1) @ v, **shown(numbers(out)))
    expect(picture.locator(".gc-note")).to_have_text(
        f"✓ scaled_dot_product_attention returned these {T} rows."
    )
    hand.press(button(picture, "Reset"))
    assert len([x for row in texts(grid) for x in row if x]) == 1


def test_stepping_reaches_the_end_of_every_stage(show: Any) -> None:
    hand, picture = show("mouse", "attention-scores", scores())
    step, steps, seen = button(picture, "Step"), 1, set()
    caption = place(picture.locator("figcaption"))
    before = caption()
    while step.get_attribute("aria-disabled") == "false":
        hand.press(step)
        steps += 1
        seen.add(picture.locator(".gc-tabs [aria-pressed=true]").inner_text())
        if "× v" not in seen:  # at the end a line says what the learner's function returned
            assert caption() == before
    assert steps == T * S + 2 + 2 * T
    assert seen == {"q · k", "÷ √d", "mask", "softmax", "× v"}


def test_a_cell_says_its_arithmetic(show: Any, kind: str) -> None:
    q, k, _ = inputs()
    hand, picture = show(kind, "attention-scores", scores())
    cells = picture.get_by_role("grid").first.locator(".gc-m-cell")
    if kind == "keyboard":
        cells.first.focus()
        for key in ["ArrowDown", "ArrowDown", "ArrowRight"]:
            hand.page.keyboard.press(key)
        expect(cells.nth(2 * S + 1)).to_be_focused()
    else:
        hand.press(cells.nth(2 * S + 1))
    assert "“sat”" in picture.locator(".gc-card .gc-title").inner_text()
    products = picture.locator(".gc-workings tbody tr td:last-child").all_inner_texts()
    assert [float(x.replace("−", "-")) for x in products] == pytest.approx((q[2] * k[1]).tolist())
    total = float(picture.locator(".gc-workings tfoot td").last.inner_text().replace("−", "-"))
    assert total == pytest.approx(float(q[2] @ k[1]))


def test_the_switches_work_on_what_is_shown(show: Any, kind: str) -> None:
    q, k, _ = inputs()
    hand, picture = show(kind, "attention-scores", scores())
    grid = picture.get_by_role("grid").first
    hand.press(button(picture, "softmax"))
    hand.press(picture.get_by_label("mask the future"), "Space")
    torch.testing.assert_close(expected=(q @ k.T / 2).softmax(-1), **shown(numbers(grid)))
    hand.press(picture.get_by_label("divide by √d"), "Space")
    torch.testing.assert_close(expected=(q @ k.T).softmax(-1), **shown(numbers(grid)))
    hand.press(button(picture, "× v"))
    expect(picture.locator(".gc-note")).to_contain_text("is compared when the division by √d is on")


def test_a_wrong_function_is_seen_row_by_row(show: Any) -> None:
    hand, picture = show("mouse", "attention-scores", scores(reads_the_columns))
    hand.press(button(picture, "× v"))
    q, k, v = inputs()
    right = scaled_dot_product_attention(q, k, v, causal_mask(T))
    wrong = reads_the_columns(q, k, v, causal_mask(T))
    rows = [t for t in range(T) if not torch.allclose(right[t], wrong[t], atol=1e-3)]
    lines = picture.locator(".gc-note li").all_inner_texts()
    assert [line.split(":")[0] for line in lines] == [f"row {t}" for t in rows]
    mine = ", ".join(f"{x:.2f}" for x in wrong[rows[0]])
    assert f"yours {mine};" in lines[0].replace("−", "-").replace("-0.00", "0.00")
    assert picture.locator(".gc-result .gc-bad").count() > 0


def test_the_softmax_saturates_with_d(show: Any, kind: str) -> None:
    """Without the division one token takes all as d grows; with it the weights stay spread."""
    generator = torch.Generator().manual_seed(0)
    q, k = torch.randn(2, 6, 256, generator=generator)
    hand, picture = show(kind, "attention-saturation", AttentionSaturation(q, k))
    slider = picture.get_by_role("slider")

    def largest() -> list[float]:
        return [float(x) for x in picture.locator("td:nth-child(2) .gc-number").all_inner_texts()]

    def expected(d: int, root: float) -> list[float]:
        future = ~causal_mask(6)
        weights = (q[:, :d] @ k[:, :d].T / root).masked_fill(future, -torch.inf).softmax(-1)
        return [float(x) for x in weights.max(-1).values]

    assert largest() == pytest.approx(expected(4, 1.0), abs=0.006)
    for _ in range(3):
        slider.press("ArrowRight")
    expect(picture.locator(".gc-size")).to_have_text("256")
    saturated = largest()
    assert saturated == pytest.approx(expected(256, 1.0), abs=0.02)  # q and k have three places
    hand.press(picture.get_by_label("divide by √d"), "Space")
    assert largest() == pytest.approx(expected(256, 16.0), abs=0.006)
    assert sum(largest()) < sum(saturated) - 1
    means = torch.tensor(
        [float(x) for x in picture.locator(".gc-means tbody td").all_inner_texts()]
    ).view(4, 4)
    assert means[-1, 0] > means[0, 0] + 0.2
    assert abs(means[-1, 2] - means[0, 2]) < 0.15


def test_weights_that_are_wrong_are_marked(show: Any) -> None:
    q, k, _ = inputs()
    past = causal_mask(T)
    right = (q @ k.T).masked_fill(~past, -torch.inf).softmax(-1)
    wrong = (q @ k.T).softmax(0)
    picture = AttentionScores.from_weights(torch.stack([right, wrong]), TOKENS)
    assert isinstance(picture, AttentionWeights)
    _, seen = show("mouse", "attention-weights", picture)
    expect(seen.locator(".gc-note")).to_contain_text("✓ Each row sums to 1")
    assert seen.locator(".gc-m-cell.gc-bad").count() == 0
    seen.get_by_label("Head").select_option("1")
    off = int(((wrong.sum(-1) - 1).abs() > 1e-3).sum())
    expect(seen.locator(".gc-note")).to_contain_text(f"✗ {off} of {T} rows do not sum to 1.")
    leaks = int((wrong[~past] != 0).sum())
    assert seen.locator(".gc-m-cell.gc-bad").count() == leaks


def returns(value: Any) -> Callable[..., Any]:
    return lambda *_: value


@pytest.mark.parametrize(
    ("attention", "message"),
    [
        (returns(torch.zeros(T, T)), r"returned shape \(5, 5\); expected shape \(5, 4\)"),
        (returns(None), "returned a NoneType"),
        (lambda q, k, v: v, "TypeError"),
        (returns(torch.full((T, 4), math.nan)), "nan"),
    ],
)
def test_whatever_a_function_returns_there_is_a_picture(attention: Any, message: str) -> None:
    picture = scores(attention)
    assert re.search(message, str(picture.yours["masked"]))
    assert picture.state()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"k": torch.zeros(5, 3)}, "q has 4 channels and k has 3"),
        ({"v": torch.zeros(4, 4)}, "k has 5 rows and v has 4"),
        ({"q": torch.zeros(6, 4)}, "q has 6 rows and k has 5"),
        ({"q": torch.zeros(4)}, r"q has shape \(4,\); expected 2"),
        ({"q": torch.full((5, 4), math.nan)}, "finite numbers; found nan"),
        ({"tokens": ["a"]}, "1 symbols for 5"),
        ({"mask": torch.ones(5, 5)}, "dtype torch.float32; expected bool"),
        ({"mask": torch.ones(5, 4).bool()}, r"shape \(5, 4\); expected \(T, S\) = \(5, 5\)"),
    ],
)
def test_it_says_what_is_wrong(change: dict[str, Any], message: str) -> None:
    q, k, v = inputs()
    good: dict[str, Any] = {"q": q, "k": k, "v": v, "tokens": TOKENS}
    with pytest.raises(ValueError, match=message):
        AttentionScores(**(good | change))
