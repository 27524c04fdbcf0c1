"""A grade made again is the same grade, and where it is not, the command says in what."""

import json
import shutil
from pathlib import Path

import pytest

from autograder.replay import CannotReplay, Replay, replay
from tests.elsewhere.command import autograder
from tests.sample_class.honest import one_mistake_each, perfect
from tests.sample_class.notebook import write

SEED = "a seed of a class for the tests, and of no other"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a class, its grades and its seed."""
    folder = tmp_path_factory.mktemp("replay")
    (folder / "seed").write_text(SEED)
    write(folder / "class" / "perfect.ipynb", perfect())
    write(folder / "class" / "mistakes [red].ipynb", one_mistake_each())
    (folder / "class" / "broken.ipynb").write_text("no")
    done = autograder(
        "grade", folder / "class", "--seed-file", folder / "seed", "--out", folder / "grades",
        "--sandbox", "process", "--seconds", "5", "--workers", "1",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def place(graded: Path, tmp_path: Path) -> Path:
    """Return a copy of the grades to spoil, beside the seed."""
    shutil.copytree(graded, tmp_path / "copy")
    return tmp_path / "copy"


def records(place: Path) -> dict[str, Path]:
    found = {}
    for path in (place / "grades" / "records").glob("*.json"):
        found[json.loads(path.read_text())["record"]["name"].split(".")[0].split()[0]] = path
    return found


def everything(folder: Path) -> dict[Path, tuple[int, bytes]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def test_a_folder_of_records_is_the_same_and_nothing_is_written(graded: Path) -> None:
    before = everything(graded)
    done = autograder("replay", graded / "grades", "--seed-file", graded / "seed")
    assert done.exit_code == 0, done.output
    assert "3 the same, 0 different" in done.output
    assert everything(graded) == before


def test_what_differs_is_shown_and_what_cannot_be_replayed_costs_nothing(place: Path) -> None:
    path = records(place)["mistakes"]
    tree = json.loads(path.read_text())
    tree["record"]["reports"][0]["groups"][0]["passed"] ^= True
    tree["made_with"]["torch"] = "1.0"
    path.write_text(json.dumps(tree))
    broken = records(place)["broken"]
    broken.write_text("{")
    done = autograder("replay", place / "grades", "--seed-file", place / "seed")
    assert done.exit_code == 2, done.output
    assert "mistakes [red].ipynb" in done.output
    assert "torch: 1.0, now" in done.output
    assert "differs" in done.output
    assert "1 the same, 1 different" in done.output
    assert broken.name in done.output.replace("\n", "")
    broken.unlink()
    path.replace(place / "one.json")
    done = autograder("replay", place / "one.json", "--seed-file", place / "seed")
    assert done.exit_code == 1, done.output
    assert "same" in done.output  # of one record, what did not change is shown too


def refused(place: Path, name: str, seed: str = SEED, notebook: Path | None = None) -> str:
    (one,) = replay([records(place)[name]], seed, notebook)
    assert isinstance(one, CannotReplay)
    return str(one)


def test_another_seed_or_another_file_is_refused(place: Path) -> None:
    assert "Give the seed file of that class" in refused(
        place, "perfect", "another seed of a class"
    )
    other = place / "class" / "broken.ipynb"
    said = refused(place, "perfect", notebook=other)
    assert "is not the file that was graded" in said
    assert str(other) in said


def test_a_notebook_that_was_moved_can_be_named_and_seconds_are_not_compared(
    place: Path, tmp_path: Path
) -> None:
    path = records(place)["perfect"]
    tree = json.loads(path.read_text())
    tree["record"]["seconds"] = 99.0
    tree["notebook"] = str(tmp_path / "nowhere.ipynb")
    path.write_text(json.dumps(tree))
    assert "--notebook" in refused(place, "perfect")
    (one,) = replay([path], SEED, place / "class" / "perfect.ipynb")
    assert isinstance(one, Replay)
    assert one.same


@pytest.mark.parametrize("text", ["{}", "", '{"format": 1}', "[]", '{"format": 2, "record": 3}'])
def test_what_is_no_record_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    (one,) = replay([tmp_path / "x.json"], SEED)
    assert isinstance(one, CannotReplay)
    assert "x.json" in str(one)


def test_wrong_calls(place: Path) -> None:
    seed = ("--seed-file", place / "seed")
    assert autograder("replay", place / "nowhere", *seed).exit_code == 2
    (place / "empty").mkdir()
    done = autograder("replay", place / "empty", *seed)
    assert done.exit_code == 2
    assert "no records" in done.output
    both = autograder("replay", place / "grades", *seed, "--notebook", place / "seed")
    assert both.exit_code == 2
    assert "one record" in both.output
