"""The build command: when it forgets cached outputs, and what it takes out."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from .visit import ROOT


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the build command as a module, over a small tree of its own."""
    spec = importlib.util.spec_from_file_location("site_build", ROOT / "book/_ext/build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "gpt2").mkdir()
    (tmp_path / "gpt2" / "bigrams.py").write_text("V = 27\n")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "IMPORTED", (tmp_path / "gpt2",))
    return module


def test_cached_outputs_go_when_imported_code_changes(command: ModuleType, tmp_path: Path) -> None:
    """Same code: the cache stays. Other code, a new file: it goes."""
    out = tmp_path / "_build"
    cache = out / ".jupyter_cache"

    def survives() -> bool:
        cache.mkdir(parents=True, exist_ok=True)
        command.forget_stale_outputs(out)
        return cache.exists()

    assert not survives()
    assert survives()
    (tmp_path / "gpt2" / "bigrams.py").write_text("V = 28\n")
    assert not survives()
    assert survives()
    (tmp_path / "gpt2" / "tables.py").write_text("")
    assert not survives()


def test_unused_icons_go(command: ModuleType, tmp_path: Path) -> None:
    """The heavy script is emptied, rules of icons that are named stay, and no other rule goes."""
    scripts, styles = tmp_path / "_static" / "scripts", tmp_path / "_static" / "styles"
    for folder in (scripts, styles):
        folder.mkdir(parents=True)
    (tmp_path / "index.html").write_text('<i class="fa-solid fa-list"></i>')
    (scripts / "theme.js").write_text('icon("fa-xmark")')
    (scripts / "fontawesome.js").write_text("x" * 100_000)
    rules = [
        '.fa-list:before{content:"\\f03a"}',
        '.fa-zebra:before,.fa-horse:before{content:"\\f000"}',
        '.fa-times:before,.fa-xmark:before{content:"\\f00d"}',
        ".fa-lg{font-size:1.25em}",
    ]
    style = styles / "pydata-sphinx-theme.css"
    style.write_text("".join(rules))
    command.lighten(tmp_path)
    assert (scripts / "fontawesome.js").stat().st_size < 200
    assert style.read_text() == rules[0] + rules[2] + rules[3]


@pytest.mark.parametrize("gone", ["scripts/fontawesome.js", "styles/pydata-sphinx-theme.css"])
def test_a_moved_file_of_the_theme_is_missed(
    command: ModuleType, tmp_path: Path, gone: str
) -> None:
    """If a new theme names them otherwise, the build says so."""
    for name in {"scripts/fontawesome.js", "styles/pydata-sphinx-theme.css"} - {gone}:
        (tmp_path / "_static" / name).parent.mkdir(parents=True)
        (tmp_path / "_static" / name).write_text("")
    with pytest.raises(FileNotFoundError, match=Path(gone).name):
        command.lighten(tmp_path)


def test_the_site_keeps_the_icons_script_empty(site: Path) -> None:
    """The built site has no heavy script, and none of Thebe."""
    assert (site / "_static" / "scripts" / "fontawesome.js").stat().st_size < 200
    assert "thebe" not in (site / "index.html").read_text(encoding="utf-8").lower()
