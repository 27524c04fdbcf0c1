"""Manual grades, late penalties, a look before re-grading, and the formgrader's button."""

import hashlib
import json
import re
import socket
import subprocess
import time
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from tests.nbgrader.conftest import Graded
from tests.nbgrader.course import BIN, CHAPTER, Course
from tests.sample_class.honest import perfect
from tests.sample_class.notebook import solved, with_answer

BETTER, LATE, BY_HAND, UNREADABLE = "01halfdone_1", "03onemistakeineach_3", "00 perfect_0", "33"


@pytest.fixture
def course(graded: Graded, tmp_path: Path) -> Course:
    """A copy of the graded class that a test may change."""
    return graded.course.copy(tmp_path / "course")


def everything(course: Course) -> dict[str, str]:
    """Return a hash of each file of the course."""
    files = (path for path in course.root.rglob("*") if path.is_file() and not path.is_symlink())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def set_by_hand(course: Course, student: str, cell: str, column: str, value: float) -> None:
    """Do to the gradebook what a field of the formgrader does."""
    course.query(
        f"""update grade set {column} = ?, needs_manual_grade = 0 where id in (
            select grade.id from grade join base_cell on base_cell.id = grade.cell_id
            join submitted_notebook on submitted_notebook.id = grade.notebook_id
            join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
            where student_id = ? and base_cell.name = ?)""",
        value, student, cell,
    )  # fmt: skip


def test_grading_again_keeps_what_an_instructor_did(course: Course) -> None:
    broken = next(name for name in course.rows() if name.startswith(UNREADABLE))
    set_by_hand(course, BY_HAND, "softmax-check", "manual_score", 1.5)
    set_by_hand(course, BY_HAND, "perplexity-check", "extra_credit", 0.5)
    for cell in ("softmax", "cross_entropy", "perplexity", "generate_greedy"):
        set_by_hand(course, broken, f"{cell}-check", "manual_score", 2.0)
    course.hand_in(BETTER, json.dumps(perfect()))
    (course.submitted(LATE).parent / "timestamp.txt").write_text("2026-01-02 00:00:00 UTC")
    course.run("nbgrader", "db", "assignment", "add", CHAPTER, "--duedate=2026-01-01 00:00:00 UTC")
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')

    before = everything(course)
    some = [f"--student={name}" for name in (BETTER, LATE, BY_HAND)]
    preview = course.run("autograder", "nbgrader", "preview", CHAPTER, *some)
    assert everything(course) == before
    assert "1 of 3 would change; nothing was written" in preview.stdout
    assert re.search(rf"{BETTER}\s+{CHAPTER}\s+10\s+20", preview.stdout)

    course.run("nbgrader", "autograde", CHAPTER, "--force", "--student=0[013]*")  # these three
    course.run("nbgrader", "export")
    rows = course.rows()
    assert (rows[BETTER]["status"], rows[BETTER]["score"]) == ("graded", "20")
    assert rows[BY_HAND]["status"] == "needs review"
    assert rows[BY_HAND]["score"] == "18"  # 4 became 1.5, and 0.5 came on top
    assert (rows[LATE]["score"], rows[LATE]["raw_score"]) == ("0", "8")
    assert rows[LATE]["late_submission_penalty"] == "8"
    assert (rows[broken]["status"], rows[broken]["score"]) == ("graded", "8")


def test_a_student_who_handed_in_nothing_has_a_row_and_no_zero(course: Course) -> None:
    course.query("insert into student (id) values ('nobody yet')")
    (course.root / "submitted" / "only a PDF" / CHAPTER).mkdir(parents=True)
    course.run("nbgrader", "export", "--to", "other.csv")
    rows = course.rows("other.csv")
    assert (rows["nobody yet"]["status"], rows["nobody yet"]["score"]) == ("not handed in", "")
    assert (rows["only a PDF"]["status"], rows["only a PDF"]["score"]) == ("not graded", "")


def test_without_a_sandbox_nobody_gets_a_grade(course: Course) -> None:
    course.hand_in("new", json.dumps(perfect()))
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + 'c.CourseGrader.seed_file = "nowhere"\n')
    result = course.run("nbgrader", "autograde", CHAPTER, check=False)
    assert result.returncode != 0
    assert "Nothing is graded: the secret seed cannot be read" in result.stderr
    assert not (course.root / "autograded" / "new").exists()
    assert {auto for auto, _, _ in course.scores("new").values()} == {None}


def test_what_lies_beside_a_notebook_is_not_followed(course: Course) -> None:
    secret = course.root.parent / "secret"
    secret.write_text("canary")
    place = course.hand_in("linker", json.dumps(perfect())).parent
    (place / "data.txt").symlink_to(secret)
    (place / "timestamp.txt").write_bytes(b"\xff\xfenever")
    course.run("nbgrader", "autograde", CHAPTER)
    assert course.scores("linker")["softmax-check"][0] == 4
    copied = {path.name for path in (course.root / "autograded" / "linker").rglob("*")}
    assert copied == {CHAPTER, f"{CHAPTER}.ipynb"}
    aside = course.root / "set-aside" / "linker" / CHAPTER
    assert {path.name for path in aside.iterdir()} == {"data.txt", "timestamp.txt"}


def test_the_formgraders_button_grades_in_the_sandbox(course: Course) -> None:
    student = "Ольга Петрова_903"
    wrong = with_answer(solved(CHAPTER), "softmax", "def softmax(x, dim=-1):\n    return x")
    wrong["cells"][1]["source"] = "<script>alert(1)</script> and <b>bold</b>"
    wrong["cells"][1]["cell_type"] = "markdown"
    course.hand_in(student, json.dumps(wrong))
    assert course.scores(student)["softmax-check"][0] == 4
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    extensions = "{'nbgrader.server_extensions.formgrader': True}"
    server = subprocess.Popen(
        [str(BIN / "jupyter-server"), "--allow-root", "--no-browser", f"--port={port}",
         "--ServerApp.port_retries=0", "--IdentityProvider.token=sesame",
         f"--ServerApp.jpserver_extensions={extensions}"],
        cwd=course.root, env=course.environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip

    def ask(path: str, method: str = "GET") -> str:
        headers = {"Authorization": "token sesame"}
        url = f"http://127.0.0.1:{port}/formgrader/{path}"
        with urlopen(Request(url, method=method, headers=headers), timeout=120) as answer:
            return str(answer.read().decode())

    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                ask("api/status")
                break
            except URLError:
                assert time.monotonic() < deadline
                assert server.poll() is None
                time.sleep(0.2)
        answer = json.loads(ask(f"api/submission/{CHAPTER}/{quote(student)}/autograde", "POST"))
        assert answer["success"], answer
        ((identity,),) = course.query(
            """select submitted_notebook.id from submitted_notebook join submitted_assignment
            on submitted_assignment.id = submitted_notebook.assignment_id where student_id = ?""",
            student,
        )
        page = ask(f"submissions/{identity}/")
    finally:
        server.terminate()
        server.wait(timeout=30)
    assert course.scores(student)["softmax-check"][0] == 0
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert not course.kernel_was_started
