"""Waits for a lock that it holds itself.

attacks: softmax
claim: time
endless: yes
"""

import threading

def softmax(x, dim=-1):
    lock = threading.Lock()
    with lock, lock:
        return honest(x, dim)
