"""Runs a command as another user, from a Python that may lie in a folder closed to others."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

__all__ = ["ORDINARY", "as_user", "why_not"]

ORDINARY = 65_534
# In a mount namespace of its own, and so seen by nobody else: the closed folder above Python gives
# way to an open and empty one, in which Python alone is put back.
_OPEN = """
set -e
hold=$(mktemp -d)
mount --bind "$1" "$hold"
mount -t tmpfs -o mode=0755 none "$2"
mkdir -p "$1"
mount --bind "$hold" "$1"
shift 2
exec setpriv --reuid {user} --regid {user} --clear-groups -- "$@"
"""


def as_user(command: list[str], user: int | None) -> list[str]:
    """Return the command that runs this one as a user; None is the one who asks."""
    if user is None or os.getuid() != 0:
        return command
    python = Path(sys.base_prefix).resolve()
    closed = next((p for p in (*reversed(python.parents), python) if not _is_open(p)), None)
    ids = ["--reuid", str(user), "--regid", str(user), "--clear-groups", "--"]
    if closed is None:
        return ["setpriv", *ids, *command]
    script = _OPEN.format(user=user)
    start = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"]
    return [*start, str(python), str(closed), *command]


def why_not(user: int | None) -> str | None:
    """Say why a command cannot be run as this user here, or None."""
    if user is None:
        return None if os.getuid() == 0 else "the tests do not run as root"
    if os.getuid() != 0:
        return None  # whoever runs the tests is the ordinary user
    if shutil.which("setpriv") is None or shutil.which("unshare") is None:
        return "setpriv and unshare (util-linux) are not installed"
    words = as_user([sys.executable, "-c", "import torch, autograder"], user)
    tried = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    return None if tried.returncode == 0 else f"no command runs as user {user}: {tried.stderr}"


def _is_open(place: Path) -> bool:
    return bool(place.stat().st_mode & stat.S_IXOTH)
