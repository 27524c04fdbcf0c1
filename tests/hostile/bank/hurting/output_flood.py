"""Prints ten gibibytes.

attacks: softmax
claim: output
"""

def softmax(x, dim=-1):
    for _ in range(10 * 2**10):
        print("x" * 2**20)
    return honest(x, dim)
