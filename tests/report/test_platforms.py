"""CSV for Canvas and Moodle: the right student, no formula, no false zero, nothing dropped."""

import csv
import io
from pathlib import Path

import pytest

from autograder.record import Record
from autograder.report.canvas import canvas
from autograder.report.moodle import moodle
from autograder.report.names import canvas_users, labels, moodle_participant
from autograder.report.roster import Roster, RosterError, read_roster
from tests.report.made import of_crowd, record, report
from tests.sample_class.crowd import Made, crowd
from tests.sample_class.notebook import CHAPTERS, exercises

ONE = CHAPTERS[0]
FIRST = exercises(ONE)[0].id
POINTS = exercises(ONE)[0].points
FORMULA = '=HYPERLINK("http://127.0.0.1/","x")'
IDENTITY = ["Student", "ID", "SIS Login ID", "Section"]
HEAD = [*IDENTITY, "Homework (7)", f"{ONE} (8)", "Final Score"]
WORKSHEET = [
    "Identifier", "Full name", "Status", "Grade", "Maximum Grade", "Last modified (grade)",
    "Feedback comments",
]  # fmt: skip


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def passed(name: str) -> Record:
    return record(name, [report(FIRST, "passed")], ONE)


def wrong(name: str) -> Record:
    return record(name, [report(FIRST, "error")], ONE)


def gradebook(*students: list[str]) -> Roster:
    points = ["    Points Possible", "", "", "", "10", str(POINTS), "(read only)"]
    return Roster(list(HEAD), [points, *students])


def student(name: str, number: int, score: str = "") -> list[str]:
    return [name, str(number), f"login{number}", "A", "9", score, "50"]


def worksheet(*rows: tuple[str, str, str, str]) -> Roster:
    return Roster(
        WORKSHEET,
        [[i, name, "Submitted", grade, f"{POINTS}.00", "-", c] for i, name, grade, c in rows],
    )


def moodle_name(name: str, number: int) -> str:
    return f"{name}_{number}_assignsubmission_file_/x.ipynb"


def test_a_whole_class_in_canvas(tmp_path: Path) -> None:
    made = crowd(tmp_path, 60, seed=2, naming="canvas")
    roster = gradebook(*(student(one.student, one.number) for one in made), student("No", 1))
    result = canvas([of_crowd(one) for one in made], roster, ONE)
    assert result.matched.others == []
    rows = {row["ID"]: row for row in table(result.grades)}
    assert list(rows[""]) == [*IDENTITY, f"{ONE} (8)"]
    assert rows[""]["Student"] == "    Points Possible"
    for one in made:
        assert rows[str(one.number)][f"{ONE} (8)"] == str(of_crowd(one).earned)
    assert rows["1"][f"{ONE} (8)"] == ""
    status = {row["ID"]: row["status"] for row in table(result.status)}
    assert status.pop("1") == "no submission"
    assert set(status.values()) == {"graded"}


def test_a_whole_class_in_moodle(tmp_path: Path) -> None:
    made = crowd(tmp_path, 60, seed=2, naming="moodle")
    rows = [(f"Participant {one.number}", one.student, "", "") for one in made]
    result = moodle(
        [of_crowd(one) for one in made], worksheet(*rows, ("Participant 1", "No", "", ""))
    )
    assert result.matched.others == []
    found = {row["Identifier"]: row for row in table(result.grades)}
    for one in made:
        row = found[f"Participant {one.number}"]
        assert row["Grade"] == str(of_crowd(one).earned)
        assert row["Autograder status"] == "graded"
        assert row["Feedback comments"].startswith(f"{of_crowd(one).earned} of ")
    assert found["Participant 1"]["Grade"] == ""
    assert found["Participant 1"]["Autograder status"] == "no submission"


def test_what_has_no_grade_changes_nothing_in_the_gradebook() -> None:
    """An empty cell would erase in Canvas; a zero would be a lie anywhere."""
    names = ["a_11_1_x.ipynb", "b_12_1_x.ipynb", "c_13_1_x.ipynb"]
    records = [
        Record(names[0], "unreadable", reason="It is a PDF."),
        Record(names[1], "grader failed", reason="the sandbox is gone"),
        passed(names[2]),
    ]
    roster = gradebook(student("a", 11, "3"), student("b", 12), student("c", 13, "EX"))
    result = canvas(records, roster, ONE)
    scores = {row["ID"]: row[f"{ONE} (8)"] for row in table(result.grades)}
    assert scores == {"": str(POINTS), "11": "3", "12": "", "13": "EX"}
    assert any("excused" in warning for warning in result.warnings)
    status = {row["ID"]: (row["status"], row["points"]) for row in table(result.status)}
    assert status["11"] == ("unreadable", "")
    assert status["12"] == ("grader failed", "")

    sheet = worksheet(("Participant 1", "a", "", "kept"), ("Participant 2", "b", "2", "kept"))
    records = [Record(moodle_name("a", 1), "unreadable", reason="It is a PDF.")]
    rows = table(moodle(records, sheet).grades)
    assert [row["Grade"] for row in rows] == ["", "2"]
    assert "could not be read" in rows[0]["Feedback comments"]
    assert rows[1]["Feedback comments"] == "kept"


def test_formulas_are_shown_and_numbers_stay_numbers() -> None:
    name = f"{FORMULA.lower().replace('/', '')}_11_1_=x.ipynb"
    result = canvas([passed(name)], gradebook(student(FORMULA, 11, "-1.5")), ONE)
    sheet = moodle(
        [passed(moodle_name(FORMULA.replace("/", ""), 3))],
        worksheet(("Participant 3", FORMULA, "", ""), ("Participant 4", "x", "-2,5", "@SUM(1)")),
    )
    for text in (result.grades, result.status, sheet.grades):
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                assert cell in ("-", "-1.5", "-2,5") or not cell.lstrip().startswith(tuple("=+-@"))
    assert '"11"' in result.grades
    assert table(result.grades)[1][f"{ONE} (8)"] == str(POINTS)
    assert table(sheet.grades)[1]["Grade"] == "-2,5"


def test_nothing_is_dropped_in_silence() -> None:
    records = [
        passed("ada_11_1_x.ipynb"),
        wrong("ada_11_2_x-1.ipynb"),
        passed("eve_99_1_x.ipynb"),
        passed("renamed.ipynb"),
    ]
    result = canvas(records, gradebook(student("ada", 11)), ONE)
    others = {other.record.name: other.why for other in result.matched.others}
    assert set(others) == {"ada_11_2_x-1.ipynb", "eve_99_1_x.ipynb", "renamed.ipynb"}
    assert "ada_11_1_x.ipynb counts" in others["ada_11_2_x-1.ipynb"]
    assert table(result.grades)[1][f"{ONE} (8)"] == str(POINTS)


def test_a_name_that_holds_another_students_number_gives_that_student_nothing() -> None:
    """Canvas drops the dash of "Eve_-11_-5" when it makes the file's name."""
    hostile = wrong("eve_11_5_12_1_x.ipynb")
    assert [user for _, user in canvas_users(hostile.name)] == ["11", "5", "12"]
    roster = gradebook(student("Ada", 11), student("Eve_-11_-5", 12))
    result = canvas([hostile], roster, ONE)
    assert list(result.matched.by_student) == ["12"]
    unsure = canvas([hostile], gradebook(student("Ada", 11), student("Eva", 12)), ONE)
    assert unsure.matched.by_student == {}
    assert "11, 12" in unsure.matched.others[0].why


def test_moodles_names_are_read_as_moodle_writes_them() -> None:
    inside = "Eve_2_assignsubmission_file_/x_3_assignsubmission_file_/y.ipynb"
    assert moodle_participant(f"download/{inside}") == ("Eve", "2")
    assert moodle_participant("Ann Lee_7_assignsubmission_file_my_work.ipynb") == ("Ann Lee", "7")
    assert moodle_participant("Participant_7.ipynb") is None


def test_labels_are_short_and_different() -> None:
    names = [
        moodle_name("Ada", 1),
        "a/ada_11_1_x.ipynb",
        "b/ada_11_2_x.ipynb",
        "y" * 300,
        "\x1b[2J",
    ]
    found = labels(names)
    assert found[names[0]] == "Ada (1)"
    assert len(set(found.values())) == len(names)
    assert all(len(label) < 80 and label.isprintable() for label in found.values())


def test_other_points_in_the_platform_are_warned_about() -> None:
    roster = gradebook(student("ada", 11))
    roster.rows[0][5] = "100"
    assert "100" in canvas([passed("ada_11_1_x.ipynb")], roster, ONE).warnings[0]
    sheet = worksheet(("Participant 1", "a", "", ""))
    sheet.rows[0][4] = "100,00"
    assert "100,00" in moodle([passed(moodle_name("a", 1))], sheet).warnings[0]


def test_the_column_of_the_assignment() -> None:
    records, roster = [passed("ada_11_1_x.ipynb")], gradebook(student("ada", 11))
    assert "Homework (7)" in canvas(records, roster, ONE, "Homework").grades.splitlines()[0]
    assert '"New"' in canvas(records, roster, ONE, "New").grades.splitlines()[0]
    roster.head[4] = f"{ONE} (9)"
    with pytest.raises(RosterError, match="--assignment"):
        canvas(records, roster, ONE)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe\x00", b"a,b\n1,2\n", b"\x00" * 99, b'"a\n' * 9],
    ids=["empty", "not utf-8", "another table", "zeros", "open quotes"],
)
def test_what_is_no_roster_is_refused_with_what_to_do(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(data)
    for make in (lambda roster: canvas([], roster, ONE), lambda roster: moodle([], roster)):
        with pytest.raises(RosterError):
            make(read_roster(path))


def test_an_export_with_semicolons_and_a_mark_in_front(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    lines = [";".join(HEAD), ";".join(student("Weiß, Ada", 11))]
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    result = canvas([passed("weißada_11_1_x.ipynb")], read_roster(path), ONE)
    assert table(result.grades)[0]["Student"] == "Weiß, Ada"
    assert result.matched.others == []


def test_crowds_names_are_those_of_the_platforms(tmp_path: Path) -> None:
    for naming in ("canvas", "moodle"):
        made: list[Made] = crowd(tmp_path / naming, 40, seed=1, naming=naming)  # type: ignore[arg-type]
        assert all((tmp_path / naming / one.name).is_file() for one in made)
