"""Chapter 7, training: its exercises in the order of the page."""

from autograder.exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()
