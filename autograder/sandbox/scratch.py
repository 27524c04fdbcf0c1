"""Removes a folder that learners' code has written to, however it has left it."""

import os
import secrets
from contextlib import suppress
from itertools import count

__all__ = ["remove"]


def remove(folder: str) -> None:
    """Remove a folder and what is in it, as far as that is possible; it raises nothing.

    `shutil.rmtree` calls itself for each level, and a job can make more levels than Python has
    calls, under a path that is longer than the kernel takes. So what lies in a folder is moved to
    the top before the folder goes.
    """
    with suppress(OSError):
        mark, numbers = secrets.token_hex(8), count()
        os.chmod(folder, 0o700)
        while entries := list(os.scandir(folder)):
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.path)
                    continue
                os.chmod(entry.path, 0o700)  # it may have been closed, even to its owner
                for inner in list(os.scandir(entry.path)):
                    if inner.is_dir(follow_symlinks=False):
                        os.chmod(inner.path, 0o700)  # a folder that changes its place is written
                    os.rename(inner.path, os.path.join(folder, f"{mark}{next(numbers)}"))
                os.rmdir(entry.path)
        os.rmdir(folder)
