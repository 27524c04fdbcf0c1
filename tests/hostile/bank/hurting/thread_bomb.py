"""Starts thousands of threads.

attacks: softmax
claim: processes
"""

import threading, time

def softmax(x, dim=-1):
    for _ in range(3000):
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
    return honest(x, dim)
