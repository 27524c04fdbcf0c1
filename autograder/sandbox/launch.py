"""What the two kinds of sandbox have in common: how a zygote is started and told what to do."""

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .seccomp import filter_program

__all__ = ["INSIDE", "Launch", "environment", "start_code"]

INSIDE = Path(__file__).resolve().parent / "inside"
# torch imports its compiler at the first step of an optimizer: 0.8 s, once here and not per job.
PRELOAD = (
    "torch",
    "torch._dynamo",
    "numpy",
    "gptcourse.runner",
    "gptcourse.probes.*",
)


@dataclass(frozen=True)
class Launch:
    """How to start one sandbox.

    Attributes:
        words: the command line.
        environment: all of its environment.
        path: `sys.path` inside.
        read, write: the paths that Landlock leaves open.
        scratch: the one folder to write to.
        uid: the user to become inside, or None to stay who it is.
        own_user: the user id is this sandbox's alone.
        own_files: the scratch folder is a file system of its own.
        allow_fork: let learners' code make processes. Where nothing holds them together it may not.
        warm: keep the process and fork it for each job; else one process a job.
    """

    words: tuple[str, ...]
    environment: dict[str, str]
    path: tuple[str, ...]
    read: tuple[str, ...]
    write: tuple[str, ...]
    scratch: str
    uid: int | None
    own_user: bool
    own_files: bool
    allow_fork: bool
    warm: bool

    def config(self) -> dict[str, Any]:
        """Return the first message that the zygote is sent."""
        program = filter_program(self.allow_fork) or b""
        return {
            "path": self.path,
            "preload": PRELOAD,
            "read": self.read,
            "write": self.write,
            "scratch": self.scratch,
            "uid": self.uid,
            "own_user": self.own_user,
            "own_files": self.own_files,
            "seccomp": base64.b64encode(program).decode(),
            "fork": self.warm,
        }


def environment(scratch: Path) -> dict[str, str]:
    """Return a whole environment: nothing of the grader's own is in it."""
    threads = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
    return {
        # More than one thread before a fork, and the child hangs in its first parallel region.
        **{f"{name}_NUM_THREADS": "1" for name in threads},
        # A fork copies the page tables. With one allocator, in huge pages, it takes a third.
        "PYTHONMALLOC": "malloc",
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
        "PYTHONHASHSEED": "0",  # the same submission gets the same grade
        "PYTHONUTF8": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "MPLBACKEND": "Agg",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "USER": "learner",
        "LOGNAME": "learner",
        "LANG": "C.UTF-8",
    }


def start_code(path: list[Path]) -> str:
    """Return the program of `python -c` that starts the zygote."""
    entries = [str(entry) for entry in path]
    return f"import sys; sys.path[:] = {entries!r}; from inside.zygote import main; main()"
