"""Writes ten gibibytes to the stream of errors while it is being defined.

attacks: softmax
claim: output
"""

import os

FLOOD = [os.write(2, b"\x1b[2J" * 2**18) for _ in range(10 * 2**10)]

def softmax(x, dim=-1):
    return honest(x, dim) if FLOOD else None
