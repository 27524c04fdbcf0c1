"""The commands of `python -m gpt2`, a module each."""
