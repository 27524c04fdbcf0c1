"""`progress`: every exercise of the course, and how far you are."""

import html

from gptcourse import records
from gptcourse.catalogue import chapters
from gptcourse.display import show
from gptcourse.key import AnswerKey
from gptcourse.records import Record

__all__ = ["progress"]

_CELL = "text-align:left;padding:.15em 1em .15em 0;border:0;background:none;white-space:normal"
_NUMBER = _CELL.replace("left", "right")
_HEAD = f"{_CELL};padding-top:.8em;font-weight:600;border-bottom:1px solid rgba(128,128,128,.35)"


def progress() -> None:
    """Show which exercises you passed, tried, or have not tried, and your points."""
    done = records.read()
    course = chapters()
    show(_html(course, done), _plain(course, done))


def _state(key: AnswerKey, done: dict[str, Record]) -> tuple[str, str, int]:
    """Return mark, word and points of an exercise; a key that shrank never shows more than all."""
    record = done.get(key.exercise, Record())
    points = min(max(record.best, 0), key.points)
    if record.passed:
        return "✓", "passed", points
    return ("✗", "tried", points) if record.tries else ("·", "not tried", 0)


def _extra(key: AnswerKey) -> str:
    return ", stretch" if key.stretch else ""


def _summary(course: dict[str, list[AnswerKey]], done: dict[str, Record]) -> str:
    keys = [key for chapter in course.values() for key in chapter]
    passed = sum(_state(key, done)[1] == "passed" for key in keys)
    counted = [key for key in keys if not key.stretch]
    earned = sum(_state(key, done)[2] for key in counted)
    points = sum(key.points for key in counted)
    return f"{passed} of {len(keys)} exercises passed, {earned} of {points} points"


def _plain(course: dict[str, list[AnswerKey]], done: dict[str, Record]) -> str:
    width = max((len(key.exercise) for chapter in course.values() for key in chapter), default=0)
    lines = []
    for chapter, keys in course.items():
        lines += ["", chapter]
        for key in keys:
            mark, word, share = _state(key, done)
            line = f"  {mark} {key.exercise:<{width}}  {word:<9}  {share:>2} of {key.points}"
            lines.append(line + _extra(key))
    return "\n".join([*lines, "", _summary(course, done)]).lstrip("\n")


def _html(course: dict[str, list[AnswerKey]], done: dict[str, Record]) -> str:
    rows = []
    for chapter, keys in course.items():
        rows.append(
            f'<tr style="background:none"><th scope="rowgroup" colspan="3" style="{_HEAD}">'
            f"{html.escape(chapter)}</th></tr>"
        )
        for key in keys:
            mark, word, share = _state(key, done)
            rows.append(
                f'<tr style="background:none"><th scope="row" style="{_CELL};font-weight:400">'
                f"{html.escape(key.exercise)}</th>"
                f'<td style="{_CELL}"><span aria-hidden="true">{mark}</span> {word}</td>'
                f'<td style="{_NUMBER}">{share} of {key.points}{_extra(key)}</td></tr>'
            )
    columns = "".join(
        f'<th scope="col" style="{style};opacity:.78;font-weight:400">{name}</th>'
        for name, style in (("Exercise", _CELL), ("State", _CELL), ("Points", _NUMBER))
    )
    return (
        '<div role="group" aria-label="Progress" class="tex2jax_ignore mathjax_ignore" '
        'style="max-width:46em;font:14px/1.5 system-ui,-apple-system,Segoe UI,sans-serif">'
        '<table style="border-collapse:collapse;color:inherit;margin:0;font-size:1em">'
        f'<thead><tr style="background:none">{columns}</tr></thead><tbody>{"".join(rows)}</tbody>'
        f'</table><p style="margin:.8em 0 0">{_summary(course, done)}</p></div>'
    )
