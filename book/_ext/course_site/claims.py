"""``{claims}`` and ``{residual-risks}``: what the sandbox promises, and what nothing here holds.

Both are said once, in ``autograder.claims``, by which the hostile submissions are tested too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from autograder.claims import CLAIMS, RESIDUAL

from .markup import element

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from autograder.claims import Claim

_LEVELS = ("bubblewrap", "process")


class ClaimsDirective(SphinxDirective):
    """Place the table of what a submission cannot do, and which level holds it."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        head = element(
            "tr",
            element("th", "A submission", scope="col"),
            *(element("th", element("code", level), scope="col") for level in _LEVELS),
        )
        body = element("tbody", *(_row(claim) for claim in CLAIMS.values()))
        return [element("table", element("thead", head), body, class_="table")]


def _row(claim: Claim) -> nodes.Node:
    held = ("held" if level in claim.held_by else "not held" for level in _LEVELS)
    return element("tr", element("td", claim.says), *(element("td", word) for word in held))


class ResidualDirective(SphinxDirective):
    """Place the list of what stays."""

    def run(self) -> list[nodes.Node]:
        """Return the list."""
        return [element("ul", *(element("li", text) for text in RESIDUAL))]


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("claims", ClaimsDirective)
    app.add_directive("residual-risks", ResidualDirective)
