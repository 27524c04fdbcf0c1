"""The answer keys of a class: made from its seed, a chapter at a time, when first asked for."""

import threading
from collections.abc import Iterator, Mapping

from autograder.answer_key import make_key
from autograder.hidden_tests import CATALOGUE, chapters
from gptcourse.key import AnswerKey

__all__ = ["Keys"]


class Keys(Mapping[str, AnswerKey]):
    """Exercise id -> hidden answer key. Threads may share it.

    Args:
        seed: the secret from which the hidden inputs are drawn.
    """

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._made: dict[str, AnswerKey] = {}
        self._chapter = {exercise.id: exercise.chapter for exercise in CATALOGUE}
        self._lock = threading.Lock()

    def __getitem__(self, exercise: str) -> AnswerKey:
        with self._lock:
            if exercise not in self._made:
                for each in chapters()[self._chapter[exercise]]:
                    self._made[each.id] = make_key(each, self.seed)
            return self._made[exercise]

    def __iter__(self) -> Iterator[str]:
        return iter(self._chapter)

    def __len__(self) -> int:
        return len(self._chapter)
