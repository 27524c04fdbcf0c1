"""Sends the notebooks of a class to a Dask cluster, and brings the records back.

The notebook's bytes travel with the task, so workers need no file system in common. So does the
secret seed: the scheduler's address begins with tls://, or the network is private.
"""

import logging
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from autograder import remote
from autograder.record import Record
from autograder.submission import Unreadable, read_bytes
from autograder.workbench import Graded, Setting

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Cluster", "ClusterError", "is_private"]

CONNECT_WITHIN = 10.0  # seconds
WORKERS_WITHIN = 300.0  # seconds without any worker before the run gives up
LOOK_EVERY = 2.0
TRIES = 3  # for a notebook that came to a worker without a sandbox
BYTES_UNDER_WAY = 256 * 2**20
_COMPARED = ("code", "course", "python", "torch")


class ClusterError(Exception):
    """The cluster cannot be used; the message says what to do."""


@dataclass(frozen=True)
class _Sent:
    name: str
    path: Path
    data: bytes
    tries: int = 0


class Cluster:
    """A connection to a Dask scheduler; a context manager.

    Args:
        address: as `dask scheduler` prints it, such as tls://10.0.0.1:8786.
        setting: how to grade.

    Raises:
        ClusterError: there is no scheduler, no worker, or one that would grade otherwise.
    """

    def __init__(self, address: str, setting: Setting) -> None:
        self.setting = setting
        self._client = _connect(address)
        try:
            self._wait_for_workers()
            self._compare()
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the cluster; its workers close their sandboxes."""
        with suppress(Exception):  # a cluster that has gone needs nothing from us
            self._client.run(remote.clear, on_error="ignore")
        self._client.close()

    def grade(self, notebooks: Sequence[tuple[str, Path]]) -> Iterator[Graded]:
        """Yield a result for each notebook, in the order in which they come back.

        Dask sends the task of a worker that has died to another one. Raises ClusterError when the
        scheduler or all workers are gone.
        """
        executor = self._client.get_executor(pure=False)
        waiting = deque(notebooks)
        under_way: dict[Future[remote.Reply], _Sent] = {}
        unlucky = 0  # answers without a grade since the last grade
        last_worker = time.monotonic()
        try:
            while waiting or under_way:
                room = 2 * self._threads() + 1
                while waiting and len(under_way) < room and _bytes(under_way) < BYTES_UNDER_WAY:
                    name, path = waiting.popleft()
                    try:
                        sent = _Sent(name, path, read_bytes(path))
                    except Unreadable as problem:
                        why = str(problem)
                        yield Graded(name, path, why, Record(name, "unreadable", reason=why))
                        continue
                    under_way[_submit(executor, self.setting, sent)] = sent
                done, _ = wait(under_way, timeout=LOOK_EVERY, return_when=FIRST_COMPLETED)
                if self._threads():
                    last_worker = time.monotonic()
                elif time.monotonic() - last_worker > WORKERS_WITHIN:
                    raise ClusterError("no worker is left; start workers and run this again")
                for future in done:
                    sent = under_way.pop(future)
                    record, problem_here = self._read(future, sent)
                    unlucky = unlucky + 1 if problem_here else 0
                    if unlucky > TRIES * room:
                        raise ClusterError(f"no worker has a sandbox any more: {problem_here}")
                    if record is None:
                        sent = replace(sent, tries=sent.tries + 1)
                        under_way[_submit(executor, self.setting, sent)] = sent
                    else:
                        yield Graded(sent.name, sent.path, sha256(sent.data).hexdigest(), record)
        finally:
            with suppress(Exception):
                executor.shutdown(wait=False)

    def _read(self, future: "Future[remote.Reply]", sent: _Sent) -> tuple[Record | None, str]:
        """Return the record, or None to try again; and what went wrong on the worker's side."""
        try:
            reply = future.result()
        except CancelledError:
            raise ClusterError("the scheduler is gone; start it and run this again") from None
        except Exception as error:  # the worker died several times, or does not know our code
            problem = f"{type(error).__name__}: {error}"[:500]
            return Record(sent.name, "grader failed", reason=problem), problem
        if "differs" in reply:
            raise ClusterError(_other([reply["differs"]], self.setting))
        if "no_sandbox" in reply:
            problem = reply["no_sandbox"]
            if sent.tries + 1 < TRIES:
                return None, problem
            return Record(sent.name, "grader failed", reason=problem), problem
        # The worker calls it what we called it; what it is called here is what counts.
        return replace(Record.from_json(reply["record"]), name=sent.name), ""

    def _threads(self) -> int:
        """Return how many tasks the workers take at a time, or raise if the scheduler is gone."""
        if self._client.status != "running":
            raise ClusterError("the scheduler is gone; start it and run this again")
        try:
            return sum(self._client.nthreads().values())
        except OSError:
            raise ClusterError("the scheduler is gone; start it and run this again") from None

    def _wait_for_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=WORKERS_WITHIN)
        except TimeoutError:
            raise ClusterError(
                f"no worker has come to the scheduler in {WORKERS_WITHIN:.0f} s. Start some: "
                "dask worker ADDRESS --nworkers CORES --nthreads 1"
            ) from None

    def _compare(self) -> None:
        """Raise ClusterError if a worker would grade otherwise than this process, or not at all."""
        found: dict[str, Any] = self._client.run(
            remote.facts, self.setting.sandbox, on_error="return"
        )
        ours = asdict(self.setting.made_with)
        others, problems = [], []
        for worker, theirs in found.items():
            if isinstance(theirs, BaseException):
                problems.append(f"{worker}: {type(theirs).__name__}: {theirs}")
            elif any(theirs[part] != ours[part] for part in _COMPARED):
                what = ", ".join(f"{part} {theirs[part]}" for part in _COMPARED)
                others.append(f"{worker}: {what}")
            elif theirs["sandbox"]:
                problems.append(f"{worker}: {theirs['sandbox']}")
        if others:
            raise ClusterError(_other(others, self.setting))
        if problems:
            raise ClusterError("these workers cannot grade:\n" + "\n".join(problems[:5]))


def is_private(address: str) -> bool:
    """Say whether what is sent to a scheduler is encrypted, or does not leave this machine."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    local = parts.hostname in ("localhost", "::1") or str(parts.hostname).startswith("127.")
    return parts.scheme in ("tls", "inproc") or local


def _connect(address: str) -> "Client":
    try:
        import dask
        from distributed import Client
    except ModuleNotFoundError:
        raise ClusterError(
            "Dask is not installed: pip install 'gpt2-from-scratch[cluster]'"
        ) from None
    # A notebook with large outputs is a large task, and that is as it should be.
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "64MiB"})
    # What goes wrong is told by us, in a sentence; Dask's own log would add its traces.
    for handler in logging.getLogger("distributed").handlers:
        handler.setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=CONNECT_WITHIN, set_as_default=False, name="autograder")
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address}: {error}") from None


def _submit(executor: Any, setting: Setting, sent: _Sent) -> "Future[remote.Reply]":
    future: Future[remote.Reply] = executor.submit(
        remote.grade_bytes, setting, sent.name, sent.data
    )
    return future


def _bytes(under_way: dict[Any, _Sent]) -> int:
    return sum(len(sent.data) for sent in under_way.values())


def _other(workers: list[str], setting: Setting) -> str:
    made = setting.made_with
    here = f"code {made.code}, course {made.course}, python {made.python}, torch {made.torch}"
    return (
        "these workers are not as this machine, and would not give the same grades:\n"
        + "\n".join(workers[:5])
        + f"\nhere: {here}\n"
        "Install the same version of the course on all of them, and restart them."
    )
