"""The bank as a class, graded by the command: nothing comes through, and nobody pays for it."""

import re

import pytest

from autograder.keys import Keys
from autograder.record import Record
from gptcourse.judge import Report
from tests.hostile.bank import Attack, attacks
from tests.hostile.conftest import Class, folder_of
from tests.hostile.planted import CANARY
from tests.hostile.walls import SEED

GRADED = [attack for attack in attacks() if not attack.endless]


def records_of(graded: Class, attack: Attack) -> tuple[Record, Record]:
    """Return the records of an attack and of the honest submission behind it."""
    start = f"{folder_of(attack)}/"
    mine = [name for name in graded.records if name.startswith(start)]
    honest = next(name for name in mine if name.endswith("~ honest.ipynb"))
    (other,) = set(mine) - {honest}
    return graded.records[other], graded.records[honest]


def report_of(record: Record, exercise: str) -> Report | None:
    return next((r for r in record.reports if r.exercise == exercise), None)


@pytest.mark.parametrize("attack", GRADED, ids=lambda attack: attack.name)
def test_an_attack_earns_nothing(attack: Attack, graded: Class, place: tuple[str, str]) -> None:
    record, honest = records_of(graded, attack)
    report = report_of(record, attack.exercise)
    if place[0] in attack.claim.held_by:
        assert (report.earned if report else 0) <= attack.earns, report
    assert record.status == ("unreadable" if attack.claim.name == "reading" else "graded")
    after = report_of(honest, "softmax")
    assert after is not None
    assert after.verdict == "passed"
    assert honest.failures == []


def test_the_run_comes_to_its_end(graded: Class) -> None:
    assert graded.status == 0, graded.printed
    assert len(graded.records) == len(graded.rows()) == 2 * len(GRADED)


def test_no_canary_was_touched(graded: Class) -> None:
    assert graded.touched == []


def test_no_canary_and_no_hidden_input_is_in_what_is_written(graded: Class) -> None:
    inputs = Keys(SEED)["softmax"].cases
    numbers = [v for case in inputs for v in case.inputs["x"].flatten().tolist()]
    # In the ways in which attacks of the bank write them down, and as Python does.
    hidden = {repr(v) for v in numbers} | {CANARY}
    for path in graded.out.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not [word for word in hidden if word in text], path
            assert not re.search(r"Inputs[0-9a-f]{9}|f_[0-9a-f]{9}", text), path
    assert CANARY not in graded.printed


def test_pages_show_and_do_not_obey(graded: Class) -> None:
    for path in graded.out.rglob("*.html"):
        text = path.read_text()
        assert len(text) < 600_000
        own = re.findall(r"<script[^>]*>(.*?)</script", text, re.DOTALL)
        assert not [script for script in own if "owned" in script or "alert" in script], path
        assert not re.search(r"<img src=x|<iframe|<svg on", text), path
        assert not set("\x1b\x07\u202e\u2066") & set(text), path
        assert "1337" not in text, path  # {{ 7 * 191 }}
    assert not set("\x1b\x07") & set(graded.printed)
    assert "owned" not in graded.printed


def test_a_table_of_names_is_a_table(graded: Class) -> None:
    lines = (graded.out / "grades.csv").read_text().splitlines()
    assert len(lines) == len(graded.rows()) + 1  # no name makes a second line
    values = [value for row in graded.rows() for value in row.values() if value]
    assert not [value for value in values if value[0] in "=+-@\t|%"]
    assert not [path for path in graded.out.parent.rglob("x.ipynb*") if "grades" in path.parts]
