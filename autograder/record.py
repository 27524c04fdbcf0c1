"""The result of one submission."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from autograder.hidden_tests import STRETCH
from gptcourse.judge import GroupResult, Message, Report

__all__ = ["Record", "Status"]

Status = Literal["graded", "unreadable", "grader failed"]


@dataclass(frozen=True)
class Record:
    """The result of one submission. `points` is None unless it was graded.

    Attributes:
        name: what the instructor sees: the path below the folder that was graded.
        status: a zero is never used to say that something broke.
        reason: why it is unreadable or the grader failed, and what to do.
        repairs: what was not as handed out.
        failures: for the instructor: what the sandbox says of calls that gave no answer, and what
            was not run.
    """

    name: str
    status: Status
    sha256: str = ""
    chapter: str = ""
    reason: str = ""
    repairs: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def earned(self) -> int | None:
        """Points earned in what counts, or None if it was not graded."""
        return sum(r.earned for r in self._counted()) if self.status == "graded" else None

    @property
    def points(self) -> int | None:
        """Points there are in what counts, or None if it was not graded."""
        return sum(r.points for r in self._counted()) if self.status == "graded" else None

    def _counted(self) -> list[Report]:
        return [report for report in self.reports if report.exercise not in STRETCH]

    def to_json(self) -> dict[str, Any]:
        """Return the record as a JSON object."""
        return asdict(self) | {"earned": self.earned, "points": self.points}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Record":
        """Read a record that `to_json` made."""
        fields = {key: value for key, value in data.items() if key not in ("earned", "points")}
        fields["reports"] = [_report(report) for report in fields["reports"]]
        return cls(**fields)


def _report(data: Mapping[str, Any]) -> Report:
    message = data["message"]
    return Report(
        exercise=data["exercise"],
        title=data["title"],
        verdict=data["verdict"],
        groups=[GroupResult(**group) for group in data["groups"]],
        message=Message(**message) if message else None,
    )
