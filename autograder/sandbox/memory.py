"""How much memory the processes of a sandbox hold, seen from outside of it."""

import os
from pathlib import Path

__all__ = ["descendants", "held", "mapped"]

_COUNTED = ("RssAnon", "RssShmem")  # what a process wrote; not the libraries that all share


def descendants(pid: int) -> list[int]:
    """Return the process and all those under it, in any pid namespace."""
    found = [pid]
    for parent in found:
        try:
            for thread in os.listdir(f"/proc/{parent}/task"):
                listing = Path(f"/proc/{parent}/task/{thread}/children").read_text()
                found += [int(child) for child in listing.split()]
        except OSError:
            continue  # it ended while we looked
    return found


def held(pid: int) -> int:
    """Return the bytes that the process and its descendants hold. Pages they share count twice."""
    return sum(_status(process, _COUNTED) for process in descendants(pid))


def mapped(pid: int) -> int:
    """Return the bytes of address space of the process."""
    return _status(pid, ("VmSize",))


def _status(pid: int, fields: tuple[str, ...]) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    pairs = (line.split(":") for line in lines)
    return sum(int(pair[1].split()[0]) * 1024 for pair in pairs if pair[0] in fields)
