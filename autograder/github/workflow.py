"""Writes the workflow file, with the chapter and the course's repository in it."""

from importlib.resources import files
from pathlib import Path
from typing import Literal
from urllib.parse import urlparse

import yaml

from autograder.notebooks import ROOT

__all__ = ["Where", "write_workflow"]

Where = Literal["central", "each"]

_LIST = """\
# One student's repository a line, as owner/name. Lines that are none are passed over.
# gh repo list ORGANISATION --limit 1000 --json nameWithOwner --jq '.[].nameWithOwner'
"""


def write_workflow(folder: Path, chapter: str, where: Where) -> list[Path]:
    """Write the files and return them; a list of repositories that is there is left as it is.

    Raises OSError where they cannot be written.
    """
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]
    text = files("autograder.github").joinpath("workflows", f"{where}.yml").read_text("utf-8")
    values = {
        "CHAPTER_STEM": chapter,
        "COURSE_REPOSITORY": urlparse(config["url"]).path.strip("/"),
        "COURSE_REF": config["branch"],
    }
    for name, value in values.items():
        text = text.replace(name, value)
    workflow = folder / ".github" / "workflows" / "classroom.yml"
    workflow.parent.mkdir(parents=True, exist_ok=True)
    workflow.write_text(text, encoding="utf-8")
    written = [workflow]
    if where == "central":
        roster = folder / "repositories.txt"
        if not roster.exists():
            roster.write_text(_LIST, encoding="utf-8")
        written.append(roster)
    return written
