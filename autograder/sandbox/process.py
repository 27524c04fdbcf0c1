"""A separate process with limits, and no walls: for one's own code, or inside a container.

It has a clean environment and limits, and where the kernel has them a system call filter and
Landlock. It shares the network, the users and the process table of the machine with everything
else, so it has to be asked for by name.
"""

import os
import random
import stat
import sys
import tempfile
from pathlib import Path

from .launch import INSIDE, Launch, environment, start_code
from .protocol import Limits
from .python_view import PythonView, view

__all__ = ["launch", "stays_root"]

_FIRST_UID, _UIDS = 60_706, 478


def launch(limits: Limits) -> Launch:
    """Return how to start one; it makes the folder that the code may write to."""
    del limits  # the file system of the machine has no room of its own to give
    python = view()
    scratch = Path(tempfile.mkdtemp(prefix="autograder-")).resolve()
    uid = None
    if os.getuid() == 0 and not stays_root():
        uid = _FIRST_UID + random.randrange(_UIDS)
        os.chown(scratch, uid, uid)
    path = [python.course.parent, *python.path]
    words = [str(python.executable), "-s", "-P", "-B", "-c", start_code([INSIDE.parent, *path])]
    return Launch(
        words=tuple(words),
        environment=environment(scratch),
        path=tuple(map(str, path)),
        read=(*map(str, python.read), str(python.course), "/proc/cpuinfo", "/dev"),
        write=(str(scratch), "/dev/null"),
        scratch=str(scratch),
        uid=uid,
        own_user=uid is not None,
        own_files=False,
        allow_fork=False,
        # On macOS a process that has not been started anew must not use the system's libraries.
        warm=sys.platform == "linux",
    )


def stays_root() -> bool:
    """Say whether the code would run as root: other users may not read this Python."""
    return os.getuid() == 0 and not _open_to_others(view())


def _open_to_others(python: PythonView) -> bool:
    """Say whether any user may read this Python: one in root's home is closed to them."""
    places = {p for place in (*python.read, python.course) for p in (place, *place.parents)}
    return all(
        place.stat().st_mode & (stat.S_IXOTH if place.is_dir() else stat.S_IROTH)
        for place in places
    )
