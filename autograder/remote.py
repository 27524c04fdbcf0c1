"""What a worker of a cluster does: it gets a notebook's bytes, and keeps its sandbox between tasks.

A sandbox belongs to the thread that opened it. The threads of a Dask worker live as long as it
does, and when it is killed its sandboxes end with it.
"""

import platform
import tempfile
import threading
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypedDict

import torch

from autograder.keys import Keys
from autograder.provenance import Provenance, code_hash
from autograder.sandbox import Kind, SandboxError, open_sandbox
from autograder.workbench import Setting, Workbench

__all__ = ["Facts", "Reply", "clear", "facts", "grade_bytes"]


class Facts(TypedDict):
    """What the client has to know of a worker before it sends a notebook.

    Attributes:
        sandbox: why there is none to be had, with what to do about it; "" if there is.
    """

    code: str
    course: str
    python: str
    torch: str
    sandbox: str


class Reply(TypedDict, total=False):
    """The answer to a task: one of these.

    Attributes:
        record: as `Record.to_json` makes it.
        differs: what here is not as where the run was started.
        no_sandbox: why there is none to be had here.
    """

    record: dict[str, Any]
    differs: str
    no_sandbox: str


class _Place:
    """A thread's workbench, for one setting at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.setting: Setting | None = None
        self.bench: Workbench | None = None

    def bench_for(self, setting: Setting) -> Workbench:
        if self.bench is None or self.setting != setting:
            self.close()
            self.bench = Workbench(_keys(setting.seed), setting.sandbox, setting.limits)
            self.setting = setting
        return self.bench

    def close(self) -> None:
        if self.bench is not None:
            self.bench.close()
            self.bench = None


_places: list[_Place] = []
_here = threading.local()


@cache
def _keys(seed: str) -> Keys:
    torch.set_num_threads(1)
    return Keys(seed)


def facts(sandbox: Kind) -> Facts:
    """Return what decides on grades here, and whether a sandbox can be had."""
    try:
        open_sandbox(sandbox)
        problem = ""
    except SandboxError as error:
        problem = str(error)
    return {
        "code": code_hash(),
        "course": version("gptcourse"),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "sandbox": problem,
    }


def grade_bytes(setting: Setting, name: str, data: bytes) -> Reply:
    """Grade a notebook. Whatever happens, it returns: an error would be logged with the seed."""
    here = Provenance.here(setting.seed, setting.sandbox, setting.limits)
    if here != setting.made_with:  # a worker that came while the run was under way
        return {"differs": f"{here.code}, Python {here.python}, torch {here.torch}"}
    try:
        place = _place()
        with place.lock, tempfile.TemporaryDirectory(prefix="autograder-") as folder:
            path = Path(folder) / "notebook.ipynb"
            path.write_bytes(data)
            return {"record": place.bench_for(setting).grade(name, path).to_json()}
    except (SandboxError, OSError) as error:
        return {"no_sandbox": f"{platform.node()}: {error}"}


def clear() -> None:
    """Close the sandboxes that are idle: a run has ended."""
    for place in list(_places):
        if place.lock.acquire(blocking=False):
            try:
                place.close()
            finally:
                place.lock.release()
    _keys.cache_clear()


def _place() -> _Place:
    if not hasattr(_here, "place"):
        _here.place = _Place()
        _places.append(_here.place)
    place: _Place = _here.place
    return place
