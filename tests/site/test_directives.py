"""The directives, on small pages of their own: what they refuse, and where they say it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .visit import ROOT

CONF = """
extensions = ["myst_nb", "course_site"]
html_theme = "sphinx_book_theme"
html_theme_options = {"repository_url": "https://github.com/a/b", "repository_branch": "main"}
nb_execution_mode = "off"
"""
WIDGET = "```{widget} w\n:caption: C.\n:alt: A.\n"
QUIZ = "```{quiz} q\nquestion: Which?\nchoices:\n"

REFUSED = {
    "raises in line 6": (WIDGET + "x = 1\n1 / x\n1 / 0\n```", 8, "ZeroDivisionError"),
    "is not Python": (WIDGET + "x = (1\n```", 6, "was never closed"),
    "ends without a picture": (WIDGET + "x = 1\n```", 6, "the last line has to be the picture"),
    "has no picture": (WIDGET + "1\n```", 6, "AttributeError"),
    "has no caption": ("```{widget} w\n:alt: A.\n1\n```", 3, "has no :caption:"),
    "two right": (QUIZ + "  - {text: a, why: b, right: true}\n" * 2 + "```", 3, "here 2"),
    "no reason": (QUIZ + "  - {text: a, right: true}\n```", 3, "a choice has text, why"),
    "not YAML": ("```{quiz} q\nquestion: [\n```", 3, "quiz 'q'"),
    "unknown exercise": ("```{exercise} nothing\nText.\n```", 3, "unknown exercise 'nothing'"),
    "exercise elsewhere": ("```{exercise} softmax\nText.\n```", 3, "belongs to chapter"),
    "notebook not Python": ("```{notebook}\nx = (\n```", 3, "is not Python"),
    "progress of nothing": ("```{progress} nothing\n```", 3, "has no exercises"),
}


def build(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run Sphinx over a folder's pages."""
    paths = [ROOT / "book" / "_ext", ROOT, ROOT / "solutions", ROOT / "exercises"]
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-qE", *options, str(folder), str(folder / "out")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what one build says of all pages that are wrong."""
    folder = tmp_path_factory.mktemp("refused")
    names = [name.replace(" ", "-") for name in REFUSED]
    for name, (text, _, _) in zip(names, REFUSED.values(), strict=True):
        (folder / f"{name}.md").write_text(f"# Page\n\n{text}\n", encoding="utf-8")
    toctree = "\n".join(names)
    (folder / "index.md").write_text(f"# Start\n\n```{{toctree}}\n{toctree}\n```\n")
    result = build(folder, "-W", "--keep-going")
    assert result.returncode != 0
    return result.stderr


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_page_and_line(refusals: str, name: str) -> None:
    """A wrong body fails the build, and the message leads to it."""
    _, line, message = REFUSED[name]
    place = f"{name.replace(' ', '-')}.md:{line}: "
    said = [each for each in refusals.splitlines() if place in each]
    assert len(said) == 1, refusals
    assert message in said[0]


def test_widgets_share_the_pages_namespace(tmp_path: Path) -> None:
    """A later widget sees the names of an earlier one, and the chapter's reference functions."""
    picture = """
class Still:
    _esm, _css = "export default {}", ""
    def __init__(self, text): self.text = text
    def state(self): return {"text": self.text}
    def static_html(self): return f"<p>{self.text}</p>"
Still(softmax.__name__)
```"""
    (tmp_path / "index.md").write_text("# Start\n\n```{toctree}\n01-what-is-a-gpt\n```\n")
    (tmp_path / "01-what-is-a-gpt.md").write_text(
        f"# Page\n\n{WIDGET}{picture}\n\n{WIDGET}Still('second')\n```\n"
    )
    result = build(tmp_path, "-W")
    assert result.returncode == 0, result.stderr
    html = (tmp_path / "out" / "01-what-is-a-gpt.html").read_text(encoding="utf-8")
    assert "<p>softmax</p>" in html
    assert "<p>second</p>" in html
    assert len(list((tmp_path / "out" / "_widgets").glob("*.json"))) == 2
    assert 'id="widget-w"' in html
    assert 'id="widget-w-2"' in html
