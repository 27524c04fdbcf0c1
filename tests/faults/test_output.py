"""A folder that is full, closed, taken, or holds what nobody can read."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.classroom import Classroom
from autograder.output import OutputError, claim
from tests.faults.runs import SECRET, Class, one_line, small

# In a mount namespace of its own: grade into a small disk, look, enlarge it, grade again.
IN_A_SMALL_DISK = """
mount -t tmpfs -o size={size},mode=0755 none "$OUT"
{before}
"$@"; echo "first: $?"
for file in "$OUT"/records/.*.json.*; do test -e "$file" && echo "half: $file"; done
for file in "$OUT"/records/*.json; do test -e "$file" && echo "whole: $(tail -c 2 "$file")"; done
{then}
"""


THEN = """
mount -o remount,rw,size=50m "$OUT"
"$@"; echo "second: $?"
cp -r "$OUT"/records "$OUT.copy"
"""


def in_a_small_disk(course: Class, size: str, before: str = "", then: str = "") -> str:
    """Run the script, as root or in a user namespace; skip where neither can mount."""
    namespace = ["unshare", "--mount"] + ([] if os.getuid() == 0 else ["--map-root-user"])
    course.out.mkdir()
    env = os.environ | {"OUT": str(course.out)}
    if shutil.which("unshare") is None:
        pytest.skip("unshare (util-linux) is not installed")
    can = subprocess.run([*namespace, "mount", "-t", "tmpfs", "none", str(course.out)])
    if can.returncode:
        pytest.skip("no file system can be mounted here")
    words = [
        *namespace,
        "sh",
        "-c",
        IN_A_SMALL_DISK.format(size=size, before=before, then=then),
        "sh",
    ]
    ran = subprocess.run(
        [*words, *course.command()], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=300,
    )  # fmt: skip
    return ran.stdout


def test_a_disk_that_becomes_full(course: Class) -> None:
    for each in range(8):
        course.add(f"{each}", small())
    said = in_a_small_disk(course, "24k", then=THEN)  # pages of 4 kB: the lock, and a few records
    first, second = one_line(said).split("first: 1")
    assert "No space left on device" in first, said
    assert "Make room there" in first
    assert "of 8 are done and kept. Run the same command again" in first
    assert "Traceback" not in said
    assert "half:" not in second
    assert second.count("whole: }") >= 1
    assert "second: 0" in second
    assert "from an earlier run" in second
    assert len(list((course.folder / "grades.copy").glob("*.json"))) == 8


def test_a_disk_that_is_full_before(course: Class) -> None:
    course.add("one", small())
    said = in_a_small_disk(course, "8k", 'head -c 8000 /dev/zero > "$OUT/full"')
    first, _ = one_line(said).split("first: 1")
    assert "No space left on device" in first, said
    assert "grading ━" not in first


def test_a_folder_that_cannot_be_written_to(course: Class) -> None:
    course.add("one", small())
    said = in_a_small_disk(course, "1m", 'mount -o remount,ro "$OUT"')
    first, _ = one_line(said).split("first: 1")
    assert "cannot be written to (Read-only file system)" in first, said
    assert "--out" in first
    assert "grading ━" not in first  # at once, and not after half an hour


def test_a_file_where_the_folder_should_be(course: Class) -> None:
    course.add("one", small())
    course.out.mkdir()
    (course.out / "records").write_text("mine")
    result = course.run()
    assert result.returncode == 1
    assert "cannot be written to (Not a directory)" in one_line(result.stderr)
    assert "Traceback" not in result.stderr


def test_two_graders_at_one_folder(course: Class) -> None:
    course.add("one", small())
    with claim(course.out):
        second = course.run()
        assert second.returncode == 1
        said = one_line(second.stderr)
        assert f"another run is writing to {course.out} (process {os.getpid()} on" in said
        assert "--shard" in said
        with pytest.raises(OutputError), claim(course.out, shared=True):
            pass
    assert not course.saved()
    with claim(course.out, shared=True), claim(course.out, shared=True):  # two shards
        whole = claim(course.out)
        with pytest.raises(OutputError):
            whole.__enter__()
    with claim(course.out):  # the lock goes with who held it
        pass


def test_records_that_are_damaged_are_made_anew(course: Class) -> None:
    damages: dict[str, Callable[[Path], object]] = {
        "half": lambda path: path.write_text(path.read_text()[:700]),
        "empty": lambda path: path.write_text(""),
        "noise": lambda path: path.write_bytes(bytes(range(256)) * 20),
        "deep": lambda path: path.write_text("[" * 200_000),
        "a list": lambda path: path.write_text("[1, 2]"),
        "of another": lambda path: path.write_text(room.record_path("whole").read_text()),
        "gone": lambda path: path.unlink(),
    }
    names = ["whole", *damages]
    notebooks = [(name, course.add(name, small())) for name in names]
    room = Classroom(course.out, SECRET, workers=1)
    assert [earlier for _, earlier in room.grade(notebooks)] == [False] * len(names)
    before = room.record_path("whole").read_bytes()
    for name, damage in damages.items():
        damage(room.record_path(name))
    again = {record.name: earlier for record, earlier in room.grade(notebooks)}
    assert again == {name: name == "whole" for name in names}
    assert room.record_path("whole").read_bytes() == before
    assert {record["earned"] for record in course.saved().values()} == {4}
    assert set(course.saved()) == set(names)
