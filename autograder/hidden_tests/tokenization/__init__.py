"""Chapter 3, Tokenization: its exercises in the order of the page."""

from autograder.exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()
