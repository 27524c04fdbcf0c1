"""Makes the zip that an instructor uploads to Gradescope."""

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import asdict
from importlib.metadata import requires
from importlib.resources import files
from pathlib import Path

from autograder.gradescope.results import failure
from autograder.gradescope.run import Settings
from autograder.notebooks import ROOT

__all__ = ["NoBundle", "make_bundle"]

_SCRIPTS = ("setup.sh", "run_autograder")
_TIME = (1980, 1, 1, 0, 0, 0)  # the same zip for the same content


class NoBundle(Exception):
    """The zip cannot be made; the message says what to do."""


def make_bundle(out: Path, settings: Settings, seed: str) -> list[str]:
    """Write the zip, readable by its owner alone, and return the names of what is in it.

    Raises NoBundle where wheels cannot be made, and OSError where the file cannot be written.
    """
    content = {name: _script(name) for name in _SCRIPTS}
    content["settings.json"] = json.dumps(asdict(settings), indent=1).encode()
    content["failed.json"] = json.dumps(failure("it was killed"), indent=1).encode()
    content["seed"] = seed.encode() + b"\n"
    content["constraints.txt"] = (ROOT / "constraints.txt").read_bytes()
    content["requirements.txt"] = "\n".join(_requirements()).encode() + b"\n"
    with tempfile.TemporaryDirectory() as folder:
        for project in (ROOT / "exercises", ROOT):
            wheel = _wheel(project, Path(folder, project.name))
            content[f"wheels/{wheel.name}"] = wheel.read_bytes()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.touch(mode=0o600)
    out.chmod(0o600)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100700 if name in _SCRIPTS else 0o100600) << 16
            archive.writestr(entry, data)
    return list(content)


def _script(name: str) -> bytes:
    return files("autograder.gradescope").joinpath("container", name).read_bytes()


def _requirements() -> list[str]:
    """Return what both projects need from PyPI, without extras and without each other."""
    needed = [*(requires("gptcourse") or ()), *(requires("gpt2-from-scratch") or ())]
    plain = [one for one in needed if "extra ==" not in one]
    return sorted({one for one in plain if not re.match(r"gptcourse\b", one)})


def _wheel(project: Path, out: Path) -> Path:
    if not (project / "pyproject.toml").exists():
        raise NoBundle("Run this in a checkout of the course: the zip is made from its sources.")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    done = subprocess.run(
        [*command, "--outdir", str(out), str(project)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode:
        raise NoBundle(
            f"{project.name} cannot be built; `pip install build hatchling` may help:\n"
            f"{(done.stderr or done.stdout).strip()[-1500:]}"
        )
    (wheel,) = out.glob("*.whl")
    return wheel
