"""`hint`: one step further each time, from a nudge to nearly the answer."""

from dataclasses import replace
from typing import Any

from gptcourse import records
from gptcourse.card import Card, Fold
from gptcourse.catalogue import key_of
from gptcourse.display import show
from gptcourse.naming import exercise_of

__all__ = ["hint"]


def hint(obj: Any) -> None:
    """Show the next hint for an exercise, with the earlier ones folded under it.

    Args:
        obj: your function or class, or the exercise's name as a text.

    Raises:
        CourseError: it cannot be told which exercise is meant.
    """
    key = key_of(exercise_of(obj))
    if not key.hints:
        card = Card(key.title, "no hints", "neutral", "This exercise has no hints.")
    else:
        seen = records.read().get(key.exercise, records.Record()).hints
        now = min(max(seen, 0) + 1, len(key.hints))
        if now != seen:
            records.update(key.exercise, lambda record: replace(record, hints=now))
        earlier = {f"hint {i}": text for i, text in enumerate(key.hints[: now - 1], start=1)}
        left = len(key.hints) - now
        card = Card(
            title=key.title,
            status=f"hint {now} of {len(key.hints)}",
            tone="neutral",
            text=key.hints[now - 1],
            folds=(Fold("Earlier hints", earlier, prose=True),) if earlier else (),
            footer=f"{left} more: call `hint` again." if left else "That is the last hint.",
        )
    show(card.html(), card.plain())
