"""Calls itself without an end.

attacks: softmax
claim: crash
"""

def softmax(x, dim=-1):
    return softmax(x, dim)
