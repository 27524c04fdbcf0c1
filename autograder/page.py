"""Reads a chapter's page: what of it goes into the notebook, in the notebook's order.

A page is MyST. Of it a notebook takes the title, and the fenced directives {exercise}, {widget},
{notebook} and {given}. A widget often stands on the page before the exercise that its code calls;
in the notebook it comes after it, because there the function is the learner's own.
"""

import ast
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from autograder.reference import given
from autograder.slicing import binds, reads

__all__ = ["Block", "Page", "read_page"]


@dataclass(frozen=True)
class Block:
    """A directive of the page: its kind, its argument and its body without options."""

    kind: Literal["exercise", "widget", "notebook"]
    argument: str
    body: str
    caption: str = ""


@dataclass(frozen=True)
class Page:
    """What the notebook needs of a page."""

    stem: str
    title: str
    description: str
    blocks: list[Block]


def read_page(path: Path) -> Page:
    """Read a page. Raises ValueError if it has no title or a directive is malformed."""
    text = path.read_text(encoding="utf-8")
    front: dict[str, object] = {}
    if text.startswith("---\n"):
        _, head, text = text.split("---\n", 2)
        front = yaml.safe_load(head)
    tokens = MarkdownIt().parse(text)
    title = next((b.content for a, b in pairwise(tokens) if a.tag == "h1"), "")
    if not title:
        raise ValueError(f"{path.name} has no title")
    blocks = [block for token in tokens if (block := _block(token))]
    return Page(path.stem, title, _description(front), _in_notebook_order(blocks))


def _description(front: dict[str, object]) -> str:
    myst = front.get("myst")
    meta = myst.get("html_meta", {}) if isinstance(myst, dict) else {}
    return str(meta.get("description", ""))


def _block(token: Token) -> Block | None:
    if token.type != "fence" or not token.info.startswith("{"):
        return None
    kind, _, argument = token.info[1:].partition("}")
    if kind == "given":
        return Block("notebook", argument.strip(), given(argument.strip()))
    if kind not in ("exercise", "widget", "notebook"):
        return None
    lines = token.content.split("\n")
    caption = ""
    while lines and lines[0].startswith(":"):
        option, _, value = lines.pop(0)[1:].partition(":")
        caption = value.strip() if option == "caption" else caption
    return Block(kind, argument.strip(), "\n".join(lines).strip("\n"), caption)  # type: ignore[arg-type]


def _in_notebook_order(blocks: list[Block]) -> list[Block]:
    """Move each piece of code behind the exercises and the pieces of code that it builds on."""
    exercises = {b.argument.split(".")[0]: i for i, b in enumerate(blocks) if b.kind == "exercise"}
    place: dict[int, int] = {}
    made: dict[str, int] = {}
    for number, block in enumerate(blocks):
        place[number] = number
        if block.kind == "exercise":
            continue
        body = ast.parse(block.body).body
        own = {name for statement in body for name in binds(statement)}
        names = {name for statement in body for name in reads(statement)} - own
        needs = [exercises[n] for n in names & set(exercises)] + [
            made[n] for n in names & set(made)
        ]
        place[number] = max([number, *needs])
        for statement in body:
            made |= dict.fromkeys(binds(statement), place[number])
    # What was moved stands behind the block that it was moved to.
    return [blocks[i] for i in sorted(place, key=lambda i: (place[i], place[i] != i, i))]
