"""What a grade was made with: enough to make it again, and to see that it would be another one."""

import hashlib
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import torch

from autograder.sandbox import Kind, Limits

__all__ = ["Provenance", "code_hash", "seed_id"]

# What decides on points. Reports, commands and pictures may change without a grade changing.
_DECIDES = (
    ("autograder", ("*.py", "hidden_tests/**/*.py", "sandbox/**/*.py")),
    ("gpt2", ("**/*.py",)),
    ("gptcourse", ("*.py", "probes/*.py")),
)


@dataclass(frozen=True)
class Provenance:
    """Two equal ones give equal grades to equal notebooks.

    Attributes:
        seed: names the secret seed, and does not tell it.
        code: hash of the source that decides on points.
        limits: of each call of learners' code.
    """

    seed: str
    code: str
    course: str
    python: str
    torch: str
    sandbox: Kind
    limits: dict[str, float]

    @classmethod
    def here(cls, seed: str, sandbox: Kind, limits: Limits) -> Self:
        """Return that of a grade that is made now, by this process."""
        return cls(
            seed=seed_id(seed),
            code=code_hash(),
            course=version("gptcourse"),
            python=platform.python_version(),
            torch=torch.__version__,
            sandbox=sandbox,
            limits=asdict(limits),
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read one that `dataclasses.asdict` wrote. Raises TypeError for anything else."""
        return cls(**data)


def seed_id(seed: str) -> str:
    """Return a name for a seed from which nobody can find it, if it is as long as ours are."""
    return hashlib.sha256(b"seed of a class\0" + seed.encode()).hexdigest()[:16]


@cache
def code_hash() -> str:
    """Return a hash over the files that decide on points."""
    whole = hashlib.sha256()
    for name, path in _sources():
        whole.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()[:16]


def _sources() -> Iterator[tuple[str, Path]]:
    for package, patterns in _DECIDES:
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        folder = Path(spec.origin).parent
        for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
            yield f"{package}/{path.relative_to(folder).as_posix()}", path
