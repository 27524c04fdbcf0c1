"""Whose submission it is, by the names that learning platforms give the files they hand out.

Canvas (`lib/content_zipper.rb` of instructure/canvas-lms) writes
    lastnamefirstname[_LATE]_USERID_ATTACHMENTID_original name.ipynb
and Moodle (`download_submissions` in `mod/assign/locallib.php` of moodle/moodle) one of
    Full name_ID_assignsubmission_file_/original name.ipynb
    Full name_ID_assignsubmission_file_original name.ipynb
where ID is the number in the worksheet's "Participant ID", and names hold no underscore.
"""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from autograder.report.shown import visible

__all__ = ["canvas_users", "labels", "moodle_participant"]

_CANVAS = re.compile(r"(?<!_LATE)(?=_(?:LATE_)?(\d{1,18})_\d{1,18}_)")
_MOODLE = re.compile(r"([^_]*)_(\d{1,18})_assignsubmission_")
MAX_LABEL = 60


def canvas_users(name: str) -> list[tuple[str, str]]:
    """Return (name in the file name, user id) for each place where Canvas may have put the id.

    A student's own names may hold digits and underscores, so there may be several.

    >>> canvas_users("bauerada_LATE_12_345_my_notebook.ipynb")
    [('bauerada', '12')]
    """
    file = PurePosixPath(name).name
    return [(file[: match.start()], match[1]) for match in _CANVAS.finditer(file)]


def moodle_participant(name: str) -> tuple[str, str] | None:
    """Return (full name, participant number), or None if the name is none of Moodle's.

    >>> moodle_participant("Ada Bauer_12_assignsubmission_file_/my notebook.ipynb")
    ('Ada Bauer', '12')
    """
    for part in PurePosixPath(name).parts:
        if match := _MOODLE.match(part):
            return match[1], match[2]
    return None


def labels(names: Sequence[str]) -> dict[str, str]:
    """Return a short label for each name: different for different names, fit to be shown."""
    short = {name: _label(name) for name in names}
    often = Counter(short.values())
    for number, name in enumerate(names, 1):
        if often[short[name]] > 1:
            short[name] = f"{_cut(visible(name).removesuffix('.ipynb'))} ({number})"
    return short


def _label(name: str) -> str:
    if found := moodle_participant(name):
        return _cut(visible(f"{found[0]} ({found[1]})"))
    users = canvas_users(name)
    if len(users) == 1 and users[0][0]:
        return _cut(visible(f"{users[0][0]} ({users[0][1]})"))
    return _cut(visible(name).removesuffix(".ipynb"))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_LABEL else f"{text[: MAX_LABEL - 1]}…"
