"""Grading on GitHub: a workflow file, and the summary that it writes."""
