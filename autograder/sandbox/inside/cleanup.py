"""After a job: no process of it is left, and no file."""

import contextlib
import os
import signal
from collections.abc import Iterator

__all__ = ["empty", "kill_all", "reap"]

MOST_FILES = 256
MOST_DEPTH = 8


def kill_all() -> None:
    """Kill every process of the sandbox but the zygote."""
    if os.getpid() == 1:
        # Pid 1 of a pid namespace: there is nobody else here. One call stops a fork bomb,
        # because no fork succeeds in a process that has been sent a signal.
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        return
    for pid in _children():
        os.kill(pid, signal.SIGKILL)


def reap(main: int) -> int | None:
    """Wait for every child, orphans included. Return the wait status of `main`."""
    status = None
    while True:
        try:
            pid, ended = os.waitpid(-1, 0)
        except ChildProcessError:
            return status
        if pid == main:
            status = ended
        if os.getpid() != 1:
            kill_all()  # outside of a pid namespace: orphans that have come to us since


def empty(folder: str) -> bool:
    """Remove what a job left in the folder. False: it is too much, or it resists."""
    try:
        left = MOST_FILES
        for _ in _remove(folder, MOST_DEPTH):
            left -= 1
            if left < 0:
                return False
    except OSError:
        return False
    return True


def _remove(folder: str, depth: int) -> Iterator[None]:
    if depth < 0:
        raise OSError("too deep")
    with os.scandir(folder) as entries:
        found = [(entry.path, entry.is_dir(follow_symlinks=False)) for entry in entries]
    for path, is_folder in found:
        if is_folder:
            yield from _remove(path, depth - 1)
            os.rmdir(path)
        else:
            os.unlink(path)
        yield


def _children() -> list[int]:
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        return [int(pid) for pid in file.read().split()]
