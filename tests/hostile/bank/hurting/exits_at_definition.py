"""Ends its process while it is being defined.

attacks: softmax
claim: crash
"""

import os

GONE = os._exit(0)

def softmax(x, dim=-1):
    return GONE
