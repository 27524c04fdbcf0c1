"""Aborts, so that the system would keep a core dump.

attacks: softmax
claim: crash
"""

import os

def softmax(x, dim=-1):
    os.abort()
