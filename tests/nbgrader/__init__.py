"""Stock nbgrader on a course that `autograder nbgrader init` laid out."""
