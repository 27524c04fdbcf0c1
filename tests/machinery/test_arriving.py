"""Notebooks as they really arrive are graded as their writers meant, and what was done is said."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.grade import grade_submission
from autograder.keys import Keys
from autograder.sandbox import Limits, Sandbox, open_sandbox
from tests.sample_class.arriving import FORMS

pytestmark = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox("bubblewrap", Limits()) as opened:
        yield opened


@pytest.fixture(scope="module")
def keys() -> Keys:
    return Keys("a seed of the tests")


@pytest.mark.parametrize("name", sorted(FORMS))
def test_it_is_graded_as_it_was_meant(
    tmp_path: Path, sandbox: Sandbox, keys: Keys, name: str
) -> None:
    form = FORMS[name]
    path = tmp_path / f"Übung 1 – 学生, {name.replace('/', '∕')}.ipynb"
    path.write_bytes(form.make())
    record = grade_submission(path, path.name, keys, sandbox)
    assert record.status == "graded", record.reason
    softmax, *others = record.reports
    assert softmax.verdict == form.verdict, (softmax, record.repairs, record.failures)
    found = {report.verdict for report in others}
    assert found in ({"passed"}, {"missing"}), record
    message = softmax.message
    told = [*record.repairs, message.text if message else ""]
    if form.said:
        assert any(form.said in sentence for sentence in told), told
    else:
        assert record.repairs == []
