"""From what a learner has (tensors, arrays, nested lists) to plain lists, and words for symbols."""

from collections.abc import Iterable
from html import escape
from typing import Any

_NAMES = {" ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍", "": "∅"}


def plain(value: Any) -> Any:
    """Return a tensor (any device, any dtype), an array or a nested sequence as nested lists."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def shape(value: Any) -> tuple[int, ...]:
    """Return the shape of nested lists. Raises ValueError when the rows differ in length."""
    if not isinstance(value, list):
        return ()
    inner = {shape(item) for item in value}
    if len(inner) > 1:
        raise ValueError("the rows differ in length")
    return (len(value), *(inner.pop() if inner else ()))


def array(value: Any, what: str, ndim: int) -> list[Any]:
    """Return `value` as nested lists with `ndim` dimensions; ValueError says what came instead."""
    rows = plain(value)
    try:
        found = shape(rows)
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from None
    if len(found) != ndim or 0 in found:
        raise ValueError(f"{what} has shape {found}; expected {ndim} non-empty dimension(s)")
    return list(rows)


def id_list(value: Any, what: str) -> list[int]:
    """Return token ids as a list of int. Accepts shape (T,) or (1, T)."""
    ids = plain(value)
    if isinstance(ids, list) and len(ids) == 1 and isinstance(ids[0], list):
        ids = ids[0]
    if not isinstance(ids, list) or not ids:
        raise ValueError(f"{what} must be a non-empty row of token ids, not {value!r}")
    for item in ids:
        if isinstance(item, bool) or not isinstance(item, (int, float)) or item != int(item):
            raise ValueError(f"{what} must hold whole numbers; found {item!r}")
    return [int(item) for item in ids]


def symbol_list(symbols: Iterable[str], size: int | None = None) -> list[str]:
    """Return the symbols, one a token id. Raises ValueError when there are not `size` of them."""
    names = list(symbols)
    wrong = [name for name in names if not isinstance(name, str)]
    if wrong:
        raise ValueError(f"symbols must be strings; found {wrong[0]!r}")
    if size is not None and len(names) != size:
        raise ValueError(f"{len(names)} symbols for {size} token ids: one symbol a token id")
    return names


def look_up(ids: Iterable[int], symbols: list[str]) -> list[str]:
    """Return the symbol of each id. Raises ValueError for an id that has none."""
    found = list(ids)
    for i in found:
        if not 0 <= i < len(symbols):
            raise ValueError(f"token id {i} has no symbol: there are {len(symbols)} of them")
    return [symbols[i] for i in found]


def name_of(function: Any, otherwise: str) -> str:
    """Return a function's name; one without a name of its own gets another."""
    name = str(getattr(function, "__name__", otherwise))
    return otherwise if name == "<lambda>" else name


def visible(symbol: str) -> str:
    """Return the symbol with white space made visible: a space is ␣, a new line ⏎."""
    return "".join(_NAMES.get(c, c) for c in symbol) if symbol else _NAMES[""]


def code(symbol: str) -> str:
    """Return the symbol as an escaped HTML <code> element with white space made visible."""
    return f"<code>{escape(visible(symbol))}</code>"


def percent(p: float) -> str:
    """Return 0.1604 as '16.0 %', with more places where one would show as nothing."""
    value = 100 * p
    places = 1 if value >= 0.1 or value == 0 else 3
    return f"{value:.{places}f} %"
