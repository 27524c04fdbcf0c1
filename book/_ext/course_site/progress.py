"""``{progress} 01-what-is-a-gpt``: how much of a chapter the reader has done.

The numbers are the reader's own marks, kept in the browser, so the line is empty of them
until the page's script has read them. Every page with exercises gets the line of its own
chapter under its title; the landing page places one for each chapter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from . import catalogue
from .markup import Element, element

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def progress_line(chapter: str) -> Element:
    """Return the line for a chapter.

    Raises:
        ValueError: the chapter has no exercises.
    """
    exercises = catalogue.chapter_exercises(chapter)
    if not exercises:
        raise ValueError(f"chapter {chapter!r} has no exercises")
    minutes = sum(exercise.minutes for exercise in exercises)
    return element(
        "p",
        element("span", f"{_counted(len(exercises), 'exercise')}, about {_spoken(minutes)}"),
        element("span", class_="course-progress-done"),
        class_="course-progress",
        data_exercises=" ".join(exercise.id for exercise in exercises),
    )


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _spoken(minutes: int) -> str:
    """Say a time to the quarter of an hour, or in minutes under an hour.

    >>> _spoken(50), _spoken(60), _spoken(100)
    ('50 minutes', '1 hour', '1¾ hours')
    """
    if minutes < 60:
        return f"{minutes} minutes"
    hours, quarters = divmod(round(minutes / 15), 4)
    return (
        f"{hours}{['', '¼', '½', '¾'][quarters]} hour{'s' if (hours, quarters) != (1, 0) else ''}"
    )


class ProgressDirective(SphinxDirective):
    """Place the progress line of a chapter."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the line."""
        try:
            return [progress_line(self.arguments[0])]
        except ValueError as error:
            raise self.error(str(error)) from error


def _under_the_title(app: Sphinx, doctree: nodes.document) -> None:
    """Insert a chapter's line under its title."""
    docname = app.env.docname
    if any(True for _ in doctree.findall(_is_exercise)):
        title = next(doctree.findall(nodes.title))
        parent = title.parent
        parent.insert(parent.index(title) + 1, progress_line(docname))


def _is_exercise(node: nodes.Node) -> bool:
    return isinstance(node, nodes.section) and "course-exercise" in node["classes"]


def setup(app: Sphinx) -> None:
    """Register the directive and the line on chapter pages."""
    app.add_directive("progress", ProgressDirective)
    app.connect("doctree-read", _under_the_title)
