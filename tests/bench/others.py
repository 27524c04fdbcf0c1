"""Stock nbgrader and otter-grader on the same notebook, as each comes: what a submission costs."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

from tests.bench.measure import run
from tests.sample_class.honest import perfect
from tests.sample_class.notebook import exercises, write

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "bench"
c.ClearSolutions.enforce_metadata = False
c.Execute.timeout = 300
"""
# One test for each exercise, which asks what the notebook's own cell asks.
TEST = """OK_FORMAT = True
test = {{"name": {name!r}, "points": 1, "suites": [{{"scored": True, "setup": "", "teardown": "",
    "type": "doctest", "cases": [{{"code": ">>> bool(check({name}))\\nTrue", "hidden": False,
    "locked": False}}]}}]}}
"""


def nbgrader(folder: Path, chapter: str, count: int) -> float:
    """Return seconds a submission of one `nbgrader autograde` over a class, its start included."""
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(CONFIG)
    write(folder / "source" / "bench" / "chapter.ipynb", perfect(chapter))
    run("nbgrader", "generate_assignment", "bench", cwd=folder)
    released = folder / "release" / "bench" / "chapter.ipynb"
    for number in range(count):
        handed_in = folder / "submitted" / f"student{number}" / "bench" / "chapter.ipynb"
        handed_in.parent.mkdir(parents=True)
        shutil.copy(released, handed_in)
    return run("nbgrader", "autograde", "bench", cwd=folder).seconds / count


def otter(folder: Path, chapter: str, count: int, cores: int) -> float:
    """Return seconds a submission of `otter run`: a command each, as many at a time as cores.

    `otter grade` would run the same in a container for each, which costs more.
    """
    (folder / "tests").mkdir(parents=True)
    for exercise in exercises(chapter):
        (folder / "tests" / f"{exercise.id}.py").write_text(TEST.format(name=exercise.id))
    run("otter", "generate", "-t", "tests", "--no-environment", "-o", "tests.zip", cwd=folder)

    def grade(number: int) -> None:
        here = folder / str(number)
        here.mkdir()
        write(here / "chapter.ipynb", perfect(chapter))
        run("otter", "run", "-a", "../tests.zip", "-o", ".", "chapter.ipynb", cwd=here)
        tests = json.loads((here / "results.json").read_text())["tests"]
        earned = sum(test.get("score", 0) for test in tests)
        if earned != len(exercises(chapter)):
            raise SystemExit(f"otter gave {earned} points: {tests}")

    start = perf_counter()
    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(grade, range(count)))
    return (perf_counter() - start) / count
