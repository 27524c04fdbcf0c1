"""Compares two outcomes: is this the same, and if not, what is the first difference?

Everything here treats the given side as hostile: types are exact, shapes never broadcast, and a
NaN equals nothing but a NaN.
"""

import hashlib
import math
import re
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gptcourse.key import KeyCase

__all__ = ["Difference", "fingerprint", "first_difference", "same_exception", "same_outcome"]

Outcome = dict[str, Any]
FREQUENCY_SIGMAS = 7.0


@dataclass(frozen=True)
class Difference:
    """The first place where two values differ.

    Attributes:
        kind: "type", "shape", "dtype", "finite", "value", "frequency", "length" or "missing".
        where: the path of the value, such as "output[2]".
        got, expected: texts of the two sides: types, shapes or values.
        index: position inside a tensor, where there is one.
    """

    kind: str
    where: str
    got: str
    expected: str
    index: tuple[int, ...] | None = None


def same_outcome(got: Outcome, other: Outcome, case: KeyCase) -> bool:
    """Say whether two outcomes of a case are the same within its tolerance."""
    if sorted(got.get("modified", [])) != sorted(other.get("modified", [])):
        return False
    if ("raised" in got) != ("raised" in other):
        return False
    if "raised" in got:
        return bool(got["raised"]["type"] == other["raised"]["type"])
    if "outputs" not in got or "outputs" not in other:
        return False
    return first_difference(got["outputs"], other["outputs"], case) is None


def fingerprint(message: str) -> str:
    """Return a short name for an exception's message, the same for other numbers in it."""
    return hashlib.sha256(re.sub(r"\d+", "#", message).encode()).hexdigest()[:8]


def same_exception(got: Outcome, other: Outcome) -> bool:
    """Say whether two outcomes that raised did so with the same message, numbers aside."""
    return bool(fingerprint(got["raised"]["message"]) == other["raised"]["fingerprint"])


def first_difference(got: Any, expected: Any, case: KeyCase) -> Difference | None:
    """Return the first difference between the outputs of a case, or None."""
    for name, value in expected.items():
        if not isinstance(got, dict) or name not in got:
            return Difference("missing", name, "nothing", _type_name(value))
        compare = _frequencies if name in case.frequencies else _difference
        difference = compare(got[name], value, name, case)
        if difference:
            return difference
    return None


def _difference(got: Any, expected: Any, where: str, case: KeyCase) -> Difference | None:
    if isinstance(expected, Tensor):
        return _tensors(got, expected, where, case)
    if _kind(got) != _kind(expected) and not (type(expected) is float and type(got) is int):
        return Difference("type", where, _type_name(got), _type_name(expected))
    if isinstance(expected, list):
        for i, (a, b) in enumerate(zip(got, expected, strict=False)):
            difference = _difference(a, b, f"{where}[{i}]", case)
            if difference:
                return difference
        if len(got) != len(expected):
            return Difference("length", where, str(len(got)), str(len(expected)))
        return None
    if isinstance(expected, dict):
        for key, value in expected.items():
            if key not in got:
                return Difference("missing", f"{where}[{key!r}]", "nothing", _type_name(value))
            difference = _difference(got[key], value, f"{where}[{key!r}]", case)
            if difference:
                return difference
        if extra := sorted(set(got) - set(expected)):
            return Difference("length", where, f"also {_short(extra[0])}", "no such key")
        return None
    if isinstance(expected, float):
        if not _close(_as_float(got), expected, case):
            kind = "value" if math.isfinite(_as_float(got)) else "finite"
            return Difference(kind, where, _number(got), _number(expected))
        return None
    return None if got == expected else Difference("value", where, _short(got), _short(expected))


def _tensors(got: Any, expected: Tensor, where: str, case: KeyCase) -> Difference | None:
    if not isinstance(got, Tensor):
        return Difference("type", where, _type_name(got), "a tensor")
    if got.shape != expected.shape:
        return Difference("shape", where, _short(tuple(got.shape)), _short(tuple(expected.shape)))
    if _dtype_family(got.dtype) != _dtype_family(expected.dtype):
        return Difference("dtype", where, str(got.dtype), str(expected.dtype))
    if expected.is_floating_point() or expected.is_complex():
        a, b = got.to(torch.float64), expected.to(torch.float64)
        # Equal infinities subtract to NaN, so equality is asked first.
        right = (a == b) | (a.isnan() & b.isnan())
        # An infinite expected value would make the tolerance infinite.
        right |= ((a - b).abs() <= case.atol + case.rtol * b.abs()) & b.isfinite()
    else:
        a, b = got.to(torch.int64), expected.to(torch.int64)
        right = a == b
    if bool(right.all()):
        return None
    index = tuple(int(i) for i in (~right).nonzero()[0])
    here, there = a[index].item(), b[index].item()
    kind = "value" if math.isfinite(here) or not math.isfinite(there) else "finite"
    return Difference(kind, where, _number(here), _number(there), index)


def _frequencies(got: Any, expected: Any, where: str, case: KeyCase) -> Difference | None:
    """Compare two tables of counts as samples of the same distributions, row by row.

    A two-sample chi-square test over all rows together; the last axis runs over the outcomes.
    The bound is 7 standard deviations of the statistic: an honest answer fails less than once in
    a hundred million runs.
    """
    if not isinstance(got, Tensor) or got.shape != expected.shape:
        return _tensors(got, expected, where, case)
    a = got.to(torch.float64).reshape(-1, got.shape[-1])
    b = expected.to(torch.float64).reshape(-1, expected.shape[-1])
    if not bool(a.isfinite().all()) or bool((a < 0).any()):
        return Difference("finite", where, "counts that are not counts", "counts")
    if a.sum() != b.sum():  # too few draws, or a millionth of one, would differ from nothing
        draws = f"{float(a.sum()):g} draws", f"{float(b.sum()):g} draws"
        return Difference("frequency", where, *draws)
    used = (a.sum(1) > 0) & (b.sum(1) > 0)
    if bool(((a.sum(1) > 0) != (b.sum(1) > 0)).any()):
        row = int(((a.sum(1) > 0) != (b.sum(1) > 0)).nonzero()[0])
        return Difference(
            "frequency", where, f"{int(a[row].sum())} draws", "another number", (row,)
        )
    a, b = a[used], b[used]
    ratio = (b.sum(1, keepdim=True) / a.sum(1, keepdim=True)).sqrt()
    terms = (a * ratio - b / ratio).square() / (a + b).clamp(min=1)
    freedom = int(((a + b) > 0).sum() - a.shape[0])
    statistic = float(terms.sum())
    # Wilson and Hilferty: the cube root of chi-square over its mean is close to normal.
    if freedom < 1:
        return None
    spread = 2 / (9 * freedom)
    sigmas = ((statistic / freedom) ** (1 / 3) - (1 - spread)) / math.sqrt(spread)
    if sigmas <= FREQUENCY_SIGMAS:
        return None
    worst = divmod(int(terms.argmax()), a.shape[1])
    shares = [float(side[worst[0], worst[1]] / side[worst[0]].sum()) for side in (a, b)]
    row = int(used.nonzero()[worst[0]])
    return Difference(
        "frequency",
        where,
        f"{shares[0]:.1%} of the draws",
        f"about {shares[1]:.1%}",
        (row, worst[1]),
    )


def _close(got: float, expected: float, case: KeyCase) -> bool:
    if got == expected or (math.isnan(got) and math.isnan(expected)):
        return True
    return abs(got - expected) <= case.atol + case.rtol * abs(expected) < math.inf


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _kind(value: Any) -> type:
    return dict if isinstance(value, dict) and "unsupported" not in value else type(value)


def _dtype_family(dtype: torch.dtype) -> str:
    if dtype is torch.bool:
        return "bool"
    return "float" if dtype.is_floating_point else "complex" if dtype.is_complex else "int"


def _type_name(value: Any) -> str:
    if isinstance(value, Tensor):
        return f"a tensor of shape {_short(tuple(value.shape))}"
    if isinstance(value, dict) and "unsupported" in value:
        name = value["unsupported"]
        return f"a {name[:80]}" if isinstance(name, str) else "something else"
    if value is None:
        return "None"
    article = "an" if type(value).__name__[0] in "aeiou" else "a"
    return f"{article} {type(value).__name__}"


def _number(value: float) -> str:
    return f"{value:.6g}" if isinstance(value, float) else _short(value)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
