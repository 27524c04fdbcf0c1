"""The secret seed of a class: the hidden inputs are drawn from it."""

import secrets
from pathlib import Path

__all__ = ["new_seed", "read_seed"]

SHORTEST = 16


def new_seed() -> str:
    """Return the text of a new seed file."""
    return secrets.token_hex(32) + "\n"


def read_seed(path: Path) -> str:
    """Read a seed file. Raises OSError, or ValueError if what it holds can be guessed."""
    text = path.read_text(encoding="utf-8", errors="replace").strip()
    if len(text) < SHORTEST:
        raise ValueError(f"{path} holds fewer than {SHORTEST} characters.")
    return text
