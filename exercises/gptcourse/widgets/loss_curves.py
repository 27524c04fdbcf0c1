"""LossCurves: the validation loss of runs by different recipes, over steps or over time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any

import traitlets.traitlets as t

from ..datasets import loss_curves
from .picture import Picture
from .plain import plain

MOST = 8  # runs that can be told apart by their lines
AT_FIRST = 4  # runs that are shown before the reader chooses
MINE = "yours"


class LossCurves(Picture):
    """Curves of real runs, from which the reader chooses some to compare.

    Args:
        runs: dicts with "name", "what" (a sentence), "points" (rows of step, seconds, loss) and,
            if it is known better than by the last point, "final". A loss that is no finite
            number is a gap. Left out, the runs that ship with the course.
        mine: a run of one's own: what `train` returns, dicts with "step" and "val"; "seconds"
            are drawn too if they are there.
        protocol: how the runs were made and measured. Left out, that of the course's runs if
            these are shown.
        shown: the names of the runs that are shown first; left out, the first four.

    Raises:
        ValueError: a run lacks something, its steps do not grow, two have one name, or there is
            no run of a name in `shown`.
    """

    name = "loss_curves"
    protocol = t.Unicode().tag(sync=True)
    runs: t.List[dict[str, Any]] = t.List().tag(sync=True)
    shown = t.List(t.Int(), help="the places of those that are drawn").tag(sync=True)
    axis = t.Enum(("steps", "seconds"), "steps").tag(sync=True)
    part = t.Enum(("whole", "second"), "whole", help="all, or the second half").tag(sync=True)
    logarithmic = t.Bool(False, help="whether the axis of the loss is").tag(sync=True)
    at = t.Float(allow_none=True, default_value=None, help="the place that is read").tag(sync=True)

    def __init__(
        self,
        runs: Iterable[Mapping[str, Any]] | None = None,
        mine: Sequence[Mapping[str, Any]] | None = None,
        protocol: str | None = None,
        shown: Iterable[str] | None = None,
        **kwargs: Any,
    ) -> None:
        if runs is None:
            shipped = loss_curves()
            runs = shipped["runs"]
            protocol = shipped["protocol"] if protocol is None else protocol
        checked = [_checked(run) for run in runs]
        if len(checked) > MOST or (mine is None and not checked):
            raise ValueError(f"{len(checked)} runs; expected 1 to {MOST}")
        if mine is not None:
            checked.append(_own(mine))
        names = [run["name"] for run in checked]
        twice = [name for i, name in enumerate(names) if name in names[:i]]
        if twice:
            raise ValueError(f"two runs have the name {twice[0]!r}")
        first = {"protocol": protocol or "", "runs": checked, "shown": _places(shown, checked)}
        super().__init__(**(first | kwargs))

    def static_html(self) -> str:
        """Return a table: what each run is, how long it went, and its loss at the end."""
        heads = ["run", "what it is", "steps", "seconds", "lowest loss", "loss at the end"]
        head = "".join(f'<th scope="col">{text}</th>' for text in heads)
        lines = "".join(_line(run) for run in self.runs)
        return (
            '<div class="gc-static gc-scroll"><table><caption>Validation loss of runs, in nats. '
            f"{escape(self.protocol)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{lines}</tbody></table></div>"
        )


def _checked(run: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run with plain numbers: points are [step, seconds, loss]."""
    missing = [key for key in ("name", "points") if key not in run]
    if missing:
        raise ValueError(f"a run has no {missing[0]!r}: {str(dict(run))[:80]}")
    name = run["name"]
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"a run's name must be a text, not {name!r}")
    rows = plain(run["points"])
    if not isinstance(rows, list) or not rows:
        raise ValueError(f"run {name!r} has no points")
    points = [_point(row, name) for row in rows]
    for (step, seconds, _), (next_step, next_seconds, _) in pairwise(points):
        if next_step <= step:
            raise ValueError(f"run {name!r}: step {next_step:g} comes after step {step:g}")
        if seconds is not None and next_seconds is not None and next_seconds < seconds:
            raise ValueError(f"run {name!r}: second {next_seconds:g} comes after {seconds:g}")
    final = plain(run.get("final"))
    end = points[-1][2] if final is None else _number(final, f"run {name!r}: final")
    about = {"name": name, "what": str(run.get("what", "")), "mine": False}
    return about | {"points": [list(point) for point in points], "final": end}


def _point(row: Any, name: str) -> tuple[float, float | None, float | None]:
    """Return (step, seconds, loss); a loss that is no finite number is None, as are no seconds."""
    if not isinstance(row, list) or len(row) != 3:
        raise ValueError(f"run {name!r}: a point is [step, seconds, loss], not {row!r}")
    step = _number(row[0], f"run {name!r}: a step")
    seconds = None if row[1] is None else _number(row[1], f"run {name!r}: a time")
    if step is None or step < 0 or (row[1] is not None and seconds is None):
        raise ValueError(f"run {name!r}: a step and its time must be finite, not {row[:2]!r}")
    return step, seconds, None if row[2] is None else _number(row[2], f"run {name!r}: a loss")


def _number(value: Any, what: str) -> float | None:
    """Return a number with six digits; None for one that is not finite."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{what} must be a number, not {value!r}")
    return float(f"{value:.6g}") if math.isfinite(value) else None


def _own(log: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the learner's log as a run."""
    entries = list(log)
    for entry in entries:
        if not isinstance(entry, Mapping) or not {"step", "val"} <= entry.keys():
            raise ValueError(f'your run: an entry needs "step" and "val"; found {entry!r}')
    if not entries:
        raise ValueError("your run has no entries: nothing was measured")
    rows = [[plain(e["step"]), plain(e.get("seconds")), plain(e["val"])] for e in entries]
    what = "The log that you gave. Its loss was measured as your loop does it."
    return _checked({"name": MINE, "what": what, "points": rows}) | {"mine": True}


def _places(shown: Iterable[str] | None, runs: list[dict[str, Any]]) -> list[int]:
    if shown is None:
        return [i for i, run in enumerate(runs) if i < AT_FIRST or run["mine"]]
    names = [run["name"] for run in runs]
    wanted = list(shown)
    unknown = [name for name in wanted if name not in names]
    if unknown:
        raise ValueError(f"there is no run {unknown[0]!r}; there are {', '.join(names)}")
    return [i for i, run in enumerate(runs) if run["name"] in wanted or run["mine"]]


def _line(run: dict[str, Any]) -> str:
    step, seconds, _ = run["points"][-1]
    losses = [loss for _, _, loss in run["points"] if loss is not None]
    lowest, time = min(losses, default=None), "" if seconds is None else f"{seconds:,.0f}"
    cells = [escape(run["what"]), f"{step:,.0f}", time, _loss(lowest), _loss(run["final"])]
    name = f'<th scope="row">{escape(run["name"])}</th>'
    return f"<tr>{name}{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _loss(value: float | None) -> str:
    return "not a number" if value is None else f"{value:.3f}"
