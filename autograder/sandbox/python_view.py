"""Which files of this Python a sandbox is given to read.

Only what importing needs: the interpreter, the standard library, the installed packages and the
package `gptcourse`. Not the repository, and not this package, nor the reference, where those are
installed beside torch.
"""

import os
import site
import sys
import sysconfig
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from .protocol import SandboxError

__all__ = ["PythonView", "view"]

SECRET_PACKAGES = ("autograder", "gpt2")
_SYSTEM_LIBRARIES = ("/usr/lib", "/usr/lib32", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib")


@dataclass(frozen=True)
class PythonView:
    """Paths of this machine, all absolute.

    Attributes:
        executable: the interpreter, by the name that finds its virtual environment.
        read: folders and files to read.
        links: symbolic links among them, with their targets.
        path: `sys.path` for what is installed.
        course: the folder of the package `gptcourse`.
        masked: folders under `read` that have to look empty.
    """

    executable: Path
    read: tuple[Path, ...]
    links: tuple[tuple[Path, Path], ...]
    path: tuple[Path, ...]
    course: Path
    masked: tuple[Path, ...]


def view() -> PythonView:
    """Look at the running interpreter. Raises SandboxError if torch or gptcourse is missing."""
    packages = [Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")]
    packages += [_home("torch").parent, _home("safetensors").parent]
    packages += [Path(folder) for folder in site.getsitepackages()]
    packages = [folder for folder in dict.fromkeys(packages) if folder.is_dir()]
    course = _home("gptcourse")

    standard = [Path(entry) for entry in sys.path if _is_standard_library(entry)]
    files, links = _interpreter()
    read = [Path(folder) for folder in _SYSTEM_LIBRARIES if Path(folder).is_dir()]
    read += [Path("/etc/ld.so.cache")] if Path("/etc/ld.so.cache").exists() else []
    read += [*standard, *packages, *files]
    for prefix in (sys.prefix, sys.base_prefix):
        read += [p for p in (Path(prefix, "lib"), Path(prefix, "pyvenv.cfg")) if p.exists()]

    # The Python under a virtual environment is shown whole, with what is installed there.
    under = {"base": sys.base_prefix, "platbase": sys.base_prefix}
    places = {*packages, Path(sysconfig.get_path("purelib", vars=under))}
    secret = [f / name for f in places for name in SECRET_PACKAGES if (f / name).is_dir()]
    return PythonView(
        executable=Path(sys.executable),
        read=_outermost([p for p in read if not p.is_symlink()]),
        links=(*links, *[(p, Path(os.readlink(p))) for p in read if p.is_symlink()]),
        path=tuple(dict.fromkeys([*standard, *packages])),
        course=course,
        masked=tuple(secret),
    )


def _home(package: str) -> Path:
    """Return the folder of a package without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SandboxError(f"the package {package} is not installed in this Python")
    return Path(spec.origin).resolve().parent


def _is_standard_library(entry: str) -> bool:
    roots = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"))
    inside = any(entry.startswith(root) for root in roots)
    zipped = entry.startswith(sys.base_prefix) and entry.endswith(".zip")
    return (inside and "-packages" not in entry and Path(entry).is_dir()) or (
        zipped and Path(entry).is_file()
    )


def _interpreter() -> tuple[list[Path], list[tuple[Path, Path]]]:
    """Follow the links from sys.executable to the file that is run."""
    links = []
    here = Path(sys.executable)
    while here.is_symlink():
        target = here.parent / os.readlink(here)
        links.append((here, target))
        here = target
    return [here], links


def _outermost(paths: list[Path]) -> tuple[Path, ...]:
    """Leave out what lies in another one, and what stands twice."""
    kept: list[Path] = []
    for path in sorted(set(paths), key=lambda p: len(p.parts)):
        if not any(path == other or other in path.parents for other in kept):
            kept.append(path)
    return tuple(kept)
