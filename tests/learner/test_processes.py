"""In a terminal process and in a real kernel: speed, cards, escaping, restarts, no network."""

import json
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from gptcourse.card import Card, Fold, Item
from gptcourse.key import available
from tests.learner.kernels import (
    MAX_OVER_EVERYTHING,
    RIGHT,
    STUB,
    Kernel,
    html_of,
    kernel,
    terminal,
)

START = "import torch\nfrom gptcourse import check, hint, progress, prepare_submission\n"
NO_NETWORK = """
import socket
def refuse(*args, **kwargs):
    raise AssertionError("a socket was opened")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with kernel(tmp_path_factory.mktemp("home")) as running:
        running.run(START)
        yield running


def test_a_terminal_gets_plain_text_offline_with_only_gptcourse(home: Path) -> None:
    shown = terminal(
        NO_NETWORK + START + MAX_OVER_EVERYTHING + "check(softmax)\nhint(softmax)\nprogress()\n"
        "import sys; assert not {'gpt2', 'autograder', 'IPython', 'ipywidgets'} & set(sys.modules)",
        home,
    )
    assert "Softmax: not yet · 2 of 4 points" in shown
    assert "Softmax: hint 1 of 3" in shown
    assert "✗ softmax" in shown
    assert "<div" not in shown


def test_import_and_first_check_are_quick(home: Path) -> None:
    # Processor time: the wall clock would time the other tests that run beside this one.
    code = (
        "import time, torch\nbegan = time.process_time()\n"
        "from gptcourse import check\nimported = time.process_time()\n"
        f"{RIGHT}\nassert check(softmax)\nchecked = time.process_time()\n"
        "print('TIMES', imported - began, checked - imported)\n"
    )
    line = next(line for line in terminal(code, home).splitlines() if line.startswith("TIMES"))
    imported, checked = map(float, line.split()[1:])
    assert imported < 0.2
    assert checked < 1.0


def test_a_terminal_that_knows_only_ascii_gets_all_words(home: Path) -> None:
    shown = terminal(START + RIGHT + "check(softmax)", home, PYTHONIOENCODING="ascii")
    assert "+ turns a row of logits into probabilities (1 of 1)" in shown


def test_a_notebook_gets_one_card_for_a_check(notebook: Kernel) -> None:
    notebook.run(MAX_OVER_EVERYTHING)
    outputs = notebook.run("check(softmax)")
    card = html_of(outputs)
    assert len(outputs) == 1
    assert "The shift is the maximum of the whole tensor" in card
    assert "<details" in card
    assert "not yet · 2 of 4 points" in outputs[0]["data"]["text/plain"]
    # Neither light nor dark: text takes the colour around it, grounds are see-through.
    colours = re.findall(r"(?<![-\w])(?:color|background):([^;\"]+)", card)
    assert set(colours) <= {"inherit", "none", "rgba(128,128,128,.12)"}
    assert "<style" not in card
    assert "<script" not in card


def test_what_a_learner_writes_is_shown_and_not_run(notebook: Kernel) -> None:
    notebook.run(
        "def softmax(x, dim=-1):\n"
        "    print('<img src=x onerror=alert(2)>')\n"
        "    raise ValueError('<script>alert(1)</script>')  # <b>here</b>\n"
    )
    card = html_of(notebook.run("check(softmax)"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in card
    assert "&lt;b&gt;here&lt;/b&gt;" in card
    assert "line 3 of softmax" in card
    assert "&lt;img src=x" in card
    assert not re.search(r"<(script|img|b)\b", card)


def test_a_wrong_call_shows_words_and_no_traceback(notebook: Kernel) -> None:
    notebook.run(RIGHT)
    (error,) = notebook.run("check(softmax(torch.ones(3)))")
    assert error.output_type == "error"
    assert len(error["traceback"]) == 1
    assert error["traceback"][0].startswith("That is a tensor of shape (3,)")


def test_a_long_check_in_a_notebook_says_that_it_runs(notebook: Kernel) -> None:
    notebook.run(RIGHT + "import gptcourse.checking, time\n")
    notebook.run("gptcourse.checking.SAY_SO_AFTER_SECONDS = 0.1")
    notebook.run("def slow(x, dim=-1):\n    time.sleep(0.1)\n    return softmax(x, dim)")
    outputs = notebook.run("check(slow, 'softmax')")
    notebook.run("gptcourse.checking.SAY_SO_AFTER_SECONDS = 60")
    said = [output["text"] for output in outputs if output.output_type == "stream"]
    assert said == ["Still checking softmax. Interrupt to stop.\n"]
    assert "passed" in html_of(outputs)


def test_an_interrupt_of_an_endless_loop_ends_in_a_card(notebook: Kernel) -> None:
    notebook.run("def softmax(x, dim=-1):\n    while True:\n        x = x + 0\n")
    outputs = notebook.run(
        "import os, signal, threading\n"
        "threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "check(softmax)"
    )
    card = html_of(outputs)
    assert "You stopped the check" in card
    assert re.search(r"(while True:|x = x \+ 0)  \(line [23] of softmax\)", card)
    assert [output.output_type for output in outputs] == ["display_data"]


def test_progress_and_hints_survive_a_restart(home: Path) -> None:
    with kernel(home) as notebook:
        notebook.run(START + RIGHT)
        notebook.run("check(softmax)")
        assert "hint 1 of 3" in html_of(notebook.run("hint(softmax)"))
    with kernel(home) as notebook:
        notebook.run(START + STUB)
        assert "hint 2 of 3" in html_of(notebook.run("hint('softmax')"))
        notebook.run("check(softmax)")
        table = html_of(notebook.run("progress()"))
    assert re.search(r"softmax</th><td[^>]*><span[^>]*>✓</span> passed</td>", table)
    assert f"1 of {len(available())} exercises passed" in table


def test_a_broken_file_is_set_aside(home: Path) -> None:
    home.mkdir(parents=True)
    (home / "progress.json").write_text('{"format": 1, "exercises": {"softmax": {"best": []}}}')
    shown = terminal(START + RIGHT + "check(softmax)\nprogress()", home)
    assert "could not be read; it is now" in shown
    assert "✓ softmax" in shown
    assert '"best": []' in (home / "progress.broken-1.json").read_text()
    assert json.loads((home / "progress.json").read_text())["exercises"]["softmax"]["passed"]


def test_a_home_that_cannot_be_written_is_said_once(tmp_path: Path, home: Path) -> None:
    # A file where the folder should be: nobody, not even root, can write there.
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    code = START + RIGHT + "check(softmax)\ncheck(softmax)\nprogress()"
    shown = terminal(code, home, GPTCOURSE_HOME=str(blocked / "in"))
    assert shown.count("Your progress cannot be written") == 1
    assert "✓ softmax" in shown


def test_no_half_written_file_is_left(home: Path) -> None:
    terminal(START + RIGHT + "check(softmax)", home)
    assert sorted(file.name for file in home.iterdir()) == ["progress.json", "script.py"]
    assert stat.S_ISREG((home / "progress.json").stat().st_mode)


@pytest.mark.parametrize("ground", ["#ffffff", "#111111"])
@pytest.mark.parametrize("width", [390, 1000])
def test_cards_are_accessible_and_fit(browser: Browser, ground: str, width: int) -> None:
    card = Card(
        "Softmax",
        "not yet · 2 of 4 points",
        "bad",
        "Your result equals `" + "a_long_name_" * 12 + "`.",
        Fold("", {"your line": "x = " + "y" * 300}),
        (
            Item(True, "one", "1 of 1"),
            Item(False, "two", "0 of 1"),
            Item(None, "`three`", "a note " * 30),
        ),
        (Fold("The values", {"yours": "nan\n" * 3}), Fold("Earlier", {"hint 1": "Look."}, True)),
        'Call `hint("softmax")`.',
    )
    colour = "#212121" if ground == "#ffffff" else "#e0e0e0"
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_content(
        "<!doctype html><html lang=en><title>card</title><main><h1>A notebook</h1>"
        f"<div style='background:{ground};color:{colour}'>{card.html()}</div></main>"
    )
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.close()
