"""The course's Sphinx extension: its directives, its look, and what its pages load.

A module a directive: ``exercise``, ``quiz``, ``widget``, ``notebook``, ``progress``,
``claims``. ``page`` shapes what surrounds a page (header buttons, scripts), ``assets`` adds the
course's own CSS, JavaScript and fonts, ``markup`` holds the one node that all of them draw with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import assets, claims, exercise, markup, notebook, page, progress, quiz, streams, widget

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part with Sphinx."""
    for part in (markup, assets, page, progress, exercise, quiz, widget, notebook, streams, claims):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
