"""What the course's notebooks import.

from gptcourse import check, hint, progress, prepare_submission
"""

__version__ = "0.1.0"

from gptcourse import datasets
from gptcourse.checking import Result, check
from gptcourse.errors import CourseError
from gptcourse.hints import hint
from gptcourse.overview import progress
from gptcourse.submitting import Submission, prepare_submission

__all__ = [
    "CourseError",
    "Result",
    "Submission",
    "check",
    "datasets",
    "hint",
    "prepare_submission",
    "progress",
]
