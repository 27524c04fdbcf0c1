"""What a picture's module is made of, and the data that it asks for when the reader does."""

import pytest

from gptcourse.widgets import picture as module
from gptcourse.widgets.picture import Picture, bundle


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "HERE", tmp_path)
    (tmp_path / "picture.js").write_text("export const h = 1;\n")
    (tmp_path / "one.js").write_text(
        'import { h } from "./picture.js";\nexport async function one() {}\nexport class One {}\n'
    )
    return tmp_path


def test_each_shared_module_is_written_in_once_and_before_its_use(folder):
    (folder / "own.js").write_text(
        'import {\n  one,\n} from "./one.js";\nimport { h } from "./picture.js";\n'
        "export default { render };\n"
    )
    lines = [line for line in bundle("own").splitlines() if line]
    assert lines == [
        "const h = 1;",
        "async function one() {}",
        "class One {}",
        "export default { render };",
    ]


def test_modules_may_import_each_other(folder):
    (folder / "one.js").write_text('import { two } from "./two.js";\nexport const one = 1;\n')
    (folder / "two.js").write_text('import { one } from "./one.js";\nexport const two = 2;\n')
    (folder / "own.js").write_text('import { one } from "./one.js";\n')
    assert bundle("own").split() == ["const", "two", "=", "2;", "const", "one", "=", "1;"]


def test_a_picture_that_imports_nothing_stays_alone(folder):
    (folder / "own.js").write_text("export default {};\n")
    assert bundle("own") == "export default {};\n"


def test_an_import_keeps_its_name(folder):
    (folder / "own.js").write_text('import { one as first } from "./one.js";\n')
    with pytest.raises(ValueError, match=r"own\.js imports from one\.js under another name"):
        bundle("own")


class Large(Picture):
    """A picture with an asset."""

    assets = {"merges": "data/gpt2/vocab.bpe"}  # noqa: RUF012


def test_python_answers_a_request_for_an_asset_and_no_other(monkeypatch):
    sent = []
    picture = Large()
    monkeypatch.setattr(picture, "send", lambda *message: sent.append(message))
    for content in ({"asset": "merges"}, {"asset": "../x"}, {"other": 1}):
        picture._handle_custom_msg(content, [])
    ((content, (buffer,)),) = sent
    assert content == {"asset": "merges"}
    assert buffer.startswith(b"#version: 0.2\n")
    assert len(buffer) == 456_318
    assert "merges" not in picture.state()
