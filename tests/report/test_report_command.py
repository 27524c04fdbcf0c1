"""`autograder report` after a real run: the same reports again, and the platforms' tables."""

import csv
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.record import Record
from autograder.report.summary import summarise
from autograder.report.write import read_records, write_feedback
from tests.sample_class.crowd import RIGHT, STUB, Made, crowd
from tests.sample_class.notebook import CHAPTERS

COUNT = 8

pytestmark = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")


def autograder(*arguments: object, code: int = 0) -> Result:
    """Run the command in this process: torch is imported already."""
    done = CliRunner().invoke(main, [*map(str, arguments)], env={"COLUMNS": "200"})
    assert done.exit_code == code, done.output
    return done


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Made]]:
    folder = tmp_path_factory.mktemp("class")
    made = crowd(folder / "in", COUNT, seed=11, naming="canvas")
    (folder / "in" / "notes_40900_1_x.ipynb").write_text("%PDF")
    autograder("seed", folder / "secret")
    autograder(
        "grade", folder / "in", "--seed-file", folder / "secret", "--out", folder / "out",
        "--workers", 1,
    )  # fmt: skip
    return folder / "out", made


@pytest.fixture
def out(graded: tuple[Path, list[Made]], tmp_path: Path) -> Path:
    return Path(shutil.copytree(graded[0], tmp_path / "out"))


def files(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.suffix in (".html", ".csv")
    }


def test_a_real_run_counts_the_mistakes_that_were_planted(
    graded: tuple[Path, list[Made]],
) -> None:
    out, made = graded
    records, problems = read_records(out)
    assert problems == []
    planted = Counter(
        (exercise, answer)
        for one in made
        for exercise, answer in one.answers.items()
        if answer not in (RIGHT, STUB)
    )
    assert planted
    (chapter,) = summarise(records).chapters
    assert Counter({(m.exercise, m.name): len(m.records) for m in chapter.mistakes}) == planted
    stubs = Counter(e for one in made for e, answer in one.answers.items() if answer == STUB)
    assert {e.id: e.untried for e in chapter.exercises} == {
        e.id: stubs[e.id] for e in chapter.exercises
    }


def test_the_same_again_from_the_records_alone(out: Path) -> None:
    before = files(out)
    assert len(before) == COUNT + 1 + 2
    for name in before:
        (out / name).unlink()
    done = autograder("report", out)
    assert f"{COUNT + 1} submissions" in done.stdout
    assert files(out) == before


def test_a_failure_is_in_the_report_that_is_made_again(out: Path) -> None:
    write_feedback(out, Record("gone.ipynb", "grader failed", reason="the sandbox is gone"))
    autograder("report", out)
    assert "the grader failed" in (out / "index.html").read_text()
    assert '"gone.ipynb","","grader failed","",""' in (out / "grades.csv").read_text()


def test_a_record_that_cannot_be_read_is_named_and_the_rest_is_made(out: Path) -> None:
    one, two = sorted((out / "records").iterdir())[:2]
    one.write_text(one.read_text()[:500])
    tree = json.loads(two.read_text())
    two.write_text(json.dumps(tree | {"format": 1}))
    done = autograder("report", out, code=3)
    assert one.name in done.stderr
    assert two.name in done.stderr
    assert f"{COUNT - 1} submissions" in done.stdout
    assert (out / "index.html").exists()


def test_grades_for_canvas_and_the_submissions_of_nobody(
    out: Path, graded: tuple[Path, list[Made]], tmp_path: Path
) -> None:
    *known, unknown = graded[1]
    roster = tmp_path / "roster.csv"
    lines = [["Student", "ID", "SIS Login ID", "Section", "What is a GPT (5)"]]
    lines += [["    Points Possible", "", "", "", "20"]]
    lines += [[one.student, str(one.number), "", "A", ""] for one in known]
    with roster.open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    done = autograder("report", out, "--csv", "canvas", "--roster", roster)
    assert unknown.name in done.stderr
    with (out / "canvas.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["ID"] for row in rows] == ["", *(str(one.number) for one in known)]
    points = {record.name: str(record.earned) for record in read_records(out)[0]}
    assert [row["What is a GPT (5)"] for row in rows[1:]] == [points[one.name] for one in known]
    with (out / "unmatched.csv").open(newline="") as file:
        names = {row["submission"] for row in csv.DictReader(file)}
    assert names == {unknown.name, "notes_40900_1_x.ipynb"}


def test_wrong_calls_say_what_to_do(out: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("a,b\n1,2\n")
    done = autograder("report", out, "--csv", "moodle", "--roster", roster, code=1)
    assert "Download grading worksheet" in done.stderr
    assert "--roster" in autograder("report", out, "--csv", "canvas", code=1).stderr
    assert "grade --out" in autograder("report", tmp_path / "out" / "feedback", code=1).stderr
    done = autograder(
        "report", out, "--csv", "canvas", "--roster", roster, "--chapter", "x", code=1
    )
    assert CHAPTERS[0] in done.stderr
