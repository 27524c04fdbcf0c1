"""``{notebook}``: code that becomes a cell of the notebook and nothing on the page."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


class NotebookDirective(SphinxDirective):
    """Check that the body is Python; leave nothing on the page."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return no nodes.

        Raises:
            docutils.parsers.rst.DirectiveError: the body is empty or not Python.
        """
        self.assert_has_content()
        try:
            ast.parse("\n".join(self.content))
        except SyntaxError as error:
            raise self.error(f"{{notebook}} is not Python: {error}") from error
        return []


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("notebook", NotebookDirective)
