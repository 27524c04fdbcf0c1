"""A word model counted on text: the opponent in the game of guessing the next word."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*|[^\sA-Za-z]")


class WordModel:
    """Interpolated n-gram model with absolute discounting (Ney, Essen and Kneser 1994).

    After a context h of up to `order - 1` words, seen n times and followed by d different words:

        P(w | h) = (max(count(h, w) - D, 0) + D * d * P(w | h without its first word)) / n

    Each count gives up D, and what is given up is shared out as the shorter context would have
    it. The shortest context is empty, and below it every word is as likely as any other. One
    place in the vocabulary, `UNKNOWN`, stands for every unseen word.
    """

    UNKNOWN = "<unknown>"

    def __init__(self, words: Sequence[str], order: int = 3) -> None:
        if order < 1 or not words:
            raise ValueError("a word model needs at least one word and an order of at least 1")
        self.order = order
        self.frequency = Counter(words)
        self.vocabulary = [*self.frequency, self.UNKNOWN]
        self._followers: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for i, word in enumerate(words):
            for n in range(min(order, i + 1)):
                self._followers[tuple(words[i - n : i])][word] += 1
        self._discounts = [self._discount(n) for n in range(order)]

    def _discount(self, n: int) -> float:
        """Return D for contexts of n words: n1 / (n1 + 2 n2), of n-grams seen once and twice."""
        seen = Counter(
            count
            for context, followers in self._followers.items()
            if len(context) == n
            for count in followers.values()
        )
        return seen[1] / (seen[1] + 2 * seen[2]) if seen[1] else 0.5

    def probability(self, word: str, context: Sequence[str]) -> float:
        """Return P(word | context); it sums to 1 over `vocabulary` for every context."""
        if word not in self.frequency:
            word = self.UNKNOWN
        p = 1.0 / len(self.vocabulary)
        for n in range(min(self.order - 1, len(context)) + 1):
            followers = self._followers.get(tuple(context[len(context) - n :]))
            if followers is None:
                break  # an unseen context says nothing, and neither does a longer one
            given_up = self._discounts[n]
            own = max(followers[word] - given_up, 0.0)
            p = (own + given_up * len(followers) * p) / followers.total()
        return p

    def distribution(self, words: Iterable[str], context: Sequence[str]) -> list[float]:
        """Return the probabilities of these words alone, scaled to sum to 1."""
        raw = [self.probability(word, context) for word in words]
        return [p / sum(raw) for p in raw]
