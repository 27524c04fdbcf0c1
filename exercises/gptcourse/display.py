"""Shows a card where the learner is: HTML in a notebook, plain text in a terminal."""

import re
import sys
from typing import Any

__all__ = ["clean", "in_notebook", "shell", "show", "tell"]

# What a terminal would obey rather than show: escape sequences begin with one of these.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_PLAINER = str.maketrans({"✓": "+", "✗": "-", "·": "-", "“": '"', "”": '"', "…": "."})


def shell() -> Any | None:
    """Return IPython's shell if this code runs in one. Imports nothing."""
    ipython = sys.modules.get("IPython")
    get_ipython = getattr(ipython, "get_ipython", None)
    return get_ipython() if get_ipython else None


def in_notebook() -> bool:
    """Say whether outputs go to a notebook, in Jupyter, Colab or VS Code."""
    return hasattr(shell(), "kernel")


def show(html: str, text: str) -> None:
    """Show a card. A notebook gets both forms and takes the richer one."""
    if in_notebook():
        from IPython.display import display

        display({"text/html": html, "text/plain": text}, raw=True)  # type: ignore[no-untyped-call]
    else:
        tell(text)


def tell(text: str) -> None:
    """Print a text on any terminal, whatever its encoding."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_PLAINER).encode(encoding, "replace").decode(encoding)
    print(text, flush=True)


def clean(text: str) -> str:
    """Return a text of anyone's making as one that can be shown: no control characters."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.encode("utf-8", "replace").decode())
