"""The learning rate of each step, and the curves of runs: by mouse, by keyboard and by finger."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
import torch
from playwright.sync_api import Locator, expect

from gpt2.loop import TrainConfig, train
from gpt2.optim import get_lr
from gptcourse.datasets import loss_curves
from gptcourse.widgets import LossCurves, LRSchedule

from .test_pages import violations
from .test_pictures import Hand, button
from .visit import ROOT

Point = tuple[float, float]

SHIPPED = ROOT / "exercises/gptcourse/data/loss_curves.json"
SETTINGS: dict[str, Any] = {
    "max_lr": 0.004,
    "min_lr": 0.0004,
    "warmup_steps": 10,
    "max_steps": 50,
    "steps": 60,
}
# Measured: two layers of 64 channels, Shakespeare's characters, 150 steps of 8 rows on one core.
RUNS: list[dict[str, Any]] = [
    {
        "name": "lr 0.004",
        "what": "The recipe.",
        "points": [[25, 0.48, 2.931], [50, 1.88, 2.666], [100, 4.06, 2.556], [150, 6.4, 2.519]],
    },
    {
        "name": "lr 0.0004",
        "what": "A tenth of the learning rate.",
        "points": [[25, 0.38, 3.694], [50, 1.47, 3.297], [100, 3.51, 2.986], [150, 5.6, 2.847]],
        "final": 2.85,
    },
    {"name": "lost", "points": [[25, 0.3, 3.4], [50, 1.9, math.nan], [100, 3.8, 3.37]]},
]


def coordinates(picture: Locator) -> tuple[list[list[Point]], dict[str, list[Point]]]:
    """Return the lines as drawn, in pixels, and the ticks of both axes: (value, pixel)."""
    paths = picture.locator(".gc-chart-plot .gc-line").evaluate_all(
        "all => all.map(e => e.getAttribute('d'))"
    )
    found = [re.findall(r"(-?[\d.]+),(-?[\d.]+)", path) for path in paths]
    lines = [[(float(x), float(y)) for x, y in line] for line in found]
    ticks = {
        axis: picture.locator(f".gc-tick-{axis}").evaluate_all(
            f"all => all.map(e => [Number(e.dataset.value), Number(e.getAttribute('{axis}'))])"
        )
        for axis in "xy"
    }
    return lines, ticks


def scaled(ticks: list[Point], value: float, log: bool = False) -> float:
    """Return the pixel at which a value belongs, by the first and the last tick."""
    place = math.log if log else float
    (a, pa), (b, pb) = ticks[0], ticks[-1]
    return pa + (pb - pa) * (place(value) - place(a)) / (place(b) - place(a))


def same(line: list[Point], points: list[Any], ticks: Any, log: bool = False) -> None:
    """See that a line goes through the points, to a pixel; a tick's text stands 4 lower."""
    expected = [
        (scaled(ticks["x"], x), scaled(ticks["y"], y, log) - 4) for x, y in points if y is not None
    ]
    assert len(line) == len(expected)
    for drawn, right in zip(line, expected, strict=True):
        assert drawn == pytest.approx(right, abs=1)


def read_at(hand: Hand, picture: Locator, slider: Locator, ticks: Any, value: float) -> None:
    """Choose a place: press or tap on the plot, or go there with the arrow keys."""
    if hand.kind == "keyboard":
        slider.press("Home")
        while float(slider.input_value()) < value:
            slider.press("ArrowRight")
        return
    plot = picture.locator(".gc-chart-plot")
    plot.scroll_into_view_if_needed()
    at = {"x": scaled(ticks["x"], value), "y": 100.0}
    if hand.kind == "touch":
        plot.tap(position=at)  # type: ignore[arg-type]
    else:
        plot.click(position=at)  # type: ignore[arg-type]


def no_overflow(hand: Hand) -> None:
    assert hand.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_schedule_is_that_of_the_function() -> None:
    """All steps, or some and the borders; the function is asked again when settings change."""
    picture = LRSchedule(get_lr, **SETTINGS)
    rest = (0.004, 0.0004, 10, 50)
    assert [it for it, _ in picture.values] == list(range(61))
    assert [lr for _, lr in picture.values] == pytest.approx([get_lr(i, *rest) for i in range(61)])
    picture.set_state({"warmup_steps": 60, "max_steps": 60, "share": 0.5})
    assert picture.asked == {"max_lr": 0.004, "share": 0.5, "warmup_steps": 60, "max_steps": 60}
    assert picture.values[59:] == [[59, 0.004], [60, 0.002]]
    long = LRSchedule(get_lr, 6e-4, 6e-5, 715, 19073)
    asked = {it for it, _ in long.values}
    assert {714, 715, 716, 19072, 19073, 19074, long.last} <= asked
    assert len(asked) < 2100


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"max_lr": 0.0}, "max_lr > 0"),
        ({"min_lr": 0.1}, "min_lr <= max_lr"),
        ({"max_lr": "high"}, "max_lr must be a number, not 'high'"),
        ({"warmup_steps": 51}, "warmup_steps <= max_steps"),
        ({"steps": 40}, "max_steps <= steps"),
        ({"max_steps": 49.5}, "max_steps must be a whole number"),
    ],
)
def test_settings_that_do_not_go_together(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LRSchedule(get_lr, **(SETTINGS | settings))


def test_schedule_is_drawn_and_set(show: Any, kind: str) -> None:
    """The line goes through what the function gives; sliders move it, Reset brings it back."""
    hand, picture = show(kind, "lr-schedule", LRSchedule(get_lr, **SETTINGS))
    verdict, saying = picture.locator(".gc-verdict"), picture.locator(".gc-saying")
    expect(verdict).to_have_text("✓ get_lr gives these values, at each of the 61 steps.")
    through(picture, 0.004, 0.0004, 10, 50)
    step = picture.get_by_role("slider", name="step", exact=True)
    _, ticks = coordinates(picture)
    for value, words in {
        4: "Step 4: lr = 0.002, 50.0 % of max_lr. Warm-up, 5 of 10 steps.",
        20: "Step 20: lr = 0.00347, 86.8 % of max_lr. 25.0 % of the way along the cosine.",
        50: "Step 50: lr = 0.0004, 10.0 % of max_lr. Flat, at min_lr.",
    }.items():
        read_at(hand, picture, step, ticks, value)
        expect(saying).to_have_text(words)
        assert step.input_value() == str(value)
    expect(picture.get_by_role("status")).to_contain_text("Flat, at min_lr")
    step.press("ArrowLeft")  # while a mouse rests on the plot, too
    expect(saying).to_contain_text("Step 49: lr = 0.000406")
    warmup = picture.get_by_role("slider", name="warmup_steps")
    if kind == "keyboard":
        for _ in range(5):
            warmup.press("ArrowRight")
        picture.get_by_role("slider", name="min_lr").press("Home")
        picture.get_by_role("slider", name="max_lr").press("ArrowRight")
        through(picture, 0.006, 0.0, 15, 50)
        warmup.press("End")
        through(picture, 0.006, 0.0, 60, 60)  # a warm-up to the end pushes the end
    else:
        box = warmup.bounding_box()
        assert box is not None
        at: Any = {"x": box["width"] / 2, "y": box["height"] / 2}
        (warmup.tap if kind == "touch" else warmup.click)(position=at)
        through(picture, 0.004, 0.0004, int(warmup.input_value()), 50)
        assert 25 <= int(warmup.input_value()) <= 35
    expect(verdict).to_contain_text("drawn by the formula")
    hand.press(button(picture, "Reset"))
    through(picture, 0.004, 0.0004, 10, 50)
    expect(verdict).to_contain_text("✓ get_lr")
    no_overflow(hand)
    if kind == "keyboard":
        assert violations(hand.page, ".gc-picture") == []


def through(picture: Locator, top: float, end: float, rise: int, until: int) -> None:
    """See that the one line is the schedule with these settings, and its ends are named."""
    expect(picture.locator(".gc-rule-text").last).to_have_text(f"cosine ends: step {until}")
    expect(picture.locator(".gc-rule-text").first).to_have_text(f"warm-up ends: step {rise}")
    (line,), ticks = coordinates(picture)
    points = [(it, get_lr(it, top, end, rise, until)) for it in range(61)]
    same(list(dict.fromkeys(line)), points, ticks)  # where two pieces meet, both have the point


def no_warmup(it: int, max_lr: float, min_lr: float, warmup_steps: int, max_steps: int) -> float:
    """Return a cosine from the first step, up again after the last; at one step no number."""
    share = 0.5 * (1 + math.cos(math.pi * it / max_steps))
    return math.nan if it == 30 else min_lr + share * (max_lr - min_lr)


def broken(it: int, *settings: float) -> float:
    """Raise at one step, give something that is no number at the others."""
    return 1 / (it - 7) if it == 7 else "0.004"  # type: ignore[return-value]


def test_other_values_have_a_line_of_their_own(show: Any, kind: str) -> None:
    """What differs is drawn, counted and read; what is no number is a gap; an error is told."""
    _, picture = show(kind, "lr-schedule", LRSchedule(no_warmup, **SETTINGS))
    expect(picture.locator(".gc-verdict")).to_contain_text("✗ no_warmup gives other values at")
    expect(picture.locator(".gc-verdict")).to_contain_text("The first is step 0: 0.004")
    (formula, own), ticks = coordinates(picture)
    rest = (0.004, 0.0004, 10, 50)
    same(own, [(i, no_warmup(i, *rest)) for i in range(61) if i != 30], ticks)
    same(list(dict.fromkeys(formula)), [(i, get_lr(i, *rest)) for i in range(61)], ticks)
    expect(picture.locator(".gc-saying")).to_contain_text("no_warmup gives not a number")
    if kind == "mouse":
        _, picture = show(kind, "lr-schedule", LRSchedule(broken, **SETTINGS))
        expect(picture.locator(".gc-verdict")).to_have_text(
            "broken raised ZeroDivisionError at step 7: division by zero. "
            "The line is drawn by the formula."
        )
        through(picture, *rest)


@pytest.mark.parametrize(
    ("run", "message"),
    [
        ({"points": [[1, 1, 3.0]]}, "a run has no 'name'"),
        ({"name": "a"}, "a run has no 'points'"),
        ({"name": "a", "points": []}, "run 'a' has no points"),
        ({"name": "a", "points": [[1, 3.0]]}, r"a point is \[step, seconds, loss\]"),
        ({"name": "a", "points": [[2, 1, 3], [2, 2, 3]]}, "step 2 comes after step 2"),
        ({"name": "a", "points": [[1, 2, 3], [2, 1, 3]]}, "second 1 comes after 2"),
        ({"name": "a", "points": [[1, 2, "low"]]}, "a loss must be a number, not 'low'"),
        ({"name": "a", "points": [[math.nan, 2, 3]]}, "must be finite"),
        ({"name": "lost", "points": [[1, 1, 3.0]]}, "two runs have the name 'lost'"),
    ],
)
def test_runs_that_cannot_be_drawn(run: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LossCurves([*RUNS, run])


def test_other_arguments_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="there is no run 'best'; there are"):
        LossCurves(RUNS, shown=["best"])
    with pytest.raises(ValueError, match='an entry needs "step" and "val"'):
        LossCurves(RUNS, mine=[{"step": 1, "train": 3.0}])
    with pytest.raises(ValueError, match="your run has no entries"):
        LossCurves(RUNS, mine=[])
    with pytest.raises(ValueError, match="0 runs; expected 1 to 8"):
        LossCurves([])
    many = [RUNS[0] | {"name": f"run {i}"} for i in range(9)]
    with pytest.raises(ValueError, match="9 runs; expected 1 to 8"):
        LossCurves(many)
    most = LossCurves(many[:8], mine=[{"step": torch.tensor(1), "val": torch.tensor(3.0)}])
    assert most.runs[-1]["points"] == [[1, None, 3]]
    assert most.shown == [0, 1, 2, 3, 8]


def test_runs_that_ship_can_be_drawn() -> None:
    """Each has a name, a sentence, and an end that is that of its points."""
    shipped = loss_curves()
    picture = LossCurves()
    assert picture.protocol == shipped["protocol"] != ""
    for run in shipped["runs"]:
        assert run["what"].endswith(".")
        assert run["final"] == pytest.approx(run["points"][-1][2], abs=0.01, nan_ok=True)
        assert f"{run['final']:.3f}" in picture.static_html()


def drawn_run(i: int, along: int) -> list[Any]:
    """Return the points of a run: where it was, and what it had lost."""
    return [(p[along], p[2]) for p in RUNS[i]["points"] if not math.isnan(p[2])]


def cells(picture: Locator, run: str) -> list[str]:
    """Return the numbers beside a run's name."""
    row = picture.locator("tbody tr", has=picture.page.get_by_text(run, exact=True)).first
    return [" ".join(text.split()) for text in row.locator("td").all_inner_texts()]


def test_curves_are_drawn_compared_and_read(show: Any, kind: str) -> None:
    """Runs come and go, the axes change, and the table says what had been reached."""
    picture_of_runs = LossCurves(RUNS, shown=["lr 0.004", "lost"], protocol="One core.")
    hand, picture = show(kind, "loss-curves", picture_of_runs)
    (base, lost), ticks = coordinates(picture)
    same(base, drawn_run(0, 0), ticks)
    same(lost, drawn_run(2, 0), ticks)
    assert picture.locator(".gc-name").count() == 2
    assert cells(picture, "lr 0.0004") == ["", "", "2.850"]
    hand.press(picture.get_by_role("checkbox", name="lr 0.0004"), "Space")
    hand.press(picture.get_by_role("checkbox", name="lost"), "Space")
    lines, ticks = coordinates(picture)
    assert len(lines) == 2
    for i, line in enumerate(lines):
        same(line, drawn_run(i, 0), ticks)
    hand.press(picture.get_by_role("radio", name="logarithmic"), "Space")
    lines, ticks = coordinates(picture)
    for i, line in enumerate(lines):
        same(line, drawn_run(i, 0), ticks, log=True)
    slider = picture.get_by_role("slider")
    read_at(hand, picture, slider, ticks, 50 if kind != "keyboard" else 1)
    assert slider.get_attribute("aria-valuetext") == "step 50"
    assert cells(picture, "lr 0.004") == ["2.666", "lowest", "2.519"]
    assert cells(picture, "lr 0.0004") == ["3.297", "+0.631", "2.850"]
    expect(picture.get_by_role("status")).to_have_text(
        "At step 50: lr 0.004 2.666, lr 0.0004 3.297."
    )
    hand.press(picture.get_by_role("radio", name="seconds"), "Space")
    hand.press(picture.get_by_role("radio", name="linear"), "Space")
    lines, ticks = coordinates(picture)
    for i, line in enumerate(lines):
        same(line, drawn_run(i, 1), ticks)
    read_at(hand, picture, slider, ticks, 3.51 if kind != "keyboard" else 4)
    assert slider.get_attribute("aria-valuetext") == "second 3.5"
    assert cells(picture, "lr 0.004") == ["2.666 at 1.9", "lowest", "2.519"]
    assert cells(picture, "lr 0.0004") == ["2.986", "+0.320", "2.850"]
    hand.press(picture.get_by_role("radio", name="its second half"), "Space")
    lines, near = coordinates(picture)
    assert 3.2 <= near["x"][0][0] <= 4
    assert scaled(near["y"], 2.5) - scaled(near["y"], 2.9) > 1.5 * (
        scaled(ticks["y"], 2.5) - scaled(ticks["y"], 2.9)
    )
    for i, line in enumerate(lines):
        same(line, drawn_run(i, 1), near)
    slider.press("Home")
    assert slider.get_attribute("aria-valuetext") == "second 3.5"
    for name in ("lr 0.004", "lr 0.0004"):
        hand.press(picture.get_by_role("checkbox", name=re.compile(rf"{name}$")), "Space")
    assert coordinates(picture)[0] == []
    assert picture.get_by_role("img").get_attribute("aria-label") == "No run is shown."
    no_overflow(hand)
    if kind == "keyboard":
        assert violations(hand.page, ".gc-picture") == []


class Two(torch.nn.Module):
    """Two numbers that shall become 1 and 2."""

    def __init__(self) -> None:
        super().__init__()
        self.w = torch.nn.Parameter(torch.zeros(2))

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> Any:
        """Return no logits and the squared distance."""
        return None, (self.w - y).square().mean()


class Same:
    """A loader that always gives the same."""

    def next_batch(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Return features that nobody reads, and targets."""
        return torch.ones(2), torch.tensor([1.0, 2.0])


def test_own_log_is_drawn_beside_the_runs(show: Any, kind: str) -> None:
    """What `train` returns is a run; without times it is not on the axis of seconds."""
    config = TrainConfig(150, 0.02, 0.0, 10, weight_decay=0.0, eval_every=40, eval_iters=1)
    log = train(Two(), config, {"train": Same(), "val": Same()})
    hand, picture = show(kind, "loss-curves", LossCurves(RUNS, mine=log, shown=["lr 0.004"]))
    (_, mine), ticks = coordinates(picture)
    same(mine, [(entry["step"], entry["val"]) for entry in log], ticks)
    assert cells(picture, "yours")[:2] == [f"{log[-1]['val']:.3f}", "lowest"]
    hand.press(picture.get_by_role("radio", name="seconds"), "Space")
    (base,), ticks = coordinates(picture)
    same(base, drawn_run(0, 1), ticks)
    assert cells(picture, "yours")[:2] == ["no times", ""]
    no_overflow(hand)
