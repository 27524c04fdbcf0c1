"""A row looked up, on a page of its own, by mouse, keyboard and finger."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from playwright.sync_api import Locator, expect
from torch import Tensor, nn

from gpt2.embeddings import Embedding
from gptcourse.widgets import RowLookup

from .test_pictures import button, place

SYMBOLS = ["\n", "a", "e", "i", "m", "n", "o", "t"]
V, C = 8, 5
IDS = [5, 6, 6, 5]  # noon: two rows, each used twice


def table() -> Tensor:
    generator = torch.Generator().manual_seed(4)
    return (10 * torch.randn(V, C, generator=generator)).round() / 10


def gradient(grad: Any) -> Tensor:
    """Return the gradient of the table by torch's own embedding."""
    E = table().requires_grad_()
    torch.nn.functional.embedding(torch.tensor(IDS), E).backward(torch.tensor(grad))
    assert E.grad is not None
    return E.grad


class Scaled(Embedding):
    """Rows that do not go out as they are."""

    def forward(self, idx: Tensor) -> Tensor:
        scaled: Tensor = super().forward(idx) * C**0.5
        return scaled


class Detached(Embedding):
    """Rows that no gradient comes back to."""

    def forward(self, idx: Tensor) -> Tensor:
        return super().forward(idx).detach()


class OneHot(Embedding):
    """The slow way, right all the same."""

    def forward(self, idx: Tensor) -> Tensor:
        row: Tensor = nn.functional.one_hot(idx, V).float() @ self.weight
        return row


def lookup(embedding: Any = Embedding, **options: Any) -> RowLookup:
    return RowLookup(table(), IDS, SYMBOLS, embedding, **options)


def cells(grid: Locator, side: int = 0) -> list[list[str]]:
    """Return what stands in a matrix, row by row, without the column at its side."""
    lines = grid.locator("[role=row]").all()[1:]
    return [line.locator(".gc-m-cell").all_inner_texts()[side:] for line in lines]


def numbers(rows: list[list[str]]) -> Tensor:
    return torch.tensor([[float(x.replace("−", "-")) for x in row] for row in rows])


def same(shown: Tensor, expected: Tensor) -> None:
    torch.testing.assert_close(shown, expected, rtol=0, atol=0.0051)


def test_the_product_fills_the_row_cell_by_cell(show: Any, kind: str) -> None:
    hand, picture = show(kind, "row-lookup", lookup())
    out = picture.get_by_role("grid").nth(1)
    caption = place(picture.locator("figcaption"))
    before = caption()
    for n in range(1, C + 1):
        row = cells(out)[0]
        same(numbers([row[:n]]), table()[IDS[0], :n][None])
        assert row[n:] == [""] * (C - n)
        factors = picture.locator(".gc-workings tbody td:nth-child(2)").all_inner_texts()
        assert factors == ["1" if v == IDS[0] else "0" for v in range(V)]
        products = picture.locator(".gc-workings tbody td:last-child").all_inner_texts()
        assert sum(product == "0" for product in products) == V - 1
        hand.press(button(picture, "Step"))
    assert abs(caption() - before) < 40


def test_both_ways_give_the_same_rows(show: Any, kind: str) -> None:
    hand, picture = show(kind, "row-lookup", lookup())
    out, step = picture.get_by_role("grid").nth(1), button(picture, "Step")
    found = []
    for name in ("one-hot × E", "E[id]"):
        hand.press(button(picture, name))
        while step.get_attribute("aria-disabled") == "false":
            hand.press(step)
        found.append(numbers(cells(out)))
    same(found[0], table()[IDS])
    assert torch.equal(found[0], found[1])
    expect(picture.locator(".gc-note")).to_have_text("✓ Embedding has the same rows.")


def test_only_rows_that_were_used_get_a_gradient(show: Any, kind: str) -> None:
    shown = lookup()
    hand, picture = show(kind, "row-lookup", shown)
    hand.press(button(picture, "backward"))
    left = picture.get_by_role("grid").first
    assert {x for row in cells(left, side=1) for x in row} == {"0"}
    for _ in IDS:
        hand.press(button(picture, "Step"))
    rows = cells(left, side=1)
    expected = gradient(shown.grad)
    same(numbers(rows), expected)
    for v in range(V):
        assert (rows[v] == ["0"] * C) == (v not in IDS)
    assert "positions 0 and 3" in picture.locator(".gc-saying").inner_text()
    if kind == "keyboard":
        left.locator("[tabindex='0']").press("PageUp")
    else:
        hand.press(left.get_by_role("gridcell", name=re.compile("^row 0, channel 2")))
    assert "stays exactly 0" in picture.locator(".gc-saying").inner_text()


def test_arrow_keys_read_the_table(show: Any) -> None:
    hand, picture = show("keyboard", "row-lookup", lookup())
    grid = picture.get_by_role("grid").first
    grid.locator("[tabindex='0']").focus()
    for key in ["PageUp", "Home", "ArrowRight", "ArrowDown", "ArrowRight"]:
        hand.page.keyboard.press(key)
    said = hand.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert said == f"row 1, channel 1: {table()[1, 1]:.2f}".replace("-", "−")


@pytest.mark.parametrize("embedding", [Embedding, OneHot, nn.Embedding])
def test_whoever_is_right_is_told_so(embedding: Any) -> None:
    picture = lookup(embedding)
    same(torch.tensor(picture.yours["rows"]), table()[IDS])
    torch.testing.assert_close(torch.tensor(picture.yours["grad"]), gradient(picture.grad))
    torch.testing.assert_close(picture.gradient(), gradient(picture.grad))


def test_rows_that_differ_are_marked(show: Any) -> None:
    hand, picture = show("mouse", "row-lookup", lookup(Scaled))
    hand.press(button(picture, "E[id]"))
    note = picture.locator(".gc-note")
    expect(note).to_contain_text("other rows at 0 (yours:")
    mine = ", ".join(f"{x:.2f}" for x in table()[IDS[0]] * C**0.5).replace("-", "−")
    expect(note).to_contain_text(mine)
    assert picture.get_by_role("grid").nth(1).locator(".gc-bad").count() == C
    hand.press(button(picture, "backward"))
    expect(note).to_contain_text("other gradients of rows at 5 (yours:")
    for _ in IDS:
        hand.press(button(picture, "Step"))
    assert picture.get_by_role("grid").first.locator(".gc-bad").count() > 0


def returns(value: Callable[[Tensor], Any]) -> Callable[[int, int], Any]:
    """Return a module that is made already and answers what it likes."""

    class Some(nn.Module):
        def forward(self, idx: Tensor) -> Any:
            return value(idx)

    return Some()


@pytest.mark.parametrize(
    ("embedding", "message"),
    [
        (Detached, "No gradient goes from the output back"),
        (returns(lambda idx: None), "returned a NoneType"),
        (returns(lambda idx: idx), r"returned shape \(4,\); expected shape \(4, 5\)"),
        (returns(lambda idx: idx[:, None].float().expand(4, 5)), "has no weight"),
        (returns(lambda idx: [][0]), "raised IndexError"),
        (lambda idx: table()[idx] * torch.nan, "nan"),
    ],
)
def test_whatever_an_embedding_does_there_is_a_picture(embedding: Any, message: str) -> None:
    picture = lookup(embedding)
    assert re.search(message, str(picture.yours))
    assert picture.state()


def test_the_table_may_be_the_modules_own() -> None:
    module = Embedding(V, C)
    picture = RowLookup(None, torch.tensor([IDS]), embedding=module)
    torch.testing.assert_close(torch.tensor(picture.table), module.weight.detach())
    assert module.weight.grad is None  # the learner's module is left as it was
    picture.controls()[0].value = 3
    torch.testing.assert_close(picture.gradient(), torch.tensor(picture.yours["grad"]))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"E": torch.zeros(8)}, r"E has shape \(8,\); expected 2"),
        ({"E": None}, "no module with a weight"),
        ({"ids": [8]}, "token id 8 has no symbol"),
        ({"ids": []}, "non-empty row of token ids"),
        ({"symbols": "abc"}, "3 symbols for 8"),
        ({"grad": torch.zeros(4, 4)}, r"grad has shape \(4, 4\); expected \(4, 5\)"),
        ({"grad": torch.full((4, 5), torch.inf)}, "finite numbers; found inf"),
    ],
)
def test_it_says_what_is_wrong(change: dict[str, Any], message: str) -> None:
    good: dict[str, Any] = {"E": table(), "ids": IDS, "symbols": SYMBOLS}
    with pytest.raises(ValueError, match=message):
        RowLookup(**(good | change))
