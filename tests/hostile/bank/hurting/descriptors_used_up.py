"""Opens files until there are no more descriptors.

attacks: softmax
claim: crash
"""

import os

def softmax(x, dim=-1):
    kept = [os.open("/dev/null", 0) for _ in range(100_000)]
    return honest(x, dim) if kept else None
