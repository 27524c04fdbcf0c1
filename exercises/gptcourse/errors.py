"""CourseError: what cannot be done, in words for the learner."""

__all__ = ["CourseError"]


class CourseError(Exception):
    """Raised by what a learner calls: `check`, `hint`, `prepare_submission`.

    The fault is in the call, not in an exercise, so a notebook shows the words alone.
    """

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback."""
        return [str(self)]
