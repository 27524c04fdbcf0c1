"""What reports say about the course itself: titles, and where its pages are."""

from functools import cache
from urllib.parse import quote

from autograder.hidden_tests import chapters
from autograder.notebooks import ROOT
from autograder.page import read_page

__all__ = ["chapter_number", "chapter_title", "chapter_url", "exercise_url", "next_chapter"]


@cache
def chapter_title(stem: str) -> str:
    """Return a chapter's title, or the stem where the book is not installed beside the grader."""
    try:
        return read_page(ROOT / "book" / f"{stem}.md").title
    except (OSError, ValueError):
        return stem


def chapter_number(stem: str) -> str:
    """Return "Chapter 1" for "01-what-is-a-gpt", and the stem for what has no number."""
    return f"Chapter {int(stem[:2])}" if stem[:2].isdigit() else stem


@cache
def _site() -> str:
    """Return the site's address, which stands in one file; "" where that is not installed."""
    import yaml

    try:
        config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
        return str(config["html"]["baseurl"]).rstrip("/")
    except (OSError, KeyError, TypeError):
        return ""


def chapter_url(stem: str) -> str:
    """Return the address of a chapter's page; "" for what is no chapter of the course."""
    return f"{_site()}/{stem}.html" if _site() and stem in chapters() else ""


def exercise_url(stem: str, exercise: str) -> str:
    """Return the address of an exercise on its chapter's page."""
    url = chapter_url(stem)
    return f"{url}#exercise-{quote(exercise, errors='replace')}" if url else ""


def next_chapter(stem: str) -> str:
    """Return the stem of the chapter after this one, or ""."""
    stems = list(chapters())
    place = stems.index(stem) + 1 if stem in stems else len(stems)
    return stems[place] if place < len(stems) else ""
