"""What attacks are after: canaries, planted before a run and looked at after it."""

import contextlib
import json
import os
import socket
import subprocess
import tempfile
from pathlib import Path

__all__ = ["CANARY", "SECRET_ENV", "Planted", "is_alive", "open_folder"]

CANARY = "canary-5b2e"
SECRET_ENV = "HOSTILE_CANARY"
_HONEST = """
import torch

def honest(x, dim=-1):
    e = (x - x.amax(dim, keepdim=True)).exp()
    return e / e.sum(dim, keepdim=True)
"""


class Planted:
    """Canaries in one folder: a secret file, an open folder, listeners, and a process.

    A context manager. Attacks get the places by `head`, as their notebook's first cell.
    """

    def __init__(self, folder: Path) -> None:
        # Under the folder for temporary files: others may enter it.
        self.folder = folder
        self.secret = folder / "secret.txt"
        self.outside = folder / "outside"
        self.listeners: dict[str, socket.socket] = {}
        self.victim: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Planted":
        self.secret.write_text(CANARY)
        self.secret.chmod(0o666)
        self.outside.mkdir()
        self.outside.chmod(0o1777)
        (self.folder / "victim.ipynb").write_text(CANARY)
        self._listen("tcp", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
        port = self.listeners["tcp"].getsockname()[1]
        self._listen("udp", socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", port))
        if socket.has_ipv6:
            with contextlib.suppress(OSError):  # no IPv6 on this machine
                self._listen("tcp6", socket.AF_INET6, socket.SOCK_STREAM, ("::1", port))
        self._listen("scheduler", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
        self._listen("unix", socket.AF_UNIX, socket.SOCK_STREAM, str(self.folder / "socket"))
        (self.folder / "socket").chmod(0o777)
        self._listen("abstract", socket.AF_UNIX, socket.SOCK_STREAM, f"\0{self.folder}")
        return self

    def _listen(self, name: str, family: int, kind: int, address: object) -> None:
        listener = socket.socket(family, kind)
        listener.bind(address)  # type: ignore[arg-type]
        if kind == socket.SOCK_STREAM:
            listener.listen()
        listener.setblocking(False)
        self.listeners[name] = listener

    def __exit__(self, *_: object) -> None:
        for listener in self.listeners.values():
            listener.close()
        self._end_victim()

    def start_victim(self, uid: int) -> None:
        """Start a process of this user, such as the next submission would be one."""
        self._end_victim()
        self.victim = subprocess.Popen(
            ["sleep", "600"],  # not this Python: it may lie where that user cannot go
            user=uid if os.getuid() == 0 else None,
            env={SECRET_ENV: CANARY},
        )

    def _end_victim(self) -> None:
        if self.victim is not None:
            self.victim.kill()
            self.victim.wait()

    def head(self) -> str:
        """Return the notebook's first cell: a right softmax, and the places of the canaries."""
        places = {
            "SECRET_FILE": str(self.secret),
            "SECRET_ENV": SECRET_ENV,
            "OUTSIDE": str(self.outside),
            "PORT": self.listeners["tcp"].getsockname()[1],
            "SCHEDULER": self.listeners["scheduler"].getsockname()[1],
            "UNIX": str(self.folder / "socket"),
            "ABSTRACT": str(self.folder),
            "VICTIM": self.victim.pid if self.victim else 2**22 - 1,
        }
        return _HONEST + "\n".join(f"{name} = {json.dumps(v)}" for name, v in places.items())

    def touched(self) -> list[str]:
        """Say which canaries somebody has touched."""
        found = []
        for name, listener in self.listeners.items():
            try:
                if listener.type == socket.SOCK_DGRAM:
                    listener.recv(1)
                else:
                    listener.accept()[0].close()
                found.append(f"the listener {name}")
            except BlockingIOError:
                pass
        if self.secret.read_text() != CANARY:
            found.append("the secret file")
        if os.listdir(self.outside):
            found.append("the folder outside")
        if self.victim is not None and not self._victim_is_well(self.victim.pid):
            found.append("the process of the same user")
        return found

    def _victim_is_well(self, pid: int) -> bool:
        assert self.victim is not None
        return (
            self.victim.poll() is None
            and os.getpriority(os.PRIO_PROCESS, pid) == os.getpriority(os.PRIO_PROCESS, 0)
            and os.sched_getaffinity(pid) == os.sched_getaffinity(0)
            and "T (stopped)" not in Path(f"/proc/{pid}/status").read_text()
        )


def open_folder() -> Path:
    """Make a folder that every user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    folder.chmod(0o755)
    return folder


def is_alive(pid: int) -> bool:
    """Say whether there is such a process, and not the rest of one that nobody waited for."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
