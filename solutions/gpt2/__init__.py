"""GPT-2 from scratch: the reference code of the course. It needs torch, regex and the stdlib."""
