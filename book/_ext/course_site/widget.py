"""``{widget} bigram-table``: a moving picture, made by code that runs while the site is built.

The bodies of a page's widgets run in order in one namespace, into which the reference
solutions of the page's chapter are first imported under their own names. The same code is a
cell of the notebook, where those names are the learner's own.
"""

from __future__ import annotations

import ast
import traceback
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from autograder.reference import load

from . import catalogue, widget_files
from .markup import element, inline, raw

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_SOURCE = "<widget>"


class WidgetDirective(SphinxDirective):
    """Run the body and show the picture that its last expression gives."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {
        "caption": directives.unchanged_required,
        "alt": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return the figure.

        Raises:
            docutils.parsers.rst.DirectiveError: an option is missing, or the body raised.
        """
        self.assert_has_content()
        for option in ("caption", "alt"):
            if option not in self.options:
                raise self.error(f"widget {self.arguments[0]!r} has no :{option}:")
        try:
            picture = evaluate("\n".join(self.content), self._namespace())
            files = widget_files.describe(picture)
            still = picture.static_html()
        except Exception as error:
            line = self.lineno + self.content_offset + _line(error)
            report = self.state_machine.reporter.error(
                f"widget {self.arguments[0]!r}: {type(error).__name__}: {error}", line=line
            )
            return [report]
        return [self._figure(files, still)]

    def _namespace(self) -> dict[str, Any]:
        """Return the page's namespace; the first widget of a page makes it."""
        kept = self.env.temp_data
        if "course_widgets" not in kept:
            kept["course_widgets"] = references(self.env.docname)
        namespace: dict[str, Any] = kept["course_widgets"]
        return namespace

    def _figure(self, files: widget_files.Files, still: str) -> nodes.Node:
        number = self.env.new_serialno(f"widget {self.arguments[0]}")
        anchor = f"widget-{self.arguments[0]}" + (f"-{number + 1}" if number else "")
        stage = element(
            "div",
            raw(still),
            class_="course-widget-stage",
            role="group",
            aria_label=self.options["alt"],
        )
        caption = element("figcaption", *inline(self, self.options["caption"]))
        return widget_files.Figure("", stage, caption, anchor=anchor, files=files)


def references(chapter: str) -> dict[str, Any]:
    """Return the chapter's reference functions and classes by their own names."""
    found: dict[str, Any] = {"__name__": _SOURCE}
    for exercise in catalogue.chapter_exercises(chapter):
        found[exercise.target] = load(exercise)
    return found


def evaluate(source: str, namespace: dict[str, Any]) -> Any:
    """Run a body and return the value of its last expression.

    Raises:
        ValueError: the last statement is not an expression.
    """
    tree = ast.parse(source, _SOURCE)
    last = tree.body.pop() if tree.body else None
    if not isinstance(last, ast.Expr):
        raise ValueError("the last line has to be the picture")
    exec(compile(tree, _SOURCE, "exec"), namespace)
    return eval(compile(ast.Expression(last.value), _SOURCE, "eval"), namespace)


def _line(error: Exception) -> int:
    """Return the line of the body, counted from 1, at which an error arose."""
    if isinstance(error, SyntaxError) and error.filename == _SOURCE:
        return error.lineno or 1
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 1 for f in reversed(frames) if f.filename == _SOURCE), 1)


def setup(app: Sphinx) -> None:
    """Register the directive and its node."""
    widget_files.setup(app)
    app.add_directive("widget", WidgetDirective)
