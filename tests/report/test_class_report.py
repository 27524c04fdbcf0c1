"""The class report in a browser: read in a minute, sorted, filtered, light, and running nothing."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from autograder.record import Record
from autograder.report.pages import feedback_file
from autograder.report.write import write_class, write_reports
from gptcourse.judge import GroupResult, Message, Report, Verdict
from tests.report.made import of_crowd, record, report
from tests.sample_class.crowd import Made, crowd
from tests.sample_class.notebook import CHAPTERS, exercises

ONE = CHAPTERS[0]
FIRST = exercises(ONE)[0]
VERDICTS: list[Verdict] = [
    "passed", "wrong", "not attempted", "error", "timed out", "missing", "not allowed",
]  # fmt: skip
HOSTILE = [
    "<script>document.title='owned'</script>",
    "<img src=http://127.0.0.1:9/x onerror=\"document.title='owned'\">",
    "\"><svg onload=document.title='owned'>",
    "'><style>@import 'http://127.0.0.1:9/';</style>",
    "</style></script></details></td></table><iframe src=http://127.0.0.1:9/></iframe>",
    "`</code><a href=\"javascript:document.title='owned'\">x</a>`",
    "{{ 7 * 7 }}{% raise %}",
    "\u202e\x1b[2J\x00\ud800\u2028",
]


def write(folder: Path, records: list[Record]) -> Path:
    write_reports(folder, records)
    return folder / "index.html"


def small() -> list[Record]:
    """Everything that a report can hold, once."""
    reports = [report(e.id, v) for e, v in zip(exercises(ONE), VERDICTS, strict=False)]
    read = f"{FIRST.id}: not run; it uses `gc.freeze`"
    died = f"{FIRST.id}, “a group”: timed out: no answer in 3 s"
    named = report(FIRST.id, "wrong", FIRST.misconceptions[0].name)
    return [
        record("ada.ipynb", reports, ONE, repairs=["`softmax`: mended."], failures=[read, died]),
        record("bo.ipynb", [named, *reports[1:]], ONE, seconds=2.5),
        record("cy.ipynb", [report(e.id, "passed") for e in exercises(CHAPTERS[1])], CHAPTERS[1]),
        Record("dee.ipynb", "unreadable", reason="It is empty. Hand it in again."),
        Record("eve.ipynb", "grader failed", reason="the sandbox is gone"),
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Made]:
    return crowd(tmp_path_factory.mktemp("class"), 1000, seed=9, naming="canvas")


@pytest.fixture(scope="module")
def thousand(made: list[Made], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("thousand")
    write_class(out, [of_crowd(one) for one in made])
    return out / "index.html"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1280, "light")])
def test_axe_finds_nothing(browser: Browser, tmp_path: Path, width: int, theme: str) -> None:
    index = write(tmp_path, small())
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,  # type: ignore[arg-type]
        bypass_csp=True,  # axe itself is a script, and the pages' policy allows ours alone
    )
    page = context.new_page()
    feedback = [tmp_path / "feedback" / feedback_file(each) for each in small()]
    for file in [index, feedback[0], *feedback[-2:]]:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], file.name
        for each in (390, 1280):
            page.set_viewport_size({"width": each, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not wide, f"{file.name} at {each}"
    context.close()


def test_the_first_screen_says_what_needs_a_hand(page: Page, tmp_path: Path) -> None:
    page.goto(write(tmp_path, small()).as_uri())
    todo = page.locator(".todo")
    assert todo.bounding_box()["y"] < 400  # type: ignore[index]
    words = todo.inner_text()
    assert "1 submission without a grade because the grader failed" in words
    assert "1 file could not be read" in words
    assert "Read it: it may be meant well" in words
    for link in todo.locator("a").all():
        assert page.locator(str(link.get_attribute("href"))).count() == 1


def test_every_link_leads_somewhere(page: Page, tmp_path: Path) -> None:
    page.goto(write(tmp_path, small()).as_uri())
    links = {str(link.get_attribute("href")) for link in page.locator("a").all()}
    assert len([link for link in links if link.startswith("feedback/")]) == 5
    for link in links:
        if link.startswith("#"):
            assert page.locator(f"[id='{link[1:]}']").count() == 1, link
        else:
            assert (tmp_path / link).is_file(), link


def test_without_scripts_it_says_the_same(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(write(tmp_path, small()).as_uri())
    for name in ("ada", "bo", "cy", "dee", "eve"):
        assert page.get_by_role("link", name=name, exact=True).first.is_visible()
    assert FIRST.misconceptions[0].what.split("`")[0] in page.inner_text("main")
    assert page.locator("input").count() == 0
    context.close()


def test_a_thousand_are_light_sorted_and_filtered(
    page: Page, thousand: Path, made: list[Made]
) -> None:
    assert thousand.stat().st_size < 1_500_000
    page.goto(thousand.as_uri())
    rows = page.locator("table[data-rows] tbody tr")
    assert rows.count() == 1000
    points = page.locator("table[data-rows] thead button", has_text="Points")
    start = time.monotonic()
    points.click()
    lowest = [int(text) for text in rows.locator("td:nth-child(2)").all_inner_texts()]
    assert lowest == sorted(lowest)
    points.click()
    assert page.locator("th[aria-sort='descending']").count() == 1
    highest = [int(text) for text in rows.locator("td:nth-child(2)").all_inner_texts()]
    assert highest == lowest[::-1]
    mistake = FIRST.misconceptions[0].name
    page.get_by_label("Show rows with").fill(f"{FIRST.id}:{mistake}")
    expected = sum(one.answers[FIRST.id] == mistake for one in made)
    assert 0 < expected < 1000
    assert page.locator("table[data-rows] tbody tr:visible").count() == expected
    assert f"{expected} of 1000 shown" in page.inner_text("output")
    assert time.monotonic() - start < 20


def hostile_record(name: str, text: str) -> Record:
    groups = [GroupResult(text, 2, True), GroupResult(text, 1, False)]
    message = Message(text, {text: text}, text)
    reports = [Report(text, text, verdict, groups, message) for verdict in VERDICTS]
    reports.append(Report(FIRST.id, text, "wrong", groups, message))
    read = f"{text}: not run; it uses {text}"
    return Record(name, "graded", text, ONE, text, [text], reports, [text, read], 1.0)


def test_nothing_that_a_student_hands_in_runs_or_loads(page: Page, tmp_path: Path) -> None:
    records = [
        each
        for text in HOSTILE
        for name in [text.replace("\ud800", "\udce9")]  # what a file's name can hold
        for each in (
            hostile_record(f"{name}_1_assignsubmission_file_/x.ipynb", text),
            hostile_record(name, text),
            Record(f"2{name}", "unreadable", reason=text),
            Record(f"3{name}", "grader failed", reason=text),
        )
    ]
    index = write(tmp_path, records)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    pages = sorted((tmp_path / "feedback").iterdir())
    assert len(pages) == len(records)
    for file in [index, *pages]:
        page.goto(file.as_uri())
        assert page.title() != "owned"
        assert page.locator("script").count() == (file == index)
        assert page.locator("img, iframe, style + style, [onload], [onerror]").count() == 0
        assert page.locator("a[href^='javascript']").count() == 0
        text = file.read_text(encoding="utf-8")
        assert not {"\x1b", "\x00", "\u202e"} & set(text)
    assert [url for url in asked if not url.startswith("file:")] == []
    assert said == []  # the policy had nothing to stop, and it allows our own script
    assert page.goto(index.as_uri())
    assert page.locator("thead button").count() > 3


def test_the_policy_stops_what_would_be_in_the_page(page: Page, tmp_path: Path) -> None:
    """If escaping failed: a script, a style and a picture that stand in the page itself."""
    index = write(tmp_path, small())
    text = index.read_text(encoding="utf-8")
    planted = HOSTILE[0] + HOSTILE[1] + "<style>h1 { color: rgb(1, 2, 3) }</style>"
    index.write_text(text.replace("<main>", f"<main>{planted}"), encoding="utf-8")
    stopped: list[str | None] = []
    page.on("requestfailed", lambda request: stopped.append(request.failure))
    page.goto(index.as_uri())
    assert page.title() == "Class report"
    assert page.locator("h1").evaluate("(e) => getComputedStyle(e).color") != "rgb(1, 2, 3)"
    assert stopped == ["csp"]
    assert page.locator("thead button").count() > 3
