"""Ctrl-C and SIGTERM end a run in order: a sentence and an exit status, and no traceback."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from autograder.commands.shared import console

__all__ = ["interruptible"]


class _Terminated(KeyboardInterrupt):
    """SIGTERM, as a batch system sends it when the time is up."""


@contextmanager
def interruptible(say: Callable[[], str]) -> Iterator[None]:
    """Exit with 130 after Ctrl-C and with 143 after SIGTERM, as a shell would say it.

    Args:
        say: returns how far the run came and how to go on.
    """
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    except KeyboardInterrupt as reason:
        console.print(say(), soft_wrap=True, highlight=False)
        sys.exit(143 if isinstance(reason, _Terminated) else 130)
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise _Terminated
