"""The GitHub workflows: valid, and their steps run as a runner would run them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograder.github.summary import markdown, notices
from autograder.notebooks import ROOT
from autograder.record import Record
from tests.elsewhere.command import autograder
from tests.sample_class.honest import half_done, perfect
from tests.sample_class.notebook import CHAPTERS, Notebook, write

CHAPTER = CHAPTERS[0]
BIN = Path(sys.executable).parent
SEED = "a seed of a class for the tests, and of no other"
needs_bubblewrap = pytest.mark.skipif(
    shutil.which("bwrap") is None or shutil.which("git") is None,
    reason="the workflow grades in bubblewrap what git collects: install both",
)


def made(folder: Path, where: str) -> Path:
    done = autograder("github", CHAPTER, "--out", folder, "--where", where)
    assert done.exit_code == 0, done.output
    assert ("can read the seed" in " ".join(done.output.split())) == (where == "each")
    return folder / ".github" / "workflows" / "classroom.yml"


def steps(workflow: Path) -> list[dict[str, Any]]:
    (job,) = yaml.safe_load(workflow.read_text())["jobs"].values()
    return [{"job env": job["env"]} | step for step in job["steps"]]


def test_the_workflows_are_valid_and_name_this_course(tmp_path: Path) -> None:
    workflows = [made(tmp_path / where, where) for where in ("central", "each")]
    checked = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout
    config = yaml.safe_load((ROOT / "_config.yml").read_text())["repository"]
    for workflow in workflows:
        course = next(step for step in steps(workflow) if step["name"] == "Get the course")
        assert config["url"].endswith("/" + course["with"]["repository"])
        for step in steps(workflow):
            # An expression in a script is put there as code; in the environment it is a value.
            assert "${{" not in step.get("run", "")
        assert yaml.safe_load(workflow.read_text())["permissions"] == {"contents": "read"}


def test_a_list_of_repositories_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "repositories.txt").write_text("org/one\n")
    made(tmp_path, "central")
    assert (tmp_path / "repositories.txt").read_text() == "org/one\n"


class Runner:
    """A workspace and an environment as GitHub's runner gives them to a step."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.workspace = folder / "work"
        self.temp = folder / "temp"
        self.summary = folder / "summary.md"
        self.workspace.mkdir()
        self.temp.mkdir()
        (self.workspace / "course").symlink_to(ROOT)  # what a checkout of the course would bring
        self.environment = {
            "PATH": f"{python}/bin:{os.environ['PATH']}",
            "HOME": str(folder),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_SERVER_URL": f"file://{folder}/hub",
            "RUNNER_TEMP": str(self.temp),
            # Nothing is downloaded: what is to be installed is there, see `python` below.
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "0",
        }

    def step(self, step: dict[str, Any], secrets: dict[str, str]) -> str:
        given = step["job env"] | step.get("env", {})
        values = {name: _value(str(text), secrets) for name, text in given.items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.workspace, env=self.environment | values,
            capture_output=True, text=True, timeout=240,
        )  # fmt: skip
        assert done.returncode == 0, f"{step['name']}: {done.stdout}{done.stderr}"
        return done.stdout


def _value(text: str, secrets: dict[str, str]) -> str:
    for name, secret in secrets.items():
        text = text.replace("${{ secrets." + name + " }}", secret)
    assert "${{" not in text
    return text


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a venv that finds this environment's packages, but for what is editable there."""
    venv = tmp_path_factory.mktemp("python") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True, timeout=60)
    (packages,) = venv.glob("lib/python*/site-packages")
    here = {path for path in sys.path if path.endswith("site-packages")}
    packages.joinpath("here.pth").write_text("\n".join(here) + "\n")
    return venv


def repository(hub: Path, name: str, files: dict[str, Notebook | str]) -> None:
    folder = hub / name
    for file, content in files.items():
        if isinstance(content, str):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).symlink_to(content)
        else:
            write(folder / file, content)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "x"]):
        subprocess.run([*git, *words], cwd=folder, check=True, timeout=60)


@pytest.mark.slow
@needs_bubblewrap
def test_the_steps_grade_a_class(tmp_path: Path, python: Path) -> None:
    hub = tmp_path / "hub"
    repository(hub, "org/ada", {f"{CHAPTER}.ipynb": perfect()})
    repository(hub, "org/bea", {"deep/down/" + CHAPTER + " (1).ipynb": half_done()})
    repository(hub, "org/link", {f"{CHAPTER}.ipynb": "/etc/passwd"})
    repository(hub, "org/other", {"another.ipynb": perfect()})
    runner = Runner(tmp_path, python)
    secrets = {"AUTOGRADER_SEED": SEED, "CLASS_TOKEN": "token"}
    workflow = made(runner.workspace, "central")
    names = ["ada", "bea", "link", "other", "gone", "$(touch hacked)", "../../etc"]
    roster = runner.workspace / "repositories.txt"
    roster.write_text(roster.read_text() + "\n".join(f"org/{name}" for name in names))
    said = {step["name"]: runner.step(step, secrets) for step in steps(workflow) if "run" in step}
    assert "does not hold" not in said["Install"]
    assert "3 notebooks, 2 repositories without one" in said["Collect"]
    summary = runner.summary.read_text()
    assert "| ada.ipynb | graded | 20 of 20 |" in summary.replace("\\", "")
    assert "| link.ipynb | unreadable |  |" in summary.replace("\\", "")
    assert "- org/gone" in summary
    assert SEED not in summary + "".join(said.values())
    assert (runner.workspace / "grades" / "grades.csv").exists()
    assert not (runner.workspace / "hacked").exists()
    assert (runner.temp / "seed").stat().st_mode & 0o077 == 0

    # The other workflow, in one student's repository; everything is installed now.
    shutil.rmtree(runner.workspace / "grades")
    shutil.copytree(hub / "org" / "bea", runner.workspace / "submission")
    for step in steps(made(tmp_path / "each", "each")):
        if "run" in step and step["name"] != "Install":
            said[step["name"]] = runner.step(step, secrets)
    assert "::notice title=Autograding complete::Points" in said["Summarise"]
    assert '"maxPoints": 20' in said["Summarise"]


def test_the_summary_is_text_and_no_markup() -> None:
    evil = Record("<img src=x>|[a](b)\n::error::x", "unreadable", reason="`a` | <b>")
    text = markdown([evil], ["org/<b>"])
    assert "<img" not in text
    assert "<b>" not in text
    assert len([line for line in text.splitlines() if line.startswith("| ")]) == 2
    assert notices(evil) == ["::error title=Not graded::`a` | <b>"]
