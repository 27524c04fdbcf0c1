"""How long the processes of a sandbox have waited for a processor that others were using."""

from pathlib import Path

from . import memory

__all__ = ["longest_since", "waits"]


def waits(pid: int) -> dict[int, float]:
    """Return the seconds that each process under this one has waited, by its pid.

    Empty where the system does not say; Linux does.
    """
    return {process: _wait(process) for process in memory.descendants(pid)}


def longest_since(before: dict[int, float], pid: int) -> float:
    """Return the longest wait of a process since then; of a new one, since it began."""
    now = waits(pid)
    return max((wait - before.get(process, 0.0) for process, wait in now.items()), default=0.0)


def _wait(pid: int) -> float:
    try:
        # Nanoseconds on a processor, nanoseconds in the queue for one, turns.
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
