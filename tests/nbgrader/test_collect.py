"""Opening downloads: limits, links, paths; and whose a file is."""

import io
import stat
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExtractorPlugin

from autograder.files import MAX_BYTES
from autograder.nbgrader.collect import LmsCollector, SafeExtractor
from autograder.nbgrader.names import MAX_LENGTH, student_id, who

Members = dict[str, bytes | zipfile.ZipInfo]


def zipped(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def extract(folder: Path, data: bytes, **limits: int) -> list[str]:
    """Extract an archive and return what there is below, files alone."""
    (folder / "archive").mkdir()
    (folder / "extracted").mkdir()
    (folder / "archive" / "all.zip").write_bytes(data)
    SafeExtractor(**limits).extract(str(folder / "archive"), str(folder / "extracted"))
    for path in folder.rglob("*"):
        assert stat.S_IFMT(path.lstat().st_mode) in (stat.S_IFREG, stat.S_IFDIR)
    root = folder / "extracted" / "all.zip"
    assert {path.name for path in folder.iterdir()} == {"archive", "extracted"}
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_paths_stay_below(tmp_path: Path) -> None:
    names = ["../../a.ipynb", "/b.ipynb", "c/../../../d.ipynb", "..\\..\\e.ipynb", "C:\\f.ipynb",
             "....ipynb", "x/ /g.ipynb", "\x1b[2Jh.ipynb"]  # fmt: skip
    found = extract(tmp_path, zipped(dict.fromkeys(names, b"{}")))
    assert len(found) == len(names)
    assert "a.ipynb" in found
    assert all(name.isprintable() for name in found)


def test_a_link_becomes_an_empty_file(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        link = zipfile.ZipInfo("jane.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert extract(tmp_path, data.getvalue()) == ["jane.ipynb"]
    assert (tmp_path / "extracted/all.zip/jane.ipynb").read_bytes() == b""


def test_a_bomb_costs_its_own_file_alone(tmp_path: Path) -> None:
    most = 3 * 2**20
    inner = zipped({"bomb.ipynb": b"0" * (20 * 2**20)})
    data = zipped({"jane/in.zip": inner, "joe/ok.ipynb": b"{}"})
    found = extract(tmp_path, data, max_bytes_inside=most)
    assert found == ["jane/in.zip/bomb.ipynb", "joe/ok.ipynb"]
    written = sum(p.stat().st_size for p in (tmp_path / "extracted").rglob("*") if p.is_file())
    assert written <= most + 100


def test_one_file_is_read_up_to_what_the_grader_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.nbgrader.collect.MAX_BYTES", 1000)
    assert MAX_BYTES > 10**7
    extract(tmp_path, zipped({"jane.ipynb": b"0" * 10**6}))
    assert (tmp_path / "extracted/all.zip/jane.ipynb").stat().st_size == 1001


def test_numbers_of_files_are_limited(tmp_path: Path) -> None:
    inner = zipped({f"{number}.ipynb": b"{}" for number in range(50)})
    found = extract(
        tmp_path, zipped({"jane/many.zip": inner, "joe/a.ipynb": b"{}"}), max_files_inside=5
    )
    assert "joe/a.ipynb" in found
    full = [path for path in (tmp_path / "extracted").rglob("*.ipynb") if path.stat().st_size]
    assert len(full) <= 6


def test_archives_in_archives_are_opened_once(tmp_path: Path) -> None:
    third = zipped({"deep.ipynb": b"{}"})
    second = zipped({"inner.zip": third, "mine.ipynb": b"{}"})
    found = extract(tmp_path, zipped({"jane/mine.zip": second}))
    assert found == ["jane/mine.zip/inner.zip.ipynb", "jane/mine.zip/mine.ipynb"]


def test_damaged_and_locked_members_leave_the_others(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.ipynb": b"{}" * 500, "b.ipynb": b"[]" * 500}))
    at = data.index(b"a.ipynb") + 12
    data[at : at + 4] = b"\xff\xff\xff\xff"
    assert extract(tmp_path, bytes(data)) == ["a.ipynb", "b.ipynb"]
    assert (tmp_path / "extracted/all.zip/b.ipynb").read_bytes() == b"[]" * 500


def test_other_files_are_kept_to_be_called_unreadable(tmp_path: Path) -> None:
    found = extract(tmp_path, zipped({"jane/essay.pdf": b"%PDF", "__MACOSX/x": b"", "a.rar": b""}))
    assert found == ["a.rar.ipynb", "jane/essay.pdf.ipynb"]


def test_the_extractor_is_a_plugin_of_nbgraders() -> None:
    assert issubclass(SafeExtractor, ExtractorPlugin)


@pytest.mark.parametrize(
    ("path", "student", "version"),
    [
        ("s.zip/doejane_12345_678_02-bigrams.ipynb", "doejane_12345", 0),
        ("s.zip/doejane_LATE_12345_678_homework-2.ipynb", "doejane_12345", 2),
        ("s.zip/Jane Doe_123_assignsubmission_file_/a b.ipynb", "Jane Doe_123", 0),
        ("s.zip/Ольга_17_assignsubmission_file_x.ipynb", "Ольга_17", 0),
        ("gradebook_c_hw_jdoe_attempt_2026-11-21-13-05-00_x.ipynb", "jdoe", 0),
        ("s.zip/12-34 - Jane Doe - Nov 21, 2026 105 PM/x.ipynb", "Jane Doe", 0),
        ("jdoe/homework/x.ipynb", "jdoe", 0),
        ("s.zip/jdoe/mine.zip/x.ipynb", "jdoe", 0),
        ("jdoe.ipynb", "jdoe", 0),
        ("jdoe.zip/01-what-is-a-gpt.ipynb", "jdoe", 0),
    ],
)
def test_whose_a_file_is(path: str, student: str, version: int) -> None:
    handed = who(PurePosixPath(path), frozenset({"01-what-is-a-gpt"}))
    assert (handed.student, handed.version) == (student, version)


def test_of_several_files_the_last_notebook_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "downloaded" / "hw" / "extracted" / "all.zip"
    folder.mkdir(parents=True)
    files = {
        "doejane_7_1_hw.ipynb": b"{}",
        "doejane_7_2_hw-1.ipynb": b"{}",
        "doejane_7_3_notes.pdf.ipynb": b"%PDF",
        "doejoe_8_4_notes.pdf.ipynb": b"%PDF",
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    app = ZipCollectApp()
    app.coursedir = CourseDirectory(root=str(tmp_path), assignment_id="hw")
    collector = LmsCollector(parent=app)
    taken = {name: collector.collect(str(folder / name)) for name in files}
    assert [name for name, found in taken.items() if found] == [
        "doejane_7_2_hw-1.ipynb",
        "doejoe_8_4_notes.pdf.ipynb",
    ]
    assert taken["doejane_7_2_hw-1.ipynb"] == {"student_id": "doejane_7", "file_id": "hw.ipynb"}


@settings(deadline=None)  # the machine may be busy
@given(st.text(), st.text())
def test_ids_are_safe_and_stay_different(one: str, other: str) -> None:
    first, second = student_id(one), student_id(other)
    for name in (first, second):
        assert 0 < len(name) <= MAX_LENGTH
        assert len(name.encode()) <= 250
        assert not set(name) & set("/\\\0<>&'\"[]*?{}+=|$`\n")
        assert name[0] not in "-.@ "
        assert student_id(name) == name or len(name) == len(name.strip())
    assert one == other or first != second
