"""A training run as a command runs it: its recipe, its data, its processes, and its files."""
