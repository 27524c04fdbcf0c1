"""A small class of real and hostile submissions, written to a folder and graded by one command."""
