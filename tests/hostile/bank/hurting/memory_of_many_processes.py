"""Takes memory in six processes, each of which stays under its own limit.

attacks: softmax
claim: memory
"""

import os, time

def softmax(x, dim=-1):
    for _ in range(6):
        if os.fork() == 0:
            kept = b"x" * (450 * 2**20)
            time.sleep(10)
            os._exit(len(kept) % 2)
    time.sleep(10)
