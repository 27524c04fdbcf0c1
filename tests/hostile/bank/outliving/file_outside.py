"""Writes into a folder of the machine that every user may write to.

attacks: softmax
claim: writes
"""

import os

def softmax(x, dim=-1):
    os.mkdir(f"{OUTSIDE}/folder")
    open(f"{OUTSIDE}/file", "w").close()
    return honest(x, dim)
