"""An answer key: for each case the inputs, the right outcome, and the outcome of each mistake.

The key of a public seed ships with this package; the key of an instructor's secret seed is the
hidden test. Both are one file in the format of `gptcourse.wire`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any

from gptcourse import wire

__all__ = ["AnswerKey", "KeyCase", "Mistake", "available", "load_public"]

Outcome = dict[str, Any]
FORMAT = 1


@dataclass(frozen=True)
class Mistake:
    """A misconception as it travels: its name and its two sentences, and no code."""

    name: str
    what: str
    look: str


@dataclass(frozen=True)
class KeyCase:
    """One call: inputs, the outcome of the reference, and of each mistake where that differs."""

    name: str
    group: str
    probe: str
    inputs: dict[str, Any]
    expected: Outcome
    mistaken: dict[str, Outcome]
    atol: float
    rtol: float
    frequencies: list[str]


@dataclass(frozen=True)
class AnswerKey:
    """All that is needed to judge one exercise."""

    exercise: str
    chapter: str
    title: str
    public: bool
    groups: Mapping[str, int]
    mistakes: list[Mistake]
    hints: list[str]
    shortcuts: dict[str, list[str]]
    cases: list[KeyCase]

    @property
    def target(self) -> str:
        """The name that a learner's notebook defines."""
        return self.exercise.split(".")[0]

    @property
    def points(self) -> int:
        """Points for a right answer."""
        return sum(self.groups.values())

    @property
    def watched(self) -> list[str]:
        """The operators of torch that the exercise forbids."""
        return [operator for operators in self.shortcuts.values() for operator in operators]

    def calls(self, group: str | None = None) -> list[dict[str, Any]]:
        """Return what the runner needs for the cases of a group, or of all: probes and inputs."""
        return [
            {"probe": case.probe, "inputs": case.inputs, "watch": self.watched}
            for case in self.cases
            if group in (None, case.group)
        ]

    def pack(self) -> bytes:
        """Return the key as bytes."""
        return wire.pack({"format": FORMAT} | asdict(self))

    @classmethod
    def unpack(cls, data: bytes) -> "AnswerKey":
        """Read a key. Raises WireError if the bytes are not one."""
        tree = wire.unpack(data, max_tensors=20_000)
        if not isinstance(tree, dict) or tree.pop("format", None) != FORMAT:
            raise wire.WireError(f"not an answer key of format {FORMAT}")
        tree["mistakes"] = [Mistake(**mistake) for mistake in tree["mistakes"]]
        tree["cases"] = [KeyCase(**case) for case in tree["cases"]]
        return cls(**tree)


def available() -> list[str]:
    """Return the ids of the exercises whose public key is installed, in the order of the course."""
    index = files("gptcourse") / "answer_keys" / "index.txt"
    return [line for line in index.read_text().split("\n") if line and not line.startswith("#")]


def load_public(exercise: str) -> AnswerKey:
    """Return the public key of an exercise. Raises KeyError if there is none."""
    if exercise not in available():
        raise KeyError(exercise)
    path = files("gptcourse") / "answer_keys" / f"{exercise}.safetensors"
    return AnswerKey.unpack(path.read_bytes())
