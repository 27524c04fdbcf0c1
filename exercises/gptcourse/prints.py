"""Keeps what learners' code prints while it is checked: the beginning, and how much there was."""

import contextlib
import io
from collections.abc import Iterator

__all__ = ["Prints", "collected"]

MAX_LINES = 20
MAX_CHARACTERS = 4_000


class Prints(io.TextIOBase):
    """A text stream that keeps its first lines and counts the rest."""

    def __init__(self) -> None:
        self.text = ""
        self.lines = 0

    def writable(self) -> bool:
        """Say yes: it can be printed to."""
        return True

    def write(self, text: str) -> int:
        """Keep the text, as long as there is room."""
        self.lines += text.count("\n")
        self.text += text[: MAX_CHARACTERS - len(self.text)]
        return len(text)

    def title(self) -> str:
        """Return what the kept text is, in words."""
        lines = max(self.lines, len(self.text.splitlines()))
        more = f", the first {MAX_LINES} of {lines} lines" if lines > MAX_LINES else ""
        return f"Printed while checking{more}"

    def beginning(self) -> str:
        """Return the first lines."""
        return "\n".join(self.text.splitlines()[:MAX_LINES])


@contextlib.contextmanager
def collected() -> Iterator[Prints]:
    """Collect what is printed inside."""
    prints = Prints()
    with contextlib.redirect_stdout(prints):
        yield prints
