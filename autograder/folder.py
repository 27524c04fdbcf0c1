"""Which notebooks there are in what an instructor points at, and what to call them."""

import os
from collections.abc import Sequence
from pathlib import Path

__all__ = ["find_notebooks", "name_notebooks"]


def find_notebooks(paths: Sequence[Path]) -> list[Path]:
    """Return the notebooks among the paths and in the folders among them, sorted.

    Links are not followed inside folders, and checkpoints are left out. Raises FileNotFoundError
    for a path that is not there.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            for folder, folders, files in os.walk(path, followlinks=False):
                folders[:] = sorted(f for f in folders if f != ".ipynb_checkpoints")
                found += [Path(folder) / f for f in sorted(files) if f.endswith(".ipynb")]
        elif path.exists() or path.is_symlink():
            found.append(path)
        else:
            raise FileNotFoundError(path)
    return list(dict.fromkeys(found))


def name_notebooks(paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """Give each notebook a name: its path below the folder that all of them share."""
    if len(paths) <= 1:
        return [(path.name, path) for path in paths]
    absolute = [Path(os.path.abspath(path)) for path in paths]
    shared = os.path.commonpath([path.parent for path in absolute])
    return [
        (str(full.relative_to(shared)), path) for full, path in zip(absolute, paths, strict=True)
    ]
