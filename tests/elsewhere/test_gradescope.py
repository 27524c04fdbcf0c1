"""The zip for Gradescope, run in a bare folder the way Gradescope runs it."""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.gradescope.results import failure, results
from autograder.gradescope.run import Settings, grade_folder
from autograder.record import Record
from tests.elsewhere.command import autograder
from tests.sample_class.honest import one_mistake_each, perfect
from tests.sample_class.notebook import CHAPTERS, Notebook, solved, write

CHAPTER = CHAPTERS[0]
SEED = "a seed of a class for the tests, and of no other"
SETTINGS = Settings(CHAPTER, "visible", 20.0)
# All that the two scripts may call. There is no bwrap here, as in Gradescope's containers, and no
# apt-get: the tests install nothing on this machine.
PROGRAMS = ("bash", "chmod", "cp", "grep", "mkdir", "rm")

# https://gradescope-autograders.readthedocs.io/en/latest/specs/
TOP = {
    "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format",
    "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format",
    "tags", "visibility", "extra_data",
}  # fmt: skip
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
VISIBILITY = {"visible", "hidden", "after_due_date", "after_published"}


def check_format(tree: dict[str, Any]) -> None:
    assert set(tree) <= TOP
    assert tree.get("visibility", "visible") in VISIBILITY
    assert tree["stdout_visibility"] == "hidden"
    assert tree["output_format"] in FORMATS
    for test in tree.get("tests", ()):
        assert set(test) <= TEST
        assert test["status"] in ("passed", "failed")
        assert test["output_format"] in FORMATS
        assert test["visibility"] in VISIBILITY
        assert 0 <= test["score"] <= test["max_score"]
        assert isinstance(test["output"], str)


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Return a folder that any user may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="gradescope-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def bundle(place: Path) -> Path:
    """Return the zip, made by the command."""
    (place / "secret").write_text(SEED)
    out = place / "a.zip"
    done = autograder("gradescope", CHAPTER, "--seed-file", place / "secret", "--out", out)
    assert done.exit_code == 0, done.output
    assert "20 points" in " ".join(done.output.split())
    return out


class Container:
    """A folder in place of /autograder, and another in place of the image's Python."""

    def __init__(self, place: Path) -> None:
        self.root = place / "autograder"
        self.bin = place / "bin"
        self.environment = {
            "PATH": str(self.bin),
            "AUTOGRADER_ROOT": str(self.root),
            "AUTOGRADER_VENV": str(place / "python"),
            "PIP_NO_INDEX": "1",
        }

    def script(self, name: str) -> str:
        done = subprocess.run(
            [self.bin / "bash", self.root / name],
            cwd=self.root, env=self.environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def grade(self, notebook: Notebook) -> dict[str, Any]:
        write(self.root / "submission" / "mine.ipynb", notebook)
        self.said = self.script("run_autograder")
        tree: dict[str, Any] = json.loads((self.root / "results" / "results.json").read_text())
        check_format(tree)
        return tree


@pytest.fixture(scope="module")
def container(place: Path, bundle: Path) -> Container:
    """Set up the image, with the packages of this environment in place of PyPI's.

    The venv is there before setup.sh looks, and finds torch and the rest by a path file; so pip
    has nothing to download, and installs the two wheels only.
    """
    made = Container(place)
    made.bin.mkdir()
    for name in PROGRAMS:
        made.bin.joinpath(name).symlink_to(shutil.which(name) or f"/bin/{name}")
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(made.root / "source")  # with no modes, as many programs do
    shutil.copy(made.root / "source" / "run_autograder", made.root / "run_autograder")
    python = _open_python()
    made.bin.joinpath("python3").symlink_to(python)
    venv = place / "python"
    subprocess.run([python, "-m", "venv", "--without-pip", venv], check=True, timeout=60)
    (packages,) = venv.glob("lib/python*/site-packages")
    here = {path for path in sys.path if path.endswith("site-packages")}
    packages.joinpath("here.pth").write_text("\n".join(here) + "\n")
    made.script("source/setup.sh")
    return made


def _open_python() -> str:
    """Return a Python like ours that other users may run, as that of an image is."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    for python in (f"/usr/bin/python{version}", os.path.realpath(sys.executable)):
        closed = [p for p in Path(python).parents if not p.stat().st_mode & stat.S_IXOTH]
        if Path(python).exists() and (not closed or os.getuid() != 0):
            return python
    pytest.skip(f"no Python {version} that other users may run: install python{version}-venv")


def test_the_zip_is_its_owners_and_has_the_scripts_at_its_root(bundle: Path) -> None:
    assert bundle.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(bundle) as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        assert archive.read("seed").decode().strip() == SEED
        assert "torch==" in archive.read("constraints.txt").decode()
    assert modes["setup.sh"] & 0o100
    assert modes["run_autograder"] & 0o100


@pytest.mark.slow
def test_a_perfect_and_a_mistaken_notebook(container: Container) -> None:
    tree = container.grade(perfect())
    assert sum(test["score"] for test in tree["tests"]) == SETTINGS.points == 20
    assert {test["status"] for test in tree["tests"]} == {"passed"}
    assert "sandbox: process" in container.said
    assert "without walls" in container.said
    tree = container.grade(one_mistake_each())
    assert sum(test["max_score"] for test in tree["tests"]) == 20
    assert {test["status"] for test in tree["tests"]} == {"failed"}
    assert all(test["extra_data"]["misconception"] for test in tree["tests"])


# Run in the sandbox that the container would use, past the check of what an answer may use.
SPY = """
import json, os, sys

def attempt(action):
    try:
        action()
        return True
    except (OSError, ImportError, ValueError):
        return False

got = []
for name in ("/source", "/source/seed", "/source/packages/autograder/keys.py",
             "/results/results.json", "/submission", "/submission_metadata.json"):
    path = ROOT_FOLDER + name
    if attempt(lambda: os.listdir(path)) or attempt(lambda: open(path).read(1)):
        got.append(path)
    if attempt(lambda: open(path, "a").close()):
        got.append("written " + path)
for entry in sys.path:
    for name in ("gpt2", "autograder"):
        if attempt(lambda: os.listdir(os.path.join(entry, name))):
            got.append(os.path.join(entry, name))
for name in ("gpt2.probability", "autograder.keys"):
    if attempt(lambda: __import__(name)):
        got.append(name)
for pid in (os.getppid(), 1):
    for name in ("environ", "mem", "maps"):
        if attempt(lambda: open(f"/proc/{pid}/{name}", "rb").read(1)):
            got.append(f"/proc/{pid}/{name}")
torch = attempt(lambda: __import__("torch"))
raise Exception(json.dumps({"got": got, "user": os.getuid(), "torch": torch}))
"""
HOST = """
import sys
from autograder.sandbox import Job, open_sandbox
with open_sandbox("process") as sandbox:
    chunk = {"cell": 0, "source": sys.stdin.read()}
    result = sandbox.run(Job((chunk,), "undefined", ({"probe": "spy", "inputs": {}},)))
print(result.outcomes[0]["raised"]["message"])
"""


@pytest.mark.slow
def test_learners_code_reaches_nothing_of_the_grader(container: Container) -> None:
    container.root.joinpath("submission_metadata.json").write_text('{"users": []}')
    container.grade(perfect())
    done = subprocess.run(
        [f"{container.environment['AUTOGRADER_VENV']}/bin/python", "-P", "-c", HOST],
        input=SPY.replace("ROOT_FOLDER", repr(str(container.root))), capture_output=True,
        env={"PYTHONPATH": str(container.root / "source" / "packages"), "OMP_NUM_THREADS": "1"},
        text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["got"] == []
    assert told["torch"]
    assert told["user"] != 0
    # Where the kernel has no Landlock, it is the modes alone that keep others out.
    for path in [container.root / "source", *container.root.joinpath("source").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path
    for name in ("results", "submission", "submission_metadata.json"):
        assert (container.root / name).stat().st_mode & 0o077 == 0


def test_a_grader_that_is_killed_or_broken_leaves_no_score(container: Container) -> None:
    settings = container.root / "source" / "settings.json"
    before = settings.read_text()
    try:
        settings.write_text("{")
        tree = container.grade(perfect())
    finally:
        settings.write_text(before)
    _no_score(tree)
    assert "JSONDecodeError" in container.said
    python = container.environment["AUTOGRADER_VENV"]
    container.environment["AUTOGRADER_VENV"] = "/nowhere"
    try:
        tree = container.grade(perfect())
    finally:
        container.environment["AUTOGRADER_VENV"] = python
    _no_score(tree)


def _no_score(tree: dict[str, Any]) -> None:
    assert tree["extra_data"]["status"] == "grader failed"
    assert "score" not in tree
    assert "tests" not in tree
    assert "not a zero" in tree["output"]


def test_what_cannot_be_read_is_said_to_its_owner(tmp_path: Path) -> None:
    write(tmp_path / "two" / "1.ipynb", perfect())
    write(tmp_path / "two" / "2.ipynb", perfect())
    write(tmp_path / "other" / "1.ipynb", solved(CHAPTERS[1]))
    (tmp_path / "none").mkdir()
    (tmp_path / "pdf").mkdir()
    (tmp_path / "pdf" / "1.ipynb").write_bytes(b"%PDF")
    said = {
        "two": "There are 2 notebooks", "other": CHAPTERS[1], "none": "no notebook",
        "pdf": "not a notebook",
    }  # fmt: skip
    for folder, words in said.items():
        tree = grade_folder(tmp_path / folder, SETTINGS, SEED)
        check_format(tree)
        assert tree["extra_data"]["status"] == "unreadable"
        assert words in tree["output"]
        assert "Not graded" in tree["output"]
        assert tree["tests"][0]["visibility"] == "visible"


def test_the_visibility_is_the_instructors() -> None:
    tree = results(Record("a", "graded", chapter=CHAPTER), 20, "after_due_date")
    assert tree["visibility"] == "after_due_date"
    check_format(failure("the reason"))
    assert "the reason" not in failure("the reason")["output"]
