"""What the gradebook says of an assignment's notebook: its cells, in the order of the release."""

from dataclasses import dataclass
from typing import Any

from nbgrader.api import Gradebook

from autograder.hidden_tests import CATALOGUE

__all__ = ["Expected", "check_id", "exercises_of", "expected_cells"]

_IDS = [exercise.id for exercise in CATALOGUE]


@dataclass(frozen=True)
class Expected:
    """A cell that nbgrader knows by its id.

    Attributes:
        points: None if it has no score.
        by_hand: whether an instructor scores it.
    """

    name: str
    cell_type: str
    source: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float | None

    @property
    def by_hand(self) -> bool:
        """Whether its score is an instructor's: it is no check of an exercise of ours."""
        return self.points is not None and exercise_of(self.name) is None

    def metadata(self) -> dict[str, Any]:
        """Return the metadata by which nbgrader knows the cell again."""
        metadata = {
            "grade": self.grade,
            "grade_id": self.name,
            "locked": self.locked,
            "schema_version": 3,
            "solution": self.solution,
            "task": self.task,
        }
        return metadata | ({"points": self.points} if self.points is not None else {})


def check_id(exercise: str) -> str:
    """Return the id of the cell that carries an exercise's points."""
    return f"{exercise}-check"


def exercise_of(cell: str) -> str | None:
    """Return the exercise that a grade cell scores, or None if it is not one of ours."""
    exercise = cell.removesuffix("-check")
    return exercise if cell == check_id(exercise) and exercise in _IDS else None


def exercises_of(cells: list[Expected]) -> frozenset[str]:
    """Return the ids of the exercises that a notebook asks for."""
    found = (exercise_of(cell.name) for cell in cells if cell.grade)
    return frozenset(exercise for exercise in found if exercise is not None)


def expected_cells(db_url: str, assignment: str, notebook: str) -> list[Expected]:
    """Read the cells of a notebook: exercises in the course's order, then what was added to it."""
    with Gradebook(db_url) as gradebook:
        source = gradebook.find_notebook(notebook, assignment)
        points = {c.name: float(c.max_score) for c in (*source.grade_cells, *source.task_cells)}
        grade = {cell.name for cell in source.grade_cells}
        solution = {cell.name for cell in source.solution_cells}
        task = {cell.name for cell in source.task_cells}
        cells = [
            Expected(
                name=cell.name,
                cell_type=cell.cell_type,
                source=cell.source or "",
                locked=bool(cell.locked),
                grade=cell.name in grade,
                solution=cell.name in solution,
                task=cell.name in task,
                points=points.get(cell.name),
            )
            for cell in source.source_cells
        ]
    return sorted(cells, key=_place)


def _place(cell: Expected) -> tuple[int, bool, str]:
    exercise = cell.name.removesuffix("-check")
    return (_IDS.index(exercise) if exercise in _IDS else len(_IDS)), cell.grade, cell.name
