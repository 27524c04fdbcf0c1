"""How fast the grader is, beside others: `make bench`."""
