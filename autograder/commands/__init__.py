"""The commands of `autograder`, a module each; what they share is in `shared`.

Heavy imports (torch among them) stay inside the functions: `--help` answers at once.
"""
