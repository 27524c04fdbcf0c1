"""GuessNextWord: a game of guessing the next word against a model, scored in bits."""

import math
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

import ipywidgets
import traitlets.traitlets as t

from .picture import Picture
from .plain import percent
from .word_model import WORD, WordModel

# Candidates are common words, so that none gives itself away by being rare, without the very
# commonest ("the", "and"), which are right too often to be a game. Ranks by frequency.
_COMMON = slice(30, 700)
_CONTEXT_WORDS = 32


class GuessNextWord(Picture):
    """The reader and a model each spread 100 % over the same few words; -log2 p(truth) is paid.

    Args:
        rounds: one dict a round: "context" (text), "candidates" (list of words), "model" (their
            probabilities, which sum to 1) and "truth" (the index of the word that came).

    Raises:
        traitlets.TraitError: a round that cannot be played, with the reason.
    """

    name = "guess_next_word"
    rounds: t.List[dict[str, Any]] = t.List(help="what is asked").tag(sync=True)
    answers: t.List[dict[str, Any]] = t.List(help="what the reader said: {choice, sure, bits}").tag(
        sync=True
    )

    def __init__(self, rounds: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(rounds=[dict(r) for r in rounds], answers=[], **kwargs)
        self._text: str | None = None
        self._seed = 0

    @classmethod
    def from_text(cls, text: str, rounds: int = 12, seed: int = 0) -> "GuessNextWord":
        """Count a word model on the first 90 % of `text` and draw rounds from the last tenth."""
        game = cls(draw_rounds(text, rounds, seed))
        game._text, game._seed = text, seed
        return game

    @t.validate("rounds")
    def _check_rounds(self, proposal: Any) -> Any:
        for i, r in enumerate(proposal["value"]):
            missing = {"context", "candidates", "model", "truth"} - r.keys()
            if missing:
                raise t.TraitError(f"round {i} has no {', '.join(sorted(missing))}")
            if len(r["candidates"]) < 2 or len(set(r["candidates"])) != len(r["candidates"]):
                raise t.TraitError(f"round {i} needs two or more different candidates")
            if len(r["model"]) != len(r["candidates"]):
                raise t.TraitError(f"round {i}: one probability for each candidate is needed")
            if min(r["model"]) <= 0 or abs(sum(r["model"]) - 1) > 1e-3:
                raise t.TraitError(f"round {i}: the model's probabilities must be above 0, sum 1")
            if r["truth"] not in range(len(r["candidates"])):
                raise t.TraitError(f"round {i}: truth is {r['truth']!r}, not a candidate's index")
        if not proposal["value"]:
            raise t.TraitError("a game needs at least one round")
        return proposal["value"]

    def static_html(self) -> str:
        """Return the rounds as a list, each with the answer folded."""
        return f'<ol class="gc-static">{"".join(map(_static_round, self.rounds))}</ol>'

    def controls(self) -> list[ipywidgets.Widget]:
        """Return the number of rounds and the seed, which draw new rounds from the text."""
        if self._text is None:
            return []
        text = self._text
        count = ipywidgets.IntSlider(len(self.rounds), 1, 30, description="Rounds")
        seed = ipywidgets.IntText(self._seed, description="Seed")
        style = {"description_width": "4rem"}
        count.style, seed.style = style, style
        count.continuous_update = False

        def redraw(_: object) -> None:
            with self.hold_sync():
                self.rounds = draw_rounds(text, count.value, seed.value)
                self.answers = []

        count.observe(redraw, "value")
        seed.observe(redraw, "value")
        return [ipywidgets.HBox([count, seed])]


def draw_rounds(text: str, rounds: int, seed: int, choices: int = 6) -> list[dict[str, Any]]:
    """Draw rounds from the last tenth of `text` for a model counted on the rest.

    The false candidates are drawn evenly from the common words, the true word being one of
    them: no word is favoured by the draw, so the model's share among the candidates is its
    probability of each, divided by their sum.

    Raises:
        ValueError: the text is too short for that many rounds.
    """
    model, common, held_out = _counted(text)
    words = [match.group() for match in held_out]
    places = [i for i in range(_CONTEXT_WORDS, len(words)) if words[i] in common]
    if len(common) < choices or len(places) < rounds:
        raise ValueError(f"the text is too short for {rounds} rounds of {choices} words")
    rng = random.Random(seed)
    drawn = []
    for i in rng.sample(places, rounds):
        others = rng.sample([word for word in common if word != words[i]], choices - 1)
        candidates = sorted([words[i], *others])
        before = held_out[i - _CONTEXT_WORDS : i]
        share = model.distribution(candidates, [match.group().lower() for match in before])
        drawn.append(
            {
                "context": text[text.rfind("\n", 0, before[0].start()) + 1 : held_out[i].start()],
                "candidates": candidates,
                "model": [round(p, 6) for p in share],
                "truth": candidates.index(words[i]),
            }
        )
    return drawn


@lru_cache(maxsize=2)
def _counted(text: str) -> tuple[WordModel, list[str], list[re.Match[str]]]:
    """Return the model of the first 90 %, the common words there, and the words of the rest."""
    cut = text.rfind("\n", 0, len(text) * 9 // 10) + 1 or len(text) * 9 // 10
    training = [match.group() for match in WORD.finditer(text, 0, cut)]
    # In lower case alone: the name of a speaker is given away by the layout, not by the words.
    frequency = Counter(word for word in training if word.islower())
    common = sorted(word for word, _ in frequency.most_common()[_COMMON])
    return WordModel([word.lower() for word in training]), common, list(WORD.finditer(text, cut))


def _static_round(r: Mapping[str, Any]) -> str:
    paid = -math.log2(r["model"][r["truth"]])
    even = math.log2(len(r["candidates"]))
    shares = "".join(
        f"<li>{escape(word)}: {percent(p)}</li>"
        for word, p in zip(r["candidates"], r["model"], strict=True)
    )
    return (
        f'<li><p class="gc-context">{escape(r["context"])}<strong>…?</strong></p>'
        f"<p>Which word comes next: {escape(', '.join(r['candidates']))}?</p>"
        f"<details><summary>The answer</summary><p>It was <strong>"
        f"{escape(r['candidates'][r['truth']])}</strong>. The model paid {paid:.2f} bits; "
        f"guessing evenly costs {even:.2f}. It had given:</p><ul>{shares}</ul></details></li>"
    )
