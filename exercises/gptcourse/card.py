"""A card: what a learner is shown, as plain text and as HTML from the same parts.

Colours say nothing that the words do not, and text takes the colour of its surroundings, so the
card reads in light and dark. All styles stand in the elements: notebooks drop style sheets from
outputs that they do not trust.
"""

import html
import re
import shutil
import textwrap
from dataclasses import dataclass
from typing import Literal

from gptcourse.display import clean

__all__ = ["Card", "Fold", "Item"]

Tone = Literal["good", "bad", "neutral"]

# Each has a contrast of at least 3 to 1 with white and with near-black, which is what a bar needs.
_ACCENT: dict[Tone, str] = {"good": "#2e8b57", "bad": "#c2571a", "neutral": "#7d8590"}
_MARK = {True: "✓", False: "✗", None: "·"}
_LINE = "rgba(128,128,128,.35)"
_PRE = (
    "margin:.15em 0 .4em;padding:.35em .6em;border-radius:4px;background:rgba(128,128,128,.12);"
    "color:inherit;font:.92em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;"
    "white-space:pre-wrap;overflow-wrap:anywhere"
)
_CODE = (
    "background:none;padding:0;color:inherit;"
    "font:.94em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere"
)
_QUIET = "opacity:.78;font-size:.93em"


@dataclass(frozen=True)
class Item:
    """A line of a list: done, not done, or neither; a text; and a short note after it."""

    done: bool | None
    text: str
    note: str = ""


@dataclass(frozen=True)
class Fold:
    """Something that opens when it is wanted: a title over values by label ("" for no label).

    Values are code and data, kept as they are, or `prose`.
    """

    title: str
    values: dict[str, str]
    prose: bool = False


@dataclass(frozen=True)
class Card:
    """Texts may hold `code` between backticks; everything is escaped."""

    title: str
    status: str
    tone: Tone
    text: str = ""
    shown: Fold | None = None
    items: tuple[Item, ...] = ()
    folds: tuple[Fold, ...] = ()
    footer: str = ""

    def plain(self, width: int | None = None) -> str:
        """Return the card as text of at most `width` columns, by default the terminal's."""
        width = width or min(shutil.get_terminal_size((80, 24)).columns, 96)
        blocks = [_wrap(f"{self.title}: {self.status}", width)]
        if self.text:
            blocks.append(_wrap(self.text, width))
        if self.shown:
            blocks.append(_plain_values(self.shown.values, width))
        if self.items:
            lines = (
                _wrap(f"{_MARK[item.done]} {item.text}{_bracket(item.note)}", width, "  ", "    ")
                for item in self.items
            )
            blocks.append("\n".join(lines))
        for fold in self.folds:
            blocks.append(f"{clean(fold.title)}:\n{_plain_values(fold.values, width)}")
        if self.footer:
            blocks.append(_wrap(self.footer, width))
        return "\n\n".join(blocks)

    def html(self) -> str:
        """Return the card as one HTML element."""
        label = html.escape(clean(f"{self.title}: {self.status}"))
        parts = [
            # The two classes keep MathJax from typesetting a learner's dollar signs.
            f'<div role="group" aria-label="{label}" class="tex2jax_ignore mathjax_ignore" style="'
            f"border:1px solid {_LINE};border-left:4px solid {_ACCENT[self.tone]};"
            "border-radius:6px;padding:.7em 1em;margin:.3em 0;max-width:46em;box-sizing:border-box;"
            "text-align:left;overflow-wrap:anywhere;"
            'font:14px/1.5 system-ui,-apple-system,Segoe UI,sans-serif">',
            '<div style="display:flex;flex-wrap:wrap;gap:0 1em;justify-content:space-between">'
            f'<strong style="font-size:1.07em">{_inline(self.title)}</strong>'
            f"<span>{_inline(self.status)}</span></div>",
        ]
        if self.text:
            parts.append(f'<p style="margin:.45em 0">{_inline(self.text)}</p>')
        if self.shown:
            parts.append(_html_values(self.shown))
        if self.items:
            parts.append(
                '<ul style="list-style:none;margin:.45em 0;padding:0">'
                + "".join(_html_item(item) for item in self.items)
                + "</ul>"
            )
        for fold in self.folds:
            parts.append(
                '<details style="margin:.35em 0"><summary style="cursor:pointer">'
                f"{_inline(fold.title)}</summary>{_html_values(fold)}</details>"
            )
        if self.footer:
            parts.append(f'<p style="margin:.45em 0 0;{_QUIET}">{_inline(self.footer)}</p>')
        return "".join(parts) + "</div>"


def _html_item(item: Item) -> str:
    note = f' <span style="{_QUIET};display:inline-block;text-indent:0">{_inline(item.note)}</span>'
    return (
        '<li style="margin:.1em 0;padding-left:1.5em;text-indent:-1.5em">'
        '<span aria-hidden="true" style="display:inline-block;width:1.5em;text-indent:0">'
        f"{_MARK[item.done]}</span>{_inline(item.text)}{note if item.note else ''}</li>"
    )


def _html_values(fold: Fold) -> str:
    rows = []
    for label, value in fold.values.items():
        name = f'<div style="{_QUIET};margin-top:.35em">{_inline(label)}</div>' if label else ""
        text = _inline(value) if fold.prose else html.escape(clean(value))
        element, style = ("p", "margin:0") if fold.prose else ("pre", _PRE)
        rows.append(f'{name}<{element} style="{style}">{text}</{element}>')
    return "".join(rows)


def _inline(text: str) -> str:
    """Escape a text and set what stands between backticks as code."""
    escaped = html.escape(clean(text))
    return re.sub(r"`([^`]+)`", rf'<code style="{_CODE}">\1</code>', escaped)


def _plain_values(values: dict[str, str], width: int) -> str:
    lines = []
    for label, value in values.items():
        start, rest = (f"  {clean(label)}: ", "    ") if label else ("  ", "  ")
        for line in clean(value).split("\n"):
            if len(start) + len(line) > width and label:
                lines.append(start.rstrip())
                start = rest
            pieces = textwrap.wrap(
                line, width - len(start), replace_whitespace=False, drop_whitespace=False
            )
            lines.append(start + (pieces[0] if pieces else ""))
            lines += [rest + piece for piece in pieces[1:]]
            start = rest
    return "\n".join(lines)


def _wrap(text: str, width: int, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        clean(text),
        width,
        initial_indent=first,
        subsequent_indent=rest,
        # Names and paths are copied: they stay whole.
        break_on_hyphens=False,
        break_long_words=False,
    )


def _bracket(note: str) -> str:
    return f" ({note})" if note else ""
