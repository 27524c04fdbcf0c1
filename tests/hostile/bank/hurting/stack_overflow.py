"""Lifts Python's limit on recursion, so that the stack of C runs over.

attacks: softmax
claim: crash
"""

import sys

class Deep:
    def __repr__(self):
        return repr(self)

def softmax(x, dim=-1):
    sys.setrecursionlimit(10**9)
    return repr(Deep())
