"""The walls: one bubblewrap per worker.

Inside there is no network, nobody else's process, no /proc but /proc/cpuinfo, and nothing of the
file system but a read-only Python and an empty folder in memory.
"""

import itertools
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

from .launch import INSIDE, Launch, environment, start_code
from .protocol import Limits
from .python_view import view

__all__ = ["launch", "why_unavailable"]

COURSE = Path("/course/gptcourse")
CODE = Path("/grader/inside")
# Not /tmp: this project, and the Python that is shown inside, may lie somewhere in it.
SCRATCH = Path("/autograder-scratch")
_DEVICES = tuple(Path("/dev", name) for name in ("null", "zero", "urandom", "random"))
# Without the first, torch does not see what the processor can do; without the others, the
# allocator does not see that there are huge pages.
_MACHINE = tuple(
    path
    for path in (
        Path("/proc/cpuinfo"),
        Path("/sys/kernel/mm/transparent_hugepage/enabled"),
        Path("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size"),
    )
    if path.exists()
)

# Ids that no distribution gives to anybody (systemd: "UIDs and GIDs"). Each sandbox of a run has
# its own, so that the limit on processes counts that sandbox alone.
_FIRST_UID, _UIDS = 60_706, 478
_next_uid = itertools.count(random.randrange(_UIDS))

_INSTALL = """bubblewrap is not installed. On Debian and Ubuntu:
    sudo apt install bubblewrap
on Fedora: sudo dnf install bubblewrap"""

_APPARMOR = """AppArmor refuses user namespaces to bubblewrap (Ubuntu 23.10 and later do). Allow it:
    sudo apt install apparmor-profiles
    sudo ln -s /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/
    sudo apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict"""

_NAMESPACES = """the kernel refuses a user namespace. Look at
    sysctl kernel.unprivileged_userns_clone user.max_user_namespaces
In a container, allow user namespaces to it or grade on the machine itself."""


def why_unavailable() -> str | None:
    """Try bubblewrap. Return None if it works, else what is missing and what to do about it."""
    if sys.platform != "linux":
        return "bubblewrap needs Linux. Use a Linux machine or a Linux container."
    program = shutil.which("bwrap")
    if program is None:
        return _INSTALL
    words = [program, *_namespaces(60_706), "--ro-bind", "/", "/", shutil.which("true") or "true"]
    try:
        tried = subprocess.run(words, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not run: {error}"
    if tried.returncode == 0:
        return None
    said = tried.stderr.strip()[:500]
    restricted = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
    if restricted.exists() and restricted.read_text().strip() == "1":
        return f"{_APPARMOR}\n(bwrap said: {said})"
    if "namespace" in said or "uid map" in said:
        return f"{_NAMESPACES}\n(bwrap said: {said})"
    return f"bubblewrap does not work here. It said: {said}"


def launch(limits: Limits) -> Launch:
    """Return how to start one. Raises SandboxError if this Python cannot be shown inside."""
    python = view()
    uid = _FIRST_UID + next(_next_uid) % _UIDS
    path = [COURSE.parent, *python.path]

    words = [shutil.which("bwrap") or "bwrap", *_namespaces(uid)]
    words += ["--as-pid-1", "--new-session", "--die-with-parent", "--hostname", "sandbox"]
    places = [*python.read, *(link for link, _ in python.links), COURSE, CODE, *_DEVICES, *_MACHINE]
    places += [SCRATCH]
    words += _folders(places)
    for place in python.read:
        words += ["--ro-bind", str(place), str(place)]
    for link, target in python.links:
        words += ["--symlink", str(target), str(link)]
    for package in python.masked:
        words += ["--size", "4096", "--tmpfs", str(package), "--remount-ro", str(package)]
    words += ["--ro-bind", str(python.course), str(COURSE), "--ro-bind", str(INSIDE), str(CODE)]
    for device in _DEVICES:
        words += ["--dev-bind", str(device), str(device)]
    for file in _MACHINE:
        words += ["--ro-bind", str(file), str(file)]
    words += ["--perms", "1777", "--size", str(limits.file_bytes), "--tmpfs", str(SCRATCH)]
    words += ["--remount-ro", "/", "--chdir", str(SCRATCH)]
    words += [str(python.executable), "-s", "-P", "-B", "-c", start_code([CODE.parent, *path])]

    return Launch(
        words=tuple(words),
        environment=environment(SCRATCH),
        path=tuple(map(str, path)),
        read=("/",),
        write=(str(SCRATCH), "/dev/null"),
        scratch=str(SCRATCH),
        uid=uid if os.getuid() == 0 else None,
        own_user=True,
        own_files=True,
        allow_fork=True,
        warm=True,
    )


def _namespaces(uid: int) -> list[str]:
    words = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    words += ["--unshare-cgroup-try"]
    if os.getuid() == 0:
        # Root stays root in a user namespace that it makes, and no limit on processes holds for
        # root. So: no user namespace, and the zygote changes to a user id that nobody has.
        return [*words, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [*words, "--unshare-user", "--uid", str(uid), "--gid", str(uid)]


def _folders(places: list[Path]) -> list[str]:
    """Make the folders above the places: by itself bwrap makes some that only root can enter."""
    above = {folder for place in places for folder in place.parents} - set(places)
    words: list[str] = []
    for folder in sorted(above - {Path("/")}, key=lambda p: len(p.parts)):
        if not any(place in folder.parents for place in places):
            words += ["--perms", "0755", "--dir", str(folder)]
    return words
