"""Leaves threads that go on patching torch.

attacks: softmax
claim: leftovers
"""

import threading, time

def _spoil():
    while True:
        torch.exp = torch.amax = None
        time.sleep(0.001)

def softmax(x, dim=-1):
    for _ in range(4):
        threading.Thread(target=_spoil, daemon=True).start()
    return x
