"""The folder that a run writes to: found out before grading whether it can, and whether it may."""

import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["LOCK", "OutputError", "claim", "explain"]

LOCK = "grading.lock"


class OutputError(Exception):
    """The output folder cannot be used; the message says what to do."""


@contextmanager
def claim(out: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the folder for the time of a run.

    The kernel gives the lock back when the process ends, however it ends; the file stays. It is
    never removed, for then two runs could hold two files of the same name.

    Args:
        out: the folder; made if it is not there.
        shared: let others that share it in as well, as the shards of a class do.

    Raises:
        OutputError: it cannot be written to, or another run holds it.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        records = out / "records"
        if records.exists():
            os.close(os.open(records, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
            if not os.access(records, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        descriptor = os.open(out / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise OutputError(explain(error, out)) from error
    try:
        _lock(descriptor, out, shared)
        try:
            # Larger than what a small file may borrow of a full disk, so it is an honest try.
            text = _text(shared).encode()
            os.pwrite(descriptor, text.ljust(8192), 0)
            os.fsync(descriptor)
            os.ftruncate(descriptor, len(text))
        except OSError as error:
            raise OutputError(explain(error, out)) from error
        if not shared:
            _sweep(out / "records")
        yield
    finally:
        os.close(descriptor)


def explain(error: OSError, out: Path) -> str:
    """Say what is wrong with the folder and what to do, for an error of writing to it."""
    what = f"{out} cannot be written to ({error.strerror or type(error).__name__})."
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"{what} Make room there, or name another folder with --out."
    return f"{what} Change its permissions, or name another folder with --out."


def _lock(descriptor: int, out: Path, shared: bool) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_NB | (fcntl.LOCK_SH if shared else fcntl.LOCK_EX))
    except BlockingIOError:
        holder = os.pread(descriptor, 500, 0).decode(errors="replace").strip()
        raise OutputError(
            f"another run is writing to {out} ({holder}). Wait until it ends, or name another "
            "folder with --out. To grade one class by several runs, use --shard."
        ) from None
    except OSError:
        return  # a network file system without locks: records are whole all the same


def _text(shared: bool) -> str:
    kind = "shards, one of them " if shared else ""
    return f"{kind}process {os.getpid()} on {socket.gethostname()}\n"


def _sweep(records: Path) -> None:
    """Remove what a run that was killed had begun to write. No other run is at work here."""
    for path in records.glob(".*.json.*"):
        path.unlink(missing_ok=True)
