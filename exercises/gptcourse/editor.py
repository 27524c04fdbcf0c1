"""Finds the notebook that is being edited, in Colab, VS Code and Jupyter."""

import importlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gptcourse.errors import CourseError
from gptcourse.notebook import chapter_of
from gptcourse.reading import NotANotebook, read_notebook

__all__ = ["SUFFIX", "OpenNotebook", "open_notebook"]

SUFFIX = "-submission.ipynb"
MAX_BYTES = 100_000_000


@dataclass(frozen=True)
class OpenNotebook:
    """A notebook's content.

    Attributes:
        content: the JSON tree; its cells are a list.
        path: where it lies; in Colab, where a file of its name would lie.
        live: whether the content comes from the editor itself, so that nothing is unsaved.
        repairs: what had to be repaired to read it.
    """

    content: dict[str, Any]
    path: Path
    live: bool = False
    repairs: tuple[str, ...] = ()


def open_notebook(path: str | Path | None, namespace: Mapping[str, Any]) -> OpenNotebook:
    """Return the notebook at `path`, or the one that is being edited. Raises CourseError."""
    if path is not None:
        return _read(Path(path).expanduser())
    if "google.colab" in sys.modules:
        return _from_colab()
    for candidate in _candidates(namespace):
        if candidate.suffix == ".ipynb" and candidate.is_file():
            return _read(candidate)
    ours = [file for file in sorted(Path.cwd().glob("*.ipynb")) if _is_ours(file)]
    if len(ours) == 1:
        return _read(ours[0])
    several = f" ({', '.join(file.name for file in ours)})" if ours else ""
    raise CourseError(
        "It cannot be told which notebook you are editing"
        f'{several}. Pass its path: prepare_submission("{ours[0].name if ours else "my.ipynb"}").'
    )


def _candidates(namespace: Mapping[str, Any]) -> Iterator[Path]:
    in_vs_code = namespace.get("__vsc_ipynb_file__")
    if isinstance(in_vs_code, str):
        yield Path(in_vs_code)
    # Jupyter's server sets it when it starts the kernel, relative to a folder it does not tell.
    session = os.environ.get("JPY_SESSION_NAME")
    if session:
        yield Path(session)
        yield Path.cwd() / Path(session).name


def _from_colab() -> OpenNotebook:
    message = importlib.import_module("google.colab._message")
    reply = message.blocking_request("get_ipynb", request="", timeout_sec=30)
    try:
        content = read_notebook(json.dumps(reply["ipynb"]).encode()).content
    except (NotANotebook, TypeError, KeyError) as error:
        again = "Colab did not hand over the notebook. Run this cell once more."
        raise CourseError(again) from error
    metadata = content.get("metadata")
    colab = metadata.get("colab") if isinstance(metadata, dict) else None
    named = colab.get("name") if isinstance(colab, dict) else None
    name = Path(str(named or chapter_of(content) or "notebook")).name
    return OpenNotebook(content, Path.cwd() / f"{name.removesuffix('.ipynb')}.ipynb", live=True)


def _read(path: Path) -> OpenNotebook:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise CourseError(
                f"{path} is too large to read ({size / 1e6:.0f} MB). Clear its outputs and save it."
            )
        reading = read_notebook(path.read_bytes())
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from error
    except NotANotebook as problem:
        raise CourseError(f"{path} cannot be read. {problem}") from problem
    return OpenNotebook(reading.content, path.absolute(), repairs=reading.repairs)


def _is_ours(path: Path) -> bool:
    if path.name.endswith(SUFFIX):
        return False
    try:
        return chapter_of(_read(path).content) is not None
    except CourseError:
        return False
