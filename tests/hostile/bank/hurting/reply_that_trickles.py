"""Announces a long reply and sends a byte at a time.

attacks: softmax
claim: time
endless: yes
"""

import os, time

def softmax(x, dim=-1):
    os.write(4, (2**25).to_bytes(8, "big"))
    while True:
        os.write(4, b"x")
        time.sleep(0.05)
