"""``{notebook}``: code that becomes a cell of the notebook and nothing on the page.

``{given} gpt2.config.GPTConfig``: code of the reference that a learner is given. It is shown on
the page and becomes a cell of the notebook.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from autograder.reference import given

if TYPE_CHECKING:
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


class GivenDirective(SphinxDirective):
    """Show a definition of the reference."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the code.

        Raises:
            docutils.parsers.rst.DirectiveError: there is no such definition.
        """
        try:
            text = given(self.arguments[0])
        except (ImportError, AttributeError, TypeError) as error:
            raise self.error(f"{{given}} {self.arguments[0]}: {error}") from error
        return [nodes.literal_block(text, text, language="python")]


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("notebook", NotebookDirective)
    app.add_directive("given", GivenDirective)
