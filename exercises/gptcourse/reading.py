"""Reads the bytes of a notebook, whatever a download, an editor or a transfer did to them.

What is repaired is where the notebook lies and how its text is written; no cell is changed.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

__all__ = ["MAX_CELLS", "NotANotebook", "Reading", "read_notebook"]

MAX_CELLS = 5_000
_AGAIN = "Download the .ipynb again and hand that in."
_NO_TEXT = {
    b"PK\x03\x04": "a zip archive. Unpack it and hand in the .ipynb that is in it.",
    b"\x1f\x8b": "a compressed archive. Unpack it and hand in the .ipynb that is in it.",
    b"Rar!": "an archive. Unpack it and hand in the .ipynb that is in it.",
    b"7z\xbc\xaf": "an archive. Unpack it and hand in the .ipynb that is in it.",
    b"%PDF": "a PDF. Hand in the .ipynb itself.",
}
_WRAPPERS = ("ipynb", "content", "notebook")  # Colab's and Jupyter's own interfaces use these
_MAX_WRAPPERS = 4
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
_SCRIPT_MARK = re.compile(r"^#[ \t]*exercise:", re.MULTILINE)
_SCRIPT_CELL = re.compile(r"^(?=# ?%%|# In ?\[|#[ \t]*exercise:)", re.MULTILINE)
_UTF8 = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_PADDING = "\0 \t\r\n\ufeff"


class NotANotebook(ValueError):
    """The bytes are no notebook; the message says what they are and what to do."""


@dataclass(frozen=True)
class Reading:
    """A notebook that was read.

    Attributes:
        content: the tree in format 4: `cells` is a list of dicts.
        repairs: sentences about what had to be repaired to read it.
    """

    content: dict[str, Any]
    repairs: tuple[str, ...] = ()


def read_notebook(data: bytes) -> Reading:
    """Read a notebook from bytes. Raises NotANotebook, and nothing else."""
    repairs: list[str] = []
    text = _text(data, repairs)
    try:
        tree = _unwrapped(_json(text, repairs), repairs)
    except NotANotebook:
        raise
    except json.JSONDecodeError as error:
        if not _SCRIPT_MARK.search(text):
            raise NotANotebook(_what_instead(text, error)) from error
        repairs.append("It is a Python script, not a notebook; it was split at its marks.")
        cells = [{"cell_type": "code", "source": part} for part in _SCRIPT_CELL.split(text)]
        tree = {"cells": cells}
    except RecursionError as error:
        raise NotANotebook(f"It is no notebook: it is nested too deep. {_AGAIN}") from error
    except ValueError as error:  # a number of thousands of digits
        raise NotANotebook(f"It is no notebook: not valid JSON. {_AGAIN}") from error
    return Reading(_format_4(tree, repairs), tuple(repairs))


def _text(data: bytes, repairs: list[str]) -> str:
    for start, what in _NO_TEXT.items():
        if data.startswith(start):
            raise NotANotebook(f"It is not a notebook but {what}")
    encoding = json.detect_encoding(data)
    try:
        text = data.decode(encoding)
        if not encoding.startswith("utf-8"):
            repairs.append(f"It is saved as {encoding.upper()}; notebooks are saved as UTF-8.")
    except UnicodeDecodeError as error:
        if not encoding.startswith("utf-8"):
            raise NotANotebook(f"It is not a notebook: not valid JSON. {_AGAIN}") from error
        # Letters outside ASCII can be in comments and texts alone, or nearly so.
        other = "utf-8" if _UTF8.search(data) else "cp1252"
        text = data.decode(other, "replace")
        repairs.append("It is not saved as UTF-8; some letters outside English may be wrong.")
    text = text.strip(_PADDING)
    if not text:
        raise NotANotebook(f"It is empty. {_AGAIN}")
    return text


def _json(text: str, repairs: list[str]) -> Any:
    """Parse the first JSON value of the text. Raises ValueError or RecursionError."""
    # Not strict: a line break inside a string does not come from Jupyter, and is plain.
    tree, end = json.JSONDecoder(strict=False).raw_decode(text)
    if not isinstance(tree, dict | list | str):
        raise json.JSONDecodeError("no notebook", text, 0)
    if rest := text[end:].strip(_PADDING):
        if '"cells"' in rest:
            raise NotANotebook(
                "It holds two notebooks, one behind the other. Hand in the one that counts."
            )
        repairs.append(f"Behind the notebook's end are {len(rest)} more characters: left out.")
    return tree


def _unwrapped(tree: Any, repairs: list[str]) -> dict[str, Any]:
    """Return the notebook that may lie inside an answer of Colab's or Jupyter's server."""
    wrappers = 0
    for _ in range(_MAX_WRAPPERS):
        if isinstance(tree, dict) and not {"cells", "worksheets"} & tree.keys():
            inside = (tree[key] for key in _WRAPPERS if isinstance(tree.get(key), dict | str))
            tree = next(inside, None)
        elif isinstance(tree, str) and tree.lstrip().startswith("{"):
            tree = json.loads(tree, strict=False)
        elif isinstance(tree, list) and len(tree) == 1:
            tree = tree[0]
        else:
            break
        wrappers += 1
    if isinstance(tree, list) and any(isinstance(c, dict) and "cell_type" in c for c in tree):
        tree, wrappers = {"cells": tree}, wrappers + 1
    if not isinstance(tree, dict):
        raise NotANotebook("It is JSON, but not a notebook: it has no cells. Hand in the .ipynb.")
    if wrappers:
        repairs.append("The notebook lay inside another file's wrapping; it was taken out.")
    return tree


def _format_4(tree: dict[str, Any], repairs: list[str]) -> dict[str, Any]:
    """Return the tree with its cells where format 4 has them, whatever its format is."""
    cells = tree.get("cells")
    sheets = tree.get("worksheets")
    if cells is None and isinstance(sheets, list):
        lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        cells = [cell for cells in lists if isinstance(cells, list) for cell in cells]
        repairs.append("It is in a notebook format of ten years ago; it was read as format 4.")
        tree = {key: value for key, value in tree.items() if key != "worksheets"}
        tree |= {"nbformat": 4, "nbformat_minor": 4}
    if not isinstance(cells, list):
        raise NotANotebook("It is JSON, but not a notebook: it has no cells. Hand in the .ipynb.")
    if len(cells) > MAX_CELLS:
        raise NotANotebook(
            f"It has {len(cells)} cells; at most {MAX_CELLS} are read. Hand in the notebook of one "
            "chapter."
        )
    return tree | {"cells": [_cell_4(cell) for cell in cells]}


def _cell_4(cell: Any) -> dict[str, Any]:
    if not isinstance(cell, dict):
        return {"cell_type": "raw", "metadata": {}, "source": ""}
    # Formats 3 and 2 call the source of a code cell its input, format 1 its code.
    old = {"source": cell.get("input", cell.get("code"))} if "source" not in cell else {}
    if "cell_type" not in cell and {"outputs", "execution_count"} & cell.keys():
        old["cell_type"] = "code"
    elif cell.get("cell_type") == "heading":
        old["cell_type"] = "markdown"
    return {"metadata": {}} | cell | old if old or "metadata" not in cell else cell


def _what_instead(text: str, error: json.JSONDecodeError) -> str:
    """Say what a text is that is not JSON."""
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        return (
            f"It holds the marks of a merge conflict (line {line}). Resolve the conflict, open the "
            "notebook to see that it is whole, and hand it in again."
        )
    if text.startswith("<"):
        return "It is a web page, not a notebook. Download the .ipynb and hand that in."
    if text.startswith("{") and (error.msg.startswith("Unterminated") or error.pos >= len(text)):
        return f"It is cut off in line {text.count(chr(10)) + 1}: a part of it is missing. {_AGAIN}"
    if re.search(r"^(?:def|import|from|class) \w", text, re.MULTILINE) and text[0] not in "{[":
        return "It is Python code, not a notebook. Hand in the .ipynb with your answers in it."
    return f"It is not a notebook: not valid JSON (line {error.lineno}). {_AGAIN}"
