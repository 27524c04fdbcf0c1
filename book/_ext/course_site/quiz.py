"""``{quiz} some-id``: one question with choices and a reason for each.

The body is YAML::

    question: What does `dim` name?
    choices:
      - {text: The axis that is summed over, right: true, why: Its sums are 1.}
      - {text: The axis that is kept, why: Those sums are anything.}

Without JavaScript the reasons stand in a folded list; with it the choice is answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from .markup import Element, element, inline

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class QuizDirective(SphinxDirective):
    """Render a question as a native fieldset of radio buttons."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the question.

        Raises:
            docutils.parsers.rst.DirectiveError: the body is not as described above.
        """
        try:
            question, choices = _read("\n".join(self.content))
        except (ValueError, yaml.YAMLError) as error:
            raise self.error(f"quiz {self.arguments[0]!r}: {error}") from error
        return [self._fieldset(question, choices)]

    def _fieldset(self, question: str, choices: list[dict[str, Any]]) -> Element:
        quiz_id = self.arguments[0]
        fieldset = element("fieldset", class_="course-quiz", id=f"quiz-{quiz_id}")
        fieldset["html"]["data-quiz"] = quiz_id
        fieldset += element("legend", *inline(self, question))
        for index, choice in enumerate(choices):
            radio = element("input", type="radio", name=f"quiz-{quiz_id}", value=str(index))
            text = element("span", *inline(self, choice["text"]))
            fieldset += element("label", radio, " ", text, class_="course-choice")
        fieldset += element("p", role="status", class_="course-quiz-status")
        fieldset += self._reasons(choices)
        return fieldset

    def _reasons(self, choices: list[dict[str, Any]]) -> Element:
        reasons = element("ul")
        for choice in choices:
            right = bool(choice.get("right"))
            reasons += element(
                "li",
                nodes.strong("", "", *inline(self, choice["text"])),
                element("span", " Right. " if right else " Not this one. "),
                element("span", *inline(self, choice["why"]), class_="course-why"),
                data_right="yes" if right else "no",
            )
        return element("details", element("summary", "Answers, with reasons"), reasons)


def _read(body: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the question and its choices.

    Raises:
        ValueError: a key is missing or unknown, or not exactly one choice is right.
    """
    data = yaml.safe_load(body)
    if not isinstance(data, dict) or set(data) != {"question", "choices"}:
        raise ValueError("the body has two keys: question, choices")
    for choice in data["choices"]:
        if not {"text", "why"} <= set(choice) <= {"text", "why", "right"}:
            raise ValueError(f"a choice has text, why and maybe right: {choice}")
    rights = sum(bool(choice.get("right")) for choice in data["choices"])
    if rights != 1:
        raise ValueError(f"exactly one choice is right, here {rights}")
    return str(data["question"]), data["choices"]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("quiz", QuizDirective)
