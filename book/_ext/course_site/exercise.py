"""``{exercise} softmax``: an exercise on its page.

The directive's body says what to build and why. The rest is asked of the catalogue: title,
minutes, difficulty, points, the stub cut from the reference, and the common mistakes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from autograder.hidden_tests import find
from autograder.reference import stub

from . import catalogue, page
from .markup import Element, element, inline

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from autograder.exercise import Exercise

_COLAB = "course-button course-colab"
_MISTAKES = 8  # as many as one reads; they are listed with the commonest first

# Sphinx reads a page's front matter at 500 of the same event.
_AFTER_FRONT_MATTER = 600

_DIFFICULTY = {1: "gentle", 2: "moderate", 3: "demanding", 4: "hard", 5: "very hard"}


class ExerciseDirective(SphinxDirective):
    """Render one exercise as a section with the anchor ``exercise-<id>``."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the exercise's section.

        Raises:
            docutils.parsers.rst.DirectiveError: no exercise of the catalogue has this id, or
                the page is of another chapter.
        """
        try:
            exercise = find(self.arguments[0])
        except KeyError as error:
            raise self.error(f"unknown exercise {self.arguments[0]!r}") from error
        if exercise.chapter != self.env.docname:
            raise self.error(f"exercise {exercise.id!r} belongs to chapter {exercise.chapter!r}")
        return [self._section(exercise)]

    def _section(self, exercise: Exercise) -> nodes.section:
        anchor = f"exercise-{exercise.id}"
        section = nodes.section(ids=[anchor], names=[anchor], classes=["course-exercise"])
        self.state.document.note_explicit_target(section, section)
        title = f"Exercise {catalogue.number(exercise)}: {exercise.title}"
        section += nodes.title(title, title)
        section += _facts(exercise)
        self.state.nested_parse(self.content, self.content_offset, section)
        section += _stub(exercise)
        section += self._mistakes(exercise)
        section += self._foot(exercise)
        return section

    def _mistakes(self, exercise: Exercise) -> Element:
        items = element("ul")
        for mistake in exercise.misconceptions[:_MISTAKES]:
            what = nodes.strong("", "", *inline(self, mistake.what))
            items += element("li", what, " ", *inline(self, mistake.look))
        more = len(exercise.misconceptions) - _MISTAKES
        rest = [element("p", f"The check knows {more} more by name.")] if more > 0 else []
        title = element("summary", "Common mistakes")
        return element("details", title, items, *rest, class_="course-mistakes")

    def _foot(self, exercise: Exercise) -> Element:
        foot = element("div", class_="course-exercise-foot")
        foot += element("a", "Do it in Colab", class_=_COLAB)
        box = element("input", type="checkbox", data_exercise=exercise.id)
        foot += element("label", box, " I have done this", class_="course-done")
        return foot


def _facts(exercise: Exercise) -> Element:
    """Return the line under the title: time, difficulty in words, points if they count."""
    difficulty = f"{_DIFFICULTY[exercise.difficulty]} ({exercise.difficulty} of 5)"
    points = "stretch, not counted" if exercise.stretch else f"{exercise.points:g} points"
    facts = (f"about {exercise.minutes} minutes", difficulty, points)
    return element("p", " · ".join(facts), class_="course-exercise-facts")


def _stub(exercise: Exercise) -> nodes.literal_block:
    """Return the stub, each line in an element of its own, which the style sheet can indent."""
    text = stub(exercise)
    lines = {"linespans": f"stub-{exercise.id}"}
    return nodes.literal_block(text, text, language="python", highlight_args=lines)


def _link_to_colab(app: Sphinx, doctree: nodes.document) -> None:
    """Give the Colab links their address; where the page names no notebook, drop them."""
    link = page.colab_link(app.config, app.env.metadata[app.env.docname].get("colab"))
    for anchor in list(doctree.findall(Element)):
        if anchor["html"].get("class") != _COLAB:
            continue
        if link:
            anchor["html"]["href"] = link
        else:
            anchor.parent.remove(anchor)


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("exercise", ExerciseDirective)
    app.connect("doctree-read", _link_to_colab, priority=_AFTER_FRONT_MATTER)
