"""The bank, run on each level as each user, once for the whole run of the tests."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from autograder.record import Record
from autograder.sandbox import bubblewrap
from autograder.saved import read_saved
from tests.hostile.bank import Attack, alone, attacks
from tests.hostile.planted import CANARY, SECRET_ENV, Planted, open_folder
from tests.hostile.users import ORDINARY, as_user, why_not
from tests.hostile.walls import HONEST, SEED
from tests.sample_class.notebook import write

ROOT = Path(__file__).resolve().parents[2]
AUTOGRADER = str(Path(sys.executable).with_name("autograder"))
USERS = {"root": None, "ordinary": ORDINARY}
PLACES = list(product(("bubblewrap", "process"), USERS))
ME = "ordinary" if os.getuid() else "root"
# The command stops most attacks before they run, so one run of it shows what there is to see.
PLACES_OF_THE_CLASS = [("bubblewrap", "root")]


@dataclass(frozen=True)
class Walls:
    """What `tests.hostile.walls` found, with every attack really run."""

    results: dict[str, dict[str, Any]]
    out: Path


@dataclass(frozen=True)
class Class:
    """What `autograder grade` made of the bank, as an instructor would call it."""

    records: dict[str, Record]
    touched: list[str]
    printed: str
    status: int
    out: Path

    def rows(self) -> list[dict[str, str]]:
        """Return the rows of grades.csv."""
        with (self.out / "grades.csv").open(newline="") as file:
            return list(csv.DictReader(file))


def folder_of(attack: Attack) -> str:
    """Name the folder in which an attack lies, with an honest submission behind it."""
    return attack.stem


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG")}
    return kept | {SECRET_ENV: CANARY, "HOME": str(home), "OMP_NUM_THREADS": "1"}


def _run(command: list[str], user: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    for place in (folder, *folder.rglob("*")):
        if os.getuid() == 0 and USERS[user] is not None:
            os.chown(place, ORDINARY, ORDINARY, follow_symlinks=False)
    return subprocess.run(
        as_user(command, USERS[user]),
        cwd=ROOT,
        env=_environment(folder),
        capture_output=True,
        timeout=900,
        check=False,
    )


def _walls(level: str, user: str) -> Walls:
    out = open_folder()
    command = [sys.executable, "-m", "tests.hostile.walls", level, str(out)]
    done = _run(command + ["--mine"] * (user == ME), user, out)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return Walls(json.loads((out / "walls.json").read_text())["results"], out)


def _class(level: str, user: str) -> Class:
    folder = open_folder()
    with Planted(open_folder()) as planted:
        planted.start_victim(ORDINARY)
        (folder / "walls.json").write_text(CANARY)
        for attack in attacks():
            if not attack.endless:
                here = folder / "class" / folder_of(attack)
                here.mkdir(parents=True)
                attack.hand_in(here, planted.head())
                write(here / "~ honest.ipynb", alone("softmax", HONEST, head=planted.head()))
        seed = folder / "seed"
        seed.write_text(SEED)
        out = folder / "grades"
        command = [AUTOGRADER, "grade", str(folder / "class"), "--seed-file", str(seed)]
        command += ["--out", str(out), "--sandbox", level, "--seconds", "2", "--workers", "1"]
        done = _run(command, user, folder)
        touched = planted.touched()
    saved = [read_saved(path).record for path in (out / "records").glob("*.json")]
    return Class(
        {record.name: record for record in saved},
        touched,
        (done.stdout + done.stderr).decode(errors="replace"),
        done.returncode,
        out,
    )


def _wanted(session: pytest.Session) -> list[tuple[str, str, str]]:
    """Return the runs that the chosen tests look at."""
    wanted: dict[tuple[str, str, str], None] = {}
    for item in session.items:
        here = Path(__file__).parent in item.path.parents
        if here and isinstance(item, pytest.Function) and "place" in item.fixturenames:
            what = "walls" if "walls" in item.fixturenames else "class"
            wanted[what, *item.callspec.params["place"]] = None
    return sorted(wanted, reverse=True)


@pytest.fixture(scope="session")
def runs(request: pytest.FixtureRequest) -> Iterator[Callable[[str, str, str], Any]]:
    """Start every run, two at a time; return what gives the result of one."""
    missing = {user: why_not(number) for user, number in USERS.items()}
    no_walls = bubblewrap.why_unavailable()
    futures: dict[tuple[str, str, str], Future[Any]] = {}
    with ThreadPoolExecutor(2) as pool:
        for what, level, user in _wanted(request.session):
            if missing[user] is None and not (level == "bubblewrap" and no_walls):
                run = _walls if what == "walls" else _class
                futures[what, level, user] = pool.submit(run, level, user)

        def result(what: str, level: str, user: str) -> Any:
            if level == "bubblewrap" and no_walls:
                pytest.skip(f"no bubblewrap here: {no_walls.splitlines()[0]}")
            if missing[user] is not None:
                pytest.skip(f"as {user}: {missing[user]}")
            return futures[what, level, user].result()

        yield result
    for future in futures.values():
        if not future.exception():
            folder = future.result().out
            shutil.rmtree(folder if (folder / "walls.json").exists() else folder.parent)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of attacks that are not run in a place."""
    left_out = []
    for item in items:
        values = item.callspec.params if hasattr(item, "callspec") else {}
        if {"attack", "place"} <= values.keys() and "walls" in item.fixturenames:  # type: ignore[attr-defined]
            level, user = values["place"]
            if not values["attack"].runs_in(level, mine=user == ME):
                left_out.append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test in each place: a level and a user."""
    if "walls" in metafunc.fixturenames:
        metafunc.parametrize("place", PLACES, ids=" as ".join)
    elif "graded" in metafunc.fixturenames:
        metafunc.parametrize("place", PLACES_OF_THE_CLASS, ids=" as ".join)


@pytest.fixture
def walls(runs: Callable[[str, str, str], Any], place: tuple[str, str]) -> Walls:
    found: Walls = runs("walls", *place)
    return found


@pytest.fixture
def graded(runs: Callable[[str, str, str], Any], place: tuple[str, str]) -> Class:
    found: Class = runs("class", *place)
    return found
