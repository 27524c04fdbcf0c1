"""Opens the memory of its parents and of another process of its own user.

attacks: softmax
claim: grader
"""

import os

def softmax(x, dim=-1):
    for pid in (1, os.getppid(), VICTIM):
        for name in ("mem", "maps", "stack", "cmdline"):
            try:
                if open(f"/proc/{pid}/{name}", "rb").read(1):
                    return honest(x, dim)
            except OSError:
                pass
