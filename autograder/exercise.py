"""The vocabulary of the hidden tests: Exercise, Case, Misconception, Variant, Tolerance.

Everything here is data. `autograder.answer_key` runs it, `gptcourse.judge` compares by it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.draw import Draw

__all__ = ["Case", "Exercise", "Misconception", "Shortcut", "Tolerance", "Variant"]

Implementation = Callable[..., Any]


@dataclass(frozen=True)
class Tolerance:
    """How far a number may lie from the expected one: `atol + rtol * |expected|`.

    `reason` says where the width comes from: the honest noise it covers and the nearest mistake
    that it must not.
    """

    atol: float
    rtol: float
    reason: str


EXACT = Tolerance(0.0, 0.0, "integers, text and booleans have no noise")
FLOAT32 = Tolerance(
    1e-5, 1e-5, "float32 against float64 and other orders of summation differ by less than 1e-6"
)


@dataclass(frozen=True)
class Case:
    """One call of the probe on inputs drawn from a seed.

    Attributes:
        name: unique in the exercise.
        group: the name, in the learner's words, of what this case shows.
        inputs: draws the probe's keyword arguments.
        probe: another probe of the same chapter, where the exercise's own does not fit.
        tolerance: how close floats must be.
        frequencies: names of outputs that are tables of counts of random outcomes (the last axis
            runs over the outcomes): judged as samples of one distribution, not as numbers.
    """

    name: str
    group: str
    inputs: Callable[[Draw], dict[str, Any]]
    probe: str | None = None
    tolerance: Tolerance = FLOAT32
    frequencies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that learners write, runnable, with what to say about it.

    Attributes:
        name: kebab-case, unique in the exercise, stable: reports count by it.
        what: one sentence that names the mistake.
        look: what one sees because of it, or where to look. Never the answer.
        edits: replacements in the reference's source, each applied exactly once; or
        function: a whole implementation.
    """

    name: str
    what: str
    look: str
    edits: tuple[tuple[str, str], ...] = ()
    function: Implementation | None = None

    def __post_init__(self) -> None:
        if bool(self.edits) == (self.function is not None):
            raise ValueError(f"misconception {self.name}: give either edits or a function")


@dataclass(frozen=True)
class Variant:
    """A right answer written in another way, which must get full marks."""

    name: str
    function: Implementation | None = None
    edits: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if bool(self.edits) == (self.function is not None):
            raise ValueError(f"variant {self.name}: give either edits or a function")


@dataclass(frozen=True)
class Shortcut:
    """Something that the exercise forbids, seen by the operators that torch really runs.

    Attributes:
        name: what the learner would have written, such as "torch.softmax".
        operators: names as torch's dispatcher knows them, such as "aten::_softmax".
    """

    name: str
    operators: tuple[str, ...]


@dataclass(frozen=True)
class Exercise:
    """One exercise: everything about it that is not in the reference's docstring or on the page.

    Attributes:
        id: what the learner passes to `check`, as a dotted name ("softmax").
        chapter: the stem of the page and of the notebook ("01-what-is-a-gpt").
        title: a few words, as a heading.
        reference: dotted path of the reference implementation.
        probe: "module.function" in `gptcourse.probes`.
        minutes: how long it takes a learner who has read the page that far.
        difficulty: 1 to 5.
        groups: name of the group -> points. Cases of a group are passed or failed together.
        hints: from a nudge to nearly the answer.
        forbids: shortcuts that would leave nothing to learn.
        stretch: for those who want more. It is graded and shown, and not counted in totals.
    """

    id: str
    chapter: str
    title: str
    reference: str
    probe: str
    minutes: int
    difficulty: int
    groups: Mapping[str, int]
    cases: tuple[Case, ...]
    misconceptions: tuple[Misconception, ...]
    variants: tuple[Variant, ...]
    hints: tuple[str, ...]
    forbids: tuple[Shortcut, ...] = ()
    stretch: bool = False

    def __post_init__(self) -> None:
        for kind, names in {
            "case": [case.name for case in self.cases],
            "misconception": [mistake.name for mistake in self.misconceptions],
            "variant": [variant.name for variant in self.variants],
        }.items():
            if len(names) != len(set(names)):
                raise ValueError(f"exercise {self.id}: two {kind}s have the same name")
        if {case.group for case in self.cases} != set(self.groups):
            raise ValueError(f"exercise {self.id}: its cases and its groups do not fit")
        if not 1 <= self.difficulty <= 5:
            raise ValueError(f"exercise {self.id}: difficulty is 1 to 5")

    @property
    def points(self) -> int:
        """Points for a right answer."""
        return sum(self.groups.values())

    @property
    def counted(self) -> int:
        """What a right answer adds to the points of a submission."""
        return 0 if self.stretch else self.points

    @property
    def target(self) -> str:
        """The name that a notebook defines: "CharTokenizer" for "CharTokenizer.encode"."""
        return self.id.split(".")[0]
