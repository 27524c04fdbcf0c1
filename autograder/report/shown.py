"""Text that came from outside, made fit to be shown on a page, in a table or in a terminal."""

import re

from markupsafe import Markup, escape

__all__ = ["ticks", "visible"]

_CODE = re.compile(r"`([^`]+)`")


def visible(text: str, keep: str = "\n") -> str:
    """Replace characters that would be invisible or would turn the direction of the text.

    Args:
        text: any text.
        keep: characters that stay although they cannot be seen.
    """
    return "".join(c if c.isprintable() or c in keep else "�" for c in text)


def ticks(text: str, keep: str = "\n") -> Markup:
    """Make a text visible, escape it, and set what stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(visible(text, keep)))))
