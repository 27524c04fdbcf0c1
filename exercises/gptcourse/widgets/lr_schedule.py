"""LRSchedule: the learning rate of each step of a run."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape
from typing import Any

import traitlets.traitlets as t

from .picture import Picture
from .plain import name_of, plain

DENSE = 2000  # with more steps than this, the function is not asked for every one
SETTINGS = ("max_lr", "share", "warmup_steps", "max_steps")


class LRSchedule(Picture):
    """What `get_lr` gives for each step, beside the formula: a line, half a cosine, flat.

    The module draws the formula, at whatever the reader sets. The function is asked for the
    first settings, and in a notebook for each that follows; where it gives something else, it
    has a line of its own.

    Args:
        get_lr: `get_lr(it, max_lr, min_lr, warmup_steps, max_steps)` returns a number.
        max_lr: the top.
        min_lr: the end.
        warmup_steps: how long it rises.
        max_steps: where the end is reached.
        steps: the last step that is shown; left out, a quarter more than `max_steps`.

    Raises:
        ValueError: `get_lr` cannot be called, or the settings do not go together.
    """

    name = "lr_schedule"
    function = t.Unicode("get_lr", help="its name").tag(sync=True)
    max_lr = t.Float().tag(sync=True)
    share = t.Float(help="min_lr, as a share of max_lr").tag(sync=True)
    warmup_steps = t.Int().tag(sync=True)
    max_steps = t.Int().tag(sync=True)
    last = t.Int(help="the last step that is shown").tag(sync=True)
    step = t.Int(help="the step that is read").tag(sync=True)
    start: t.Dict[str, float] = t.Dict(help="the first settings").tag(sync=True)
    asked: t.Dict[str, float] = t.Dict(help="for what the values are").tag(sync=True)
    values: t.List[Any] = t.List(help="[step, rate]; None is no number").tag(sync=True)
    trouble = t.Unicode("", help="what the function raised").tag(sync=True)

    def __init__(
        self,
        get_lr: Callable[..., float],
        max_lr: float = 6e-4,
        min_lr: float = 6e-5,
        warmup_steps: int = 100,
        max_steps: int = 800,
        steps: int | None = None,
        **kwargs: Any,
    ) -> None:
        if not callable(get_lr):
            raise ValueError(f"get_lr must be a function, not {get_lr!r}")
        last = math.ceil(max_steps * 1.25) if steps is None else steps
        _check(max_lr, min_lr, warmup_steps, max_steps, last)
        self._get_lr = get_lr
        first = {
            "max_lr": float(max_lr),
            "share": min_lr / max_lr,
            "warmup_steps": warmup_steps,
            "max_steps": max_steps,
        }
        chosen: dict[str, Any] = {"function": name_of(get_lr, "get_lr"), "start": first}
        chosen |= {"last": last, "step": (warmup_steps + max_steps) // 2}
        super().__init__(**(chosen | first | kwargs))
        self._ask()
        self.observe(self._ask, SETTINGS)

    @t.validate("step")
    def _check_step(self, proposal: Any) -> Any:
        return max(proposal["value"], 0)

    def _ask(self, _: object = None) -> None:
        """Call the function for the settings as they are."""
        settings = {trait: getattr(self, trait) for trait in SETTINGS}
        low = float(f"{self.max_lr * self.share:.12g}")
        values: list[tuple[int, float | None]] = []
        trouble = ""
        for it in _sampled(self.last, self.warmup_steps, self.max_steps):
            rate: float | None = None
            try:
                found = self._get_lr(it, self.max_lr, low, self.warmup_steps, self.max_steps)
                rate = _rate(found)
            except Exception as error:
                # The picture says so: one may play with it before the function is written.
                trouble = trouble or f"{type(error).__name__} at step {it}: {error}".rstrip(": ")
            values.append((it, rate))
        with self.hold_sync():
            self.values, self.trouble, self.asked = [list(v) for v in values], trouble, settings

    def static_html(self) -> str:
        """Return a table: the learning rate at some steps, from the function."""
        borders = {0, self.warmup_steps, self.step, self.max_steps, self.last}
        shown = [
            (it, rate) for it, rate in self.values if it in borders or it == self.warmup_steps - 1
        ]
        head = "".join(f'<th scope="col">{it:,}</th>' for it, _ in shown)
        cells = "".join(f"<td>{_text(rate)}</td>" for _, rate in shown)
        trouble = f"<p>It raised {escape(self.trouble)}.</p>" if self.trouble else ""
        low, end = self.max_lr * self.share, self.max_steps
        return (
            '<div class="gc-static gc-scroll">'
            f"<p>The learning rate rises in a line to {self.max_lr:.3g} until step "
            f"{self.warmup_steps:,}, goes along half a cosine to {low:.3g} until step {end:,}, "
            f"and stays there.</p>{trouble}<table><caption>What {escape(self.function)} gives at "
            f'some steps</caption><tr><th scope="row">step</th>{head}</tr>'
            f'<tr><th scope="row">learning rate</th>{cells}</tr></table></div>'
        )


def _check(max_lr: Any, min_lr: Any, warmup_steps: Any, max_steps: Any, last: Any) -> None:
    for name, value in {"max_lr": max_lr, "min_lr": min_lr}.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError(f"{name} must be a number, not {value!r}")
    if not (0 < max_lr < math.inf and 0 <= min_lr <= max_lr):
        raise ValueError(f"expected 0 <= min_lr <= max_lr and max_lr > 0, not {min_lr}, {max_lr}")
    steps = {"warmup_steps": warmup_steps, "max_steps": max_steps, "steps": last}
    for name, value in steps.items():
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError(f"{name} must be a whole number, not {value!r}")
    if not (0 <= warmup_steps <= max_steps <= last and max_steps >= 1):
        listed = ", ".join(str(value) for value in steps.values())
        raise ValueError(f"expected 0 <= warmup_steps <= max_steps <= steps, not {listed}")


def _sampled(last: int, *borders: int) -> list[int]:
    """Return the steps for which the function is asked: all, or some and those at the borders."""
    stride = -(-(last + 1) // DENSE)
    near = {it + more for it in (*borders, last) for more in (-2, -1, 0, 1, 2)}
    return sorted({*range(0, last + 1, stride), *(it for it in near if 0 <= it <= last)})


def _rate(found: Any) -> float | None:
    """Return a learning rate with nine digits; None for what is no finite number."""
    value = plain(found)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return float(f"{value:.9g}")


def _text(rate: float | None) -> str:
    return "not a number" if rate is None else f"{rate:.3g}"
