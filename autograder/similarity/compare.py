"""All pairs of a class at once, by a sparse product over the rare features.

scikit-learn hashes the features, so the memory is bounded whatever is handed in; scipy multiplies.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction import FeatureHasher

from autograder.hidden_tests import find
from autograder.similarity.answers import Answer, catalogue
from autograder.similarity.features import RUN, Feature, features, size

__all__ = ["Pair", "Shared", "compare"]

# What a shared feature counts for, in its rarity. Runs overlap: RUN of them share each token.
COUNTS = {"code": 1 / RUN, "name": 0.5, "comment": 1.0, "line": 0.25}
SHORT = 40  # tokens: of shorter answers names and comments are compared, and no code
COMMON = 0.25  # what more than this share of the class has tells nothing
MARGIN = 10.0  # bits: one in a thousand classes, if rare things came independently
_BUCKETS = 2**22


@dataclass(frozen=True)
class Shared:
    """What two answers to one exercise share.

    Attributes:
        rarity: in bits.
        names, comments: the rare ones, rarest first.
        short: the code was too short to be compared.
    """

    exercise: str
    rarity: float
    answers: tuple[Answer, Answer]
    names: tuple[str, ...]
    comments: tuple[str, ...]
    short: bool


@dataclass(frozen=True)
class Pair:
    """Two submissions, with what they share, most first."""

    names: tuple[str, str]
    rarity: float
    shared: list[Shared]


def compare(answers: Iterable[Answer], most: int = 50) -> tuple[list[Pair], float]:
    """Return the pairs that stand out, at most `most`, rarest first; and the bits they exceed."""
    by_exercise: dict[str, list[Answer]] = defaultdict(list)
    people: dict[str, int] = {}
    for answer in answers:
        by_exercise[answer.exercise].append(answer)
        people.setdefault(answer.name, len(people))
    names = list(people)
    bar = math.log2(max(len(names) * (len(names) - 1) / 2, 1)) + MARGIN
    total: Any = sparse.csr_array((len(names), len(names)))
    groups = []
    for exercise, written in by_exercise.items():
        groups.append(_Group(exercise, written))
        total = total + groups[-1].rarities(people)
    upper = sparse.triu(total, k=1).tocoo()
    order = np.argsort(-upper.data, kind="stable")[:most]
    found = []
    for i in order[upper.data[order] > bar]:
        two = names[upper.row[i]], names[upper.col[i]]
        shared = [one for group in groups if (one := group.shared(*two))]
        shared.sort(key=lambda one: -one.rarity)
        found.append(Pair(two, float(upper.data[i]), shared))
    return found, bar


class _Group:
    """All answers to one exercise, with the features that few of them have."""

    def __init__(self, exercise: str, answers: list[Answer]) -> None:
        self.exercise = exercise
        self.answers = {answer.name: answer for answer in answers}
        kept = [features([text]) for text in catalogue(find(exercise))]
        known = frozenset[Feature]().union(*kept)
        own = {name: _own(answer, known) for name, answer in self.answers.items()}
        having = Counter(one for found in own.values() for one in found)
        most = max(2, int(COMMON * len(own)))
        everyone = len(own) + len(kept)  # the course's answers are independent ones, too
        self.bits = {
            one: _counts(one) * math.log2(everyone / count)
            for one, count in having.items()
            if 2 <= count <= most
        }
        self.rare = {
            name: [one for one in found if one in self.bits] for name, found in own.items()
        }

    def rarities(self, people: Mapping[str, int]) -> Any:
        """Return a sparse matrix over people: how rare what each two share is, in bits."""
        hashing = FeatureHasher(_BUCKETS, input_type="pair", alternate_sign=False, dtype=np.float64)
        names = list(self.rare)
        # A product of two roots is the weight itself.
        has = hashing.transform(
            [
                [("\0".join(one), math.sqrt(self.bits[one])) for one in self.rare[name]]
                for name in names
            ]
        )
        rows = [people[name] for name in names]
        place = sparse.csr_array(
            (np.ones(len(rows)), (rows, range(len(rows)))), (len(people), len(rows))
        )
        return place @ sparse.csr_array(has @ has.T) @ place.T

    def shared(self, first: str, second: str) -> Shared | None:
        """Return what two share, or None if it is next to nothing."""
        if first not in self.rare or second not in self.rare:
            return None
        both = set(self.rare[first]) & set(self.rare[second])
        bits = sum(self.bits[one] for one in both)
        if bits < 1:
            return None
        ranked = sorted(both, key=lambda one: (-self.bits[one], one))
        told = {kind: tuple(text for k, text in ranked if k == kind)[:12] for kind in COUNTS}
        two = self.answers[first], self.answers[second]
        short = min(size(answer.statements) for answer in two) < SHORT
        return Shared(self.exercise, bits, two, told["name"], told["comment"], short)


def _counts(feature: Feature) -> float:
    """Return what a feature counts for: a long comment is rarer than a class of this size shows."""
    kind, text = feature
    words = len(text.split()) / 3 if kind == "comment" else 1.0
    return COUNTS[kind] * max(1.0, words)


def _own(answer: Answer, known: frozenset[Feature]) -> frozenset[Feature]:
    """Return an answer's features but for those in the answers that the course keeps."""
    found = features(answer.statements) - known
    if size(answer.statements) < SHORT:
        return frozenset(one for one in found if one[0] in ("name", "comment"))
    return found
