"""Source notebook -> released notebook: solutions go, and helpers go without leaving a stub."""

import re

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import ClearSolutions

from autograder.nbgrader.source import BEGIN_REMOVED, END

__all__ = ["ClearToStub"]

_REMOVED = re.compile(
    rf"^[ \t]*{re.escape(BEGIN_REMOVED)}$.*?^[ \t]*{re.escape(END)}\n?",
    re.MULTILINE | re.DOTALL,
)


class ClearToStub(ClearSolutions):
    """Clear solutions as nbgrader does, but leave nothing in the place of a helper."""

    def _replace_solution_region(self, cell: NotebookNode, language: str) -> bool:
        cell.source, count = _REMOVED.subn("", cell.source)
        return bool(super()._replace_solution_region(cell, language)) or count > 0
