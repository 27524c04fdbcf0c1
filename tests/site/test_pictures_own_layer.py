"""A learner's layer of attention in the picture of the heads: what it reads and returns."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from playwright.sync_api import expect
from torch import nn

from gpt2.heads import CausalSelfAttention
from gptcourse.widgets import AttentionHeads

from .test_pictures_heads import ALICE, OTHER, check


class Wrong(CausalSelfAttention):
    """A layer in which one thing is changed; `probed` and `output` build it like any other."""

    causal, order, scale = True, (0, 1, 2), 1.0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        B, T, width = x.shape
        parts = self.c_attn(x).chunk(3, dim=-1)
        q, k, v = (parts[i].view(B, T, 4, -1).transpose(1, 2) for i in self.order)
        scores = q @ k.mT / q.size(-1) ** 0.5 * self.scale
        if self.causal:
            scores = scores.masked_fill(torch.ones(T, T).triu(1).bool(), -torch.inf)
        out = (scores.softmax(-1) @ v).transpose(1, 2).reshape(B, T, width)
        mixed: torch.Tensor = self.c_proj(out)
        return mixed


def wrong(**change: Any) -> type[Wrong]:
    return type("CausalSelfAttention", (Wrong,), change)


def test_the_learners_layer_is_compared(show: Any) -> None:
    picture = AttentionHeads(attention=CausalSelfAttention)
    _, seen = show("mouse", "attention-heads", picture)
    expect(seen.locator(".gc-note")).to_have_text(
        "✓ CausalSelfAttention: with the model's weights, both layers return what the model's "
        "return. The weights drawn are those with which it reads."
    )
    check(seen, ALICE, 5, 15)


def test_a_layer_that_reads_the_future_is_seen(show: Any) -> None:
    picture = AttentionHeads(attention=wrong(causal=False), layer=0, head=0)
    hand, seen = show("mouse", "attention-heads", picture)
    expect(seen.locator(".gc-note")).to_contain_text(
        "✗ CausalSelfAttention: with the model's weights, the output of layer 0 differs"
    )
    hand.press(seen.locator(".gc-row-of-tokens button").first)
    assert seen.locator(".gc-leak").count() > 0


@pytest.mark.parametrize(
    "change", [{"order": (1, 0, 2)}, {"order": (0, 2, 1)}, {"scale": 0.5}, {"causal": False}]
)
def test_other_layers_differ(change: dict[str, Any]) -> None:
    yours = AttentionHeads(attention=wrong(**change)).yours
    assert not yours["right"]
    assert re.search(
        r"output of layer 0 differs .* at \d+ of 16 positions, first", yours["verdict"]
    )
    assert len(yours["weights"]) == 8
    assert AttentionHeads(attention=wrong()).yours["right"]


def gives(value: Any) -> Callable[..., nn.Module]:
    return type("Own", (CausalSelfAttention,), {"forward": lambda self, x: value})


@pytest.mark.parametrize(
    ("attention", "message"),
    [
        (lambda config: nn.Linear(2, 2), "it has the parameters ['bias', 'weight']; expected"),
        (gives(None), "it returned NoneType"),
        (gives(torch.zeros(1, 2)), "it returned shape (1, 2); expected shape (1, 16, 64)"),
        (lambda config: 1 / 0, "ZeroDivisionError"),
        (gives(torch.full((1, 16, 64), torch.nan)), "differs from the model's at 16 of 16"),
    ],
)
def test_whatever_a_layer_does_there_is_a_picture(attention: Any, message: str) -> None:
    picture = AttentionHeads(attention=attention)
    assert message in picture.yours["verdict"]
    assert picture.state()["yours"]["weights"] == []


def test_the_notebooks_random_numbers_stay_as_they_were() -> None:
    torch.manual_seed(0)
    AttentionHeads(attention=CausalSelfAttention)
    drawn = torch.rand(3)
    torch.manual_seed(0)
    assert torch.equal(drawn, torch.rand(3))


def test_another_text_is_read_by_the_learners_layer_too() -> None:
    picture = AttentionHeads(attention=CausalSelfAttention)
    picture.text = OTHER
    assert picture.yours["text"] == OTHER
    assert picture.yours["right"]
    picture.text = ""
    assert picture.yours["verdict"] == ""
