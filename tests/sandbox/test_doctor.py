"""The doctor finds the layers whole where they are, and open where they are not."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from conftest import opened

from autograder.sandbox import bubblewrap, doctor


def test_every_layer_of_bubblewrap_holds() -> None:
    opened("bubblewrap").close()
    layers = doctor.examine("bubblewrap")
    assert len(layers) == 15
    assert [layer for layer in layers if not layer.held] == []


def test_process_has_no_walls_and_the_doctor_says_so() -> None:
    layers = {layer.name: layer for layer in doctor.examine("process")}
    assert not layers["sees other processes"].held
    assert layers["loops without end"].held


def test_trials_succeed_where_there_is_no_sandbox() -> None:
    """A trial that cannot succeed anywhere would find every layer whole."""
    open_there = {
        "connects to a listener on this machine",
        "reads this machine's files",
        "writes outside its own folder",
        "sees other processes",
        "signals other processes",
        "starts another program",
    }
    with doctor._bait() as (port, folder):
        {"PORT": str(port), "PID": "1", "FOLDER": repr(str(folder))}
        for trial in doctor._TRIALS:
            if trial.name in open_there:
                code = doctor._program(
                    trial, {"PORT": str(port), "PID": "1", "FOLDER": repr(str(folder))}
                )
                ran = subprocess.run(
                    [sys.executable, "-c", textwrap.dedent(code)],
                    capture_output=True,
                    text=True,
                    timeout=20,
                    check=False,
                )
                said = ran.stderr.strip().splitlines()[-1]
                assert said.startswith("Exception: ["), (trial.name, said)
                assert said != "Exception: []", trial.name


def test_missing_bubblewrap_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt install bubblewrap" in (bubblewrap.why_unavailable() or "")
    layers = doctor.examine("bubblewrap")
    assert [layer.held for layer in layers] == [False]


def test_refused_namespace_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A program in bwrap's place that fails with its words."""
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert "namespace" in (bubblewrap.why_unavailable() or "")
