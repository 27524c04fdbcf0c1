"""Reads a submitted notebook: repairs it, finds the exercises, says what it repaired.

A submission is hostile until proven otherwise. Nothing here executes its code, follows its links,
trusts its metadata or believes its types.
"""

import ast
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.attempts import Statement, choose_attempt, split
from autograder.exercise import Exercise
from autograder.files import Unreadable, read_bytes, read_cells
from autograder.hidden_tests import CATALOGUE, chapters
from autograder.sandbox.protocol import Chunk
from autograder.slicing import binds, in_order, needed
from gptcourse.clues import clue, renamed
from gptcourse.magics import parse
from gptcourse.notebook import Found, find_exercises, source_of
from gptcourse.repairing import repair_cells
from gptcourse.stubs import is_stub

__all__ = ["MAX_LINES", "Submission", "Unreadable", "read_bytes", "read_submission"]

MAX_CODE = 2**19  # characters; as a syntax tree it takes some 500 times as many bytes
MAX_LINES = 10_000
MAX_STATEMENTS = 3_000  # each is sent with the empty lines above it
MAX_SORTED = 500  # pieces of code; sorting takes their square
MAX_REPAIRS = 40


@dataclass(frozen=True)
class Submission:
    """A notebook as the grader sees it.

    Attributes:
        chapter: stem of the chapter whose exercises are graded.
        sha256: of the file's bytes.
        repairs: sentences about what was not as handed out, for student and instructor.
        broken: exercise id -> why its cell cannot be read.
        clues: exercise id -> what stands in the place of an answer that is not there.
    """

    chapter: str
    sha256: str
    repairs: list[str]
    broken: dict[str, str]
    clues: dict[str, str]
    statements: list[Statement] = field(repr=False)
    sources: list[str] = field(repr=False)

    def chunks(self, target: str) -> tuple[Chunk, ...]:
        """Return the pieces of code on which a name depends, in an order in which they run."""
        return tuple(statement.chunk for statement in self._needed(target))

    def _needed(self, target: str) -> list[Statement]:
        nodes = [statement.node for statement in self.statements]
        chosen = [self.statements[i] for i in needed(nodes, [target])]
        if len(chosen) <= MAX_SORTED:
            chosen = [chosen[i] for i in in_order([statement.node for statement in chosen])]
        if not chosen:
            return []
        # They are about how the rest is read, and set nothing that could be asked for.
        futures = [s for s in self.statements if _is_future(s.node) and s not in chosen]
        everything = [s for s in chosen if "*" in binds(s.node)]
        return futures + everything + [s for s in chosen if s not in everything]

    def knows(self, name: str) -> bool:
        """Say whether a name stands in the notebook as a word."""
        return name.isidentifier() and any(
            re.search(rf"\b{name}\b", source) for source in self.sources
        )

    def line(self, file: str, number: int) -> str:
        """Return a line of a cell for a traceback, by "cell 3" and a line number."""
        match = re.fullmatch(r"cell (\d{1,5})", file)
        if not match or not 0 < int(match[1]) <= len(self.sources):
            return ""
        # Python ends its lines at these alone.
        lines = re.split(r"\r\n|\r|\n", self.sources[int(match[1]) - 1])
        return lines[number - 1][:200] if 0 < number <= len(lines) else ""


def read_submission(path: Path) -> Submission:
    """Read a notebook. Raises Unreadable with a sentence that says what to do."""
    data = read_bytes(path)
    reading = read_cells(data)
    cells = reading.content["cells"]
    _check_size([source_of(cell) for cell in cells if cell.get("cell_type") == "code"])
    cells, repaired = repair_cells(cells, [exercise.id for exercise in CATALOGUE])
    sources = [source_of(cell) if cell.get("cell_type") == "code" else "" for cell in cells]
    _check_size(sources)
    found: dict[str, list[Found]] = {}
    for place in find_exercises(cells, [e.id for e in CATALOGUE], strongest=False):
        found.setdefault(place.exercise, []).append(place)
    chapter = _chapter(set(found))
    statements = split(sources)
    if len(statements) > MAX_STATEMENTS:
        raise Unreadable(
            f"It holds more than {MAX_STATEMENTS} statements. Hand in the notebook of one chapter."
        )
    submission = Submission(
        chapter=chapter,
        sha256=hashlib.sha256(data).hexdigest(),
        repairs=[*reading.repairs, *(repair.text for repair in repaired)],
        broken={},
        clues={},
        statements=statements,
        sources=sources,
    )
    for exercise in chapters()[chapter]:
        _settle(submission, exercise, found.get(exercise.id, []), cells)
    if len(submission.repairs) > MAX_REPAIRS:
        more = len(submission.repairs) - MAX_REPAIRS
        submission.repairs[MAX_REPAIRS:] = [f"{more} more repairs of this kind."]
    return submission


def _check_size(sources: list[str]) -> None:
    if sum(map(len, sources)) > MAX_CODE:
        raise Unreadable("It holds more than 0.5 MB of code. Hand in the notebook of one chapter.")
    if sum(source.count("\n") + source.count("\r") for source in sources) > MAX_LINES:
        raise Unreadable(f"It holds more than {MAX_LINES} lines of code. Hand in one chapter.")


def _settle(
    submission: Submission, exercise: Exercise, found: list[Found], cells: list[dict[str, Any]]
) -> None:
    """Choose what is graded of one exercise, and say what had to be done for it."""
    repairs, identity = submission.repairs, exercise.id
    kept = choose_attempt(submission.statements, identity, repairs)
    unread = [place for place in found if place.problem and (place.defined or kept is None)]
    if kept is None and unread:
        submission.broken[identity] = _where(unread[-1])
    elif kept is None and (other := renamed(identity, cells, _ids(submission.chapter))):
        cell, name = other[0] + 1, other[1]
        repairs.append(f"`{identity}` is called `{name[:60]}` in its cell ({cell}); graded so.")
        text = f"{exercise.target} = {name}"
        line = submission.sources[cell - 1].count("\n") + 1
        node = parse(text).body[0]
        submission.statements.append(Statement(cell, node, line, text))
    elif kept is None:
        submission.clues[identity] = clue(identity, cells)
    elif unread and is_stub(kept.node):
        del submission.statements[submission.statements.index(kept)]
        submission.broken[identity] = _where(unread[-1])
    else:
        for place in unread:
            where = _where(place)
            repairs.append(f"`{identity}` is also in {where}. Cell {kept.cell} is graded.")
        if found and all(place.by == "name" for place in found):
            repairs.append(f"`{identity}`: the cell has lost its marks; found by its name.")
        if is_stub(kept.node):
            submission.clues[identity] = clue(identity, cells)


def _where(place: Found) -> str:
    return f"cell {place.cell_index + 1}, {place.problem}"


def _ids(chapter: str) -> list[str]:
    return [exercise.id for exercise in chapters()[chapter]]


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _chapter(found: set[str]) -> str:
    """Return the chapter of which the notebook holds most exercises."""
    counts = {
        chapter: len(found & {e.id for e in exercises}) for chapter, exercises in chapters().items()
    }
    best = max(counts, key=lambda chapter: counts[chapter])
    if not counts[best]:
        raise Unreadable("It holds none of the course's exercises. Is it the right notebook?")
    return best
