"""Code is parsed in several threads at once, as a grader does."""

import gc
import threading
from collections.abc import Callable

import pytest

from gptcourse.magics import parse

SOURCE = "\n".join(f"def f{n}(x):\n    return {'+'.join(['x * (1 + 2)'] * 60)}" for n in range(20))
AWHILE = 0.3  # seconds; a thread that is kept out of `parse` is not waited for any longer


class Garbage:
    """Calls a function when it is collected."""

    def __init__(self, then: Callable[[], object]) -> None:
        self.then, self.me = then, self

    def __del__(self) -> None:
        self.then()


@pytest.fixture
def collecting() -> Callable[[Callable[[], object]], object]:
    """Return a `parse` in the middle of which a function is called, by the collector."""

    def run(then: Callable[[], object]) -> object:
        gc.disable()
        Garbage(then)
        gc.enable()
        return parse(SOURCE)

    return run


def test_threads_do_not_disturb_each_other(
    collecting: Callable[[Callable[[], object]], object],
) -> None:
    """The first lets the second in; the second is half way when the first comes to its end."""
    let_in, half_way, ended = (threading.Event() for _ in range(3))
    failed: list[BaseException] = []

    def noting(work: Callable[[], object]) -> None:
        try:
            work()
        except SystemError as error:
            failed.append(error)

    def first() -> None:
        noting(lambda: collecting(lambda: (let_in.set(), half_way.wait(AWHILE))))
        ended.set()

    def second() -> None:
        let_in.wait()
        noting(lambda: collecting(lambda: (half_way.set(), ended.wait(AWHILE))))

    before = gc.get_threshold()
    gc.collect()
    gc.set_threshold(500)
    try:
        threads = [threading.Thread(target=first), threading.Thread(target=second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        gc.set_threshold(*before)
    assert not failed
