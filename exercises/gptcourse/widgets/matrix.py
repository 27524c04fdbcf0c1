"""What the pictures of matrices share: numbers checked and rounded, tables for a page."""

import math
from collections.abc import Iterable
from html import escape
from typing import Any

import torch

from .plain import array, code, plain, symbol_list


def tensor(rows: Any) -> torch.Tensor:
    """Return nested lists as float32: what a learner's function is used to."""
    return torch.tensor(rows, dtype=torch.float32)


def checked(value: Any, what: str, ndim: int) -> list[Any]:
    """Return finite numbers as nested lists. Raises ValueError for anything else."""
    rows = array(value, what, ndim)
    flat = rows
    for _ in range(ndim - 1):
        flat = [x for row in flat for x in row]
    for x in flat:
        if isinstance(x, bool) or not isinstance(x, (int, float)) or not math.isfinite(x):
            raise ValueError(f"{what} must hold finite numbers; found {x!r}")
    rounded: list[Any] = numbers(rows)
    return rounded


def numbers(value: Any) -> Any:
    """Return numbers as nested lists of float; JSON has no nan and no infinity: those are text."""
    rows = plain(value)
    if isinstance(rows, list):
        return [numbers(row) for row in rows]
    return round(float(rows), 7) if math.isfinite(rows) else str(float(rows))


def called(function: Any) -> str:
    """Return the name that a learner gave a function, a class or a module's class."""
    return str(getattr(function, "__name__", type(function).__name__))


def name_list(tokens: Iterable[str] | None, size: int) -> list[str]:
    """Return the tokens, or their positions as text if there are none."""
    return [str(i) for i in range(size)] if tokens is None else symbol_list(tokens, size)


def html_table(caption: str, rows: list[str], columns: list[str], values: Any) -> str:
    """Return a matrix as an HTML table with two places."""
    head = "".join(f'<th scope="col">{code(name)}</th>' for name in columns)
    body = "".join(
        f'<tr><th scope="row">{code(name)}</th>'
        + "".join(f"<td>{x:.2f}</td>" for x in line)
        + "</tr>"
        for name, line in zip(rows, plain(values), strict=True)
    )
    return (
        f'<div class="gc-scroll"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
