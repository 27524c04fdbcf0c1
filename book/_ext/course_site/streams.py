"""Printed text as it was printed.

A kernel sends what a cell prints in pieces, cut wherever its clock ticks, in the middle of a line
too. myst-nb 1.4.0 ends each piece with a new line when it puts them together, so that a page
shows line breaks that nobody printed, others on every build. Here the pieces are joined as they
are, and what is left for myst-nb is one piece a stream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from myst_nb.core import render

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["join", "setup"]

_tidy = render.coalesce_streams


def join(outputs: list[Any]) -> list[Any]:
    """Return the outputs of a cell with the pieces of each stream joined into the first."""
    joined: list[Any] = []
    first: dict[str, Any] = {}
    for output in outputs:
        if output["output_type"] != "stream":
            joined.append(output)
        elif output["name"] in first:
            first[output["name"]]["text"] += output["text"]
        else:
            first[output["name"]] = output
            joined.append(output)
    return joined


def setup(app: Sphinx) -> None:
    """Put the joining before myst-nb's own."""
    render.coalesce_streams = lambda outputs: _tidy(join(outputs))
