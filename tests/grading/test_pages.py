"""The pages that students and instructors read: accessible, escaped, and never a false zero."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from autograder.grade import Record
from autograder.report.write import write_reports
from gptcourse.judge import GroupResult, Message, Report, Verdict

SCRIPT = "<script>document.title = 'owned'</script>"
VERDICTS: list[Verdict] = [
    "passed",
    "wrong",
    "not attempted",
    "error",
    "timed out",
    "missing",
    "not allowed",
]


def report(verdict: Verdict) -> Report:
    groups = [GroupResult("sums to 1", 2, verdict == "passed"), GroupResult(SCRIPT, 1, True)]
    message = Message(f"`x` is {SCRIPT}", {"yours": f"{SCRIPT}\u202e\x1b[2J"}, "no-shift")
    return Report(
        "softmax", f"Softmax, {verdict}", verdict, groups, None if verdict == "passed" else message
    )


RECORDS = [
    Record("ada.ipynb", "graded", "00", "01", "", [SCRIPT], [report(v) for v in VERDICTS], ["x"]),
    Record(f"{SCRIPT}.ipynb", "unreadable", reason=f"It is {SCRIPT}."),
    Record("学生.ipynb", "grader failed", reason="the sandbox is gone"),
    Record("x" * 300, "graded", "00", "01", "", [], [report("passed")]),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("grades")
    write_reports(out, RECORDS)
    return out


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_runs(
    browser: Browser, folder: Path, width: int, theme: str
) -> None:
    files = [folder / "index.html", *sorted((folder / "feedback").glob("*.html"))]
    assert len(files) == 1 + len(RECORDS)
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,  # type: ignore[arg-type]
        bypass_csp=True,  # axe itself is a script; the pages' policy allows none
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for file in files:
        page.goto(file.as_uri())
        found = Axe().run(page).response["violations"]
        assert [violation["id"] for violation in found] == [], file.name
        assert page.title() != "owned"
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), file.name
    assert [url for url in asked if not url.startswith("file:")] == []
    context.close()


def test_what_is_not_graded_has_no_points(folder: Path) -> None:
    rows = (folder / "grades.csv").read_text().splitlines()
    assert any('"unreadable","",""' in row for row in rows)
    assert any('"grader failed","",""' in row for row in rows)
    page = next(
        file.read_text()
        for file in (folder / "feedback").glob("*.html")
        if "the grader failed" in file.read_text()
    )
    assert "not a zero" in page
    assert "sandbox is gone" not in page


def test_controls_and_turned_text_are_made_visible(folder: Path) -> None:
    for file in (folder / "feedback").glob("*.html"):
        text = file.read_text()
        assert "\x1b" not in text
        assert "\u202e" not in text
