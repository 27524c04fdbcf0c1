"""The threads of this machine that grade, each with a sandbox: notebooks in, records out."""

import queue
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.keys import Keys
from autograder.sandbox import SandboxError, open_sandbox
from autograder.saved import file_hash
from autograder.workbench import Graded, Setting, Stopped, Workbench

__all__ = ["Crew"]

_Todo = queue.SimpleQueue[tuple[str, Path] | None]
_Done = queue.SimpleQueue[Graded | BaseException]


class Crew:
    """Grades notebooks in threads of this process.

    Args:
        setting: how to grade.
        workers: threads, and so sandboxes, at work at a time.
        keys: the answer keys of the setting's seed.
    """

    def __init__(self, setting: Setting, workers: int, keys: Keys) -> None:
        self.setting = setting
        self.workers = workers
        self.keys = keys

    def grade(self, notebooks: Sequence[tuple[str, Path]]) -> Iterator[Graded]:
        """Yield a result for each notebook, in the order in which they are done.

        A thread that can have no sandbox leaves its notebook to the others. Raises SandboxError
        when there are no others left.
        """
        open_sandbox(self.setting.sandbox, self.setting.limits)  # says at once what is missing
        todo: _Todo = queue.SimpleQueue()
        done: _Done = queue.SimpleQueue()
        for item in notebooks:
            todo.put(item)
        stop = threading.Event()
        # Daemons: a second Ctrl-C ends the process, and with each thread ends its sandbox.
        threads = [
            threading.Thread(target=self._work, args=(todo, done, stop), daemon=True)
            for _ in range(min(self.workers, len(notebooks)))
        ]
        for thread in threads:
            thread.start()
        at_work, left = len(threads), len(notebooks)
        try:
            while left:
                result = done.get()
                if isinstance(result, Graded):
                    left -= 1
                    yield result
                elif isinstance(result, SandboxError) and at_work > 1:
                    at_work -= 1
                else:
                    raise result
        finally:
            stop.set()
            for _ in threads:
                todo.put(None)
            for thread in threads:
                thread.join()

    def _work(self, todo: _Todo, done: _Done, stop: threading.Event) -> None:
        """Grade until told to end. A sandbox belongs to the thread that opened it."""
        setting = self.setting
        try:
            with Workbench(self.keys, setting.sandbox, setting.limits, stop) as bench:
                while not stop.is_set() and (item := todo.get()) is not None:
                    try:
                        done.put(_grade(bench, *item))
                    except SandboxError:
                        todo.put(item)
                        raise
        except Stopped:
            return
        except BaseException as error:
            done.put(error)


def _grade(bench: Workbench, name: str, path: Path) -> Graded:
    """Grade a file. One that changes meanwhile gets a hash of none, so the next run grades it."""
    before = file_hash(path)
    record = bench.grade(name, path)
    same = file_hash(path) == before
    return Graded(name, path, before if same else "it changed while it was graded", record)
