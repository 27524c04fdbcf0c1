"""An answer key: for each case the inputs, the right outcome, and the outcome of each mistake.

The key of a public seed ships with this package; the key of an instructor's secret seed is the
hidden test. Both are one file in the format of `gptcourse.wire`.
"""

import math
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
    stretch: bool = False

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
        try:
            tree["mistakes"] = [Mistake(**mistake) for mistake in tree["mistakes"]]
            tree["cases"] = [KeyCase(**case) for case in tree["cases"]]
            key = cls(**tree)
            sound = _is_sound(key)
        except (KeyError, TypeError, AttributeError) as error:
            raise wire.WireError(f"not an answer key: {type(error).__name__}") from error
        if not sound:
            raise wire.WireError("not an answer key: a value is of another kind; make it again")
        return key


def _is_sound(key: AnswerKey) -> bool:
    """Say whether the values of a key are of the kinds that judging relies on."""
    texts = [key.exercise, key.chapter, key.title, *key.hints, *key.groups]
    for mistake in key.mistakes:
        texts += [mistake.name, mistake.what, mistake.look]
    for case in key.cases:
        texts += [case.name, case.group, case.probe, *case.frequencies]
    lists = [key.mistakes, key.hints, key.cases, *key.shortcuts.values()]
    lists += [case.frequencies for case in key.cases]
    return (
        all(type(text) is str and text for text in texts)
        and all(type(value) is list for value in lists)
        and all(type(operator) is str for operator in key.watched)
        and all(type(points) is int and points >= 0 for points in key.groups.values())
        and {type(key.public), type(key.stretch)} == {bool}
        and all(_is_sound_case(case, key) for case in key.cases)
    )


def _is_sound_case(case: KeyCase, key: AnswerKey) -> bool:
    bounds = (case.atol, case.rtol)
    return (
        case.group in key.groups
        and case.probe.count(".") == 1
        and all(type(bound) in (int, float) and 0 <= bound < math.inf for bound in bounds)
        and type(case.inputs) is dict
        and all(map(_is_sound_outcome, [case.expected, *case.mistaken.values()]))
    )


def _is_sound_outcome(outcome: Any) -> bool:
    if type(outcome) is not dict or type(outcome.get("modified")) is not list:
        return False
    if any(type(name) is not str for name in outcome["modified"]):
        return False
    if "raised" in outcome:
        kept = outcome["raised"]
        return type(kept) is dict and {type(kept.get(k)) for k in ("type", "fingerprint")} == {str}
    return type(outcome.get("outputs")) is dict


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
