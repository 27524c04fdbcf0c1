"""What a learner wrote for an exercise, and nothing that the course handed out."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from autograder import reference
from autograder.exercise import Exercise
from autograder.hidden_tests import chapters
from autograder.notebooks import ROOT, answer_cell
from autograder.slicing import binds
from autograder.submission import Submission, Unreadable, read_submission
from gptcourse.magics import parse

__all__ = ["Answer", "catalogue", "read_answers", "statements"]

MAX_CODE = 16_000  # characters of an answer that are looked at; a long honest one has 3,000


@dataclass(frozen=True)
class Answer:
    """The code of one exercise, statement by statement as it stands in the notebook."""

    name: str
    exercise: str
    statements: tuple[str, ...]

    @property
    def code(self) -> str:
        """All of it."""
        return "\n\n".join(self.statements)


def read_answers(path: Path, name: str) -> list[Answer]:
    """Return a notebook's answers. Raises Unreadable with a sentence that says what to do."""
    submission = read_submission(path)
    exercises = chapters()[submission.chapter]
    targets = {exercise.target for exercise in exercises}
    known = _handed_out(submission.chapter)
    used: set[str] = set()
    answers = []
    for exercise in exercises:
        own = []
        for text in _pieces(submission, exercise.target):
            names = _binds(text)
            # A helper belongs to the first exercise that needs it.
            if text in used or _normal(text) in known or names & (targets - {exercise.target}):
                continue
            used.add(text)
            own.append(text)
        if own:
            answers.append(Answer(name, exercise.id, _first(own)))
    return answers


def catalogue(exercise: Exercise) -> list[str]:
    """Return the code of the answers, right and wrong, that the course keeps of an exercise."""
    wrong = [answer_cell(exercise, one) for one in exercise.misconceptions]
    right = [answer_cell(exercise, one) for one in exercise.variants]
    return [reference.source(exercise), *wrong, *right]


@lru_cache(1024)
def statements(text: str) -> list[ast.stmt]:
    """Return the statements without their docstrings; none if Python cannot read them."""
    try:
        tree = parse(text)
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if isinstance(body, list) and body and _is_text(body[0]):
                body[:1] = [] if len(body) > 1 else [ast.Pass()]
        return tree.body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _pieces(submission: Submission, target: str) -> Iterator[str]:
    """Yield the code on which a target depends, without imports and without what is repeated."""
    texts = dict.fromkeys(chunk["source"].strip("\n") for chunk in submission.chunks(target))
    for text in texts:
        if not all(isinstance(node, ast.Import | ast.ImportFrom) for node in statements(text)):
            yield text


def _first(texts: Iterable[str]) -> tuple[str, ...]:
    kept, room = [], MAX_CODE
    for text in texts:
        kept.append(text[:room])
        room -= len(text)
        if room <= 0:
            break
    return tuple(kept)


def _binds(text: str) -> set[str]:
    return {name for node in statements(text) for name in binds(node)}


@lru_cache(1024)
def _normal(text: str) -> str:
    """Return code without comments, docstrings and spacing, or "" if it cannot be read."""
    try:
        return "\n".join(ast.unparse(node) for node in statements(text))
    except (ValueError, RecursionError, MemoryError):
        return ""


@cache
def _handed_out(chapter: str) -> frozenset[str]:
    """Return the statements of the notebook as it is handed out."""
    path = ROOT / "exercises" / f"{chapter}.ipynb"
    try:
        stub = read_submission(path)
    except Unreadable:
        return frozenset()  # installed without the notebooks: what all have is rare to nobody
    targets = [exercise.target for exercise in chapters()[chapter]]
    return frozenset(_normal(text) for target in targets for text in _pieces(stub, target))
