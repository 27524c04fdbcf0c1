"""Chapter 6, GPT-2: its exercises in the order of the page."""

from autograder.exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()
