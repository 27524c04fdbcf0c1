"""Reads address 0 by ctypes.

attacks: softmax
claim: crash
"""

import ctypes

def softmax(x, dim=-1):
    return ctypes.string_at(0)
